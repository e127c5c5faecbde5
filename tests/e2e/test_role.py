"""The role can do what the function does, and nothing else: tried with the role's own credentials. test_role_ends.py tries the
other function's."""

import contextlib
import json
from string import Template

import pytest
from botocore.exceptions import ClientError
from chosen import OUTPUT_BUCKET
from deployed import Deployed
from local_aws.settings import BUCKET, FUNCTION
from role import Role
from stand_in import StandIn

INFO = json.dumps({"type": "info", "logLevel": "info"})
DENIED = ("AccessDenied", "AccessDeniedException")

OTHER_BUCKET = "another-bucket"
OTHER_TABLE = "another-table"
STATE = "renders/1pwhfhh11z/progress.json"
KEY = {"pk": {"S": "owner#somebody"}, "sk": {"S": "render#1pwhfhh11z"}}
OF_AN_OWNER = {"KeyConditionExpression": "pk = :owner", "ExpressionAttributeValues": {":owner": KEY["pk"]}}
EVENT = {"Source": "test", "DetailType": "test", "Detail": "{}", "EventBusName": "default"}

# By service; each with what it is called with, where $… stands for what is this deployment's. None of them does harm where
# it is granted.
ATTEMPTS: dict[str, tuple[str, str, dict]] = {
    "invoke another render function": ("lambda", "invoke", {"FunctionName": FUNCTION, "Payload": INFO}),
    "invoke one whose name begins alike": ("lambda", "invoke", {"FunctionName": "${renderer}-2", "Payload": INFO}),
    "invoke itself": ("lambda", "invoke", {"FunctionName": "${function}", "Payload": INFO}),
    "list functions": ("lambda", "list_functions", {}),
    "read its own configuration": ("lambda", "get_function", {"FunctionName": "${function}"}),
    "change its own configuration": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "${function}", "Description": "changed"},
    ),
    "change its own code": (
        "lambda",
        "update_function_code",
        {"FunctionName": "${function}", "ZipFile": b"no archive", "DryRun": True},
    ),
    "change the render function": (
        "lambda",
        "update_function_configuration",
        {"FunctionName": "${renderer}", "Description": "changed"},
    ),
    "delete the render function": ("lambda", "delete_function", {"FunctionName": "${renderer}", "Qualifier": "7"}),
    "let others invoke the render function": (
        "lambda",
        "add_permission",
        {"FunctionName": "${renderer}-2", "StatementId": "x", "Action": "lambda:InvokeFunction", "Principal": "*"},
    ),
    "list buckets": ("s3", "list_buckets", {}),
    "list another bucket": ("s3", "list_objects_v2", {"Bucket": OTHER_BUCKET}),
    "read from another bucket": ("s3", "get_object", {"Bucket": OTHER_BUCKET, "Key": STATE}),
    "write props into another bucket": (
        "s3",
        "put_object",
        {"Bucket": OTHER_BUCKET, "Key": "input-props/x.json", "Body": b"{}"},
    ),
    "delete from another bucket": ("s3", "delete_object", {"Bucket": OTHER_BUCKET, "Key": STATE}),
    "read input props": ("s3", "get_object", {"Bucket": BUCKET, "Key": "input-props/x.json"}),
    "delete input props": ("s3", "delete_object", {"Bucket": BUCKET, "Key": "input-props/x.json"}),
    "write a render's state": ("s3", "put_object", {"Bucket": BUCKET, "Key": STATE, "Body": b"{}"}),
    "write an output": ("s3", "put_object", {"Bucket": BUCKET, "Key": "renders/1pwhfhh11z/out.mp4", "Body": b""}),
    "write into a site": ("s3", "put_object", {"Bucket": BUCKET, "Key": "sites/demo/x.js", "Body": b""}),
    "delete from a site": ("s3", "delete_object", {"Bucket": BUCKET, "Key": "sites/demo/x.js"}),
    "make an output public": (
        "s3",
        "put_object_acl",
        {"Bucket": BUCKET, "Key": "renders/1pwhfhh11z/out.mp4", "ACL": "private"},
    ),
    "read the bucket's policy": ("s3", "get_bucket_policy", {"Bucket": BUCKET}),
    "change the bucket's policy": ("s3", "put_bucket_policy", {"Bucket": BUCKET, "Policy": "$policy"}),
    "delete the bucket": ("s3", "delete_bucket", {"Bucket": BUCKET}),
    "list tables": ("dynamodb", "list_tables", {}),
    "scan the table": ("dynamodb", "scan", {"TableName": "${table}"}),
    "read many items at once": ("dynamodb", "batch_get_item", {"RequestItems": {"${table}": {"Keys": [KEY]}}}),
    "write many items at once": (
        "dynamodb",
        "batch_write_item",
        {"RequestItems": {"${table}": [{"DeleteRequest": {"Key": KEY}}]}},
    ),
    "write into another table in a transaction": (
        "dynamodb",
        "transact_write_items",
        {"TransactItems": [{"Put": {"TableName": OTHER_TABLE, "Item": KEY}}]},
    ),
    "change the table": ("dynamodb", "update_table", {"TableName": "${table}", "DeletionProtectionEnabled": False}),
    "delete another table": ("dynamodb", "delete_table", {"TableName": "no-such-table"}),
    "read from another table": ("dynamodb", "get_item", {"TableName": OTHER_TABLE, "Key": KEY}),
    "write into another table": ("dynamodb", "put_item", {"TableName": OTHER_TABLE, "Item": KEY}),
    "count in another table": ("dynamodb", "update_item", {"TableName": OTHER_TABLE, "Key": KEY}),
    "delete from another table": ("dynamodb", "delete_item", {"TableName": OTHER_TABLE, "Key": KEY}),
    "query another table": (
        "dynamodb",
        "query",
        {"TableName": OTHER_TABLE} | OF_AN_OWNER,
    ),
    "list users": ("cognito-idp", "list_users", {"UserPoolId": "${pool}"}),
    "read a user": ("cognito-idp", "admin_get_user", {"UserPoolId": "${pool}", "Username": "nobody"}),
    "confirm a user": ("cognito-idp", "admin_confirm_sign_up", {"UserPoolId": "${pool}", "Username": "nobody"}),
    "put a user into a group": (
        "cognito-idp",
        "admin_add_user_to_group",
        {"UserPoolId": "${pool}", "Username": "nobody", "GroupName": "renderers"},
    ),
    "set a user's password": (
        "cognito-idp",
        "admin_set_user_password",
        {"UserPoolId": "${pool}", "Username": "nobody", "Password": "compLicat3d123"},
    ),
    "list roles": ("iam", "list_roles", {}),
    "read its own policy": ("iam", "get_role_policy", {"RoleName": "${role}", "PolicyName": "render"}),
    "change its own policy": (
        "iam",
        "put_role_policy",
        {"RoleName": "${role}", "PolicyName": "render", "PolicyDocument": "{}"},
    ),
    "take a policy more": (
        "iam",
        "attach_role_policy",
        {"RoleName": "${role}", "PolicyArn": "arn:aws:iam::000000000000:policy/no-such-policy"},
    ),
    "make an access key": ("iam", "create_access_key", {"UserName": "nobody"}),
    "list log groups": ("logs", "describe_log_groups", {}),
    "read its own logs": ("logs", "filter_log_events", {"logGroupName": "${logs}"}),
    "write another log": ("logs", "create_log_stream", {"logGroupName": "another-log", "logStreamName": "x"}),
    "delete a log": ("logs", "delete_log_group", {"logGroupName": "no-such-log"}),
    "list APIs": ("apigatewayv2", "get_apis", {}),
    "list secrets": ("secretsmanager", "list_secrets", {}),
    "read a secret": ("secretsmanager", "get_secret_value", {"SecretId": "no-such-secret"}),
    "read a parameter": ("ssm", "get_parameter", {"Name": "no-such-parameter"}),
    "list stacks": ("cloudformation", "list_stacks", {}),
    "invoke the function that hears of ends": ("lambda", "invoke", {"FunctionName": "${ends}", "Payload": "{}"}),
    "read the hook's secret": ("secretsmanager", "get_secret_value", {"SecretId": "${secret}"}),
    "tell another bus": ("events", "put_events", {"Entries": [EVENT]}),
    "make a rule": ("events", "put_rule", {"Name": "x", "EventBusName": "${bus}", "EventPattern": '{"source": ["x"]}'}),
    "list rules": ("events", "list_rules", {"EventBusName": "${bus}"}),
}

