"""Each role names what it may do and on what."""

import copy
import re

import pytest
from project import resolved, resources, table, template

# What is not bound to a resource, because AWS binds it to none.
UNBOUND = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}


# By what may take it.
ROLES = {
    "Role": "lambda.amazonaws.com",
    "EndsRole": "lambda.amazonaws.com",
    "DispatchRole": "lambda.amazonaws.com",
    "SweepRole": "scheduler.amazonaws.com",
    "NotifyRole": "events.amazonaws.com",
}


def statements(document: dict, role: str = "Role") -> list[dict]:
    (policy,) = document["Resources"][role]["Properties"]["Policies"]
    listed = policy["PolicyDocument"]["Statement"]
    return [statement["Fn::If"][1] if "Fn::If" in statement else statement for statement in listed]


def actions(statement: dict) -> list[str]:
    action = statement["Action"]
    return action if isinstance(action, list) else [action]


def wildcards(document: dict) -> list[str]:
    """The statements that grant more than they name."""
    found = []
    for statement in (statement for role in ROLES for statement in statements(document, role)):
        whole = statement["Resource"] == "*" and not UNBOUND.issuperset(actions(statement))
        if whole or "NotAction" in statement or "NotResource" in statement or any("*" in a for a in actions(statement)):
            found.append(statement["Sid"])
    return found


def test_nothing_is_granted_at_large():
    assert wildcards(template()) == []


@pytest.mark.parametrize("part", ["Action", "Resource"])
@pytest.mark.parametrize("role", ROLES)
def test_a_wildcard_is_noticed(role, part):
    for at, statement in enumerate(statements(template(), role)):
        if part == "Resource" and UNBOUND.issuperset(actions(statement)):
            continue
        changed = copy.deepcopy(template())
        statements(changed, role)[at][part] = "*"
        assert wildcards(changed) == [statement["Sid"]]


