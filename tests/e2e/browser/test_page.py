"""The page at `GET /`, in a real browser, as a user works with it: from props to a video, and what may go wrong between."""

import re

import renders
from browser import Visits
from deployed import Deployed, User
from playwright.sync_api import expect
from stand_in import StandIn


def listed(api: Deployed, user: User) -> list[dict]:
    return api.request("GET", "/render", user.token).json["renders"]


def test_from_props_to_a_video(visit: Visits, api: Deployed):
    user = api.sign_up()
    page = visit(api).sign_in(user.email)
    facts = page.form.get_by_role("definition")
    page.choose("LongVideo")
    expect(facts).to_have_text(["320 × 240", "30 fps", "200 s", "6,000"])
    page.choose("MyVideo")
    expect(facts).to_have_text(["320 × 240", "30 fps", "2 s", "60"])
    expect(page.field("Props")).to_have_value('{\n  "title": "Hello from Rust"\n}')
    page.field("Props").fill('{"title": "From a page"}')
    page.start()

    bar = page.bar()
    assert any(0 < value < 1 for value in bar), bar
    assert bar == sorted(bar), bar
    expect(page.badge).to_have_text("Done")
    expect(page.rows.locator(".badge")).to_have_text("Done")
    [render] = listed(api, user)
    assert api.progress(render["renderId"])["renderMetadata"]["inputProps"]["payload"] == '{"title": "From a page"}'

    # The first frame is a gradient; at 1 s there is a title on it.
    first, then = page.frame(0), page.frame(1)
    assert first["colours"] > 500, first
    assert then["colours"] > 500, then
    assert then["white"] > first["white"] + 1000, (first, then)
    video = page.render.locator("video")
    video.evaluate("video => { video.controls = true; }")
    video.press("Space")
    ended = """video => new Promise((told) => {
        video.addEventListener('ended', () => told(true));
        if (video.ended) told(true);
        setTimeout(told, 30_000, false);
    })"""
    assert video.evaluate(ended)

    download = page.download()
    content = download.path().read_bytes()
    assert download.suggested_filename == "out.mp4"
    assert content[4:8] == b"ftyp"
    assert len(content) == renders.status(api, user, render["renderId"]).json["outputSizeInBytes"]


def test_a_double_click_starts_one_render(visit: Visits, api: Deployed):
    user = api.sign_up()
    page = visit(api).sign_in(user.email)
    page.field("Last frame").fill("0")
    page.button("Start render").dblclick()
    expect(page.badge).to_have_text("Done")
    assert len(listed(api, user)) == 1


def test_a_lost_answer_starts_one_render(visit: Visits, api: Deployed):
    """The same start is sent again, with the same key."""
    user = api.sign_up()
    page = visit(api).sign_in(user.email)
    page.expected = ("net::ERR_CONNECTION_RESET",)
    page.field("Last frame").fill("0")
    page.lose_the_next_answer("/render")
    page.start()
    lost = "The connection was lost. Try again: this cannot start a second render."
    expect(page.form.get_by_role("alert")).to_have_text(lost)
    page.press("Retry")
    expect(page.badge).to_have_text("Done")
    [render] = listed(api, user)
    expect(page.render).to_contain_text(render["renderId"])

    # The key belongs to that start alone: the same form may start another one.
    page.start()
    expect(page.rows).to_have_count(2)


def test_a_long_render_is_cancelled(visit: Visits, api: Deployed):
    user = api.sign_up()
    page = visit(api).sign_in(user.email)
    page.choose("LongVideo")
    page.start()
    expect(page.badge).to_contain_text("Rendering")
    expect(page.row("LongVideo")).to_be_visible()
    expect(page.row("LongVideo").get_by_role("button", name="Delete")).to_be_hidden()
    page.press("Cancel render")
    expect(page.badge).to_have_text("Cancelled")
    expect(page.button("Cancel render")).to_have_count(0)
    [render] = listed(api, user)
    assert renders.status(api, user, render["renderId"]).json["status"] == "cancelled"


