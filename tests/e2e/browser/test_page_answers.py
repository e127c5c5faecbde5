"""The page with answers of the API that take days, or a race, to come about: they are played in the browser."""

import json
from urllib.parse import urlsplit

import pytest
from browser import Visit, Visits
from deployed import Deployed
from local_aws.settings import BUCKET
from playwright.sync_api import Route, expect

NOW = 1_795_463_131_638

# One pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f0300080001fe"
    "a7d5c60000000049454e44ae426082"
)

RENDER = {
    "renderId": "1pwhfhh11z",
    "bucketName": BUCKET,
    "status": "done",
    "overallProgress": 1,
    "progress": 1,
    "timeLeft": None,
    "framesRendered": 60,
    "framesTotal": 60,
    "framesEncoded": 60,
    "chunks": 3,
    "chunksTotal": 3,
    "costs": None,
    "startedAt": NOW,
    "finishedAt": NOW + 9000,
    "timeToFinish": 9000,
    "timeoutAt": NOW + 120_000,
    "errors": [],
    "outputSizeInBytes": None,
    "composition": "MyVideo",
    "outputUrl": None,
    "artifacts": [],
    "remotionRenderId": "1pwhfhh11z",
    "kind": "render",
    "name": None,
    "customData": None,
    "batchId": None,
    "waitingBefore": None,
    "options": {"composition": "MyVideo"},
    "inputProps": {"title": "Hello"},
}
# What the list knows of it: that it has started.
LISTED = dict.fromkeys(("name", "finishedAt", "outputUrl", "outputSizeInBytes", "costs", "customData", "batchId")) | {
    "renderId": RENDER["renderId"],
    "bucketName": BUCKET,
    "composition": "MyVideo",
    "status": "started",
    "startedAt": NOW,
}
RUNNING = RENDER | {
    "status": "rendering",
    "overallProgress": 0.5,
    "progress": 0.5,
    "finishedAt": None,
    "timeToFinish": None,
}


class Played:
    """A user who has one render or still, with a page to which the API answers as a test says."""

    def __init__(self, visit: Visits, api: Deployed):
        self.api = api
        self.page: Visit = visit(api)
        self.page.expected = ("status of 404", "status of 409")
        self.play("/render?", {"renders": [], "cursor": None})

    def play(
        self, path: str, body: dict | None, status: int = 200, method: str = "GET", headers: dict | None = None
    ) -> None:
        """From now on the API answers so to requests to that path, or with that start of a query."""

        def answer(route: Route) -> None:
            if route.request.method != method:
                return route.fallback()
            told = {"Content-Type": "application/json"} | (headers or {})
            return route.fulfill(status=status, body="" if body is None else json.dumps(body), headers=told)

        self.page.tab.route(lambda url: is_at(url, path), answer)

    def show(self, kind: str = "render", retry_after: str = "1", **state) -> None:
        """Signs in, and opens the only entry of the list."""
        listed = LISTED | {"kind": kind}
        self.play("/render?", {"renders": [listed], "cursor": None})
        self.play(
            f"/render/{RENDER['renderId']}", RENDER | {"kind": kind} | state, headers={"Retry-After": retry_after}
        )
        self.page.sign_in(self.api.sign_up().email)
        self.page.row("MyVideo").get_by_role("button").first.click()

    def refuse(self, method: str, path: str, status: int, code: str) -> None:
        problem = {"type": "about:blank", "title": "", "status": status, "code": code, "requestId": "JKJ="}
        self.play(path, problem | {"detail": "For developers.", "message": "For developers."}, status, method)

    def file(self, name: str, content: bytes, kind: str) -> str:
        """Its address in the bucket, as a signed link has it."""
        url = f"{self.api.settings.endpoint}/{BUCKET}/renders/{RENDER['renderId']}/{name}"
        self.page.tab.route(f"{url}?*", lambda route: route.fulfill(body=content, content_type=kind))
        return f"{url}?X-Amz-Expires=900"


def is_at(url: str, path: str) -> bool:
    parts = urlsplit(url)
    return parts.path == path or (path.endswith("?") and parts.path == path[:-1] and bool(parts.query))


@pytest.fixture
def played(visit: Visits, light: Deployed) -> Played:
    return Played(visit, light)


