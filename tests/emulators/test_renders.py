"""What becomes of a render: listed, watched, linked, cancelled, deleted."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest
from api import Api, about, told
from local_aws.settings import BUCKET
from progress import A_MINUTE, ended, launching, rendering
from request import Request
from state import OUTPUTS, State

# More than are listed, and deleted, at a time.
MANY = 1_001


def a_render(state: State, progress: dict | None = None, **others: str) -> Request:
    request = Request("GET /render/{id}")
    if progress is None:
        state.add_record(request, "render", **others)
    else:
        state.add_render(request, progress, **others)
    return request


def done() -> dict:
    return rendering(A_MINUTE) | ended()


def test_pages(api: Api):
    """Newest first, and no render of another user's."""
    first = Request("GET /render")
    now = int(time.time() * 1_000)
    of_user = [Request("", user=first.user) for _ in range(5)]
    for at, render in enumerate(of_user):
        # Two of them at the same moment.
        api.state.add_record(render, "still" if at == 1 else "render", started_at=now + min(at, 3))
    api.state.add_record(Request(""), "render")

    listed, cursor, sizes = [], None, []
    while True:
        page = api.send(_page(first, limit=2, cursor=cursor)).json
        listed += page["renders"]
        sizes.append(len(page["renders"]))
        if (cursor := page["cursor"]) is None:
            break
    assert sizes == [2, 2, 1]
    assert {render["renderId"] for render in listed[:2]} == {of_user[3].render_id, of_user[4].render_id}
    assert [render["renderId"] for render in listed[2:]] == [of_user[at].render_id for at in (2, 1, 0)]
    assert [render["kind"] for render in listed[2:]] == ["render", "still", "render"]
    # The last page may be full.
    assert api.send(_page(first, limit=5)).json["cursor"] is None
    assert len(api.send(_page(first)).json["renders"]) == 5


def test_a_page_after_a_render_that_is_gone(api: Api):
    first = Request("GET /render")
    now = int(time.time() * 1_000)
    ended = {"ended": "done", "finishedAt": str(now), "frames": "1"}
    renders = [Request("GET /render/{id}", user=first.user) for _ in range(3)]
    for at, render in enumerate(renders):
        api.state.add_record(render, "still", started_at=now + at, **ended)
    cursor = api.send(_page(first, limit=2)).json["cursor"]
    assert api.send(about(renders[1], "DELETE /render/{id}")).status == 204
    page = api.send(_page(first, limit=2, cursor=cursor)).json
    assert [render["renderId"] for render in page["renders"]] == [renders[0].render_id]


def test_a_render_that_has_just_started_is_listed(api: Api):
    request = Request("POST /render", {})
    render_id = api.send(request).json["renderId"]
    listed = api.send(about(request, "GET /render")).json["renders"]
    assert [render["renderId"] for render in listed] == [render_id]


@pytest.mark.parametrize(
    ("progress", "status"),
    [
        (lambda: None, "queued"),
        (launching, "queued"),
        (rendering, "encoding"),
        (done, "done"),
        (lambda: rendering(10 * A_MINUTE), "done"),
    ],
    ids=["no state", "launching", "running", "done", "overdue, with its output"],
)
def test_status(api: Api, progress: Callable[[], dict | None], status: str):
    answer = api.send(a_render(api.state, progress()))
    assert (answer.status, answer.json["status"]) == (200, status)
    assert answer.headers.get("retry-after") == (None if status == "done" else "1")
    assert (answer.json["outputUrl"] is None) == (status != "done")


def test_overdue_without_its_output(api: Api):
    render = a_render(api.state)
    api.state.put(BUCKET, f"renders/{render.render_id}/progress.json", json.dumps(rendering(10 * A_MINUTE)))
    assert api.send(render).json["status"] == "timed_out"


def test_links_lead_to_the_files(api: Api):
    artifact = {"filename": "captions.srt", "sizeInBytes": 8}
    state = done()
    render = Request("GET /render/{id}")
    key = f"renders/{render.render_id}/artifacts/captions.srt"
    state["receivedArtifact"] = [artifact | {"s3Key": key, "s3Url": f"https://x/{key}"}]
    api.state.add_render(render, state)
    api.state.put(BUCKET, key, "captions")
    answer = api.send(render).json
    assert _fetched(answer["outputUrl"]) == (200, b"video")
    assert _fetched(answer["outputUrl"], Range="bytes=1-2") == (206, b"id")
    (linked,) = answer["artifacts"]
    assert (linked["name"], linked["sizeInBytes"]) == ("captions.srt", 8)
    assert _fetched(linked["url"]) == (200, b"captions")


