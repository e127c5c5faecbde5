"""Each mode of the template through the real gateway: who is let in, and whose renders those are."""

import os
import subprocess
import uuid

import jwt
import pytest
import renders
from deployed import Deployed, User, assert_problem
from local_aws.settings import PROJECT
from oidc import AUDIENCE, Oidc, client_credentials
from routes import ADMITTED, GATEWAY_REFUSES, all_say, ask
from stand_in import StandIn

REFUSED = "the function's 403 act_as_not_allowed"
BACKEND_NODE = PROJECT / "examples" / "backend-node"
EXAMPLES = {
    "node": ["node", str(BACKEND_NODE / "main.mjs")],
    "rust": ["cargo", "run", "--quiet", "--manifest-path", str(PROJECT / "examples/backend-rust/Cargo.toml"), "--"],
}


@pytest.fixture(scope="module")
def oidc():
    with Oidc() as oidc:
        yield oidc


@pytest.fixture(scope="module")
def elsewhere(deployed_as, stand_in: StandIn, oidc: Oidc) -> Deployed:
    """Users of an issuer that is not Cognito, and a backend of theirs."""
    return deployed_as(
        "elsewhere",
        RemotionFunctionName=stand_in.name,
        RendersPerUserPerDay="3",
        Monitoring="false",
        JwtIssuer=oidc.issuer,
        JwtAudiences=f"another,{AUDIENCE}",
        ActAsScope="render:act",
        ActAsClients="backend,reader",
    )


@pytest.fixture(scope="module")
def backend(deployed_as, stand_in: StandIn) -> Deployed:
    """The stack's own users, and a client for a backend."""
    return deployed_as(
        "backend",
        RemotionFunctionName=stand_in.name,
        Monitoring="false",
        BackendClient="true",
        RendersPerUserPerDay="100",
    )


@pytest.fixture(scope="module")
def machine(backend: Deployed) -> dict[str, str]:
    """How the backend gets its tokens."""
    client = backend.outputs["backendClientId"]
    described = backend.cognito.describe_user_pool_client(UserPoolId=backend.pool_id, ClientId=client)
    return {
        "API_URL": f"{backend.settings.gateway}/_stacks/{backend.stack}",
        "TOKEN_URL": f"{backend.settings.endpoint}/oauth2/token",
        "CLIENT_ID": client,
        "CLIENT_SECRET": described["UserPoolClient"]["ClientSecret"],
    }


@pytest.fixture(scope="module")
def machine_token(machine: dict[str, str]) -> str:
    return client_credentials(machine["TOKEN_URL"], machine["CLIENT_ID"], machine["CLIENT_SECRET"], "render-api/act-as")


def somebody() -> str:
    return f"user|{uuid.uuid4().hex[:8]}"


def started_by(api: Deployed, token: str, **headers: str) -> str:
    answer = api.request("POST", "/render", token, {}, headers)
    assert answer.status == 200, answer.text
    return answer.json["renderId"]


def listed(api: Deployed, token: str, **headers: str) -> list[str]:
    answer = api.request("GET", "/render", token, headers=headers)
    assert answer.status == 200, answer.text
    return [render["renderId"] for render in answer.json["renders"]]


def record(api: Deployed, issuer: str, owner: str, render_id: str) -> dict:
    key = {"pk": {"S": f"owner#{issuer}#{owner}"}, "sk": {"S": f"render#{render_id}"}}
    return api.aws("dynamodb").get_item(TableName=api.resource("Renders"), Key=key)["Item"]


def test_users_of_another_issuer(elsewhere: Deployed, oidc: Oidc):
    ada, bob = somebody(), somebody()
    render_id = started_by(elsewhere, oidc.token(sub=ada))
    assert listed(elsewhere, oidc.token(sub=ada)) == [render_id]
    assert listed(elsewhere, oidc.token(sub=bob)) == []
    assert record(elsewhere, oidc.issuer, ada, render_id)["userId"]["S"] == ada


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://stranger.example"},
        {"aud": None},
        {"iss": "https://issuer.example"},
        {"alg": "ES256"},
        {"exp": 1},
    ],
    ids=str,
)
def test_what_the_gateway_does_not_take(elsewhere: Deployed, oidc: Oidc, claims: dict):
    assert ask(elsewhere, oidc.token(sub=somebody(), **claims)) == all_say(GATEWAY_REFUSES)


