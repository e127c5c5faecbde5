#!/usr/bin/env bash
# Deploys onto the local AWS that is up, and prints what a user needs to play with it.
set -euo pipefail
. dev/walk.sh

python -m local_aws build
python -m local_aws deploy
use_local_aws
sign_in

cat <<END

For apps on this machine:

  API      $API_URL
  Page     $API_URL/ (sign in as sample@test.com with compLicat3d123)
  Cognito  $AWS_ENDPOINT_URL, region us-east-1, user pool $POOL_ID, client $CLIENT_ID
  Origins  $(python -c 'from local_aws.deploy import app_origins; print(app_origins().replace(",", " ") or "none")') (LOCAL_AWS_CORS_ORIGINS changes them)
  Mail     make mail, or $(python -c 'from local_aws import mail; from local_aws.settings import Settings; print(mail.url(Settings.from_env()))')

What differs from AWS:

$(python -m local_aws differences)

The token of sample@test.com, good for an hour:

$TOKEN

curl --request POST $API_URL/render \\
  --header "Authorization: Bearer $TOKEN" \\
  --header 'Content-Type: application/json' \\
  --data '{"composition": "MyVideo", "inputProps": {"title": "My first render"}}'

To run the function by hand, in one terminal, and to send it an event in another:

$(python -c '
from local_aws.settings import FUNCTION, Settings
print(f"export REMOTION_FUNCTION_NAME={FUNCTION} REMOTION_SERVE_URL={Settings.from_env().serve_url}")')
export AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
PATH=\$PWD/.tools/venv/bin:\$PATH cargo lambda watch
PATH=\$PWD/.tools/venv/bin:\$PATH cargo lambda invoke --data-file events/render.json

Logs are in ${LOCAL_AWS_STATE:-target/local-aws}. make down ends all of it.
END