def test_an_output_in_the_operators_bucket(start_api):
    api: Api = start_api(OUTPUT_BUCKET_NAME=OUTPUTS)
    state = rendering(10 * A_MINUTE)
    key = "of/one.mp4"
    state["renderMetadata"]["outName"] = {"bucketName": OUTPUTS, "key": key}
    render = a_render(api.state, state, outputBucket=OUTPUTS, outputKey=key)
    answer = api.send(render).json
    assert (answer["status"], answer["outputSizeInBytes"]) == ("done", 5)
    assert _fetched(answer["outputUrl"]) == (200, b"video")
    assert api.send(about(render, "DELETE /render/{id}")).status == 204
    assert not api.state.outputs(key)
    with pytest.raises(HTTPError, match="404"):
        _fetched(answer["outputUrl"])


def test_cancelling(api: Api):
    running = a_render(api.state, rendering())
    answer = api.send(about(running, "POST /render/{id}/cancel"))
    assert (answer.status, answer.json) == (202, {"message": "SUCCESS", "renderId": running.render_id})
    signal = json.loads(api.state.get(BUCKET, f"renders/{running.render_id}/cancel.json"))
    assert abs(signal["cancelledAt"] - time.time() * 1_000) < A_MINUTE
    over = a_render(api.state, done())
    assert told(api.send(about(over, "POST /render/{id}/cancel"))) == (409, "render_over")
    assert "cancel.json" not in api.state.files(over.render_id)


def test_deleting(api: Api):
    """A thousand at a time; and no render whose id begins alike."""
    render = a_render(api.state, done())
    alike = Request("", user=render.user, render_id=f"{render.render_id}x")
    api.state.add_render(alike, done())
    with ThreadPoolExecutor(8) as pool:
        keys = [f"renders/{render.render_id}/chunks/{at}" for at in range(MANY)]
        list(pool.map(lambda key: api.state.put(BUCKET, key, ""), keys))
    delete = about(render, "DELETE /render/{id}")
    assert told(api.send(delete)) == (204, None)
    assert not api.state.files(render.render_id)
    assert api.state.files(alike.render_id) == ["out.mp4", "progress.json"]
    assert api.held(render).renders == [alike.render_id]
    assert told(api.send(delete)) == told(api.send(render)) == (404, "render_not_found")


@pytest.mark.parametrize(
    ("progress", "code"),
    [(lambda: None, "render_may_start"), (launching, "render_may_start"), (rendering, "render_running")],
    ids=["no state", "launching", "running"],
)
def test_what_may_still_run_is_not_deleted(api: Api, progress: Callable[[], dict | None], code: str):
    render = a_render(api.state, progress())
    assert told(api.send(about(render, "DELETE /render/{id}"))) == (409, code)
    assert api.held(render).renders == [render.render_id]


@pytest.mark.parametrize("route", ["GET /render/{id}", "POST /render/{id}/cancel", "DELETE /render/{id}"])
def test_what_is_another_users_is_not_there(api: Api, route: str):
    render = a_render(api.state, done())
    other = Request(route, render_id=render.render_id)
    assert told(api.send(other)) == (404, "render_not_found")
    assert api.state.files(render.render_id) == ["out.mp4", "progress.json"]


@pytest.mark.parametrize("route", ["GET /render/{id}", "POST /render/{id}/cancel", "DELETE /render/{id}"])
def test_a_bucket_that_is_missing(api: Api, route: str):
    render = a_render(api.state, bucketName="missing")
    assert told(api.send(about(render, route))) == (503, "storage_missing")


def _page(first: Request, limit: int | None = None, cursor: str | None = None) -> Request:
    wanted = {"limit": limit, "cursor": cursor}
    query = "&".join(f"{name}={value}" for name, value in wanted.items() if value is not None)
    return Request("GET /render", user=first.user, query=query)


def _fetched(url: str, **headers: str) -> tuple[int, bytes]:
    with urlopen(HttpRequest(url, headers=headers)) as file:
        return file.status, file.read()
