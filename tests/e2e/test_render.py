"""The documented path, up to a video; and renders that start, then fail."""

import json
import re
import subprocess

import renders
from deployed import Deployed, User, assert_problem
from local_aws.settings import BUCKET, DEV, FUNCTION


def test_a_request_becomes_a_video(api: Deployed, user: User, tmp_path):
    answer = api.render(user.token, {"composition": "MyVideo", "inputProps": {"title": "Tested"}})
    assert answer.status == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json) == {"message", "bucketName", "renderId"}
    assert answer.json["message"] == "SUCCESS"
    assert answer.json["bucketName"] == BUCKET
    render_id = answer.json["renderId"]
    assert re.fullmatch("[a-z0-9]{10}", render_id)

    progress = api.progress(render_id)
    assert progress["errors"] == []
    assert progress["renderMetadata"]["inputProps"]["payload"] == '{"title": "Tested"}'

    video = api.download(f"renders/{render_id}/out.mp4", tmp_path / "out.mp4")
    show = ["-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries"]
    entries = "stream=codec_name,width,height,nb_read_frames:format=duration"
    command = ["npx", "remotion", "ffprobe", *show, entries, "-of", "json", str(video)]
    probe = json.loads(subprocess.run(command, cwd=DEV, check=True, stdout=subprocess.PIPE).stdout)
    assert probe["streams"] == [{"codec_name": "h264", "width": 320, "height": 240, "nb_read_frames": "60"}]
    assert 1.9 < float(probe["format"]["duration"]) < 2.2


def test_without_a_body_the_operators_composition_is_rendered(api: Deployed, user: User):
    answer = api.render(user.token)
    assert answer.status == 200, answer.text
    render_id = answer.json["renderId"]
    # That much says which it is.
    renders.poll(api, user, render_id, until=["rendering", *renders.FINAL])
    assert renders.cancel(api, user, render_id).status in (202, 409)
    assert api.progress(render_id)["renderMetadata"]["compositionId"] == "MyVideo"


def test_an_unknown_composition_starts_then_fails(api: Deployed, user: User):
    render_id = renders.start_unknown(api, user)
    assert "Could not find composition with ID NoSuchVideo" in fatal_error(api, render_id)


def test_an_unknown_composition_is_refused_where_it_is_known_what_there_is(api: Deployed, user: User):
    with renders.environment(api, NEW_INSTANCE="1"):
        renders.compositions(api, user)
        before = renders.invocations(api, FUNCTION, "start")
        problem = assert_problem(api.render(user.token, {"composition": "NoSuchVideo"}), 422, "invalid_options")
    [error] = problem["errors"]
    assert error["pointer"] == "/composition"
    assert "MyVideo" in error["detail"]
    assert renders.invocations(api, FUNCTION, "start") == before


def test_a_failing_composition_starts_then_fails(api: Deployed, user: User):
    answer = api.render(user.token, {"composition": "FailingVideo", "inputProps": {"failAtFrame": 3}})
    assert answer.status == 200, answer.text
    assert "fails at frame 3" in fatal_error(api, answer.json["renderId"])


def fatal_error(api: Deployed, render_id: str) -> str:
    progress = api.progress(render_id)
    assert progress["postRenderData"] is None
    return next(error["message"] for error in progress["errors"] if error["isFatal"])