def test_each_role_is_for_one_service():
    roles = resources(template(), "AWS::IAM::Role")
    assert set(roles) == set(ROLES)
    for name, service in ROLES.items():
        (trust,) = roles[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": service}
        assert "ManagedPolicyArns" not in roles[name]["Properties"]
        # AWS Lambda acts for its own functions; the others could be told to act by another account.
        own_account = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
        assert trust.get("Condition") == (None if service.startswith("lambda.") else own_account)


@pytest.mark.parametrize(
    ("role", "conditional"),
    [
        (
            "Role",
            {
                "ReadOwnOutputs": "HasOutputBucket",
                "DeleteOwnOutputs": "HasOutputBucket",
                "FindOwnOutputs": "HasOutputBucket",
                "UseTheBucketsKey": "HasBucketKmsKey",
                "CheckTheBudget": "HasUserBudget",
                "StoreLargeRequests": "HasQueue",
                "CountTheQueue": "HasQueue",
                "WakeTheDispatcher": "HasQueue",
                "SendTraces": "HasTracing",
            },
        ),
        (
            "EndsRole",
            {
                "ReadOwnOutputs": "HasOutputBucket",
                "FindOwnOutputs": "HasOutputBucket",
                "UseTheBucketsKey": "HasBucketKmsKey",
                "StopFailedRenders": "HasCapacity",
                "WriteUnderTheBucketsKey": "HasCapacityUnderKmsKey",
                "ForgetLargeRequests": "HasQueue",
                "WakeTheDispatcher": "HasQueue",
                "SendTraces": "HasTracing",
            },
        ),
        (
            "DispatchRole",
            {"UseTheBucketsKey": "HasBucketKmsKey", "CheckTheBudget": "HasUserBudget", "SendTraces": "HasTracing"},
        ),
    ],
)
def test_what_an_operator_has_to_ask_for_is_granted_only_then(role, conditional):
    (policy,) = template()["Resources"][role]["Properties"]["Policies"]
    listed = policy["PolicyDocument"]["Statement"]
    choices = [statement["Fn::If"] for statement in listed if "Fn::If" in statement]
    assert {granted["Sid"]: condition for condition, granted, _ in choices} == conditional
    assert all(otherwise == {"Ref": "AWS::NoValue"} for *_, otherwise in choices)


# What changes nothing.
READS = {"dynamodb:GetItem", "dynamodb:Query", "kms:Decrypt", "s3:GetObject", "s3:ListBucket"}


def test_what_anybody_may_call_starts_no_render_and_changes_nothing_but_the_table():
    """Where the capacity is counted it also stops what has failed, and where there is a queue it wakes who looks at it."""
    changes = {
        (statement["Sid"], action)
        for statement in statements(template(), "EndsRole")
        for action in set(actions(statement)) - READS - UNBOUND
    }
    assert changes == {
        ("StopFailedRenders", "s3:PutObject"),
        ("WriteUnderTheBucketsKey", "kms:GenerateDataKey"),
        ("ForgetLargeRequests", "s3:DeleteObject"),
        ("WakeTheDispatcher", "lambda:InvokeFunction"),
        ("WriteEnds", "dynamodb:DeleteItem"),
        ("WriteEnds", "dynamodb:PutItem"),
        ("WriteEnds", "dynamodb:UpdateItem"),
        ("TellOfEnds", "events:PutEvents"),
        ("WriteOwnLogs", "logs:CreateLogStream"),
        ("WriteOwnLogs", "logs:PutLogEvents"),
    }
    assert in_the_bucket("EndsRole") >= {
        ("s3:PutObject", "arn:aws:s3:::b/renders/*/cancel.json"),
        ("s3:DeleteObject", "arn:aws:s3:::b/render-api/*"),
    }


def test_what_starts_renders_that_have_waited_neither_reads_nor_deletes_any():
    assert in_the_bucket("DispatchRole") == {
        ("s3:PutObject", "arn:aws:s3:::b/input-props/*"),
        ("s3:GetObject", "arn:aws:s3:::b/render-api/*"),
        ("s3:DeleteObject", "arn:aws:s3:::b/render-api/*"),
        ("s3:ListBucket", "arn:aws:s3:::b"),
        ("s3:PutObject", "arn:aws:s3:::b/renders/*/cancel.json"),
    }


def in_the_bucket(role: str) -> set[tuple[str, str]]:
    """What a role may do with what in Remotion's bucket."""
    names = OF_A_STACK | {"RemotionBucketName": "b", "OutputBucketName": "outputs"}
    granted = [s for s in statements(template(), role) if actions(s)[0].startswith("s3:")]
    pairs = {(action, resolved(s["Resource"], names)) for s in granted for action in actions(s)}
    return {(action, resource) for action, resource in pairs if "outputs" not in resource}


@pytest.mark.parametrize("role", ["EndsRole", "DispatchRole"])
@pytest.mark.parametrize(
    ("own", "bus"),
    [(True, "the ARN of the stack's"), (False, "arn:aws:events:us-east-1:123456789012:event-bus/default")],
)
def test_ends_are_told_to_one_bus(role, own, bus):
    (tell,) = [s for s in statements(template(), role) if s["Sid"] == "TellOfEnds"]
    names = OF_A_STACK | {"EventBus.Arn": "the ARN of the stack's", "EventBusName": "default"}
    assert resolved(tell["Resource"], names, {"HasOwnEventBus": own}) == bus


@pytest.mark.parametrize(
    ("role", "action", "on"),
    [
        ("SweepRole", "lambda:InvokeFunction", "Ends"),
        ("NotifyRole", "events:InvokeApiDestination", "NotifyDestination"),
    ],
)
def test_whoever_calls_for_the_stack_may_call_one_thing(role, action, on):
    (statement,) = statements(template(), role)
    assert (statement["Action"], statement["Resource"]) == (action, {"Fn::GetAtt": [on, "Arn"]})


OF_A_STACK = {"AWS::Partition": "aws", "AWS::Region": "us-east-1", "AWS::AccountId": "123456789012"}
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
def test_the_roles_may_invoke_what_the_operator_names(given, granted):
    for role in ("Role", "DispatchRole"):
        (start,) = [s for s in statements(template(), role) if s["Sid"] == "StartRenders"]
        assert resolved(start["Resource"], OF_A_STACK | {"RemotionFunctionName": given}) == granted


@pytest.mark.parametrize(
    ("role", "page", "heading"),
    [
        ("Role", "permissions.md", "The role"),
        ("EndsRole", "permissions.md", "The other roles"),
        ("DispatchRole", "queue.md", "The dispatcher's role"),
    ],
)
def test_the_documents_give_a_reason_for_each_permission(role, page, heading):
    granted = {action for statement in statements(template(), role) for action in actions(statement)}
    assert {action for permissions, *_ in table(page, heading) for action in named(permissions)} == granted


def test_the_documents_say_which_of_remotion_s_permissions_it_spares():
    rows = table("permissions.md", "The role", number=2)
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
