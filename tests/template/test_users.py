"""Whose users are let in: the stack's own pool, one elsewhere, or another issuer; and what cannot be together is refused."""

import pytest
from project import resolved, template

ID = "9f1c2b3a-0000-1111-2222-333344445555"
STACK = {
    "AWS::Region": "eu-central-1",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::Partition": "aws",
    "AWS::StackId": f"arn:aws:cloudformation:eu-central-1:123456789012:stack/render/{ID}",
    "AWS::NoValue": None,
    "UserPool": "eu-central-1_own",
    "UserPoolClient": "ownclient",
    "BackendUserPoolClient": "machine",
    "BackendDomain": f"render-api-{ID}",
}
ELSEWHERE = {"UserPoolId": "us-west-2_else", "UserPoolClientIds": "first,second"}
OIDC = {"JwtIssuer": "https://issuer.example/", "JwtAudiences": "one,two"}
ACT_AS = {"ActAsScope": "act", "ActAsClients": "robot,other"}
OWN = {"UserPool", "UserPoolClient"}
BACKEND = {"BackendScopes", "BackendUserPoolClient", "BackendDomain"}


class Stack:
    """The template with these parameters."""

    def __init__(self, **given: str):
        self.document = template()
        defaults = {name: str(parameter.get("Default", "x")) for name, parameter in self.document["Parameters"].items()}
        self.names = STACK | defaults | given
        self.conditions: dict[str, bool] = {}
        for name, condition in self.document["Conditions"].items():
            self.conditions[name] = resolved(condition, self.names, self.conditions)

    def of(self, value):
        return resolved(value, self.names, self.conditions)

    def has(self, name: str) -> bool:
        condition = self.document["Resources"][name].get("Condition")
        return condition is None or self.conditions[condition]

    def authorizer(self) -> tuple[str, list[str]]:
        jwt = self.document["Resources"]["Authorizer"]["Properties"]["JwtConfiguration"]
        audience = self.of(jwt["Audience"])
        return self.of(jwt["Issuer"]), audience

    def variables(self) -> dict[str, str]:
        variables = self.document["Resources"]["RenderApi"]["Properties"]["Environment"]["Variables"]
        wanted = ("JWT_", "OIDC_", "ACT_AS_", "COGNITO_")
        return {name: self.of(value) for name, value in variables.items() if name.startswith(wanted)}

    def outputs(self) -> dict[str, str]:
        made = self.document["Outputs"].items()
        users = {"userPoolId", "userPoolClientId", "backendClientId", "tokenUrl", "pageUrl"}
        return {
            name: name == "pageUrl" or self.of(output["Value"])
            for name, output in made
            if name in users and ("Condition" not in output or self.conditions[output["Condition"]])
        }

    def refusals(self) -> list[str]:
        told = []
        for rule in self.document["Rules"].values():
            try:
                applies = "RuleCondition" not in rule or self.of(rule["RuleCondition"])
                told += [a["AssertDescription"] for a in rule["Assertions"] if applies and not self.of(a["Assert"])]
            except NotImplementedError:
                # Of regions.
                continue
        return told


def made(stack: Stack) -> set[str]:
    return {name for name in OWN | BACKEND if stack.has(name)}


def test_the_stack_s_own_pool():
    stack = Stack()
    issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_own"
    assert stack.refusals() == []
    assert made(stack) == OWN
    assert stack.authorizer() == (issuer, ["ownclient"])
    assert stack.variables() == {
        "JWT_ISSUER": issuer,
        "JWT_AUDIENCES": "",
        "OIDC_CLIENT_ID": "",
        "ACT_AS_SCOPE": "",
        "ACT_AS_CLIENTS": "",
        "COGNITO_USER_POOL_ID": "eu-central-1_own",
        "COGNITO_USER_POOL_CLIENT_ID": "ownclient",
        "COGNITO_SELF_SIGN_UP": "true",
        "COGNITO_PASSWORD_LENGTH": "14",
        "COGNITO_PASSWORD_SYMBOLS": "false",
    }
    assert stack.outputs().keys() == {"userPoolId", "userPoolClientId", "pageUrl"}


