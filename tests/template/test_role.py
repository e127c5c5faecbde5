"""The function's role names what it may do and on what."""

import copy
import re

import pytest
from project import resolved, resources, table, template

# What is not bound to a resource, because AWS binds it to none.
UNBOUND = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}


def statements(document: dict) -> list[dict]:
    (role,) = resources(document, "AWS::IAM::Role").values()
    (policy,) = role["Properties"]["Policies"]
    listed = policy["PolicyDocument"]["Statement"]
    return [statement["Fn::If"][1] if "Fn::If" in statement else statement for statement in listed]


def actions(statement: dict) -> list[str]:
    action = statement["Action"]
    return action if isinstance(action, list) else [action]


def wildcards(document: dict) -> list[str]:
    """The statements that grant more than they name."""
    found = []
    for statement in statements(document):
        whole = statement["Resource"] == "*" and not UNBOUND.issuperset(actions(statement))
        if whole or "NotAction" in statement or "NotResource" in statement or any("*" in a for a in actions(statement)):
            found.append(statement["Sid"])
    return found


def test_nothing_is_granted_at_large():
    assert wildcards(template()) == []


@pytest.mark.parametrize("part", ["Action", "Resource"])
def test_a_wildcard_is_noticed(part):
    for at, statement in enumerate(statements(template())):
        if part == "Resource" and UNBOUND.issuperset(actions(statement)):
            continue
        changed = copy.deepcopy(template())
        statements(changed)[at][part] = "*"
        assert wildcards(changed) == [statement["Sid"]]


def test_only_the_function_may_take_the_role():
    (role,) = resources(template(), "AWS::IAM::Role").values()
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert "ManagedPolicyArns" not in role["Properties"]


def test_what_an_operator_has_to_ask_for_is_granted_only_then():
    (role,) = resources(template(), "AWS::IAM::Role").values()
    listed = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    choices = [statement["Fn::If"] for statement in listed if "Fn::If" in statement]
    assert {granted["Sid"]: condition for condition, granted, _ in choices} == {
        "ReadOwnOutputs": "HasOutputBucket",
        "DeleteOwnOutputs": "HasOutputBucket",
        "FindOwnOutputs": "HasOutputBucket",
        "UseTheBucketsKey": "HasBucketKmsKey",
        "SendTraces": "HasTracing",
    }
    assert all(otherwise == {"Ref": "AWS::NoValue"} for *_, otherwise in choices)


ARN = "arn:aws:lambda:us-east-1:123456789012:function:renderer"


@pytest.mark.parametrize(
    ("given", "granted"),
    [
        ("renderer", ARN),
        ("renderer:live", f"{ARN}:live"),
        (ARN, ARN),
        (f"{ARN}:7", f"{ARN}:7"),
        (ARN.replace("us-east-1", "eu-west-1"), ARN.replace("us-east-1", "eu-west-1")),
    ],
)
def test_the_role_may_invoke_what_the_operator_names(given, granted):
    (start,) = [s for s in statements(template()) if s["Sid"] == "StartRenders"]
    stack = {
        "RemotionFunctionName": given,
        "AWS::Partition": "aws",
        "AWS::Region": "us-east-1",
        "AWS::AccountId": "123456789012",
    }
    assert resolved(start["Resource"], stack) == granted


def test_the_readme_gives_a_reason_for_each_permission():
    granted = {action for statement in statements(template()) for action in actions(statement)}
    assert {action for permissions, *_ in table("The role") for action in named(permissions)} == granted


def test_the_readme_says_which_of_remotion_s_permissions_it_spares():
    rows = table("The role", number=2)
    documented = [action for theirs, _ in rows for action in named(theirs)]
    kept = [action for _, ours in rows for action in named(ours)]
    granted = {action for statement in statements(template()) for action in actions(statement)}
    assert len(set(documented)) == len(documented) == 32
    assert set(kept) == granted & set(documented)


def named(cell: str) -> list[str]:
    """The actions in a cell such as "`s3:GetObject`, `PutObject`, on a bucket"."""
    found = []
    for name in re.findall(r"`([\w:]+)`", cell):
        service, _, action = name.rpartition(":")
        found.append(f"{service or found[-1].split(':')[0]}:{action}")
    return found
