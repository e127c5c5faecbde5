"""Nobody without a valid token of this very pool and app gets through, by whichever route but the page's; and what a caller says
about itself counts for nothing."""

import pytest
import renders
from deployed import Deployed
from routes import ADMITTED, FUNCTION_REFUSES, GATEWAY_REFUSES, all_say, ask
from tokens import Tokens

FORGED = {
    "X-Amzn-Oidc-Identity": "somebody-else",
    "X-Amz-Cognito-Sub": "somebody-else",
    "X-User-Id": "somebody-else",
    "Sub": "somebody-else",
    "Cognito-Groups": "renderers",
    "X-Cognito-Groups": "renderers",
}

# Each with who refuses it.
REFUSED = {
    "none": (lambda tokens: None, GATEWAY_REFUSES),
    "empty": (lambda tokens: "", GATEWAY_REFUSES),
    "a word": (lambda tokens: "nonsense", GATEWAY_REFUSES),
    "three words": (lambda tokens: "a.b.c", GATEWAY_REFUSES),
    "with a broken signature": (lambda tokens: tokens.with_a_broken_signature(), GATEWAY_REFUSES),
    "signed by a stranger": (lambda tokens: tokens.signed_by_a_stranger(), GATEWAY_REFUSES),
    "signed by a password": (lambda tokens: tokens.signed_by_a_password(), GATEWAY_REFUSES),
    "unsigned": (lambda tokens: tokens.unsigned(), GATEWAY_REFUSES),
    "expired": (lambda tokens: tokens.expired(), GATEWAY_REFUSES),
    "not yet valid": (lambda tokens: tokens.not_yet_valid(), GATEWAY_REFUSES),
    "of another issuer": (lambda tokens: tokens.of_another_issuer(), GATEWAY_REFUSES),
    "another pool's": (lambda tokens: tokens.of_another_pool["IdToken"], GATEWAY_REFUSES),
    "another pool's access token": (lambda tokens: tokens.of_another_pool["AccessToken"], GATEWAY_REFUSES),
    "another client's": (lambda tokens: tokens.of_another_client["IdToken"], GATEWAY_REFUSES),
    "another client's access token": (lambda tokens: tokens.of_another_client["AccessToken"], GATEWAY_REFUSES),
    # AWS encrypts them, so that its gateway reads none; the local one does.
    "a refresh token": (lambda tokens: tokens.own["RefreshToken"], FUNCTION_REFUSES),
}

# What may become of a user whose token is still good.
SINCE = {
    "disabled": lambda api, email, _: api.cognito.admin_disable_user(UserPoolId=api.pool_id, Username=email),
    "deleted": lambda api, email, _: api.cognito.admin_delete_user(UserPoolId=api.pool_id, Username=email),
    "signed out everywhere": lambda api, _, tokens: api.cognito.global_sign_out(AccessToken=tokens["AccessToken"]),
}


@pytest.fixture(scope="module")
def tokens(light: Deployed, api: Deployed) -> Tokens:
    return Tokens(light, elsewhere=api)


@pytest.mark.parametrize("kind", REFUSED)
def test_a_token_that_is_refused(light: Deployed, tokens: Tokens, kind: str):
    make, refusal = REFUSED[kind]
    assert ask(light, make(tokens)) == all_say(refusal)


def test_headers_that_claim_an_identity(light: Deployed):
    assert ask(light, None, **FORGED) == all_say(GATEWAY_REFUSES)


def test_the_users_own_token_is_admitted(light: Deployed, tokens: Tokens):
    assert ask(light, tokens.own["IdToken"]) == ADMITTED
    # The gateway lets in both of the client's kinds, and both say who signed in.
    assert ask(light, tokens.own["AccessToken"]) == ADMITTED
    # So would be those that are signed here for the tests above, but for what they change.
    assert ask(light, tokens.signed()) == ADMITTED


@pytest.mark.parametrize("since", SINCE)
def test_a_token_is_good_until_it_expires_though_its_user_has_been(light: Deployed, since: str):
    """API Gateway asks Cognito for its keys, and not about users."""
    user = light.sign_up()
    signed_in = light.sign_in(user.email)
    SINCE[since](light, user.email, signed_in)
    assert ask(light, signed_in["IdToken"]) == ADMITTED
    # It is the last one.
    with pytest.raises(light.cognito.exceptions.ClientError):
        light.cognito.initiate_auth(
            ClientId=light.client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": signed_in["RefreshToken"]},
        )


def test_the_group_comes_from_the_token_and_not_from_headers(light: Deployed):
    outsider, member = light.sign_up(), light.sign_up(group="renderers")
    with renders.environment(light, REQUIRED_GROUP="renderers"):
        assert ask(light, outsider.token, **FORGED) == all_say("the function's 403 group_required")
        assert ask(light, member.token) == ADMITTED


def test_the_page_is_for_anybody(light: Deployed, tokens: Tokens):
    for token in (None, "nonsense", tokens.own["IdToken"]):
        answer = light.request("GET", "/", token)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    for method in ("HEAD", "POST", "PUT"):
        assert light.request(method, "/").status == 401
        answer = light.request(method, "/", tokens.own["IdToken"])
        assert (answer.status, answer.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("path", ["/index.html", "/no/such/route", "/render/x/y/z"])
def test_what_is_no_route_needs_a_token_too(light: Deployed, tokens: Tokens, path: str):
    answer = light.request("GET", path)
    assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    answer = light.request("GET", path, tokens.own["IdToken"])
    assert (answer.status, answer.json["code"]) == (404, "not_found")


def test_a_wrong_method_is_answered_by_the_function(light: Deployed, tokens: Tokens):
    answer = light.request("PUT", "/render", tokens.own["IdToken"])
    assert (answer.status, answer.json["code"], answer.headers["Allow"]) == (405, "method_not_allowed", "GET, POST")
