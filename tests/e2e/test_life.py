"""A render's life, through the API alone: started, watched, downloaded, listed, cancelled, deleted; and its bad ends."""

import os
import signal
import time
import urllib.error
from concurrent.futures import ThreadPoolExecutor

import pytest
import renders
from deployed import Deployed, User, assert_problem
from local_aws.settings import BUCKET, VERSION
from patience import until
from processes import chromes

INNARDS = ("arn:", "node_modules", "/tmp", ".js:", "    at ", '"stack"', "cloudwatch")


def test_from_start_to_deletion(api: Deployed, tmp_path):
    user = api.sign_up()
    earlier = renders.start(api, user, **renders.FAILING)
    render_id = renders.start(api, user, composition="MyVideo", inputProps={"title": "Tested"})
    seen = renders.poll(api, user, render_id)

    last = seen[-1]
    assert last["status"] == "done"
    assert last["errors"] == []
    assert [answer["overallProgress"] for answer in seen if not 0 <= answer["overallProgress"] <= 1] == []
    frames = [answer["framesRendered"] for answer in seen]
    assert frames == sorted(frames)
    assert frames[-1] == last["framesTotal"] == 60
    assert any(answer["outputUrl"] for answer in seen[:-1]) is False
    assert last["costs"]["accruedSoFar"] > 0
    assert last["startedAt"] < last["finishedAt"] <= time.time() * 1000

    kind, video = renders.download(last["outputUrl"])
    assert kind == "video/mp4"
    assert len(video) == last["outputSizeInBytes"]
    path = tmp_path / "out.mp4"
    path.write_bytes(video)
    assert renders.probe(path) == {"codec_name": "h264", "width": 320, "height": 240, "nb_read_frames": "60"}
    for unsigned in (last["outputUrl"].split("?")[0], last["outputUrl"].replace("Signature=", "Signature=0")):
        with pytest.raises(urllib.error.HTTPError) as refusal:
            renders.download(unsigned)
        assert refusal.value.code == 403

    newest_first = api.request("GET", "/render", user.token).json
    assert [render["renderId"] for render in newest_first["renders"]] == [render_id, earlier]
    assert newest_first["renders"][0]["composition"] == "MyVideo"
    assert newest_first["cursor"] is None
    page = api.request("GET", "/render?limit=1", user.token).json
    assert [render["renderId"] for render in page["renders"]] == [render_id]
    page = api.request("GET", f"/render?limit=1&cursor={page['cursor']}", user.token).json
    assert [render["renderId"] for render in page["renders"]] == [earlier]

    # More than S3 lists, or deletes, at once; and a neighbour whose name begins alike.
    s3 = api.aws("s3")
    with ThreadPoolExecutor(8) as pool:
        names = [f"renders/{render_id}/chunks/{n}" for n in range(1050)] + [f"renders/{render_id}0/progress.json"]
        list(pool.map(lambda key: s3.put_object(Bucket=BUCKET, Key=key, Body=b"."), names))
    assert_problem(renders.cancel(api, user, render_id), 409, "render_over")
    assert renders.keys(api, f"renders/{render_id}/cancel.json") == []
    answer = renders.delete(api, user, render_id)
    assert (answer.status, answer.text) == (204, "")
    assert renders.keys(api, f"renders/{render_id}") == [f"renders/{render_id}0/progress.json"]
    for route in (renders.status, renders.delete, renders.cancel):
        assert_problem(route(api, user, render_id), 404, "render_not_found")
    assert [render["renderId"] for render in api.request("GET", "/render", user.token).json["renders"]] == [earlier]


def test_a_running_render_is_cancelled_and_only_then_deleted(small: Deployed):
    user = small.sign_up()
    render_id = renders.start(small, user, composition="LongVideo")
    renders.poll(small, user, render_id, until=["rendering"])
    assert_problem(renders.delete(small, user, render_id), 409, "render_running")
    assert renders.status(small, user, render_id).json["status"] == "rendering"

    answer = renders.cancel(small, user, render_id)
    assert (answer.status, answer.json) == (202, {"message": "SUCCESS", "renderId": render_id})
    last = renders.poll(small, user, render_id)[-1]
    assert last["status"] == "cancelled"
    assert last["outputUrl"] is None
    assert last["framesRendered"] < last["framesTotal"]
    assert renders.delete(small, user, render_id).status == 204
    assert renders.keys(small, f"renders/{render_id}/") == []


def test_a_failing_composition_ends_with_its_message_and_no_stack(api: Deployed, user: User):
    failing = renders.start(api, user, composition="FailingVideo", inputProps={"failAtFrame": 3})
    unknown = renders.start_unknown(api, user)
    for render_id, message in ((failing, "This composition fails at frame 3"), (unknown, "NoSuchVideo")):
        last = renders.poll(api, user, render_id)[-1]
        assert last["status"] == "failed"
        assert message in last["errors"][0]["message"]
        assert last["errors"][-1]["isFatal"]
        assert not any(word in str(last) for word in INNARDS), last


@pytest.fixture(scope="session", autouse=True)
def killed(small: Deployed) -> dict[str, tuple[User, str]]:
    """Renders that lost their function, or only their Chrome. They end while the other tests run."""
    user = small.sign_up()
    killed = {}
    for victim in ("function", "chrome"):
        others = chromes(small.settings)
        render_id = renders.start(small, user, composition="LongVideo")
        until(lambda started=render_id: renders.status(small, user, started).json["framesRendered"] > 0)
        running = chromes(small.settings, other_than=others)
        assert running, victim
        for pid in set(running.values() if victim == "function" else running):
            os.kill(pid, signal.SIGKILL)
        killed[victim] = user, render_id
    return killed


