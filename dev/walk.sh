# The documented path up to a token. Sourced: sets API_URL, POOL_ID, CLIENT_ID and TOKEN, and prints each command first.

STACK=${LOCAL_AWS_STACK:-remotion-render-api}

run() {
	printf '\n$ %s\n' "$1"
	eval "$1"
}

output() {
	echo "aws cloudformation describe-stacks --stack-name $STACK --query \"Stacks[0].Outputs[?OutputKey=='$1'].OutputValue\" --output text"
}

use_local_aws() {
	echo
	echo "# To repeat any of this, from the project's folder:"
	run 'export PATH="$PWD/.tools/venv/bin:$PATH"'
	run "export AWS_ENDPOINT_URL=http://127.0.0.1:${LOCAL_AWS_PORT:-4566} AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_PAGER="
	unset AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION
}

sign_in() {
	echo
	echo "# On AWS this is the stack's output apiUrl."
	run "API_URL=http://127.0.0.1:${LOCAL_AWS_GATEWAY_PORT:-4567}"
	run "POOL_ID=\$($(output userPoolId))"
	run "CLIENT_ID=\$($(output userPoolClientId))"
	if ! aws cognito-idp admin-get-user --user-pool-id "$POOL_ID" --username sample@test.com >/dev/null 2>&1; then
		run 'aws cognito-idp sign-up --client-id $CLIENT_ID --username sample@test.com --password compLicat3d123'
		run 'aws cognito-idp admin-confirm-sign-up --user-pool-id $POOL_ID --username sample@test.com'
		run 'aws cognito-idp admin-update-user-attributes --user-pool-id $POOL_ID --username sample@test.com --user-attributes Name=email_verified,Value=true'
	fi
	run 'TOKEN=$(aws cognito-idp initiate-auth --auth-flow USER_PASSWORD_AUTH --client-id $CLIENT_ID --auth-parameters USERNAME=sample@test.com,PASSWORD=compLicat3d123 --query AuthenticationResult.IdToken --output text)'
}