def test_an_expired_render_is_told_as_such(played: Played):
    played.show(status="expired", framesRendered=0, framesTotal=None, framesEncoded=0)
    page = played.page
    expect(page.badge).to_have_text("Expired")
    expect(page.render).to_contain_text("The files are gone")
    expect(page.render.get_by_role("progressbar")).to_have_count(0)
    expect(page.button("Cancel render")).to_have_count(0)
    expect(page.render.get_by_role("link")).to_have_count(0)
    expect(page.row("MyVideo").get_by_role("button", name="Delete")).to_be_visible()
    assert page.violations() == []


def test_a_still_is_shown_and_deleted(played: Played):
    url = played.file("out.png", PNG, "image/png")
    nothing = dict.fromkeys(("overallProgress", "framesRendered", "framesTotal", "framesEncoded", "timeToFinish"))
    played.show("still", outputUrl=url, outputSizeInBytes=len(PNG), **nothing)
    page = played.page
    expect(page.row("MyVideo")).to_contain_text("Still")
    expect(page.badge).to_have_text("Done")
    expect(page.render).to_contain_text("The still is done.")
    picture = page.render.get_by_role("img", name="Output out.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("async image => (await image.decode(), image.naturalWidth)") == 1
    expect(page.render.get_by_role("link", name="Download")).to_have_attribute("href", url)
    expect(page.render.get_by_role("progressbar")).to_have_count(0)
    expect(page.button("Cancel render")).to_have_count(0)
    expect(page.render.get_by_text("Frames")).to_have_count(0)
    assert page.violations() == []

    played.play(f"/render/{RENDER['renderId']}", None, 204, "DELETE")
    page.row("MyVideo").get_by_role("button", name="Delete").click()
    expect(page.tab.get_by_role("group", name="Delete this still and its file?")).to_be_visible()
    page.press("Delete")
    expect(page.list.get_by_role("status")).to_have_text('The still "MyVideo" is deleted.')
    expect(page.rows).to_have_count(0)


def test_artifacts_are_there_to_download(played: Played):
    url = played.file("captions.srt", b"1", "text/plain")
    played.show(artifacts=[{"name": "captions.srt", "sizeInBytes": 12_345, "url": url}])
    page = played.page
    files = page.render.get_by_role("list", name="More files")
    expect(files.get_by_role("listitem")).to_have_text("captions.srt 12.3 kB")
    expect(files.get_by_role("link", name="captions.srt")).to_have_attribute("href", url)
    assert page.violations() == []


def test_a_render_that_ends_before_it_is_cancelled_says_so(played: Played):
    played.refuse("POST", f"/render/{RENDER['renderId']}/cancel", 409, "render_over")
    played.show(**RUNNING)
    page = played.page
    page.press("Cancel render")
    expect(page.render.get_by_role("alert")).to_have_text("This render is already over. There is nothing to cancel.")


def test_a_render_that_turns_out_to_be_over_is_shown_so_at_once(played: Played):
    """Not only when it is time to ask again."""
    played.refuse("POST", f"/render/{RENDER['renderId']}/cancel", 409, "render_over")
    played.show(**RUNNING, retry_after="600")
    page = played.page
    expect(page.badge).to_contain_text("Rendering")
    played.play(f"/render/{RENDER['renderId']}", RENDER)
    page.press("Cancel render")
    expect(page.badge).to_have_text("Done")
    expect(page.button("Cancel render")).to_have_count(0)


def test_a_render_that_may_still_start_is_not_deleted(played: Played):
    played.refuse("DELETE", f"/render/{RENDER['renderId']}", 409, "render_may_start")
    played.show(status="timed_out")
    page = played.page
    page.row("MyVideo").get_by_role("button", name="Delete").click()
    page.press("Delete")
    alert = page.list.get_by_role("alert")
    expect(alert).to_have_text("This render may still start. You can delete it when it is over.")
    expect(page.rows).to_have_count(1)


def test_a_start_with_an_unknown_outcome_says_where_to_look(played: Played):
    played.refuse("POST", "/render", 409, "idempotency_outcome_unknown")
    page = played.page.sign_in(played.api.sign_up().email)
    expect(page.list).to_contain_text("You have no renders yet.")
    with page.tab.expect_response(lambda answer: "/render?" in answer.url):
        page.start()
    expect(page.form.get_by_role("alert")).to_contain_text("Check your renders first")


def test_without_a_record_of_renders_the_page_says_so(played: Played):
    played.refuse("GET", "/render?", 404, "renders_table_not_configured")
    page = played.page.sign_in(played.api.sign_up().email)
    expect(page.list).to_contain_text("This deployment keeps no record of renders.")


def test_an_error_without_a_field_is_told_at_the_form(played: Played):
    problem = {"code": "option_reserved", "detail": "See `errors`.", "status": 403}
    errors = [
        {"pointer": "/logLevel", "detail": "logLevel is the operator's."},
        {"parameter": "dryRun", "detail": "There is no parameter dryRun."},
    ]
    played.page.expected = ("status of 403",)
    played.play("/render", problem | {"errors": errors}, 403, "POST")
    page = played.page.sign_in(played.api.sign_up().email)
    page.start()
    expect(page.form.get_by_role("alert")).to_have_text("Some options are wrong.")
    told = page.form.locator(".notice").get_by_role("listitem")
    expect(told).to_have_text(["logLevel is the operator's.", "There is no parameter dryRun."])

    errors.append({"pointer": "/crf", "detail": "crf must be less."})
    played.play("/render", problem | {"errors": errors}, 403, "POST")
    page.start()
    expect(page.form.get_by_role("alert")).to_have_text("Some options are wrong. They are marked.")
    expect(told).to_have_count(2)
    expect(page.field("Quality (CRF)")).to_have_attribute("aria-invalid", "true")


def test_a_render_that_waits_says_how_many_are_ahead_of_it(played: Played):
    played.show(status="waiting", waitingBefore=3, progress=0, finishedAt=None, timeToFinish=None)
    page = played.page
    expect(page.badge).to_have_text("Waiting")
    expect(page.render).to_contain_text("3 renders are ahead of it.")
    expect(page.button("Cancel render")).to_be_visible()
    assert page.violations() == []


def test_a_failure_offers_what_may_help(played: Played):
    error = {"frame": 3, "chunk": 0, "isFatal": True, "willRetry": False}
    played.show(status="failed", errors=[error | {"message": "A delayRender() call was not cleared within 28 s"}])
    page = played.page
    second = {"renderId": "2pwhfhh11z", "bucketName": BUCKET}
    played.play("/render", {"message": "SUCCESS"} | second, method="POST")
    played.play("/render/2pwhfhh11z", RUNNING | second)
    with page.tab.expect_request(lambda request: request.method == "POST") as sent:
        page.press("Try again with more time to load")
    options = {"composition": "MyVideo", "inputProps": {"title": "Hello"}}
    assert sent.value.post_data_json == options | {"timeoutInMilliseconds": 120_000}
    expect(page.button("Cancel render")).to_be_visible()
    # Without all that was sent nothing can be made again, and the page says so.
    played.play(f"/render/{RENDER['renderId']}", RENDER | {"status": "failed", "inputProps": None})
    page.row("MyVideo").last.get_by_role("button").first.click()
    page.press("Render again")
    expect(page.render.get_by_role("alert").last).to_contain_text("This render cannot be made again")


def test_a_batch_from_a_file_is_followed(played: Played):
    batch_id = "b-0v7q2m4k8x1c9d3f"
    costs = {"accruedSoFar": 0.01, "displayCost": "$0.01", "currency": "USD", "disclaimer": ""}
    counts = {"total": 2, "waiting": 1, "started": 0, "done": 1, "failed": 0, "cancelled": 0}
    batch = counts | {"batchId": batch_id, "costs": costs, "startedAt": NOW, "finishedAt": None}
    played.play("/batches", {"message": "QUEUED", "bucketName": BUCKET, "batchId": batch_id}, 202, "POST")
    played.play(f"/batches/{batch_id}", batch)
    played.play(f"/batches/{batch_id}/cancel", {"message": "SUCCESS", "batchId": batch_id}, 202, "POST")
    page = played.page.sign_in(played.api.sign_up().email)
    expect(page.button("Open a JSON file")).to_be_visible()
    page.open_file("two.json", json.dumps([{"inputProps": {"title": "One"}}, {"inputProps": {"title": "Two"}}]))
    with page.tab.expect_request("**/batches") as sent:
        page.press("Start 2 renders")
    assert sent.value.post_data_json["items"] == [{"inputProps": {"title": "One"}}, {"inputProps": {"title": "Two"}}]
    pane = page.tab.get_by_role("region", name="Batch")
    expect(pane.get_by_role("definition")).to_have_text(["1", "0", "1", "0", "0", "$0.01"])
    assert page.tab.url.endswith(f"#/batches/{batch_id}")
    assert page.violations() == []
    with page.tab.expect_request(f"**/batches/{batch_id}/cancel"):
        page.press("Cancel the batch")
    # The list has the renders of the batch alone.
    assert any(f"batchId={batch_id}" in request.url for request in page.requests)
