"""The function that hears of ends can be called by anybody: its role can start nothing, and change nothing but the table."""

import pytest
from deployed import Deployed
from local_aws.settings import BUCKET
from role import Role
from stand_in import StandIn
from test_role import ATTEMPTS, INFO, OF_AN_OWNER, STATE, assert_only_the_role_refuses, filled, of

# What the function that answers callers may do, and this one may not.
OF_THE_API: dict[str, tuple[str, str, dict]] = {
    "start a render": ("lambda", "invoke", {"FunctionName": "${renderer}", "Payload": INFO}),
    "invoke the function that answers callers": ("lambda", "invoke", {"FunctionName": "${function}", "Payload": "{}"}),
    "write props": ("s3", "put_object", {"Bucket": BUCKET, "Key": "input-props/x.json", "Body": b"{}"}),
    "cancel a render": ("s3", "put_object", {"Bucket": BUCKET, "Key": "renders/1pwhfhh11z/cancel.json", "Body": b"{}"}),
    "delete a render": ("s3", "delete_object", {"Bucket": BUCKET, "Key": STATE}),
    "list renders": (
        "dynamodb",
        "query",
        {"TableName": "${table}", "IndexName": "byTime"} | OF_AN_OWNER,
    ),
    "query the table": ("dynamodb", "query", {"TableName": "${table}"} | OF_AN_OWNER),
}


@pytest.fixture(scope="module")
def ends_role(light: Deployed) -> Role:
    return Role(light, "EndsRole")


@pytest.fixture(scope="module")
def names(light: Deployed, ends_role: Role, stand_in: StandIn) -> dict[str, str]:
    return of(light, ends_role, stand_in) | {"logs": light.resource("EndsLogGroup")}


@pytest.mark.parametrize("attempt", ATTEMPTS | OF_THE_API)
def test_it_may_not(ends_role: Role, names: dict[str, str], attempt: str):
    service, operation, parameters = (ATTEMPTS | OF_THE_API)[attempt]
    assert_only_the_role_refuses(ends_role, service, operation, filled(parameters, names))