@pytest.mark.parametrize("sub", [None, "", " ", ["ada"], ["a", "b"], {"id": "ada"}, True, "a" * 256], ids=str)
def test_what_names_nobody(elsewhere: Deployed, oidc: Oidc, sub):
    problem = assert_problem(elsewhere.render(oidc.token(sub=sub), {}), 401, "unauthenticated")
    assert '"sub"' in problem["detail"]


def test_there_is_no_page_where_nobody_can_sign_in_on_it(elsewhere: Deployed, oidc: Oidc):
    assert elsewhere.request("GET", "/").status == 401
    assert elsewhere.request("GET", "/", oidc.token(sub="ada")).status == 404


def test_a_backend_elsewhere_acts_for_its_users(elsewhere: Deployed, oidc: Oidc):
    ada, token = somebody(), oidc.machine("backend", "render:act")
    acting = {"On-Behalf-Of": ada}
    ids = [started_by(elsewhere, token, **acting) for _ in range(2)]
    ids.append(started_by(elsewhere, oidc.token(sub=ada)))
    # It is the user's own, the quota too.
    assert sorted(listed(elsewhere, oidc.token(sub=ada))) == sorted(listed(elsewhere, token, **acting)) == sorted(ids)
    assert_problem(elsewhere.request("POST", "/render", token, {}, acting), 429, "quota_spent")
    assert listed(elsewhere, token) == []
    kept = record(elsewhere, oidc.issuer, ada, ids[0])
    assert (kept["userId"]["S"], kept["actorId"]["S"]) == (ada, "backend")
    assert "actorId" not in record(elsewhere, oidc.issuer, ada, ids[2])


@pytest.mark.parametrize(
    ("client", "scope", "named"),
    [
        ("reader", "render:read", "render:act"),
        ("backend", "render:read", "render:act"),
        ("stranger", "render:act", "stranger"),
    ],
)
def test_client_and_scope_are_both_needed(elsewhere: Deployed, oidc: Oidc, client: str, scope: str, named: str):
    token = oidc.machine(client, scope)
    assert ask(elsewhere, token, **{"On-Behalf-Of": "ada"}) == all_say(REFUSED)
    answer = elsewhere.render(token, {}, **{"On-Behalf-Of": "ada"})
    assert named in assert_problem(answer, 403, "act_as_not_allowed")["detail"]


def test_a_user_acts_for_nobody(elsewhere: Deployed, oidc: Oidc, light: Deployed):
    header = {"On-Behalf-Of": "ada"}
    assert ask(elsewhere, oidc.token(sub=somebody(), scope="render:act"), **header) == all_say(REFUSED)
    # Nor where nobody may.
    assert ask(light, light.sign_up().token, **header) == all_say(REFUSED)


def test_a_team_owns_its_renders(elsewhere: Deployed, oidc: Oidc):
    acme, other, ada, bob = (somebody() for _ in range(4))

    def token(user: str, tenant) -> str:
        return oidc.token(sub=user, org=tenant)

    with renders.environment(elsewhere, TENANT_CLAIM="org"):
        render_id = started_by(elsewhere, token(ada, acme))
        kept = record(elsewhere, oidc.issuer, acme, render_id)
        assert kept["userId"]["S"] == ada
        assert listed(elsewhere, token(ada, acme)) == [render_id]
        assert listed(elsewhere, token(bob, acme)) == []
        # Whoever leaves leaves the videos.
        assert listed(elsewhere, token(ada, other)) == []
        for tenant in (None, "", [acme], [acme, other], {"id": acme}, 7.5e300, True, "a" * 256):
            problem = assert_problem(elsewhere.render(token(ada, tenant), {}), 403, "claim_required")
            assert '"org"' in problem["detail"]
        answer = elsewhere.render(oidc.machine("backend", "render:act"), {}, **{"On-Behalf-Of": ada})
        assert_problem(answer, 403, "act_as_not_allowed")
    with renders.environment(elsewhere, TENANT_CLAIM="org", RENDERS_VISIBLE_TO="tenant"):
        assert listed(elsewhere, token(bob, acme)) == [render_id]
        assert renders.status(elsewhere, User("", bob, token(bob, acme)), render_id).status == 200
        assert listed(elsewhere, token(bob, other)) == []
        # The quota is the team's: three a day.
        started_by(elsewhere, token(bob, acme))
        started_by(elsewhere, token(bob, acme))
        assert_problem(elsewhere.render(token(ada, acme), {}), 429, "quota_spent")


