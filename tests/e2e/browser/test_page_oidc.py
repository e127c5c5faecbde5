"""The page where users sign in at an OpenID Connect provider that is not Cognito, in a real browser."""

import re
import uuid

import jwt
import pytest
import renders
from browser import Visit, Visits
from deployed import Deployed
from oidc import AUDIENCE, Oidc
from playwright.sync_api import expect
from stand_in import StandIn

# Whether a video plays, for half a second at least.
PLAYS = """video => new Promise((told) => {
    video.addEventListener('timeupdate', () => { if (video.currentTime > 0.5) told(true); });
    setTimeout(told, 120_000, false);
    video.muted = true;
    void video.play();
})"""

# Longer than an access token of this provider lives.
LATER = "00:11:00"


@pytest.fixture(scope="module")
def oidc():
    with Oidc() as oidc:
        yield oidc


@pytest.fixture(scope="module")
def elsewhere(deployed_as, oidc: Oidc) -> Deployed:
    """The API takes access tokens, for which the page asks by their audience."""
    return deployed_as(
        "page-elsewhere", Monitoring="false", JwtIssuer=oidc.issuer, JwtAudiences=AUDIENCE, OidcClientId="page"
    )


def somebody() -> str:
    return f"{uuid.uuid4().hex[:8]}@test.com"


def sign_in(page: Visit, email: str) -> Visit:
    """Through the provider, which asks who somebody is."""
    page.press("Sign in")
    page.field("Who are you?").fill(email)
    page.press("Continue")
    expect(page.heading("New render")).to_be_visible()
    return page


def kept(page: Visit) -> int:
    return page.tab.evaluate("sessionStorage.length")


