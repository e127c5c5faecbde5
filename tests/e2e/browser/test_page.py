"""The page at `GET /`, in a real browser, as a user works with it: from props to a video, and what may go wrong between."""

import json
import re
from urllib.parse import parse_qs, unquote, urlsplit

import renders
from browser import Visits
from deployed import Deployed, User
from patience import until
from playwright.sync_api import Route, expect
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
    expect(page.props()).to_have_value('{\n  "title": "Hello from Rust"\n}')
    page.props().fill('{"title": "From a page"}')
    page.start()

    expect(page.badge).to_have_text("Done")
    expect(page.rows.locator(".badge")).to_have_text("Done")
    [render] = listed(api, user)
    assert api.progress(render["renderId"])["renderMetadata"]["inputProps"]["payload"] == '{"title": "From a page"}'

    # The first frame is a gradient; at 1 s there is a title on it.
    first = page.frame(0)
    assert first["colours"] > 500, first
    # What is shown may be a moment behind.
    then = until(lambda: page.frame(1), lambda then: then["white"] > first["white"] + 1000)
    assert then["colours"] > 500, then
    video = page.render.locator("video")
    video.evaluate("video => { video.controls = true; }")
    video.press("Space")
    ended = """video => new Promise((told) => {
        video.addEventListener('ended', () => told(true));
        if (video.ended) told(true);
        setTimeout(told, 120_000, false);
    })"""
    assert video.evaluate(ended)

    download = page.download()
    content = download.path().read_bytes()
    # The local AWS saves it as the object says; on AWS, what the link says comes first.
    link = urlsplit(page.render.get_by_role("link", name="Download").get_attribute("href"))
    assert unquote(parse_qs(link.query)["response-content-disposition"][0]).endswith("From a page.mp4")
    assert content[4:8] == b"ftyp"
    assert len(content) == renders.status(api, user, render["renderId"]).json["outputSizeInBytes"]


def test_a_double_click_starts_one_render(visit: Visits, api: Deployed):
    user = api.sign_up()
    page = visit(api).sign_in(user.email)
    page.unfold()
    page.field("Last frame").fill("0")
    page.button("Start render").dblclick()
    expect(page.badge).to_have_text("Done")
    assert len(listed(api, user)) == 1


def test_a_lost_answer_starts_one_render(visit: Visits, api: Deployed):
    """The same start is sent again, with the same key."""
    user = api.sign_up()
    page = visit(api).sign_in(user.email)
    page.expected = ("net::ERR_CONNECTION_RESET",)
    page.unfold()
    page.field("Last frame").fill("0")
    lost = "The connection was lost. Trying again: this cannot start a second render."
    with page.losing_the_next_answer("/render"):
        page.start()
        expect(page.form.get_by_role("status")).to_contain_text([lost])
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
    bar = page.bar()
    assert bar == sorted(bar), bar
    page.press("Cancel render")
    expect(page.badge).to_have_text("Cancelled")
    expect(page.button("Cancel render")).to_have_count(0)
    [render] = listed(api, user)
    assert renders.status(api, user, render["renderId"]).json["status"] == "cancelled"


def test_whoever_comes_back_finds_their_renders(visit: Visits, api: Deployed, owner: User):
    page = visit(api).sign_in(owner.email)
    expect(page.rows.locator(".name")).to_have_text(["NoSuchVideo", "FailingVideo", "MyVideo"])
    expect(page.rows.locator(".badge")).to_have_text(["Failed", "Failed", "Done"])
    page.row("FailingVideo").get_by_role("button").first.click()
    expect(page.render).to_contain_text("This composition fails at frame 30")
    page.row("MyVideo").get_by_role("button").first.click()
    assert page.frame(1)["colours"] > 500
    # What has ended is not asked for: the list tells how. Only those that were opened are.
    asked = {request.url for request in page.requests if "/render/" in request.url}
    assert len(asked) == 2


