"""Capacity and queue: there only where they are asked for, and then of one piece."""

import pytest
from project import PROJECT, function, references, resolved, template

CONDITIONS = ("HasCapacity", "HasCapacityUnderKmsKey", "HasQueue", "HasMonitoredQueue")
OF_THE_QUEUE = {"Dispatch", "DispatchRole", "DispatchLogGroup", "DispatchErrors"}
STACK = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": "123456789012",
    "AWS::StackName": "videos",
}
NOTHING = {"AWS::NoValue": None}


def holds(condition, given: dict[str, str]) -> bool:
    """What CloudFormation decides, with these parameters and the defaults of the others."""
    document = template()
    parameters = {name: str(parameter.get("Default", "given")) for name, parameter in document["Parameters"].items()}
    known = STACK | parameters | given
    if isinstance(condition, str):
        return holds(document["Conditions"][condition], given)
    ((function, argument),) = condition.items()
    match function:
        case "Condition":
            return holds(argument, given)
        case "Fn::Not":
            return not holds(argument[0], given)
        case "Fn::And":
            return all(holds(part, given) for part in argument)
        case "Fn::Or":
            return any(holds(part, given) for part in argument)
        case "Fn::Equals":
            first, second = (resolved(side, known) for side in argument)
            return first == second
        case "Fn::Contains":
            return resolved(argument[1], known) in argument[0]
    raise NotImplementedError(function)


def refused(**given: str) -> set[str]:
    """The rules that do not let these parameters pass."""
    return {
        name
        for name, rule in template()["Rules"].items()
        if holds(rule.get("RuleCondition", {"Fn::Equals": ["", ""]}), given)
        and not all(holds(assertion["Assert"], given) for assertion in rule["Assertions"])
    }


def test_by_default_nothing_of_it_is_there():
    """And no function is told of it: a start costs what it cost before."""
    assert [condition for condition in CONDITIONS if holds(condition, {})] == []
    conditional = {name for name, r in template()["Resources"].items() if r.get("Condition") in CONDITIONS}
    assert conditional == OF_THE_QUEUE
    for name, resource in template()["Resources"].items():
        if name in OF_THE_QUEUE:
            continue
        assert not OF_THE_QUEUE & references(without_what_is_chosen(resource)), name
    known = {
        parameter: described["Default"]
        for parameter, described in template()["Parameters"].items()
        if "Default" in described
    }
    variables = function(template(), "RenderApi")["Environment"]["Variables"]
    told = {
        name: resolved(variables[name], STACK | NOTHING | known, {"HasQueue": False})
        for name in variables
        if name in NAMES
    }
    assert told == dict.fromkeys(("RENDER_CAPACITY", "RENDERS_PER_OWNER_AT_ONCE", "MAX_WAIT_MINUTES"), "") | {
        "RENDER_QUEUE": "false",
        "DISPATCH_FUNCTION_NAME": None,
    }


NAMES = ("RENDER_CAPACITY", "RENDERS_PER_OWNER_AT_ONCE", "RENDER_QUEUE", "MAX_WAIT_MINUTES", "DISPATCH_FUNCTION_NAME")


def without_what_is_chosen(value):
    """What is left of a value where neither capacity nor queue is asked for."""
    if isinstance(value, list):
        return [without_what_is_chosen(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value and value["Fn::If"][0] in CONDITIONS:
        return without_what_is_chosen(value["Fn::If"][2])
    return {key: without_what_is_chosen(inner) for key, inner in value.items()}


CAPACITY = {"RenderCapacity": "8", "RemotionMaxEventAgeSeconds": "300"}


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({}, set()),
        (CAPACITY, set()),
        (CAPACITY | {"RendersPerOwnerAtOnce": "2", "RenderQueue": "true", "MaxWaitMinutes": "60"}, set()),
        ({"RenderCapacity": "8"}, {"RenderCapacityNeedsAShortEventAge"}),
        (CAPACITY | {"RemotionRenderDefaults": ""}, {"RenderCapacityNeedsAConcurrency"}),
        ({"RendersPerOwnerAtOnce": "2"}, {"RendersPerOwnerAtOnceNeedsACapacity"}),
        ({"RenderQueue": "true"}, {"RenderQueueNeedsACapacity"}),
        ({"MaxWaitMinutes": "60"}, {"MaxWaitMinutesNeedsAQueue"}),
        (CAPACITY | {"MaxWaitMinutes": "60"}, {"MaxWaitMinutesNeedsAQueue"}),
    ],
)
def test_what_cannot_work_is_refused(given, rules):
    assert refused(**given) == rules


def test_all_know_the_dispatcher_by_one_name():
    """A name of CloudFormation's own would make a circle: the dispatcher's metrics bear the name of a function that wakes it."""
    name = resolved(function(template(), "Dispatch")["FunctionName"], STACK)
    assert name == "videos-dispatch"
    for caller, role in (("RenderApi", "Role"), ("Ends", "EndsRole")):
        variables = function(template(), caller)["Environment"]["Variables"]
        assert resolved(variables["DISPATCH_FUNCTION_NAME"], STACK | NOTHING, {"HasQueue": True}) == name
        (policy,) = template()["Resources"][role]["Properties"]["Policies"]
        choices = [s["Fn::If"] for s in policy["PolicyDocument"]["Statement"] if "Fn::If" in s]
        (wake,) = [granted for condition, granted, _ in choices if granted["Sid"] == "WakeTheDispatcher"]
        assert wake["Action"] == "lambda:InvokeFunction"
        assert resolved(wake["Resource"], STACK) == f"arn:aws:lambda:us-east-1:123456789012:function:{name}"


def test_a_wake_that_fails_or_comes_late_is_not_repeated():
    """The tick of each minute does the same, and those that could not run must not pile up."""
    properties = template()["Resources"]["Dispatch"]["Properties"]
    assert properties["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}


def test_each_handler_is_one_that_the_binary_knows():
    code = (PROJECT / "src" / "main.rs").read_text()
    for name in ("Ends", "Dispatch"):
        assert f'Ok("{function(template(), name)["Handler"]}")' in code