def test_groups_of_an_array_are_told_apart_by_promise_alone(elsewhere: Deployed, oidc: Oidc):
    def answer(claim: str, roles) -> int:
        with renders.environment(elsewhere, GROUPS_CLAIM=claim, REQUIRED_GROUP="editors"):
            return elsewhere.request("GET", "/render", oidc.token(sub=somebody(), roles=roles)).status

    assert answer("roles", "editors") == 200
    assert answer("roles", ["not editors"]) == answer("roles", "not editors") == 403
    assert answer("roles[]", ["viewers", "editors"]) == 200
    assert answer("roles[]", ["viewers"]) == 403


def test_a_pool_that_is_there_already(deployed_as, stand_in: StandIn, light: Deployed):
    created = light.cognito.create_user_pool_client(
        UserPoolId=light.pool_id, ClientName="second", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )
    second = created["UserPoolClient"]["ClientId"]
    shared = deployed_as(
        "shared",
        RemotionFunctionName=stand_in.name,
        Monitoring="false",
        UserPoolId=light.pool_id,
        UserPoolClientIds=f"{light.client_id},{second}",
    )
    assert (shared.pool_id, shared.client_id) == (light.pool_id, light.client_id)
    user = light.sign_up()
    for client in (light.client_id, second):
        tokens = light.sign_in(user.email, client)
        assert ask(shared, tokens["IdToken"]) == ask(shared, tokens["AccessToken"]) == ADMITTED
    # Another pool's users are not let in.
    kinds = {
        r["ResourceType"]
        for r in shared.aws("cloudformation").describe_stack_resources(StackName="shared")["StackResources"]
    }
    assert not {kind for kind in kinds if kind.startswith("AWS::Cognito::")}
    assert light.client_id in shared.request("GET", "/").text


def test_a_backend_with_the_stack_s_own_pool(backend: Deployed, machine_token: str):
    user = backend.sign_up()
    claims = jwt.decode(machine_token, options={"verify_signature": False})
    assert claims["scope"] == "render-api/act-as"
    render_id = started_by(backend, machine_token, **{"On-Behalf-Of": user.sub})
    assert listed(backend, user.token) == [render_id]
    kept = record(backend, claims["iss"], user.sub, render_id)
    assert (kept["userId"]["S"], kept["actorId"]["S"]) == (user.sub, claims["client_id"])
    # A user of the pool acts for nobody, whatever is in the header.
    assert ask(backend, user.token, **{"On-Behalf-Of": user.sub}) == all_say(REFUSED)
    assert ask(backend, machine_token, **{"On-Behalf-Of": "a,b"}) == all_say(REFUSED)


def test_nobody_signs_in_with_the_backend_s_client(backend: Deployed, machine: dict[str, str]):
    user = backend.sign_up()
    with pytest.raises(backend.cognito.exceptions.ClientError):
        backend.sign_in(user.email, machine["CLIENT_ID"])


@pytest.fixture(scope="module")
def installed() -> None:
    """The client is in the example's folder, as its package says, and needs no registry."""
    install = ["npm", "install", "--offline", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run(install, cwd=BACKEND_NODE, capture_output=True, check=True)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("language", EXAMPLES)
def test_an_example_renders_for_a_user(backend: Deployed, machine: dict[str, str], stand_in: StandIn, language: str):
    user = backend.sign_up()
    process = subprocess.Popen(
        [*EXAMPLES[language], user.sub, '{"composition":"MyVideo"}'],
        env=os.environ | machine,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = process.stderr.readline()
    assert user.sub in told, told + process.stderr.read()
    (render_id,) = listed(backend, user.token)
    stand_in.finish(render_id)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert renders.download(output.strip())[1] == b"a video"
