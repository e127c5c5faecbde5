"""The function's role names what it may do and on what."""

import copy
import re

import pytest
from project import resources, table, template

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


def test_tracing_is_granted_only_where_it_is_on():
    (role,) = resources(template(), "AWS::IAM::Role").values()
    listed = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (tracing,) = [s["Fn::If"] for s in listed if "Fn::If" in s and s["Fn::If"][1]["Sid"] == "SendTraces"]
    assert tracing[0] == "HasTracing" and tracing[2] == {"Ref": "AWS::NoValue"}


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
