#!/usr/bin/env bash
# Deploys onto the local AWS that is up, and prints what a user needs to play with it.
set -euo pipefail
. dev/walk.sh

python -m local_aws deploy
use_local_aws
sign_in

cat <<END

The API is at $API_URL, all of the local AWS at $AWS_ENDPOINT_URL. The token of sample@test.com, good for an hour:

$TOKEN

curl --request POST $API_URL/render \\
  --header "Authorization: Bearer $TOKEN" \\
  --header 'Content-Type: application/json' \\
  --data '{"inputProps": {"title": "My first render"}}'

Logs are in ${LOCAL_AWS_STATE:-target/local-aws}. make down ends all of it.
END