def test_a_reload_loses_nothing(visit: Visits, api: Deployed, owner: User):
    page = visit(api).sign_in(owner.email)
    page.props().fill('{"title": "Still here"}')
    page.unfold()
    page.field("Scale").fill("0.5")
    page.row("FailingVideo").get_by_role("button").first.click()
    expect(page.render).to_contain_text("This composition fails at frame 30")
    address = page.tab.url
    assert "#/renders/" in address
    page.tab.reload()
    expect(page.render).to_contain_text("This composition fails at frame 30")
    expect(page.props()).to_have_value('{"title": "Still here"}')
    page.unfold()
    expect(page.field("Scale")).to_have_value("0.5")

    # Back leads to what was looked at before, and an address to a render.
    page.row("MyVideo").get_by_role("button").first.click()
    expect(page.render.locator("video")).to_be_visible()
    page.tab.go_back()
    expect(page.render).to_contain_text("This composition fails at frame 30")
    page.tab.goto(page.url)
    expect(page.rows).to_have_count(3)
    expect(page.render).to_have_count(0)
    page.tab.goto(address)
    expect(page.render).to_contain_text("This composition fails at frame 30")
    # Nothing outlives the tab, and nothing is left when its user signs out.
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.tab.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert page.tab.evaluate("indexedDB.databases()") == []
    page.press("Sign out")
    expect(page.heading("Sign in")).to_be_visible()
    assert page.tab.evaluate(kept) == [0, 0, ""]


def test_a_reload_in_the_middle_of_a_start_starts_one_render(visit: Visits, light: Deployed):
    user = light.sign_up()
    page = visit(light).sign_in(user.email)
    expect(page.button("Start render")).to_be_visible()
    # The request reaches the API, and its answer does not reach the page before the reload.
    held = []

    def hold(route: Route) -> None:
        if held:
            return route.continue_()
        request = route.request
        headers = {"idempotency-key": request.headers["idempotency-key"]}
        held.append(light.request("POST", "/render", user.token, request.post_data, headers))
        return None

    page.tab.route("**/render", hold)
    page.start()
    page.tab.wait_for_function("sessionStorage.getItem('start') !== null")
    while not held:
        page.tab.wait_for_timeout(50)
    page.tab.reload()
    expect(page.render).to_be_visible()
    [render] = listed(light, user)
    expect(page.render).to_contain_text(render["renderId"])


def test_an_address_of_nothing_says_so(visit: Visits, light: Deployed):
    page = visit(light).sign_in(light.sign_up().email)
    page.expected = ("status of 404",)
    expect(page.list).to_contain_text("You have no renders yet.")
    page.tab.evaluate("location.hash = '#/renders/0123456789'")
    expect(page.render.get_by_role("alert")).to_contain_text("This render does not exist, or it is not yours.")
    page.press("Close")
    expect(page.render).to_have_count(0)


def test_a_render_is_made_again_and_edited(visit: Visits, light: Deployed, stand_in: StandIn):
    user = light.sign_up()
    sent = {"composition": "MyVideo", "inputProps": {"title": "First"}, "codec": "vp8", "crf": 10, "name": "Mine"}
    first = renders.start(light, user, **sent)
    stand_in.finish(first)
    renders.status(light, user, first)
    page = visit(light).sign_in(user.email)
    page.row("Mine").get_by_role("button", name="More actions for Mine").click()
    page.row("Mine").get_by_role("button", name="Render again").click()
    expect(page.rows).to_have_count(2)
    again = next(render["renderId"] for render in listed(light, user) if render["renderId"] != first)
    told = renders.status(light, user, again).json
    assert (told["options"], told["inputProps"]) == (
        {name: value for name, value in sent.items() if name != "inputProps"},
        {"title": "First"},
    )

    page.rows.nth(1).get_by_role("button").first.click()
    expect(page.badge).to_have_text("Done")
    page.render.get_by_role("button", name="Edit and render").click()
    expect(page.field("title")).to_have_value("First")
    expect(page.field("Codec")).to_have_value("vp8")
    page.unfold()
    expect(page.field("Quality (CRF)")).to_have_value("10")


