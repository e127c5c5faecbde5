"""Pictures of the page in each of its states, into docs/page, to be looked at: `make screenshots`."""

import re

import renders
from browser import Visit, Visits, mailed_code
from deployed import PASSWORD, Deployed
from local_aws.settings import PROJECT
from playwright.sync_api import expect

FOLDER = PROJECT / "docs" / "page"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 812}


def open_page(visit: Visits, api: Deployed, viewport: dict[str, int] = DESKTOP, scheme: str = "light") -> Visit:
    page = visit(api, viewport=viewport, color_scheme=scheme, locale="en-US", reduced_motion="reduce")
    page.expected = ("status of 4",)
    return page


def picture(page: Visit, name: str, *, whole: bool = True) -> None:
    """Of the whole page, or of what the screen shows of it."""
    FOLDER.mkdir(exist_ok=True)
    page.tab.mouse.move(0, 0)
    size = page.tab.viewport_size
    if whole:
        # On a screen of that height, as what sticks to an edge of it would stand in the middle.
        height = page.tab.evaluate("document.documentElement.scrollHeight")
        page.tab.set_viewport_size(size | {"height": max(size["height"], height)})
    page.tab.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    page.tab.set_viewport_size(size)


def sign_up(page: Visit, api: Deployed, email: str) -> None:
    page.press("Create an account")
    page.field("E-mail address").fill(email)
    page.field("New password").fill(PASSWORD)
    page.press("Create the account")
    expect(page.field("Code")).to_be_visible()
    page.field("Code").fill(mailed_code(api, email))
    page.press("Confirm")
    expect(page.button("Start render")).to_be_visible()


def show_video(page: Visit) -> None:
    expect(page.badge).to_have_text("Done")
    # With a title on it, and without the controls, which not every browser draws alike.
    page.frame(1)


def test_signing_in(visit: Visits, api: Deployed):
    page = open_page(visit, api)
    expect(page.heading("Sign in")).to_be_visible()
    picture(page, "sign-in")
    page.press("Create an account")
    page.field("E-mail address").fill("jane@example.com")
    page.field("New password").fill("short")
    page.press("Create the account")
    expect(page.field("New password")).to_have_attribute("aria-invalid", "true")
    picture(page, "sign-up-refused")
    page.field("New password").fill(PASSWORD)
    page.press("Create the account")
    expect(page.field("Code")).to_be_visible()
    picture(page, "confirm")


def test_a_render(visit: Visits, api: Deployed):
    page = open_page(visit, api)
    sign_up(page, api, "john@example.com")
    expect(page.list).to_contain_text("You have no renders yet.")
    picture(page, "form")

    page.unfold()
    page.field("Quality (CRF)").fill("99")
    page.start()
    expect(page.form.get_by_role("alert")).to_be_visible()
    picture(page, "wrong-option")
    page.field("Quality (CRF)").fill("")
    page.props().fill('{\n  "title": "A comma too many",\n}')
    page.start()
    expect(page.props()).to_have_attribute("aria-invalid", "true")
    picture(page, "wrong-json")

    page.choose("FailingVideo")
    page.start()
    expect(page.badge).to_have_text("Failed")
    picture(page, "failed")

    page.choose("LongVideo")
    page.start()
    expect(page.badge).to_contain_text(re.compile(r"Rendering [1-9]\d%"))
    picture(page, "rendering")
    page.press("Cancel render")
    expect(page.badge).to_have_text("Cancelled")
    picture(page, "cancelled")

    page.choose("MyVideo")
    page.props().fill('{\n  "title": "Made on the page"\n}')
    page.start()
    show_video(page)
    expect(page.rows.locator(".badge")).to_have_text(["Done", "Cancelled", "Failed"])
    picture(page, "done")
    page.row("FailingVideo").get_by_role("button", name="Delete").click()
    picture(page, "delete")

    for name, viewport, scheme in (("done-dark", DESKTOP, "dark"), ("phone", PHONE, "light")):
        other = open_page(visit, api, viewport, scheme).sign_in("john@example.com")
        expect(other.button("Start render")).to_be_visible()
        other.row("MyVideo").get_by_role("button").first.click()
        show_video(other)
        picture(other, name, whole=viewport is DESKTOP)
    other.press("Close")
    other.list.evaluate("list => list.scrollIntoView()")
    picture(other, "phone-list", whole=False)


def test_an_operator_s_name_and_colour(visit: Visits, light: Deployed):
    with renders.environment(light, PAGE_TITLE="Acme Videos", PAGE_COLOR="#0a7d5a"):
        page = open_page(visit, light, DESKTOP).sign_in(light.sign_up().email)
    expect(page.list).to_contain_text("You have no renders yet.")
    picture(page, "named")


def test_an_account(visit: Visits, light: Deployed):
    page = open_page(visit, light)
    page.sign_in(light.sign_up().email)
    page.press("Account")
    expect(page.button("Set up an authenticator app")).to_be_visible()
    picture(page, "account")
    page.press("Set up an authenticator app")
    expect(page.field("Code")).to_be_visible()
    picture(page, "second-factor")


def test_a_spent_quota(visit: Visits, small: Deployed):
    page = open_page(visit, small, PHONE)
    sign_up(page, small, "joan@example.com")
    page.choose("FailingVideo")
    notice = page.form.locator(".notice")
    for left in (4, 3, 2, 1, 0):
        page.start()
        page.press("Close")
        expect(page.tab.get_by_role("banner")).to_contain_text(f"{left} of 5")
    page.start()
    expect(notice).to_contain_text("You have used all of today's renders.")
    picture(page, "quota-spent")