# What the function that hears of ends may do, and this one may not.
OF_ENDS: dict[str, tuple[str, str, dict]] = {
    "query the index of what is due": (
        "dynamodb",
        "query",
        {
            "TableName": "${table}",
            "IndexName": "due",
            "KeyConditionExpression": "due = :any",
            "ExpressionAttributeValues": {":any": {"S": "any"}},
        },
    ),
    "tell the bus": ("events", "put_events", {"Entries": [EVENT | {"EventBusName": "${bus}"}]}),
}


# What a role may not that reads and deletes outputs in the operator's own bucket.
IN_THE_OUTPUT_BUCKET: dict[str, tuple[str, str, dict]] = {
    "write an output": ("s3", "put_object", {"Bucket": OUTPUT_BUCKET, "Key": "x.mp4", "Body": b""}),
    "make an output public": ("s3", "put_object_acl", {"Bucket": OUTPUT_BUCKET, "Key": "x.mp4", "ACL": "private"}),
    "read the bucket's policy": ("s3", "get_bucket_policy", {"Bucket": OUTPUT_BUCKET}),
    "change the bucket's policy": ("s3", "put_bucket_policy", {"Bucket": OUTPUT_BUCKET, "Policy": "{}"}),
    "change how long objects live": (
        "s3",
        "put_bucket_lifecycle_configuration",
        {"Bucket": OUTPUT_BUCKET, "LifecycleConfiguration": {"Rules": []}},
    ),
    "delete the bucket": ("s3", "delete_bucket", {"Bucket": OUTPUT_BUCKET}),
}