def test_props_have_fields_of_their_kind(visit: Visits, light: Deployed):
    user = light.sign_up()
    page = visit(light).sign_in(user.email)
    expect(page.button("Sign out")).to_be_visible()
    compositions = light.request("GET", "/compositions", user.token).json
    defaults = {
        "title": "Hi",
        "count": 3,
        "loud": True,
        "tint": "#00ff00",
        "day": "2026-11-26",
        "tags": ["a"],
        "deep": {},
    }
    compositions["compositions"][0]["defaultProps"] = defaults
    page.tab.route("**/compositions", lambda route: route.fulfill(json=compositions))
    page.tab.reload()
    page.field("title").fill("Bye")
    page.field("loud").uncheck()
    page.field("day").fill("2026-12-24")
    page.field("tags").fill("one\ntwo")
    count = page.field("count")
    count.fill("many")
    expect(count).to_have_accessible_description(re.compile("Enter a number."))
    page.start()
    expect(count).to_be_focused()
    assert listed(light, user) == []
    count.fill("4")
    assert page.violations() == []
    props = page.props().input_value()
    expected = {"title": "Bye", "count": 4, "loud": False, "day": "2026-12-24", "tags": ["one", "two"]}
    assert json.loads(props) == defaults | expected
    page.press("Edit as fields")
    # Ctrl and Enter start it, wherever one is.
    page.field("title").press("ControlOrMeta+Enter")
    expect(page.rows.locator(".name")).to_have_text(["Bye"])


def test_a_file_fills_the_form_in(visit: Visits, light: Deployed):
    page = visit(light).sign_in(light.sign_up().email)
    options = {"composition": "MyVideo", "inputProps": {"title": "From a file"}, "codec": "vp9"}
    expect(page.button("Open a JSON file")).to_be_visible()
    page.open_file("video.json", json.dumps(options))
    expect(page.field("title")).to_have_value("From a file")
    expect(page.field("Codec")).to_have_value("vp9")
    # What the site does not have is not rendered as something else.
    page.open_file("other.json", json.dumps(options | {"composition": "NoSuchVideo"}))
    chosen = page.field("Composition")
    expect(chosen).to_have_accessible_description('The site has no composition "NoSuchVideo". Choose another one.')
    page.start()
    expect(chosen).to_be_focused()
    assert not any(request.method == "POST" and request.url.endswith("/render") for request in page.requests)
    page.choose("MyVideo")
    expect(chosen).to_have_accessible_description("")
    page.open_file("broken.json", "{")
    expect(page.form).to_contain_text("broken.json is not a JSON object or array.")
    page.open_file("batch.json", json.dumps([{"inputProps": {"title": str(n)}} for n in range(3)]))
    expect(page.button("Start 3 renders")).to_be_visible()
    assert page.violations() == []
    page.press("Discard")
    expect(page.button("Start 3 renders")).to_have_count(0)


def test_where_the_compositions_cannot_be_listed_one_is_typed(visit: Visits, light: Deployed):
    user = light.sign_up()
    page = visit(light).sign_in(user.email)
    expect(page.button("Sign out")).to_be_visible()
    page.expected = ("status of 502",)
    problem = {"code": "render_function_error", "detail": "The site cannot be opened.", "status": 502}
    page.tab.route("**/compositions", lambda route: route.fulfill(status=502, json=problem))
    page.tab.reload()
    expect(page.form.get_by_role("alert")).to_have_text("The site cannot be opened.")
    page.field("Composition").fill("MyVideo")
    page.start()
    expect(page.row("MyVideo")).to_be_visible()
    assert [render["composition"] for render in listed(light, user)] == ["MyVideo"]


