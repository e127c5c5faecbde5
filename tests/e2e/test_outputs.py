"""Outputs in the operator's own bucket, by the operator's own key: rendered there, linked, measured and deleted there, by the owner."""

import base64
import re
import urllib.error
from urllib.parse import unquote, urlsplit

import pytest
import renders
from deployed import Deployed, User, assert_problem
from local_aws.remotion import client
from local_aws.settings import Settings

OWN_BUCKET = "our-videos"


@pytest.fixture(scope="module")
def own(local_aws: Settings, deployed_as) -> Deployed:
    client("s3", local_aws.endpoint).create_bucket(Bucket=OWN_BUCKET)
    return deployed_as(
        "own-bucket",
        OutputBucketName=OWN_BUCKET,
        OutputKey="{userId}/{date}/{composition}-{id}.{extension}",
        Monitoring="false",
    )


@pytest.fixture
def user(own: Deployed) -> User:
    return own.sign_up()


def kept(own: Deployed, user: User) -> list[str]:
    """The keys of a user's outputs."""
    listed = own.aws("s3").list_objects_v2(Bucket=OWN_BUCKET, Prefix=f"{encoded(user.sub)}/")
    return [item["Key"] for item in listed.get("Contents", [])]


def encoded(user_id: str) -> str:
    return base64.urlsafe_b64encode(user_id.encode()).decode().rstrip("=")


def test_a_video_from_start_to_deletion(own: Deployed, user: User, tmp_path):
    render_id = renders.start(own, user, composition="MyVideo")
    last = renders.poll(own, user, render_id)[-1]
    assert last["status"] == "done", last
    [key] = kept(own, user)
    assert re.fullmatch(rf"{encoded(user.sub)}/20\d\d-\d\d-\d\d/MyVideo-[a-z0-9]{{16}}\.mp4", key)
    assert not [name for name in renders.keys(own, f"renders/{render_id}/") if name.endswith(".mp4")]

    assert unquote(urlsplit(last["outputUrl"]).path) == f"/{OWN_BUCKET}/{key}"
    kind, video = renders.download(last["outputUrl"])
    assert (kind, len(video)) == ("video/mp4", last["outputSizeInBytes"])
    path = tmp_path / "video.mp4"
    path.write_bytes(video)
    assert renders.probe(path)["nb_read_frames"] == "60"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        renders.download(last["outputUrl"].split("?")[0])

    stranger = own.sign_up()
    for route in (renders.status, renders.cancel, renders.delete):
        assert_problem(route(own, stranger, render_id), 404, "render_not_found")
    assert kept(own, user) == [key]

    assert renders.delete(own, user, render_id).status == 204
    assert kept(own, user) == []
    assert renders.keys(own, f"renders/{render_id}/") == []
    assert_problem(renders.status(own, user, render_id), 404, "render_not_found")


def test_each_render_has_a_key_of_its_own(own: Deployed, user: User):
    """By the extension of its codec, and also where two are alike."""
    one = {"composition": "MyVideo", "frameRange": [0, 0]}
    ids = [renders.start(own, user, **one, codec=codec) for codec in ("vp8", "vp8", "gif")]
    states = [renders.poll(own, user, render_id)[-1] for render_id in ids]
    assert [state["status"] for state in states] == ["done"] * 3, states
    keys = kept(own, user)
    assert sorted(unquote(urlsplit(state["outputUrl"]).path.split("/", 2)[2]) for state in states) == keys
    assert sorted(key.rsplit(".")[-1] for key in keys) == ["gif", "webm", "webm"]

    assert renders.delete(own, user, ids[0]).status == 204
    assert len(kept(own, user)) == 2
    assert renders.download(states[1]["outputUrl"])[0] == "video/webm"


def test_a_still_from_start_to_deletion(own: Deployed, user: User):
    answer = own.request("POST", "/still", user.token, {"composition": "MyVideo", "frame": 30})
    assert answer.status == 200, answer.text
    still = answer.json
    [key] = kept(own, user)
    assert key.endswith(".png")
    state = renders.status(own, user, still["renderId"]).json
    for url in (still["outputUrl"], state["outputUrl"]):
        assert unquote(urlsplit(url).path) == f"/{OWN_BUCKET}/{key}"
        kind, image = renders.download(url)
        assert (kind, len(image)) == ("image/png", still["sizeInBytes"])
    assert renders.delete(own, user, still["renderId"]).status == 204
    assert kept(own, user) == []


def test_the_place_is_the_operators(own: Deployed, user: User):
    """A caller who could name it might replace what is another's."""
    problem = assert_problem(
        own.render(user.token, {"composition": "MyVideo", "outName": "mine.mp4"}), 403, "option_reserved"
    )
    assert [error["pointer"] for error in problem["errors"]] == ["/outName"]