@pytest.mark.parametrize("name", ["STANDARD", "STRONG"])
def test_the_page_is_told_the_rule_that_the_pool_has(name):
    stack = Stack(PasswordPolicy=name)
    passwords = stack.document["Resources"]["UserPool"]["Properties"]["Policies"]["PasswordPolicy"]
    policy = {name: stack.of(value) for name, value in passwords.items()}
    # The page's sentence has these three in it.
    assert [policy[f"Require{what}"] for what in ("Uppercase", "Lowercase", "Numbers")] == [True] * 3
    told = stack.variables()
    assert told["COGNITO_PASSWORD_LENGTH"] == str(policy["MinimumLength"])
    assert told["COGNITO_PASSWORD_SYMBOLS"] == str(policy["RequireSymbols"]).lower()


def test_a_backend_with_the_stack_s_own_pool():
    stack = Stack(BackendClient="true")
    assert stack.refusals() == []
    assert made(stack) == OWN | BACKEND
    assert stack.authorizer()[1] == ["ownclient", "machine"]
    variables = stack.variables()
    assert (variables["ACT_AS_SCOPE"], variables["ACT_AS_CLIENTS"]) == ("render-api/act-as", "machine")
    token_url = f"https://render-api-{ID}.auth.eu-central-1.amazoncognito.com/oauth2/token"
    assert stack.outputs()["tokenUrl"] == token_url
    assert stack.outputs()["backendClientId"] == "machine"


