"""What CloudFormation makes of the template's parameters: what it refuses and says, and what comes of those that are set."""

import json
import re

import boto3
import pytest
from botocore.exceptions import ClientError
from chosen import KMS_KEY, OUTPUT_BUCKET, SENDER, SES_IDENTITY
from deployed import Deployed
from local_aws.deploy import answers
from local_aws.remotion import client
from local_aws.settings import BUCKET, PROJECT, Settings
from samcli.yamlhelper import yaml_parse

# The parameters, the Region, and a part of what CloudFormation says.
REFUSED: dict[str, tuple[dict[str, str], str, str]] = {
    "no bucket": ({"RemotionBucketName": ""}, "us-east-1", "give the name of Remotion's bucket"),
    "a part of an ARN": (
        {"RemotionFunctionName": "000000000000:function:renderer"},
        "us-east-1",
        "or its full ARN (arn:aws:lambda:...), not a part of the ARN",
    ),
    "a quota that the function does not take": ({"RendersPerUserPerDay": "20000"}, "us-east-1", "from 1 to 10000"),
    "an SES identity without a sender": (
        {"SesIdentityArn": SES_IDENTITY},
        "us-east-1",
        "SesIdentityArn needs SesFromAddress. Set both, or neither.",
    ),
    "a sender without an SES identity": (
        {"SesFromAddress": SENDER},
        "us-east-1",
        "SesFromAddress needs SesIdentityArn. Set both, or neither.",
    ),
    "a key without a bucket": ({"OutputKey": "{id}"}, "us-east-1", "OutputKey needs OutputBucketName."),
    "a key that is not unique": (
        {"OutputKey": "video.mp4", "OutputBucketName": "my-outputs"},
        "us-east-1",
        "give a key that contains {id}",
    ),
    "a capacity with AWS's own event age": (
        {"RenderCapacity": "8"},
        "us-east-1",
        "RenderCapacity needs RemotionMaxEventAgeSeconds of at most 300.",
    ),
    "a capacity without render defaults": (
        {"RenderCapacity": "8", "RemotionMaxEventAgeSeconds": "300", "RemotionRenderDefaults": ""},
        "us-east-1",
        "RenderCapacity needs a concurrency in RemotionRenderDefaults",
    ),
    "renders at once without a capacity": (
        {"RendersPerOwnerAtOnce": "2"},
        "us-east-1",
        "RendersPerOwnerAtOnce needs RenderCapacity.",
    ),
    "a queue without a capacity": ({"RenderQueue": "true"}, "us-east-1", "RenderQueue needs RenderCapacity."),
    "a time to wait without a queue": ({"MaxWaitMinutes": "60"}, "us-east-1", "MaxWaitMinutes needs RenderQueue."),
    "a budget of which nobody is told": ({"MonthlyBudgetUsd": "5"}, "us-east-1", "MonthlyBudgetUsd needs AlarmEmail."),
    "a budget where there are none": (
        {"MonthlyBudgetUsd": "5", "AlarmEmail": "me@example.com"},
        "eu-north-1",
        "CloudFormation cannot create budgets in this Region. Leave MonthlyBudgetUsd empty,",
    ),
}


@pytest.fixture(scope="module")
def uploaded(local_aws: Settings) -> str:
    """Where the template is, as `sam deploy` uploads it, without the budget, which the local AWS refuses for reasons of its own."""
    template = yaml_parse((PROJECT / "template.yaml").read_text())
    template["Globals"]["Function"]["CodeUri"] = "s3://any/key"
    del template["Resources"]["Budget"]
    key = "templates/refused.json"
    client("s3", local_aws.endpoint).put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template))
    return f"{local_aws.endpoint}/{BUCKET}/{key}"


@pytest.mark.parametrize("given", REFUSED)
def test_it_is_refused_with_a_reason(local_aws: Settings, uploaded: str, given: str):
    parameters, region, reason = REFUSED[given]
    cloudformation = boto3.client(
        "cloudformation",
        endpoint_url=local_aws.endpoint,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    with pytest.raises(ClientError, match=re.escape(reason)):
        cloudformation.create_stack(
            StackName="refused",
            TemplateURL=uploaded,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in (answers(local_aws) | parameters).items()
            ],
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )


def test_a_second_stack_has_a_role_of_its_own(chosen: Deployed, api: Deployed):
    """One account has both: the name of a role is taken in all of it."""
    assert chosen.resource("Role").startswith("chosen-Role-")
    assert chosen.resource("Role") != api.resource("Role")


def test_the_role_may_use_the_key_and_the_bucket_for_outputs(chosen: Deployed, api: Deployed):
    added = granted(chosen).keys() - granted(api).keys()
    assert {sid: granted(chosen)[sid] for sid in added} == {
        "ReadOwnOutputs": (["s3:GetObject"], f"arn:aws:s3:::{OUTPUT_BUCKET}/*"),
        "DeleteOwnOutputs": (["s3:DeleteObject"], f"arn:aws:s3:::{OUTPUT_BUCKET}/*"),
        "FindOwnOutputs": (["s3:ListBucket"], f"arn:aws:s3:::{OUTPUT_BUCKET}"),
        "UseTheBucketsKey": (["kms:Decrypt", "kms:GenerateDataKey"], KMS_KEY),
    }


def granted(api: Deployed) -> dict[str, tuple[list[str], str]]:
    iam = api.aws("iam")
    policy = iam.get_role_policy(RoleName=api.resource("Role"), PolicyName="render")["PolicyDocument"]
    return {
        statement["Sid"]: (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]],
            statement["Resource"],
        )
        for statement in policy["Statement"]
    }


def test_cognito_sends_through_ses(chosen: Deployed, api: Deployed):
    mails = pool(chosen)["EmailConfiguration"]
    assert (mails["EmailSendingAccount"], mails["SourceArn"], mails["From"]) == ("DEVELOPER", SES_IDENTITY, SENDER)
    assert pool(api)["EmailConfiguration"]["EmailSendingAccount"] == "COGNITO_DEFAULT"


def pool(api: Deployed) -> dict:
    return api.cognito.describe_user_pool(UserPoolId=api.pool_id)["UserPool"]