def test_whoever_comes_back_finds_their_renders(visit: Visits, api: Deployed, owner: User):
    page = visit(api).sign_in(owner.email)
    expect(page.rows).to_have_count(3)
    page.tab.reload()
    # The tokens were in the memory of the page alone.
    expect(page.heading("Sign in")).to_be_visible()
    assert page.tab.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.tab.evaluate("indexedDB.databases()") == []

    page.sign_in(owner.email)
    expect(page.rows.locator(".name")).to_have_text(["NoSuchVideo", "FailingVideo", "MyVideo"])
    expect(page.rows.locator(".badge")).to_have_text(["Failed", "Failed", "Done"])
    page.row("FailingVideo").get_by_role("button").first.click()
    expect(page.render).to_contain_text("This composition fails at frame 30")
    page.row("MyVideo").get_by_role("button").first.click()
    assert page.frame(1)["colours"] > 500


def test_stills_and_the_files_next_to_a_video_are_there(visit: Visits, api: Deployed):
    user = api.sign_up()
    render_id = renders.start(api, user, composition="CaptionedVideo", inputProps={"title": "Spoken"})
    still = api.request("POST", "/still", user.token, {"composition": "MyVideo", "frame": 30}).json
    renders.poll(api, user, render_id)
    page = visit(api).sign_in(user.email)
    page.row("CaptionedVideo").get_by_role("button").first.click()
    files = page.render.get_by_role("list", name="More files")
    expect(files.get_by_role("listitem")).to_have_count(2)
    captions = files.get_by_role("link", name="captions.srt").get_attribute("href")
    assert b"Spoken" in renders.download(captions)[1]

    expect(page.row("MyVideo")).to_contain_text("Still")
    page.row("MyVideo").get_by_role("button").first.click()
    picture = page.render.get_by_role("img", name="Output out.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => (await image.decode(), [image.naturalWidth, image.naturalHeight])") == [
        320,
        240,
    ]
    page.row("MyVideo").get_by_role("button", name="Delete").click()
    page.press("Delete")
    expect(page.list.get_by_role("status")).to_have_text("The still is deleted.")
    assert [render["renderId"] for render in listed(api, user)] == [render_id]
    assert renders.keys(api, f"renders/{still['renderId']}/") == []


def test_a_render_is_deleted_after_a_question(visit: Visits, light: Deployed, stand_in: StandIn):
    user = light.sign_up()
    kept, render_id = (renders.start(light, user) for _ in range(2))
    for started in (kept, render_id):
        stand_in.finish(started)
    page = visit(light).sign_in(user.email)
    expect(page.rows).to_have_count(2)
    row = page.rows.first
    delete = row.get_by_role("button", name="Delete MyVideo")
    delete.click()
    expect(row.get_by_role("group", name="Delete this render and its files?")).to_be_visible()
    row.get_by_role("button", name="Keep").click()
    expect(page.button("Keep")).to_have_count(0)
    assert renders.status(light, user, render_id).status == 200

    delete.click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.rows).to_have_count(1)
    expect(page.list.get_by_role("status")).to_have_text("The render is deleted.")
    assert renders.status(light, user, render_id).status == 404
    assert [render["renderId"] for render in listed(light, user)] == [kept]


def test_what_is_wrong_is_said_where_it_is(visit: Visits, light: Deployed):
    user = light.sign_up()
    page = visit(light).sign_in(user.email)
    page.expected = ("status of 422",)
    quality, props = page.field("Quality (CRF)"), page.field("Props")
    quality.fill("99")
    page.start()
    expect(page.form.get_by_role("alert")).to_have_text("Some options are wrong. They are marked.")
    expect(quality).to_be_focused()
    expect(quality).to_have_attribute("aria-invalid", "true")
    expect(quality).to_have_accessible_description(re.compile("^crf must be from 1 to 51 for the codec h264, not 99."))
    quality.fill("20")
    expect(quality).not_to_have_attribute("aria-invalid", "true")

    page.tab.get_by_text("More options").click()
    more = page.field("Further options")
    more.fill('{\n  "audioBitrat": "320k"\n}')
    page.start()
    expect(more).to_be_focused()
    expect(more).to_have_accessible_description(re.compile('^Line 2, column 3 ?: .*Did you mean "audioBitrate"?'))

    # Props that are not JSON are not sent at all.
    more.fill("")
    sent = len(page.requests)
    props.fill('{\n  "title": "A comma too many",\n}')
    page.start()
    expect(props).to_be_focused()
    expect(props).to_have_attribute("aria-invalid", "true")
    expect(props).to_have_accessible_description(re.compile("^Line 3, column 1 ?: Expected a name in double quotes."))
    props.press("ControlOrMeta+Home")
    page.press("Line 3, column 1")
    assert props.evaluate("field => [field.selectionStart, field.selectionEnd]") == [33, 34]
    assert len(page.requests) == sent
    assert listed(light, user) == []


