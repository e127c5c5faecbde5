"""The parameters that most deployments leave empty, each with a value."""

KMS_KEY = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SES_IDENTITY = "arn:aws:ses:us-east-1:000000000000:identity/example.com"
SENDER = "Our Videos <no-reply@example.com>"
OUTPUT_BUCKET = "my-outputs"

PARAMETERS = {
    "RoleName": "",
    "BucketKmsKeyArn": KMS_KEY,
    "OutputBucketName": OUTPUT_BUCKET,
    "OutputKey": "{userId}/{id}.{extension}",
    "SesIdentityArn": SES_IDENTITY,
    "SesFromAddress": SENDER,
}