def test_a_still_lives_as_a_render_does(api: Deployed):
    user, stranger = api.sign_up(), api.sign_up()
    answer = api.request("POST", "/still", user.token, {"composition": "MyVideo", "frame": 30})
    assert answer.status == 200, answer.text
    still = answer.json
    assert set(still) == {"message", "bucketName", "renderId", "outputUrl", "sizeInBytes"}
    assert (still["message"], still["bucketName"]) == ("SUCCESS", BUCKET)
    still_id = still["renderId"]

    [listed] = api.request("GET", "/render", user.token).json["renders"]
    assert (listed["renderId"], listed["kind"], listed["composition"]) == (still_id, "still", "MyVideo")
    state = renders.status(api, user, still_id).json
    assert (state["kind"], state["status"], state["startedAt"]) == ("still", "done", listed["startedAt"])
    assert state["outputSizeInBytes"] == still["sizeInBytes"]
    for url in (still["outputUrl"], state["outputUrl"]):
        kind, image = renders.download(url)
        assert (kind, len(image)) == ("image/png", still["sizeInBytes"])
        assert image.startswith(b"\x89PNG\r\n\x1a\n")

    assert_problem(renders.cancel(api, user, still_id), 409, "render_over")
    for route in (renders.status, renders.cancel, renders.delete):
        assert_problem(route(api, stranger, still_id), 404, "render_not_found")
    assert renders.delete(api, user, still_id).status == 204
    assert renders.keys(api, f"renders/{still_id}/") == []
    assert_problem(renders.status(api, user, still_id), 404, "render_not_found")
    assert api.request("GET", "/render", user.token).json["renders"] == []


def test_files_next_to_a_video_are_linked_and_go_with_it(api: Deployed, user: User):
    render_id = renders.start(api, user, composition="CaptionedVideo", inputProps={"title": "Spoken"})
    seen = renders.poll(api, user, render_id)
    last = seen[-1]
    assert last["status"] == "done", last
    artifacts = {artifact["name"]: artifact for artifact in last["artifacts"]}
    assert set(artifacts) == {"captions.srt", "thumbnail.jpeg"}
    contents = {name: renders.download(artifact["url"])[1] for name, artifact in artifacts.items()}
    assert {name: len(content) for name, content in contents.items()} == {
        name: artifact["sizeInBytes"] for name, artifact in artifacts.items()
    }
    assert contents["captions.srt"].decode().splitlines()[2] == "Spoken"
    assert contents["thumbnail.jpeg"].startswith(b"\xff\xd8\xff")
    with pytest.raises(urllib.error.HTTPError, match="403"):
        renders.download(artifacts["captions.srt"]["url"].split("?")[0])

    assert renders.delete(api, user, render_id).status == 204
    assert renders.keys(api, f"renders/{render_id}/") == []


def test_the_compositions(api: Deployed, user: User):
    found = {composition["id"]: composition for composition in renders.compositions(api, user)}
    assert set(found) == {"MyVideo", "LongVideo", "CaptionedVideo", "FailingVideo"}
    video = found["MyVideo"]
    assert (video["width"], video["height"], video["fps"], video["durationInFrames"]) == (320, 240, 30, 60)
    assert video["defaultProps"] == {"title": "Hello from Rust"}


def test_the_health(api: Deployed, user: User):
    # MiniStack answers /health by itself under every host name: this is the same route by its other address.
    path = f"/_aws/execute-api/{api.host.split('.')[0]}/$default/health"
    address = {"Host": f"127.0.0.1:{api.settings.port}"}
    answer = api.request("GET", path, user.token, headers=address)
    assert (answer.status, answer.json["version"]) == (200, VERSION)
    with renders.environment(api, REMOTION_VERSION="4.0.311"):
        problem = assert_problem(api.request("GET", path, user.token, headers=address), 503, "version_mismatch")
    assert "4.0.311" in problem["detail"]
    assert VERSION in problem["detail"]


def test_large_props_go_through_the_bucket_and_larger_ones_are_refused(api: Deployed, user: User):
    before = renders.keys(api, "input-props/")
    body = {"inputProps": {"title": "Large", "padding": "x" * 4_000_000}, "frameRange": [0, 0]}
    render_id = renders.start(api, user, **body)
    [key] = set(renders.keys(api, "input-props/")) - set(before)
    stored = api.aws("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert len(stored) > 4_000_000
    assert renders.poll(api, user, render_id)[-1]["status"] == "done"

    body["inputProps"]["padding"] = "x" * 7_000_000
    assert_problem(api.render(user.token, body), 413, "payload_too_large")


@pytest.mark.late
@pytest.mark.parametrize("victim", ["chrome", "function"])
def test_a_render_that_was_killed_is_timed_out(small: Deployed, killed, victim: str):
    user, render_id = killed[victim]
    last = renders.poll(small, user, render_id)[-1]
    assert last["status"] == "timed_out"
    assert last["errors"][0]["message"] == "The render did not finish in time."
    assert 0 < last["framesRendered"] < 6000
    assert last["outputUrl"] is None
    assert renders.delete(small, user, render_id).status == 204
