"""The role can do what the function does, and nothing else: tried with the role's own credentials."""

import io
import json
import zipfile

import boto3
import pytest
from botocore.exceptions import ClientError
from deployed import Deployed
from local_aws.remotion import create_function
from local_aws.settings import BUCKET, FUNCTION, REGION

OTHER = FUNCTION.replace("120sec", "240sec")
INFO = json.dumps({"type": "info", "logLevel": "info"})

PROBE = """
import os

def handler(event, context):
    return [os.environ[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
"""


@pytest.fixture(scope="module")
def as_role(api: Deployed):
    """A client maker with the credentials that a function of this role is given."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("probe.py", PROBE)
    aws = api.aws("lambda")
    aws.create_function(
        FunctionName="probe",
        Runtime="python3.12",
        Handler="probe.handler",
        Role=api.aws("iam").get_role(RoleName="remotionLambdaServerlessRole")["Role"]["Arn"],
        Code={"ZipFile": code.getvalue()},
    )
    key, secret, token = json.load(aws.invoke(FunctionName="probe")["Payload"])

    def as_role(service: str):
        return boto3.client(
            service,
            endpoint_url=api.settings.endpoint,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
        )

    return as_role


def test_it_is_this_role(as_role):
    assert ":assumed-role/remotionLambdaServerlessRole/" in as_role("sts").get_caller_identity()["Arn"]


def test_it_may_invoke_the_one_function(as_role):
    reply = as_role("lambda").invoke(FunctionName=FUNCTION, Payload=INFO)
    assert json.load(reply["Payload"]) == {"type": "success", "version": "4.0.527"}


def test_it_may_store_input_props(as_role):
    as_role("s3").put_object(Bucket=BUCKET, Key="input-props/some.json", Body=b"{}")


def test_it_may_do_nothing_else(api: Deployed, as_role):
    create_function(api.settings, OTHER)
    api.aws("s3").create_bucket(Bucket="another-bucket")
    # The same as the account's owner, so that a refusal is the role's and not the request's.
    assert json.load(api.aws("lambda").invoke(FunctionName=OTHER, Payload=INFO)["Payload"])["type"] == "success"

    attempts = {
        "invoke another function": lambda: as_role("lambda").invoke(FunctionName=OTHER, Payload=INFO),
        "invoke itself": lambda: as_role("lambda").invoke(FunctionName=api.function_name(), Payload=INFO),
        "list functions": lambda: as_role("lambda").list_functions(),
        "change the function": lambda: as_role("lambda").update_function_configuration(
            FunctionName=FUNCTION, Timeout=3
        ),
        "delete the function": lambda: as_role("lambda").delete_function(FunctionName=FUNCTION),
        "list buckets": lambda: as_role("s3").list_buckets(),
        "list another bucket": lambda: as_role("s3").list_objects_v2(Bucket="another-bucket"),
        "read input props": lambda: as_role("s3").get_object(Bucket=BUCKET, Key="input-props/some.json"),
        "write elsewhere": lambda: as_role("s3").put_object(Bucket=BUCKET, Key="renders/x/progress.json", Body=b"{}"),
        "delete objects": lambda: as_role("s3").delete_object(Bucket=BUCKET, Key="input-props/some.json"),
        "delete the bucket": lambda: as_role("s3").delete_bucket(Bucket=BUCKET),
        "list tables": lambda: as_role("dynamodb").list_tables(),
        "list users": lambda: as_role("cognito-idp").list_users(UserPoolId=api.pool_id),
        "list roles": lambda: as_role("iam").list_roles(),
        "read logs": lambda: as_role("logs").describe_log_groups(),
    }
    allowed = [what for what, attempt in attempts.items() if not denied(attempt)]
    assert allowed == []


def denied(attempt) -> bool:
    try:
        attempt()
    except ClientError as error:
        return error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    return False