def test_the_tab_and_the_header_tell(visit: Visits, small: Deployed, api: Deployed):
    user = small.sign_up()
    page = visit(small).sign_in(user.email)
    # Before anything is spent.
    expect(page.tab.get_by_role("banner")).to_contain_text(re.compile(r"5 of 5 renders left until \d\d:\d\d"))
    expect(page.button("Start render")).to_be_visible()
    other = visit(api).sign_in(api.sign_up().email)
    other.choose("LongVideo")
    other.start()
    expect(other.tab).to_have_title(re.compile(r"^\d+% · Renders$"))
    other.press("Cancel render")
    expect(other.tab).to_have_title("Cancelled · Renders")
    other.press("Close")
    expect(other.tab).to_have_title("Renders")


def test_stills_and_the_files_next_to_a_video_are_there(visit: Visits, api: Deployed):
    user = api.sign_up()
    render_id = renders.start(api, user, composition="CaptionedVideo", inputProps={"title": "Spoken"})
    renders.poll(api, user, render_id)
    answer = api.request("POST", "/still", user.token, {"composition": "MyVideo", "frame": 30})
    assert answer.status == 200, answer.text
    still = answer.json
    page = visit(api).sign_in(user.email)
    # A picture of it may be asked for as it is deleted.
    page.expected = ("status of 404",)
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
    expect(page.list.get_by_role("status")).to_have_text('The still "MyVideo" is deleted.')
    assert [render["renderId"] for render in listed(api, user)] == [render_id]
    assert renders.keys(api, f"renders/{still['renderId']}/") == []


def test_a_render_is_deleted_after_a_question(visit: Visits, light: Deployed, stand_in: StandIn):
    user = light.sign_up()
    kept, render_id = (renders.start(light, user) for _ in range(2))
    for started in (kept, render_id):
        stand_in.finish(started)
    page = visit(light).sign_in(user.email)
    # A picture of it may be asked for as it is deleted.
    page.expected = ("status of 404",)
    expect(page.rows.locator(".badge")).to_have_text(["Done", "Done"])
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
    expect(page.list.get_by_role("status")).to_have_text('The render "MyVideo" is deleted.')
    assert renders.status(light, user, render_id).status == 404
    assert [render["renderId"] for render in listed(light, user)] == [kept]


def test_what_is_wrong_is_said_where_it_is(visit: Visits, light: Deployed):
    user = light.sign_up()
    page = visit(light).sign_in(user.email)
    page.expected = ("status of 422",)
    quality, props = page.field("Quality (CRF)"), page.props()
    page.unfold()
    quality.fill("99")
    page.start()
    expect(page.form.get_by_role("alert")).to_have_text("Some options are wrong. They are marked.")
    expect(quality).to_be_focused()
    expect(quality).to_have_attribute("aria-invalid", "true")
    expect(quality).to_have_accessible_description(re.compile("^crf must be from 1 to 51 for the codec h264, not 99."))
    quality.fill("20")
    expect(quality).not_to_have_attribute("aria-invalid", "true")

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
    page.unfold()
    quality.fill("99")
    scale.fill("20")
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


def test_a_spent_quota_says_how_long_to_wait(visit: Visits, small: Deployed):
    user = small.sign_up()
    for render_id in [renders.start(small, user, **renders.FAILING) for _ in range(4)]:
        renders.poll(small, user, render_id)
    page = visit(small).sign_in(user.email)
    page.expected = ("status of 429",)
    page.unfold()
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
    page.unfold()
    page.field("Quality (CRF)").fill("99")
    page.props().fill("{")
    assert page.violations() == []
    page.props().fill("{}")
    page.start()
    expect(page.form.get_by_role("alert")).to_be_visible()
    assert page.violations() == []
    page.tab.set_viewport_size({"width": 375, "height": 700})
    assert page.violations() == []
    # Nothing is cut off, either.
    assert page.tab.evaluate("document.documentElement.scrollWidth") == 375
