"""Who is signed in on the page, in a real browser: how a stranger becomes a user, how long that lasts, and what is left behind."""

import base64
import hmac
import struct
import time
import uuid

import renders
from browser import Visits, mailed_code
from deployed import PASSWORD, Deployed, User
from playwright.sync_api import Route, expect
from tokens import Tokens


def test_a_stranger_becomes_a_user(visit: Visits, api: Deployed):
    page = visit(api)
    page.expected = ("status of 400",)
    email = f"{uuid.uuid4().hex[:8]}@test.com"
    page.press("Create an account")
    page.field("E-mail address").fill(email)
    page.field("New password").fill("short")
    page.press("Create the account")
    password = page.field("New password")
    rule = "At least 14 characters, with an upper-case letter, a lower-case letter and a digit."
    lacks = "This password needs more characters, an upper-case letter and a digit."
    expect(password).to_have_accessible_description(f"{lacks} {rule}")
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(password).to_be_focused()
    assert page.violations() == []
    password.fill(PASSWORD)
    page.press("Create the account")

    page.field("Code").fill("000000")
    page.press("Confirm")
    expect(page.tab.get_by_role("alert")).to_have_text("The code is wrong.")
    page.field("Code").fill(mailed_code(api, email))
    page.press("Confirm")
    expect(page.heading("New render")).to_be_visible()

    page.press("Sign out")
    page.sign_in(email, "not" + PASSWORD)
    expect(page.tab.get_by_role("alert")).to_have_text("Incorrect username or password.")
    page.sign_in(email)
    expect(page.heading("New render")).to_be_visible()


def test_a_forgotten_password_is_replaced(visit: Visits, api: Deployed):
    email = api.sign_up().email
    page = visit(api)
    page.press("Forgot your password?")
    page.field("E-mail address").fill(email)
    page.press("Send the code")
    expect(page.heading("Choose a new password")).to_be_visible()
    page.field("Code").fill(mailed_code(api, email))
    page.field("New password").fill("another" + PASSWORD)
    page.press("Set the password")
    expect(page.tab.get_by_role("status")).to_have_text("The password is set. Sign in with it.")
    page.sign_in(email, "another" + PASSWORD)
    expect(page.heading("New render")).to_be_visible()


def test_an_unverified_address_gets_no_code_but_an_explanation(visit: Visits, api: Deployed):
    """AWS answers this for a user confirmed by an administrator. The local AWS sends a code."""
    email = api.sign_up().email
    page = visit(api)
    page.expected = ("status of 400",)
    refusal = {
        "__type": "InvalidParameterException",
        "message": "Cannot reset password for the user as there is no registered/verified email or phone_number",
    }
    page.press("Forgot your password?")
    page.field("E-mail address").fill(email)
    page.tab.route(f"{api.settings.endpoint}/", lambda route: route.fulfill(status=400, json=refusal), times=1)
    page.press("Send the code")
    expect(page.tab.get_by_role("alert")).to_contain_text("Ask your administrator to verify it")

    # AWS may also pretend that it has sent one.
    page.press("Send the code")
    expect(page.tab.get_by_text("only an administrator can set a new password")).to_be_visible()
    page.press("Back to sign in")
    page.sign_in(email)
    page.press("Account")
    expect(page.tab.get_by_text("Your e-mail address is not verified")).to_be_visible()


def test_a_second_factor_is_turned_on_and_off(visit: Visits, light: Deployed):
    """Where the deployment leaves it to each user."""
    email = light.sign_up().email
    page = visit(light).sign_in(email)
    page.expected = ("status of 400",)
    page.props().fill('{"title": "Still here"}')
    page.press("Account")
    expect(page.tab.get_by_text("Signing in takes only your password.")).to_be_visible()
    page.press("Set up an authenticator app")
    key = page.tab.locator("code.key").inner_text().replace(" ", "")
    assert page.violations() == []
    page.field("Code").fill("000000")
    page.press("Turn on")
    expect(page.tab.get_by_role("alert")).to_have_text("The code is wrong.")
    page.field("Code").fill(totp(key))
    page.press("Turn on")
    expect(page.tab.get_by_text("a code from your authenticator app")).to_be_visible()
    assert page.violations() == []
    page.press("Back to your renders")
    expect(page.props()).to_have_value('{"title": "Still here"}')

    page.press("Sign out")
    page.sign_in(email)
    expect(page.field("Code")).to_be_visible()
    page.field("Code").fill(totp(key))
    page.press("Sign in")
    expect(page.heading("New render")).to_be_visible()
    page.press("Account")
    page.press("Turn off the second factor")
    expect(page.tab.get_by_text("Signing in takes only your password.")).to_be_visible()
    assert light.sign_in(email)["IdToken"]


