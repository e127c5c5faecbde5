"""The function trusts nothing but what API Gateway has verified: without the gateway in front of it, nobody gets through."""

import json

import pytest
import renders
from deployed import Deployed
from local_aws.settings import PROJECT
from open_gateway import without_authorizers
from routes import ADMITTED, FUNCTION_REFUSES, all_say, ask, by_route
from tokens import Tokens

SUB = "5f0c1c1e-9a4e-4c57-8a55-0d6f6c1f8f11"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab1Cd2Ef3"
CLAIMS = {"iss": ISSUER, "sub": SUB, "token_use": "id", "email": "sample@test.com"}
FORGED = {"x-amzn-oidc-identity": SUB, "x-user-id": SUB, "sub": SUB, "authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}

# What the request context says of the caller, in an HTTP API's events and in a REST API's.
NOBODY_HTTP = {
    "null": None,
    "an empty authorizer": {},
    "no JWT": {"jwt": None},
    "an empty JWT": {"jwt": {}},
    "no claims": {"jwt": {"claims": None, "scopes": None}},
    "empty claims": {"jwt": {"claims": {}, "scopes": None}},
    "claims without a sub": {"jwt": {"claims": CLAIMS | {"sub": ""}, "scopes": None}},
    "a blank sub": {"jwt": {"claims": CLAIMS | {"sub": " "}, "scopes": None}},
    "no issuer": {"jwt": {"claims": {"sub": SUB, "token_use": "id"}, "scopes": None}},
    "a blank issuer": {"jwt": {"claims": CLAIMS | {"iss": " "}, "scopes": None}},
    "a refresh token's claims": {"jwt": {"claims": CLAIMS | {"token_use": "refresh"}, "scopes": None}},
    "another authorizer's word": {"lambda": CLAIMS | {"claims": CLAIMS}},
    "an IAM user": {"iam": {"userId": SUB, "userArn": f"arn:aws:iam::000000000000:user/{SUB}"}},
    "a REST API's form": {"claims": CLAIMS},
}
NOBODY_REST = {
    "null": None,
    "an empty authorizer": {},
    "no claims": {"claims": None},
    "empty claims": {"claims": {}},
    "a blank sub": {"claims": CLAIMS | {"sub": " "}},
    "no issuer": {"claims": {"sub": SUB, "token_use": "id"}},
    "a blank issuer": {"claims": CLAIMS | {"iss": " "}},
    "a refresh token's claims": {"claims": CLAIMS | {"token_use": "refresh"}},
    "another authorizer's word": {"principalId": SUB, "sub": SUB},
    "an HTTP API's form": {"jwt": {"claims": CLAIMS, "scopes": None}},
}


def http_event(method: str, path: str, **context) -> dict:
    event = json.loads((PROJECT / "events" / "no-claims.json").read_text())
    event["requestContext"].pop("authorizer", None)
    event["requestContext"] |= context
    event["requestContext"]["http"] |= {"method": method, "path": path}
    return event | {"routeKey": f"{method} {path}", "rawPath": path, "headers": FORGED, "body": "{}"}


def rest_event(method: str, path: str, **context) -> dict:
    event = json.loads((PROJECT / "events" / "render-rest.json").read_text())
    del event["requestContext"]["authorizer"]
    event["requestContext"] |= context | {"httpMethod": method, "path": path}
    forged = {"headers": FORGED, "multiValueHeaders": {name: [value] for name, value in FORGED.items()}}
    return event | forged | {"httpMethod": method, "path": path, "resource": path, "body": "{}"}


def invoke(api: Deployed, make_event, **context) -> dict[str, str]:
    """What each route says to this context, as `ask` has it."""

    def say(method: str, path: str) -> str:
        response = invoked(api, make_event(method, path, **context))
        body = json.loads(response["body"])
        if "code" in body:
            return f"the function's {response['statusCode']} {body['code']}"
        return f"{response['statusCode']} {body.get('message', '')}".strip()

    return by_route(say)


def invoked(api: Deployed, event: dict) -> dict:
    """The function's response, without a gateway."""
    answer = api.aws("lambda").invoke(FunctionName=api.function_name(), Payload=json.dumps(event))
    return json.load(answer["Payload"])


def test_without_an_authorizer(light: Deployed):
    assert invoke(light, http_event) == all_say(FUNCTION_REFUSES)
    assert invoke(light, rest_event) == all_say(FUNCTION_REFUSES)


@pytest.mark.parametrize("context", NOBODY_HTTP)
def test_nobody_by_an_http_api(light: Deployed, context: str):
    assert invoke(light, http_event, authorizer=NOBODY_HTTP[context]) == all_say(FUNCTION_REFUSES)


@pytest.mark.parametrize("context", NOBODY_REST)
def test_nobody_by_a_rest_api(light: Deployed, context: str):
    assert invoke(light, rest_event, authorizer=NOBODY_REST[context]) == all_say(FUNCTION_REFUSES)


@pytest.fixture(scope="module")
def of_any_issuer(light: Deployed):
    """Behind a gateway that lets in several issuers: the template names the only one that its own does."""
    with renders.environment(light, JWT_ISSUER=""):
        yield light


def test_an_issuer_that_is_not_the_operators(light: Deployed):
    authorizer = {"jwt": {"claims": CLAIMS, "scopes": None}}
    assert invoke(light, http_event, authorizer=authorizer) == all_say(FUNCTION_REFUSES)


def test_somebody(of_any_issuer: Deployed):
    """The same events get through as soon as a gateway has verified the caller."""
    assert invoke(of_any_issuer, http_event, authorizer={"jwt": {"claims": CLAIMS, "scopes": None}}) == ADMITTED
    assert invoke(of_any_issuer, rest_event, authorizer={"claims": CLAIMS}) == ADMITTED


def test_the_same_id_from_another_issuer_is_another_user(of_any_issuer: Deployed):
    def say(issuer: str, method: str, path: str) -> dict:
        authorizer = {"jwt": {"claims": CLAIMS | {"iss": issuer}, "scopes": None}}
        return json.loads(invoked(of_any_issuer, http_event(method, path, authorizer=authorizer))["body"])

    ours, theirs = ISSUER + "#of-a-test", ISSUER
    render_id = say(ours, "POST", "/render")["renderId"]
    assert [render["renderId"] for render in say(ours, "GET", "/render")["renders"]] == [render_id]
    assert render_id not in json.dumps(say(theirs, "GET", "/render"))
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/cancel")):
        assert say(theirs, method, f"/render/{render_id}{path}")["code"] == "render_not_found"
    assert say(ours, "GET", f"/render/{render_id}")["status"] == "queued"


def test_a_gateway_without_authorizers(light: Deployed):
    """The template with no authorizer on its routes: the function refuses what the gateway lets through."""
    tokens = Tokens(light, elsewhere=light)
    with without_authorizers(light) as opened:
        assert ask(opened, None) == all_say(FUNCTION_REFUSES)
        # Even the best of tokens is nothing but a header then.
        assert ask(opened, tokens.own["IdToken"], **{"X-User-Id": tokens.user.sub}) == all_say(FUNCTION_REFUSES)
