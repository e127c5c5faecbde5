"""The dashboard and the alarms speak of metrics that there are."""

import itertools
import json
import re

from project import PROJECT, function, resources, template

ALARM = "AWS::CloudWatch::Alarm"
NAMESPACE = "RemotionRenderApi"


# The alarms that not all deployments have, by their conditions.
CHOSEN = {"EndsUndelivered": "HasMonitoredNotifyUrl", "DispatchErrors": "HasMonitoredQueue"}


def dashboard(*conditions: str) -> dict:
    """As it is where so many conditions hold."""
    (board,) = resources(template(), "AWS::CloudWatch::Dashboard").values()
    text, further = board["Properties"]["DashboardBody"]["Fn::Sub"]
    for name, choice in further.items():
        condition, there, nothing = choice["Fn::If"]
        assert condition in CHOSEN.values()
        text = text.replace(f"${{{name}}}", there["Fn::Sub"] if condition in conditions else nothing)
    return json.loads(text)


def own_metrics() -> set[tuple[str, str]]:
    """The names that the template uses in the namespace of the function's own metrics, each with its dimensions."""
    named = set()
    for alarm in resources(template(), ALARM).values():
        properties = alarm["Properties"]
        if properties["Namespace"] == NAMESPACE:
            named.add((properties["MetricName"], ",".join(d["Name"] for d in properties["Dimensions"])))
    for widget in dashboard()["widgets"]:
        for metric in widget["properties"].get("metrics", []):
            if metric[0] == NAMESPACE:
                named.add((metric[1], metric[2]))
            elif isinstance(metric[0], dict):
                search = re.search(NAMESPACE + r',([\w,]+)} MetricName="(\w+)"', metric[0]["expression"])
                named.add((search[2], search[1]))
    return named


def test_the_functions_write_their_own_metrics():
    code = (PROJECT / "src" / "log.rs").read_text()
    named = own_metrics()
    assert named == {
        ("Duration", "FunctionName"),
        ("RendersStarted", "FunctionName"),
        ("StartsFailed", "FunctionName"),
        ("StartsFailed", "FunctionName,Code"),
        ("RendersDone", "FunctionName"),
        ("RendersFailed", "FunctionName"),
        ("RendersFailed", "FunctionName,Status"),
        ("RenderCosts", "FunctionName"),
        ("RenderDuration", "FunctionName"),
    }
    for name in {NAMESPACE} | {word for metric, dimensions in named for word in (metric, *dimensions.split(","))}:
        assert f'"{name}"' in code, name


def test_the_alarms_of_renders_name_how_they_end():
    """A render that somebody cancels is none that fails."""
    code = (PROJECT / "src" / "render" / "end.rs").read_text()
    watched = [
        dimension["Value"]
        for alarm in resources(template(), ALARM).values()
        for dimension in alarm["Properties"]["Dimensions"]
        if dimension["Name"] == "Status"
    ]
    assert watched == ["failed", "timed_out"]
    assert all(f'"{status}"' in code for status in watched)


def test_what_the_other_functions_count_is_the_api_s():
    """One function starts renders and another one hears of their ends: a dashboard shows both under one name."""
    for name in ("Ends", "Dispatch"):
        variables = function(template(), name)["Environment"]["Variables"]
        assert variables["METRICS_FUNCTION_NAME"] == {"Ref": "RenderApi"}
    assert "METRICS_FUNCTION_NAME" in (PROJECT / "src" / "main.rs").read_text()


def test_each_alarm_tells_somebody_and_shows():
    alarms = resources(template(), ALARM)
    for conditions in ((), *itertools.combinations(CHOSEN.values(), 1), tuple(CHOSEN.values())):
        widgets = dashboard(*conditions)["widgets"]
        shown = next(w for w in widgets if w["type"] == "alarm")["properties"]["alarms"]
        there = [name for name in alarms if CHOSEN.get(name) in (None, *conditions)]
        assert shown == [f"${{{name}.Arn}}" for name in there]
    for name, alarm in alarms.items():
        assert alarm["Condition"] == CHOSEN.get(name, "HasMonitoring"), name
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching", name


def test_no_widget_lies_on_another():
    taken = set()
    for widget in dashboard(*CHOSEN.values())["widgets"]:
        columns = range(widget["x"], widget["x"] + widget["width"])
        rows = range(widget["y"], widget["y"] + widget["height"])
        cells = {(column, row) for column in columns for row in rows}
        assert not cells & taken, widget["properties"]["title"]
        assert max(columns) < 24
        taken |= cells


def test_the_alarm_of_slow_requests_is_below_the_function_s_timeout():
    alarm = template()["Resources"]["FunctionNearTimeout"]["Properties"]
    assert 0 < alarm["Threshold"] < function(template(), "RenderApi")["Timeout"] * 1000
