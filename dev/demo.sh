#!/usr/bin/env bash
# From the template to an MP4 by the documented path: every command is printed before it runs.
set -euo pipefail
. dev/walk.sh

# Ends what was started, and says what to do next where the demo has succeeded.
finish() {
	local status=$?
	"$@"
	[ $status != 0 ] || printf '\n%s\n' "$NEXT"
}

end() {
	if [ -n "$BUILDING" ]; then
		kill -- "-$BUILDING" 2>/dev/null || true
		wait "$BUILDING" || true
	fi
	python -m local_aws down
}

TITLE=${TITLE:-Hello from Rust}
BUILDING=
MP4=$PWD/target/demo/video.mp4
PICTURE=$PWD/target/demo/frame.png

NEXT='Next: run `make up` to keep all of this running and use its page, or deploy to AWS with docs/tutorial.md.'
if python -m local_aws status >/dev/null 2>&1; then
	NEXT="Next: open http://127.0.0.1:${LOCAL_AWS_GATEWAY_PORT:-4567}/ and sign in as sample@test.com with compLicat3d123, or deploy to AWS with docs/tutorial.md."
	trap 'finish' EXIT
	python -m local_aws build
else
	# The signals' traps exit, so that the one trap on exit ends what was started.
	trap 'finish end' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# In a process group of its own, which ends as a whole.
	set -m
	python -m local_aws build </dev/null &
	BUILDING=$!
	set +m
	python -m local_aws up
	wait "$BUILDING"
	BUILDING=
	# The three parameters that an operator must give are enough.
	export LOCAL_AWS_CORS_ORIGINS=
fi

python -m local_aws deploy
use_local_aws
sign_in

BODY=$(python -c 'import json, shlex, sys; print(shlex.quote(json.dumps({"composition": "MyVideo", "inputProps": {"title": sys.argv[1]}})))' "$TITLE")
AS_USER="--header \"Authorization: Bearer \$TOKEN\""
START="curl --silent --show-error --request POST \$API_URL/render $AS_USER --header 'Content-Type: application/json'"
export KEY TOKEN
KEY=$(python -c 'import uuid; print(uuid.uuid4())')

render_id() {
	python -c 'import json, sys; print(json.loads(sys.argv[1]).get("renderId", ""))' "$1"
}

echo
echo "# Start a render."
run "RESPONSE=\$($START --header \"Idempotency-Key: $KEY\" --data $BODY)"
run 'echo "$RESPONSE"'
RENDER_ID=$(render_id "$RESPONSE")
[ -n "$RENDER_ID" ] || { echo 'No render was started.'; exit 1; }

echo
echo "# Watch it: GET $API_URL/render/$RENDER_ID"
OUTPUT_URL=$(python dev/progress.py "$API_URL" "$RENDER_ID")

mkdir -p target/demo
echo
echo "# Download it by its signed link."
run "curl --silent --show-error --fail --output $MP4 '$OUTPUT_URL'"
PROBE='npx remotion ffprobe -v error -select_streams v:0 -count_frames -show_entries stream=codec_name,width,height,nb_read_frames:format=duration -of csv=p=0'
run "(cd dev && $PROBE $MP4) | tee target/demo/probe.csv"
run "(cd dev && npx remotion ffmpeg -v error -y -ss 1 -i $MP4 -frames:v 1 $PICTURE)"

python - target/demo/probe.csv <<'END'
import sys

stream, duration = open(sys.argv[1]).read().split()
if stream != "h264,320,240,60" or not 1.9 < float(duration) < 2.2:
    raise SystemExit(f"That is not the video that was asked for: {stream}, {duration} s.")
END

echo
echo "# The same request again, as a client that has lost the answer sends it: the same render, not another."
run "REPEAT=\$($START --header \"Idempotency-Key: $KEY\" --data $BODY)"
run 'echo "$REPEAT"'
[ "$REPEAT" = "$RESPONSE" ] || { echo 'That is not the first answer.'; exit 1; }

echo
echo "# Cancel a long one."
run "RESPONSE=\$($START --data '{\"composition\": \"LongVideo\"}')"
LONG_ID=$(render_id "$RESPONSE")
run "curl --silent --show-error --request POST \$API_URL/render/$LONG_ID/cancel $AS_USER"
for _ in $(seq 60); do
	STATUS=$(curl --silent --header "Authorization: Bearer $TOKEN" "$API_URL/render/$LONG_ID" | python -c 'import json, sys; print(json.load(sys.stdin)["status"])')
	[ "$STATUS" != cancelled ] || break
	sleep 1
done
echo
echo "$LONG_ID: $STATUS"
[ "$STATUS" = cancelled ] || { echo 'It goes on.'; exit 1; }

echo
echo "# List your renders, newest first."
run "curl --silent --show-error \"\$API_URL/render?limit=3\" $AS_USER"
echo
echo
echo "60 frames, 320x240, 2 s: $MP4"
echo "One of them as a picture: $PICTURE"
