"""Nobody gets through the gateway without a token but Remotion, who signs."""

import pytest
from project import function, resolved, resources, template, without

ROUTE = "AWS::ApiGatewayV2::Route"


def unguarded(document: dict) -> list[str]:
    """The keys of the routes that do not ask the one authorizer."""
    return [
        route["Properties"]["RouteKey"]
        for route in resources(document, ROUTE).values()
        if route["Properties"].get("AuthorizationType") != "JWT"
        or route["Properties"].get("AuthorizerId") != {"Ref": "Authorizer"}
    ]


# Where users sign in, where Remotion tells how renders end, and where browsers ask whether they may call.
FOR_ANYBODY = {"PageRoute": "HasPage", "HookRoute": None, "PreflightRoute": "HasCors"}


def test_only_the_page_the_hook_and_a_preflight_need_no_token():
    assert unguarded(template()) == ["GET /", "POST /hooks/remotion", "OPTIONS /{proxy+}"]
    routes = resources(template(), ROUTE)
    assert {name: routes[name].get("Condition") for name in FOR_ANYBODY} == FOR_ANYBODY


def test_the_hook_reaches_ends_and_nothing_else_does():
    """What anybody may call can start nothing."""
    routes = {name: route["Properties"]["Target"]["Fn::Sub"] for name, route in resources(template(), ROUTE).items()}
    targets = {name: target.removeprefix("integrations/${").removesuffix("}") for name, target in routes.items()}
    functions = {
        name: template()["Resources"][integration]["Properties"]["IntegrationUri"]["Fn::GetAtt"]
        for name, integration in targets.items()
    }
    assert functions == {name: ["RenderApi", "Arn"] for name in routes} | {"HookRoute": ["Ends", "Arn"]}


def test_a_route_that_loses_its_authorizer_is_noticed():
    for name, route in resources(template(), ROUTE).items():
        if name in FOR_ANYBODY:
            continue
        for lost in ("AuthorizationType", "AuthorizerId"):
            changed = without(template(), "Resources", name, "Properties", lost)
            assert route["Properties"]["RouteKey"] in unguarded(changed)


def test_whatever_has_no_route_of_its_own_meets_the_guarded_default():
    keys = [route["Properties"]["RouteKey"] for route in resources(template(), ROUTE).values()]
    assert "$default" in keys


def test_the_authorizer_reads_the_token_of_the_header_alone():
    authorizer = template()["Resources"]["Authorizer"]["Properties"]
    assert authorizer["AuthorizerType"] == "JWT"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]


def test_only_this_gateway_may_invoke_a_function():
    permissions = [resource["Properties"] for resource in resources(template(), "AWS::Lambda::Permission").values()]
    assert {permission["Principal"] for permission in permissions} == {"apigateway.amazonaws.com"}
    assert {
        permission["FunctionName"]["Ref"]: permission["SourceArn"]["Fn::Sub"].split(":")[-1]
        for permission in permissions
    } == {
        "RenderApi": "${Api}/*",
        "Ends": "${Api}/*/POST/hooks/remotion",
    }
    for name in resources(template(), "AWS::Serverless::Function"):
        properties = function(template(), name)
        assert not properties.keys() & {"FunctionUrlConfig", "Events"}


def test_no_origin_may_call_from_a_browser_unless_the_operator_says_so():
    assert template()["Parameters"]["CorsAllowedOrigins"]["Default"] == ""
    condition, _, otherwise = template()["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"]
    assert (condition, otherwise) == ("HasCors", {"Ref": "AWS::NoValue"})


@pytest.mark.parametrize(
    ("given", "further"), [("x-request-id,baggage", ["x-request-id", "baggage"]), ("", [])], ids=["two", "none"]
)
def test_a_page_may_send_what_the_api_reads_and_what_the_operator_adds(given, further):
    cors = template()["Resources"]["Api"]["Properties"]["CorsConfiguration"]["Fn::If"][1]
    conditions = {"HasCorsAllowedHeaders": given != ""}
    allowed = resolved(cors["AllowHeaders"], {"CorsAllowedHeaders": given}, conditions)
    assert allowed == ["authorization", "content-type", "idempotency-key", "prefer", *further]


def test_what_tracing_adds_to_requests_is_allowed_by_default():
    default = template()["Parameters"]["CorsAllowedHeaders"]["Default"].split(",")
    assert {"sentry-trace", "baggage", "traceparent", "tracestate", "x-amzn-trace-id"} <= set(default)