def of(light: Deployed, role: Role, stand_in: StandIn) -> dict[str, str]:
    """What is this deployment's; and next to it what is not."""
    light.aws("s3").create_bucket(Bucket=OTHER_BUCKET)
    with contextlib.suppress(light.aws("dynamodb").exceptions.ResourceInUseException):
        create_other_table(light)
    return {
        "function": light.function_name(),
        "ends": light.resource("Ends"),
        "renderer": stand_in.name,
        "table": light.resource("Renders"),
        "pool": light.pool_id,
        "role": role.name,
        "logs": light.resource("LogGroup"),
        "secret": light.resource("HookSecret"),
        "bus": light.resource("EventBus"),
        "policy": light.aws("s3").get_bucket_policy(Bucket=BUCKET)["Policy"],
    }


def create_other_table(light: Deployed) -> None:
    light.aws("dynamodb").create_table(
        TableName=OTHER_TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in KEY],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )


@pytest.fixture(scope="module")
def names(light: Deployed, role: Role, stand_in: StandIn) -> dict[str, str]:
    return of(light, role, stand_in)


def test_it_is_this_role(role: Role):
    assert f":assumed-role/{role.name}/" in role.client("sts").get_caller_identity()["Arn"]


@pytest.mark.parametrize("attempt", ATTEMPTS | OF_ENDS)
def test_it_may_not(role: Role, names: dict[str, str], attempt: str):
    service, operation, parameters = (ATTEMPTS | OF_ENDS)[attempt]
    assert_only_the_role_refuses(role, service, operation, filled(parameters, names))


@pytest.fixture(scope="module")
def chosen_role(chosen: Deployed) -> Role:
    chosen.aws("s3").put_object(Bucket=OUTPUT_BUCKET, Key="x.mp4", Body=b"")
    return Role(chosen)


@pytest.mark.parametrize("attempt", IN_THE_OUTPUT_BUCKET)
def test_it_may_not_in_the_output_bucket(chosen_role: Role, attempt: str):
    assert_only_the_role_refuses(chosen_role, *IN_THE_OUTPUT_BUCKET[attempt])


def filled(value, names: dict[str, str]):
    """With names put in, also where they are keys."""
    if isinstance(value, dict):
        return {filled(name, names): filled(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, names) for inner in value]
    return Template(value).substitute(names) if isinstance(value, str) else value


def assert_only_the_role_refuses(role: Role, service: str, operation: str, parameters: dict) -> None:
    def is_denied() -> bool:
        try:
            getattr(role.client(service), operation)(**parameters)
        except ClientError as error:
            return error.response["Error"]["Code"] in DENIED
        return False

    assert is_denied()
    with role.unlimited():
        # Else something other than the role refuses it.
        assert not is_denied()