def test_nobody_can_sign_in_with_the_backend_s_client():
    document = template()
    client = document["Resources"]["BackendUserPoolClient"]["Properties"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["AllowedOAuthFlows"] == ["client_credentials"]
    assert client["GenerateSecret"] is True
    scopes = document["Resources"]["BackendScopes"]["Properties"]
    (scope,) = scopes["Scopes"]
    assert client["AllowedOAuthScopes"] == [f"{scopes['Identifier']}/{scope['ScopeName']}"]
    domain = resolved(document["Resources"]["BackendDomain"]["Properties"]["Domain"], STACK)
    assert domain == f"render-api-{ID}"
    assert len(domain) <= 63
    # It has no scope of the backend's.
    assert "AllowedOAuthFlows" not in document["Resources"]["UserPoolClient"]["Properties"]


def test_users_write_nothing_about_themselves_but_the_address_that_is_verified():
    document = template()
    clients = [r for r in document["Resources"].values() if r["Type"] == "AWS::Cognito::UserPoolClient"]
    assert [client["Properties"]["WriteAttributes"] for client in clients] == [["email"]] * 2
    pool = document["Resources"]["UserPool"]["Properties"]
    assert pool["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


@pytest.mark.parametrize(
    ("given", "audience"), [({}, ["first", "second"]), (ACT_AS, ["first", "second", "robot", "other"])]
)
def test_a_pool_elsewhere(given, audience):
    stack = Stack(**ELSEWHERE, **given)
    issuer = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_else"
    assert stack.refusals() == []
    assert made(stack) == set()
    assert stack.authorizer() == (issuer, audience)
    assert stack.variables() == {
        "JWT_ISSUER": issuer,
        "JWT_AUDIENCES": "",
        "OIDC_CLIENT_ID": "",
        "ACT_AS_SCOPE": given.get("ActAsScope", ""),
        "ACT_AS_CLIENTS": given.get("ActAsClients", ""),
        "COGNITO_USER_POOL_ID": "us-west-2_else",
        "COGNITO_USER_POOL_CLIENT_ID": "first",
        "COGNITO_SELF_SIGN_UP": "false",
        "COGNITO_PASSWORD_LENGTH": None,
        "COGNITO_PASSWORD_SYMBOLS": None,
    }
    assert stack.outputs() == {"userPoolId": "us-west-2_else", "userPoolClientId": "first", "pageUrl": True}


def test_another_issuer():
    stack = Stack(**OIDC, **ACT_AS)
    assert stack.refusals() == []
    assert made(stack) == set()
    assert stack.authorizer() == ("https://issuer.example/", ["one", "two"])
    variables = stack.variables()
    assert (variables["JWT_ISSUER"], variables["JWT_AUDIENCES"]) == ("https://issuer.example/", "one,two")
    assert [variables[name] for name in variables if name.startswith("COGNITO_")] == [None] * 5
    # The page has no client there.
    assert variables["OIDC_CLIENT_ID"] is None
    assert not stack.has("PageRoute")
    assert stack.outputs() == {}


def test_a_page_for_another_issuer():
    stack = Stack(**OIDC, OidcClientId="page")
    assert stack.refusals() == []
    variables = stack.variables()
    assert variables["OIDC_CLIENT_ID"] == "page"
    assert [variables[name] for name in variables if name.startswith("COGNITO_")] == [None] * 5
    assert stack.has("PageRoute")
    assert stack.outputs() == {"pageUrl": True}
    off = Stack(**OIDC, OidcClientId="page", Page="false")
    assert off.variables()["OIDC_CLIENT_ID"] is None
    assert (off.has("PageRoute"), off.outputs()) == (False, {})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"UserPoolId": "eu-central-1_a"}, ["UserPoolId needs UserPoolClientIds"]),
        ({"UserPoolClientIds": "a"}, ["UserPoolClientIds needs UserPoolId"]),
        ({"JwtIssuer": "https://a"}, ["JwtIssuer needs JwtAudiences"]),
        ({"JwtAudiences": "a"}, ["JwtAudiences needs JwtIssuer"]),
        ({"OidcClientId": "page"}, ["OidcClientId needs JwtIssuer"]),
        (ELSEWHERE | {"OidcClientId": "page"}, ["OidcClientId needs JwtIssuer"]),
        (ELSEWHERE | OIDC, ["exclude each other"]),
        ({"RendersVisibleTo": "tenant"}, ["needs TenantClaim"]),
        (ELSEWHERE | {"BackendClient": "true"}, ["own user pool"]),
        (OIDC | {"BackendClient": "true"}, ["own user pool"]),
        ({"BackendClient": "true", "TenantClaim": "org"}, ["TenantClaim"]),
        (ACT_AS, ["Set BackendClient"]),
        (OIDC | {"ActAsScope": "a"}, ["needs ActAsClients"]),
        (OIDC | {"ActAsClients": "a"}, ["needs ActAsScope"]),
        (OIDC | ACT_AS | {"TenantClaim": "org"}, ["TenantClaim"]),
        ({"DomainName": "video.example.com"}, ["needs CertificateArn"]),
        ({"CertificateArn": "arn"}, ["needs DomainName"]),
    ],
)
def test_what_cannot_be_together_is_refused(given, words):
    told = Stack(**given).refusals()
    assert len(told) == len(words), told
    assert all(word in sentence for word, sentence in zip(words, told, strict=True)), told


@pytest.mark.parametrize(("path", "key"), [("", ""), ("/video", "video"), ("/api/v1", "api/v1")])
def test_a_domain_of_one_s_own(path, key):
    stack = Stack(DomainName="video.example.com", CertificateArn="arn", BasePath=path)
    assert stack.refusals() == []
    assert [stack.has(name) for name in ("Domain", "DomainMapping")] == [True, True]
    mapping = stack.document["Resources"]["DomainMapping"]["Properties"]
    assert stack.of(mapping["ApiMappingKey"]) == key
    assert stack.of(stack.document["Outputs"]["domainUrl"]["Value"]) == f"https://video.example.com{path}"
    assert not Stack().has("Domain")
