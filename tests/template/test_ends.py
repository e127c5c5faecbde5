"""How ends come in and go out: the tick, the secrets, and what EventBridge does where NotifyUrl does not answer."""

import json

from project import PROJECT, function, resources, template

SECRET = "AWS::SecretsManager::Secret"

# Of NotifyUrl, and of nothing else.
OF_NOTIFY_URL = {
    "NotifyRule",
    "NotifyDestination",
    "NotifyConnection",
    "NotifyKey",
    "NotifyRole",
    "Undelivered",
    "UndeliveredPolicy",
}


def properties(name: str) -> dict:
    return template()["Resources"][name]["Properties"]


def test_the_tick_comes_each_minute_and_is_never_repeated():
    """What one leaves undone the next one does: those that could not run must not pile up."""
    target = properties("Sweep")["Target"]
    assert properties("Sweep")["ScheduleExpression"] == "rate(1 minute)"
    assert json.loads(target["Input"]) == {"sweep": True}
    assert target["Arn"] == {"Fn::GetAtt": ["Ends", "Arn"]}
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    # The scheduler invokes it asynchronously.
    assert properties("Ends")["EventInvokeConfig"] == {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}
    assert function(template(), "Ends")["Timeout"] < 60


def test_a_hook_is_answered_before_the_gateway_gives_up():
    assert function(template(), "Ends")["Timeout"] < 30


def test_secrets_are_made_of_what_needs_no_escaping():
    """They travel in JSON, in a header and in a reference of CloudFormation's."""
    secrets = resources(template(), SECRET)
    assert set(secrets) == {"HookSecret", "NotifyKey"}
    for name, secret in secrets.items():
        made = secret["Properties"]["GenerateSecretString"]
        ascii_signs = {chr(code) for code in range(33, 127)}
        assert "".join(sorted(ascii_signs - set(made["ExcludeCharacters"]))).isalnum(), name
        assert made["PasswordLength"] >= 64
        # A name that is taken keeps a second stack from being made.
        assert "Name" not in secret["Properties"]


def test_no_secret_is_written_out():
    variables = function(template(), "Ends")["Environment"]["Variables"]
    assert variables["HOOK_SECRET"] == {"Fn::Sub": "{{resolve:secretsmanager:${HookSecret}:SecretString}}"}
    assert function(template(), "RenderApi")["Environment"]["Variables"]["HOOK_SECRET"] == variables["HOOK_SECRET"]
    assert properties("NotifyConnection")["AuthParameters"]["ApiKeyAuthParameters"] == {
        "ApiKeyName": "X-Api-Key",
        "ApiKeyValue": {"Fn::Sub": "{{resolve:secretsmanager:${NotifyKey}:SecretString}}"},
    }


def test_remotion_reaches_the_hook_at_the_api_s_own_address_unless_the_operator_says_where():
    url = function(template(), "RenderApi")["Environment"]["Variables"]["HOOK_URL"]
    assert url == {
        "Fn::If": ["HasHookUrl", {"Ref": "HookUrl"}, {"Fn::Sub": "${Api.ApiEndpoint}/hooks/remotion"}],
    }
    assert properties("HookRoute")["RouteKey"] == "POST /hooks/remotion"


def test_without_notify_url_nothing_of_it_is_there():
    conditional = {name for name, r in template()["Resources"].items() if r.get("Condition") == "HasNotifyUrl"}
    assert conditional == OF_NOTIFY_URL
    assert template()["Parameters"]["NotifyUrl"]["Default"] == ""


def test_notify_url_is_told_each_end_for_a_day_and_what_it_does_not_take_is_kept():
    rule = properties("NotifyRule")
    # What src/ends/bus.rs puts.
    code = (PROJECT / "src" / "ends" / "bus.rs").read_text()
    assert set(rule["EventPattern"]) == {"source", "detail-type"}
    for text in (*rule["EventPattern"]["source"], *rule["EventPattern"]["detail-type"]):
        assert f'"{text}"' in code
    assert len(rule["EventPattern"]["detail-type"]) == code.count('State Change"')
    assert rule["EventBusName"] == function(template(), "Ends")["Environment"]["Variables"]["EVENT_BUS_NAME"]

    (target,) = rule["Targets"]
    # The longest and the most that EventBridge takes.
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 24 * 3600, "MaximumRetryAttempts": 185}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["Undelivered", "Arn"]}}
    assert properties("Undelivered")["MessageRetentionPeriod"] == 14 * 24 * 3600

    (allowed,) = properties("UndeliveredPolicy")["PolicyDocument"]["Statement"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["NotifyRule", "Arn"]}}}
    assert properties("EndsUndelivered")["Dimensions"] == [
        {"Name": "QueueName", "Value": {"Fn::GetAtt": ["Undelivered", "QueueName"]}}
    ]