def totp(key: str) -> str:
    """The code that an authenticator app shows for a key: RFC 6238."""
    mac = hmac.digest(base64.b32decode(key), struct.pack(">Q", int(time.time()) // 30), "sha1")
    offset = mac[-1] & 15
    number = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def test_an_invited_user_chooses_a_password(visit: Visits, light: Deployed):
    """Where nobody may sign up, an administrator lets users in."""
    email = f"{uuid.uuid4().hex[:8]}@test.com"
    invitation = {"TemporaryPassword": "temporary" + PASSWORD, "MessageAction": "SUPPRESS"}
    light.cognito.admin_create_user(UserPoolId=light.pool_id, Username=email, **invitation)
    # As with a user pool whose rule for passwords nobody knows here.
    with renders.environment(light, COGNITO_SELF_SIGN_UP="false", COGNITO_PASSWORD_LENGTH=""):
        page = visit(light)
    page.expected = ("status of 400",)
    expect(page.button("Forgot your password?")).to_be_visible()
    expect(page.button("Create an account")).to_have_count(0)
    page.sign_in(email, "temporary" + PASSWORD)
    password = page.field("New password")
    expect(password).to_have_accessible_description("")
    # The local AWS takes any password here.
    told = "Password did not conform with policy: Password not long enough"
    refusal = {"__type": "InvalidPasswordException", "message": told}
    page.tab.route(f"{light.settings.endpoint}/", lambda route: route.fulfill(status=400, json=refusal), times=1)
    password.fill("short")
    page.press("Set the password")
    expect(password).to_have_accessible_description("This password needs more characters.")
    password.fill(PASSWORD)
    page.press("Set the password")
    expect(page.heading("New render")).to_be_visible()
    assert light.sign_in(email)


def test_an_hour_later_nobody_need_sign_in_again(visit: Visits, api: Deployed, owner: User):
    page = visit(api)
    page.tab.clock.install()
    page.sign_in(owner.email)
    expect(page.rows.locator(".badge")).to_have_text(["Failed", "Failed", "Done"])
    assert (page.renewals(), len(page.tokens())) == (0, 1)
    page.tab.clock.fast_forward("01:00:00")
    with page.tab.expect_response(lambda answer: "/render?" in answer.url) as answer:
        page.press("Refresh")
    assert answer.value.status == 200
    assert (page.renewals(), len(page.tokens())) == (1, 2)
    expect(page.rows).to_have_count(3)


def test_a_token_that_the_gateway_refuses_is_replaced(visit: Visits, api: Deployed, small: Deployed):
    """Such as on a computer whose clock is slow."""
    tokens = Tokens(api, elsewhere=small)
    page = visit(api)
    page.expected = ("status of 401",)

    first = []

    def expire_the_first(route: Route) -> None:
        # All of them pass here: where this ends while one is on its way, the browser does not tell what that one has sent.
        if first:
            return route.continue_()
        first.append(route.request)
        answer = route.fetch()
        signed_in = answer.json()
        signed_in["AuthenticationResult"]["IdToken"] = tokens.expired()
        return route.fulfill(response=answer, json=signed_in)

    page.tab.route(f"{api.settings.endpoint}/", expire_the_first)
    page.sign_in(tokens.user.email)
    expect(page.button("Start render")).to_be_visible()
    expect(page.list).to_contain_text("You have no renders yet.")
    # Both requests were refused; new tokens were asked for once.
    assert (page.renewals(), len(page.tokens())) == (1, 2)


def test_a_session_that_has_ended_loses_nothing(visit: Visits, light: Deployed):
    user = light.sign_up()
    page = visit(light)
    page.expected = ("status of 400",)
    page.tab.clock.install()
    page.sign_in(user.email)
    page.props().fill('{"title": "Still here"}')
    expect(page.list).to_contain_text("You have no renders yet.")
    expect(page.tab.get_by_role("banner")).to_contain_text("renders left")
    light.cognito.admin_user_global_sign_out(UserPoolId=light.pool_id, Username=user.email)
    page.tab.clock.fast_forward("01:00:00")
    page.press("Refresh")
    expect(page.tab.get_by_role("alert")).to_contain_text("Your session has ended.")
    expect(page.field("E-mail address")).to_have_value(user.email)
    page.sign_in(user.email)
    expect(page.props()).to_have_value('{"title": "Still here"}')


def test_another_user_sees_none_of_it(visit: Visits, api: Deployed, owner: User):
    """Not even in the same tab."""
    page = visit(api).sign_in(owner.email)
    page.row("MyVideo").get_by_role("button").first.click()
    expect(page.render.locator("video")).to_be_visible()
    page.props().fill('{"title": "A secret"}')
    page.press("Sign out")
    page.sign_in(api.sign_up().email)
    expect(page.list).to_contain_text("You have no renders yet.")
    expect(page.props()).to_have_value('{\n  "title": "Hello from Rust"\n}')
    expect(page.render).to_have_count(0)
