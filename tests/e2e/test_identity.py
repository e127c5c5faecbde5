"""Nobody without a valid token of this very pool gets through; and what a caller says about itself counts for nothing."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from deployed import Deployed, User, assert_problem
from local_aws.settings import PROJECT

FORGED = {
    "X-Amzn-Oidc-Identity": "somebody-else",
    "X-Amz-Cognito-Sub": "somebody-else",
    "X-User-Id": "somebody-else",
    "Sub": "somebody-else",
    "Cognito-Groups": "renderers",
    "X-Cognito-Groups": "renderers",
}


@pytest.fixture(scope="session")
def group_only(deployed_as) -> Deployed:
    return deployed_as("group-only", RequiredGroup="renderers")


def signed(api: Deployed, user: User, key=None, **changed) -> str:
    """The user's own token with other claims, signed with the pool's own key unless with another."""
    if key is None:
        pem = api.settings.ministack_state / "cognito-pool-keys" / f"{api.pool_id}-id.pem"
        key = load_pem_private_key(pem.read_bytes(), password=None)
    claims = jwt.decode(user.token, options={"verify_signature": False}) | changed
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": jwt.get_unverified_header(user.token)["kid"]})


def assert_gateway_refuses(api: Deployed, token: str | None, **headers: str) -> None:
    for method, path in (("POST", "/render"), ("GET", "/render"), ("GET", "/"), ("POST", "/no/such/route")):
        answer = api.request(method, path, token, headers=headers)
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"}), (method, path)


def assert_gateway_admits(api: Deployed, token: str) -> None:
    """A route that does not exist starts nothing, and only the function answers it with a problem document."""
    assert_problem(api.request("GET", "/no/such/route", token), 404, "not_found")


def test_no_token(api: Deployed):
    assert_gateway_refuses(api, None)


def test_no_token_but_headers_that_claim_an_identity(api: Deployed):
    assert_gateway_refuses(api, None, **FORGED)


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_nonsense(api: Deployed, token: str):
    assert_gateway_refuses(api, token)


def test_a_token_with_a_broken_signature(api: Deployed, user: User):
    header, claims, signature = user.token.split(".")
    flipped = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    assert_gateway_refuses(api, f"{header}.{claims}.{flipped}")


def test_a_token_signed_by_another_key(api: Deployed, user: User):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert_gateway_refuses(api, signed(api, user, stranger))


def test_an_unsigned_token(api: Deployed, user: User):
    claims = jwt.decode(user.token, options={"verify_signature": False})
    assert_gateway_refuses(api, jwt.encode(claims, None, algorithm="none"))


def test_an_expired_token(api: Deployed, user: User):
    assert_gateway_admits(api, signed(api, user, exp=int(time.time()) + 60))
    assert_gateway_refuses(api, signed(api, user, exp=int(time.time()) - 1))


def test_a_token_for_another_client(api: Deployed, user: User):
    assert_gateway_refuses(api, signed(api, user, aud="another-client"))


def test_a_token_of_another_pool(api: Deployed, group_only: Deployed):
    theirs = group_only.sign_up().token
    assert_gateway_admits(group_only, theirs)
    assert_gateway_refuses(api, theirs)


def test_a_wrong_method_is_answered_by_the_function(api: Deployed, user: User):
    answer = api.request("PUT", "/render", user.token)
    assert_problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_the_group_comes_from_the_token_and_not_from_headers(group_only: Deployed):
    outsider = group_only.sign_up()
    assert_problem(group_only.render(outsider.token, **FORGED), 403, "group_required")
    member = group_only.sign_up(group="renderers")
    assert group_only.render(member.token).status == 200


def test_the_function_itself_trusts_no_header(api: Deployed):
    event = json.loads((PROJECT / "events" / "no-claims.json").read_text())
    event["headers"] |= {name.lower(): value for name, value in FORGED.items()}
    reply = api.aws("lambda").invoke(FunctionName=api.function_name(), Payload=json.dumps(event))
    response = json.load(reply["Payload"])
    assert response["statusCode"] == 401
    assert json.loads(response["body"])["code"] == "unauthenticated"
