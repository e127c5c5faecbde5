#!/usr/bin/env bash
# From the template to an MP4 by the documented path: every command is printed before it runs.
set -euo pipefail
. dev/walk.sh

TITLE=${TITLE:-Hello from Rust}
MP4=$PWD/target/demo/video.mp4
PICTURE=$PWD/target/demo/frame.png

if ! python -m local_aws status >/dev/null 2>&1; then
	# The signals' traps exit, so that the one trap on exit ends what was started.
	trap 'python -m local_aws down' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	python -m local_aws up
fi

python -m local_aws deploy
use_local_aws
sign_in

BODY=$(python -c 'import json, shlex, sys; print(shlex.quote(json.dumps({"composition": "MyVideo", "inputProps": {"title": sys.argv[1]}})))' "$TITLE")
run "RESPONSE=\$(curl --silent --show-error --request POST \$API_URL/render --header \"Authorization: Bearer \$TOKEN\" --header 'Content-Type: application/json' --data $BODY)"
run 'echo "$RESPONSE"'
read -r BUCKET RENDER_ID < <(echo "$RESPONSE" | python -c 'import json, sys; r = json.load(sys.stdin); print(r.get("bucketName", ""), r.get("renderId", ""))')
[ -n "$RENDER_ID" ] || { echo 'No render was started.'; exit 1; }

echo
python dev/progress.py "$BUCKET" "$RENDER_ID"

mkdir -p target/demo
run "aws s3 cp --no-progress s3://$BUCKET/renders/$RENDER_ID/out.mp4 $MP4"
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
echo "60 frames, 320x240, 2 s: $MP4"
echo "One of them as a picture: $PICTURE"