def test_everything_that_is_wrong_is_marked_at_once(visit: Visits, light: Deployed):
    page = visit(light).sign_in(light.sign_up().email)
    page.expected = ("status of 422",)
    quality, scale = page.field("Quality (CRF)"), page.field("Scale")
    quality.fill("99")
    scale.fill("20")
    page.tab.get_by_text("More options").click()
    more = page.field("Further options")
    # The one is no option, the other only the operator may set.
    more.fill('{"audioBitrat": "320k", "logLevel": "verbose"}')
    page.start()
    expect(page.form.get_by_role("alert")).to_have_text("Some options are wrong. They are marked.")
    expect(more).to_have_accessible_description(re.compile('Did you mean "audioBitrate"?.*logLevel', re.DOTALL))
    for field in (quality, scale, more):
        expect(field).to_have_attribute("aria-invalid", "true")
    # Each mark goes when its field is changed; the others stay.
    scale.fill("2")
    expect(scale).not_to_have_attribute("aria-invalid", "true")
    expect(quality).to_have_attribute("aria-invalid", "true")
    expect(more).to_have_attribute("aria-invalid", "true")


def test_older_renders_are_offered_only_where_there_are_any(visit: Visits, light: Deployed):
    user = light.sign_up()
    for _ in range(10):
        renders.start(light, user)
    page = visit(light).sign_in(user.email)
    older = page.button("Show older renders")
    expect(page.rows).to_have_count(10)
    expect(older).to_have_count(0)
    renders.start(light, user)
    page.press("Refresh")
    older.click()
    expect(page.rows).to_have_count(11)
    expect(older).to_have_count(0)


def test_a_spent_quota_says_how_long_to_wait(visit: Visits, small: Deployed):
    user = small.sign_up()
    for _ in range(4):
        renders.start(small, user, **renders.FAILING)
    page = visit(small).sign_in(user.email)
    page.expected = ("status of 429",)
    page.field("Last frame").fill("0")
    page.start()
    header = page.tab.get_by_role("banner")
    expect(header).to_contain_text(re.compile(r"0 of 5 renders left until \d\d:\d\d"))
    page.start()
    notice = page.form.locator(".notice")
    expect(notice.get_by_role("alert")).to_have_text("You have used all of today's renders.")
    expect(notice).to_contain_text(re.compile(r"Your quota resets in (\d+ h|\d+ min|\d+ s)"))
    assert len(listed(small, user)) == 5


def test_nothing_stands_in_the_way_of_assistive_technology(visit: Visits, api: Deployed, owner: User):
    page = visit(api)
    page.expected = ("status of 400", "status of 422")
    assert page.violations() == []
    page.sign_in(owner.email, "wrong")
    expect(page.tab.get_by_role("alert")).to_be_visible()
    assert page.violations() == []
    page.press("Create an account")
    assert page.violations() == []
    page.press("Back to sign in")

    page.sign_in(owner.email)
    expect(page.rows.locator(".badge")).to_have_text(["Failed", "Failed", "Done"])
    page.row("MyVideo").get_by_role("button").first.click()
    expect(page.render.locator("video")).to_be_visible()
    page.row("NoSuchVideo").get_by_role("button", name="Delete").click()
    assert page.violations() == []
    page.row("FailingVideo").get_by_role("button").first.click()
    expect(page.render).to_contain_text("This composition fails")
    page.field("Quality (CRF)").fill("99")
    page.field("Props").fill("{")
    page.tab.get_by_text("More options").click()
    assert page.violations() == []
    page.field("Props").fill("{}")
    page.start()
    expect(page.form.get_by_role("alert")).to_be_visible()
    assert page.violations() == []
    page.tab.set_viewport_size({"width": 375, "height": 700})
    assert page.violations() == []
    # Nothing is cut off, either.
    assert page.tab.evaluate("document.documentElement.scrollWidth") == 375