def test_a_user_of_another_issuer_renders_and_sees_it_play(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    email = somebody()
    page = visit(elsewhere, issuer=oidc.issuer)
    expect(page.tab.get_by_text(f"Sign in at {oidc.issuer.removeprefix('http://')}")).to_be_visible()
    assert page.violations() == []
    sign_in(page, email)
    assert page.tab.url == page.url
    expect(page.tab.get_by_role("banner")).to_contain_text(email)
    # Accounts are the issuer's.
    expect(page.button("Account")).to_have_count(0)

    page.choose("MyVideo")
    page.start()
    expect(page.badge).to_have_text("Done")
    address = page.tab.url
    assert re.fullmatch(re.escape(page.url) + r"#/renders/\w+", address)
    assert page.render.locator("video").evaluate(PLAYS)
    # It is a user's own as any other: by the same claim of another token.
    answer = elsewhere.request("GET", "/render", oidc.token(sub=f"user|{email}"))
    assert [render["renderId"] for render in answer.json["renders"]] == [address.rpartition("/")[2]]
    assert page.violations() == []

    page.tab.reload()
    expect(page.render.locator("video")).to_be_visible()

    page.press("Sign out")
    page.press("Sign out here too")
    expect(page.button("Sign in")).to_be_visible()
    assert (page.tab.url, kept(page)) == (page.url, 0)
    # The address of a render survives the way through the provider, which asks again who somebody is.
    page.tab.goto(address)
    sign_in(page, email)
    expect(page.render.locator("video")).to_be_visible()
    assert page.tab.url == address


def test_another_user_sees_none_of_it(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    page = sign_in(visit(elsewhere, issuer=oidc.issuer), somebody())
    page.props().fill('{"title": "A secret"}')
    # The session ends without being signed out, and somebody else comes.
    page.context.clear_cookies()
    page.tab.evaluate("sessionStorage.removeItem('session')")
    page.tab.reload()
    sign_in(page, somebody())
    expect(page.props()).to_have_value('{\n  "title": "Hello from Rust"\n}')


def test_a_refused_sign_in_says_so(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    page = visit(elsewhere, issuer=oidc.issuer)
    page.press("Sign in")
    page.press("Cancel")
    expect(page.tab.get_by_role("alert")).to_contain_text("You are not signed in:")
    assert page.tab.url == page.url
    assert page.violations() == []
    sign_in(page, somebody())


def test_a_sign_in_that_nobody_started_is_refused(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    """Such as somebody else's, by whose link a user would render into their list."""
    page = visit(elsewhere, issuer=oidc.issuer)
    page.tab.goto(f"{page.url}?code=theirs&state=theirs")
    expect(page.tab.get_by_role("alert")).to_contain_text("was not started in this tab")
    # Nor does it pass for one that was.
    page.press("Sign in")
    expect(page.heading("The issuer")).to_be_visible()
    page.tab.goto(f"{page.url}?code=theirs&state=theirs")
    expect(page.tab.get_by_role("alert")).to_contain_text("was not started in this tab")
    assert page.tab.url == page.url
    assert not [request.url for request in page.requests if request.url.endswith("/token")]


def test_whoever_goes_back_can_sign_in_after_all(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    page = visit(elsewhere, issuer=oidc.issuer)
    page.press("Sign in")
    expect(page.heading("The issuer")).to_be_visible()
    page.tab.go_back()
    sign_in(page, somebody())


def test_an_expired_token_is_renewed(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    page = visit(elsewhere, issuer=oidc.issuer)
    page.tab.clock.install()
    sign_in(page, somebody())
    expect(page.list).to_contain_text("You have no renders yet.")
    assert (page.renewals(), len(page.tokens())) == (0, 1)
    page.tab.clock.fast_forward(LATER)
    with page.tab.expect_response(lambda answer: "/render?" in answer.url) as answer:
        page.press("Refresh")
    assert answer.value.status == 200
    assert (page.renewals(), len(page.tokens())) == (1, 2)


def test_a_session_that_has_ended_loses_nothing(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    """Where the provider gives no refresh token, that is when the other one expires."""
    with renders.environment(elsewhere, OIDC_CLIENT_ID="page-without-refresh"):
        page = visit(elsewhere, issuer=oidc.issuer)
        page.tab.clock.install()
        sign_in(page, somebody())
        page.props().fill('{"title": "Still here"}')
        expect(page.list).to_contain_text("You have no renders yet.")
        page.tab.clock.fast_forward(LATER)
        page.press("Refresh")
        expect(page.tab.get_by_role("alert")).to_contain_text("Your session has ended.")
        # The provider still knows who it is.
        page.press("Sign in")
        expect(page.props()).to_have_value('{"title": "Still here"}')
        expect(page.list).to_contain_text("You have no renders yet.")
        # What it asks for is not answered by a function that is about to go.
        page.tab.goto("about:blank")


def test_an_api_that_takes_id_tokens_is_sent_those(visit: Visits, deployed_as, stand_in: StandIn, oidc: Oidc):
    """Where the client is the audience."""
    by_id = deployed_as(
        "page-by-id",
        RemotionFunctionName=stand_in.name,
        Monitoring="false",
        JwtIssuer=oidc.issuer,
        JwtAudiences="another,page",
        OidcClientId="page",
    )
    page = sign_in(visit(by_id, issuer=oidc.issuer), somebody())
    expect(page.list).to_contain_text("You have no renders yet.")
    (token,) = page.tokens()
    claims = jwt.decode(token.removeprefix("Bearer "), options={"verify_signature": False})
    assert (claims["aud"], "email" in claims) == ("page", True)


def test_a_token_that_the_api_does_not_take_is_explained(visit: Visits, elsewhere: Deployed, oidc: Oidc):
    """Instead of signing in and out in turn."""
    with renders.environment(elsewhere, JWT_AUDIENCES="another"):
        page = visit(elsewhere, issuer=oidc.issuer)
        page.press("Sign in")
        page.field("Who are you?").fill(somebody())
        page.press("Continue")
        told = "the API does not take its token: it is not a JWT."
        expect(page.tab.get_by_role("alert")).to_contain_text(told)
        expect(page.button("Sign in")).to_be_visible()
