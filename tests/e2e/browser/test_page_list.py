"""The list of renders on the page, in a real browser: it stays where it is, and what it does not show can be found."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import renders
from browser import Visit, Visits
from deployed import Deployed
from playwright.sync_api import Route, expect
from stand_in import StandIn

PHONE = {"width": 375, "height": 700}
DESKTOP = {"width": 1280, "height": 700}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_render_that_is_opened_moves_nothing(visit: Visits, light: Deployed, stand_in: StandIn, viewport: dict):
    user = light.sign_up()
    for number in range(14):
        started = renders.start(light, user, name=f"Clip {number}")
        stand_in.finish(started)
        renders.status(light, user, started)
    page = visit(light, viewport=viewport, reduced_motion="reduce").sign_in(user.email)
    page.press("Show older renders")
    row = page.row("Clip 1").last.get_by_role("button").first
    expect(page.rows).to_have_count(14)
    # All that is above the list is there.
    expect(page.button("Start render")).to_be_visible()
    expect(page.tab.get_by_role("banner")).to_contain_text("renders left")
    row.scroll_into_view_if_needed()
    before = row.bounding_box()

    def leave(way: str) -> None:
        if way == "Close":
            page.press("Close")
        else:
            page.tab.go_back()

    for way in ("Close", "back"):
        row.click()
        expect(page.heading("Clip 1")).to_be_focused()
        expect(page.render.get_by_role("link", name="Download")).to_be_visible()
        if viewport is PHONE:
            # It lies above the list, and nothing behind it can be reached.
            expect(page.list).to_be_hidden()
            expect(page.tab.get_by_role("banner")).to_be_hidden()
            assert page.violations() == []
            assert page.tab.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        else:
            assert row.bounding_box() == before
        leave(way)
        expect(page.render).to_have_count(0)
        expect(row).to_be_focused()
        assert row.bounding_box() == before


def test_what_is_edited_after_a_render_was_open_has_the_focus(visit: Visits, light: Deployed, stand_in: StandIn):
    """On a phone the form is behind the render."""
    user = light.sign_up()
    started = renders.start(light, user, composition="MyVideo")
    stand_in.finish(started)
    page = visit(light, viewport=PHONE).sign_in(user.email)
    page.row("MyVideo").get_by_role("button").first.click()
    page.render.get_by_role("button", name="Edit and render").click()
    expect(page.heading("New render")).to_be_focused()
    expect(page.heading("New render")).to_be_in_viewport()


def searches(page: Visit) -> list[str]:
    """The cursors of the pages that were read for a search."""
    asked = (parse_qs(urlsplit(request.url).query) for request in page.requests if "/render?" in request.url)
    return [query.get("cursor", [""])[0] for query in asked if query["limit"] == ["100"]]


def test_a_search_finds_what_the_list_does_not_show(visit: Visits, light: Deployed):
    user = light.sign_up()
    needle = renders.start(light, user, name="Needle")
    for _ in range(11):
        renders.start(light, user, name="Straw")
    page = visit(light).sign_in(user.email)
    expect(page.rows).to_have_count(10)
    page.field("Search").fill("needle")
    expect(page.rows.locator(".name")).to_have_text(["Needle"])
    expect(page.list).to_contain_text("Searched all 12 of your renders.")
    expect(page.button("Search older renders")).to_have_count(0)
    assert searches(page) == [""]
    page.rows.first.get_by_role("button").first.click()
    expect(page.render).to_contain_text(needle)
    page.press("Close")
    # What was read is not read again, and the list is as it was.
    page.field("Search").fill("nothing")
    expect(page.list).to_contain_text("No render matches.")
    page.field("Search").fill("")
    expect(page.rows).to_have_count(10)
    assert searches(page) == [""]


def test_a_search_in_thousands_asks_before_it_goes_on(visit: Visits, light: Deployed):
    user = light.sign_up()
    renders.start(light, user)
    page = visit(light).sign_in(user.email)
    [sample] = light.request("GET", "/render", user.token).json["renders"]
    count = 1500

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        first, limit = int(query.get("cursor", [count])[0]), int(query["limit"][0])
        numbers = range(first, max(first - limit, 0), -1)
        made = {"status": "done", "finishedAt": sample["startedAt"]}
        listed = [sample | made | {"renderId": f"{number:010}", "name": f"Clip {number}"} for number in numbers]
        route.fulfill(json={"renders": listed, "cursor": str(first - limit) if first > limit else None})

    page.tab.route(re.compile(r"/render\?"), answer)
    page.press("Refresh")
    expect(page.rows).to_have_count(10)
    page.field("Search").press_sequentially("clip 14", delay=20)
    expect(page.rows).to_have_count(99)
    expect(page.list).to_contain_text("Searched your newest 100 renders.")
    assert searches(page) == [""]
    page.field("Search").fill("nothing")
    expect(page.list).to_contain_text("Searched your newest 1,100 renders.")
    assert searches(page) == ["", *(str(cursor) for cursor in range(1400, 400, -100))]
    page.press("Search older renders")
    expect(page.list).to_contain_text("Searched all 1,500 of your renders.")
    assert len(searches(page)) == 15
    page.field("Search").fill("clip 7")
    expect(page.rows.locator(".name").last).to_have_text("Clip 7")
    page.field("Search").fill("")
    expect(page.rows).to_have_count(10)
    assert len(searches(page)) == 15


def test_renders_can_be_told_apart_filtered_and_found(visit: Visits, light: Deployed, stand_in: StandIn):
    user = light.sign_up()
    for number in (1, 2, 3):
        started = renders.start(light, user, composition="MyVideo", name=f"Clip {number}")
        if number < 3:
            stand_in.finish(started)
            renders.status(light, user, started)
    page = visit(light).sign_in(user.email)
    expect(page.rows.locator(".name")).to_have_text(["Clip 3", "Clip 2", "Clip 1"])
    expect(page.row("Clip 2")).to_contain_text("MyVideo")
    page.field("Search").fill("clip 2")
    expect(page.rows.locator(".name")).to_have_text(["Clip 2"])
    page.field("Search").fill("nothing")
    expect(page.list).to_contain_text("No render matches.")
    page.field("Search").fill("")
    page.field("Status").select_option("Done")
    expect(page.rows.locator(".name")).to_have_text(["Clip 2", "Clip 1"])


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
