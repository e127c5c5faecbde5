"""What holds data outlives a slip of the hand, and what need not be kept is not."""

import json
import re

from project import resources, template

HOLDS_DATA = ("AWS::Cognito::UserPool", "AWS::DynamoDB::Table")

# None of them is what a caller has written.
LOGGED = {
    "$context.authorizer.claims.sub",
    "$context.authorizer.error",
    "$context.error.message",
    "$context.httpMethod",
    "$context.identity.sourceIp",
    "$context.integrationLatency",
    "$context.integrationStatus",
    "$context.requestId",
    "$context.requestTime",
    "$context.responseLatency",
    "$context.routeKey",
    "$context.status",
}


def test_users_and_renders_outlive_the_stack():
    for kind in HOLDS_DATA:
        for name, resource in resources(template(), kind).items():
            assert resource["DeletionPolicy"] == "RetainExceptOnCreate", name
            assert resource["UpdateReplacePolicy"] == "Retain", name


def test_the_operator_can_have_their_deletion_refused():
    (pool,) = resources(template(), HOLDS_DATA[0]).values()
    (renders,) = resources(template(), HOLDS_DATA[1]).values()
    assert pool["Properties"]["DeletionProtection"] == {"Fn::If": ["HasDeletionProtection", "ACTIVE", "INACTIVE"]}
    assert renders["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["HasDeletionProtection", True, False]}


def test_logs_end_some_day():
    groups = resources(template(), "AWS::Logs::LogGroup")
    assert len(groups) == 4
    for group in groups.values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionInDays"}


def test_the_gateway_logs_a_line_of_json_without_anything_private():
    (stage,) = resources(template(), "AWS::ApiGatewayV2::Stage").values()
    line = stage["Properties"]["AccessLogSettings"]["Format"]
    assert "\n" not in line
    values = json.loads(line).values()
    assert set(values) == set(re.findall(r"\$context[\w.]*", line)) == LOGGED


def test_the_gateway_is_throttled_and_the_hook_by_itself():
    (stage,) = resources(template(), "AWS::ApiGatewayV2::Stage").values()
    limits = {
        "ThrottlingRateLimit": {"Ref": "ThrottlingRateLimit"},
        "ThrottlingBurstLimit": {"Ref": "ThrottlingBurstLimit"},
    }
    assert stage["Properties"]["DefaultRouteSettings"] == limits
    assert stage["Properties"]["RouteSettings"] == {"POST /hooks/remotion": limits}
    # API Gateway refuses settings of a route that is not there yet.
    assert template()["Resources"][stage["DependsOn"]]["Properties"]["RouteKey"] in stage["Properties"]["RouteSettings"]


def test_the_walk_through_s_password_is_good_for_the_standard_policy():
    password = "compLicat3d123"
    policy = template()["Mappings"]["PasswordPolicies"]["STANDARD"]
    assert template()["Parameters"]["PasswordPolicy"]["Default"] == "STANDARD"
    assert len(password) == policy["MinimumLength"]
    rule = template()["Resources"]["UserPool"]["Properties"]["Policies"]["PasswordPolicy"]["RequireSymbols"]
    assert rule == {"Fn::If": ["HasStrongPasswords", True, False]}


def test_an_e_mail_address_is_one_user_however_it_is_spelled():
    (pool,) = resources(template(), HOLDS_DATA[0]).values()
    assert pool["Properties"]["UsernameConfiguration"] == {"CaseSensitive": False}


def test_each_key_of_the_table_is_one_that_an_index_uses():
    (renders,) = resources(template(), HOLDS_DATA[1]).values()
    properties = renders["Properties"]
    keys = {"table": properties["KeySchema"]} | {
        index["IndexName"]: index["KeySchema"]
        for index in properties["LocalSecondaryIndexes"] + properties["GlobalSecondaryIndexes"]
    }
    assert {name: [part["AttributeName"] for part in schema] for name, schema in keys.items()} == {
        "table": ["pk", "sk"],
        "byTime": ["pk", "startedAt"],
        "due": ["due", "dueAt"],
    }
    defined = {attribute["AttributeName"] for attribute in properties["AttributeDefinitions"]}
    assert defined == {part["AttributeName"] for schema in keys.values() for part in schema}
