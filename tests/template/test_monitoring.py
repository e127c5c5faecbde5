"""The dashboard and the alarms speak of metrics that there are."""

import json
import re

from project import PROJECT, resources, template

ALARM = "AWS::CloudWatch::Alarm"
NAMESPACE = "RemotionRenderApi"


def dashboard() -> dict:
    (board,) = resources(template(), "AWS::CloudWatch::Dashboard").values()
    return json.loads(board["Properties"]["DashboardBody"]["Fn::Sub"])


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


def test_the_function_writes_its_own_metrics():
    code = (PROJECT / "src" / "log.rs").read_text()
    assert own_metrics() == {
        ("Duration", "FunctionName"),
        ("RendersStarted", "FunctionName"),
        ("RendersFailed", "FunctionName"),
        ("RendersFailed", "FunctionName,Code"),
    }
    for name in (NAMESPACE, "Duration", "RendersStarted", "RendersFailed", "FunctionName", "Code"):
        assert f'"{name}"' in code, name


def test_each_alarm_tells_somebody_and_shows():
    alarms = resources(template(), ALARM)
    shown = next(w for w in dashboard()["widgets"] if w["type"] == "alarm")["properties"]["alarms"]
    assert shown == [f"${{{name}.Arn}}" for name in alarms]
    for name, alarm in alarms.items():
        assert alarm["Condition"] == "HasMonitoring", name
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching", name


def test_the_alarm_of_slow_requests_is_below_the_function_s_timeout():
    function = template()["Resources"]["RenderApi"]["Properties"]
    alarm = template()["Resources"]["FunctionNearTimeout"]["Properties"]
    assert 0 < alarm["Threshold"] < function["Timeout"] * 1000
