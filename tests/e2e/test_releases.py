"""The same request on the real functions of three releases: nothing of ours changes but the function's name."""

import json

import pytest
import renders
from deployed import Deployed, User, assert_problem
from local_aws.remotion import create_function
from local_aws.settings import CLIENT, DEV, VERSION, function_name

OLDER = sorted(package.parent.name for package in (DEV / "releases").glob("*/package.json"))

# Since when a function reads each option.
SINCE = json.loads((CLIENT / "tests" / "since.json").read_text())["start"]

NEWER_OPTIONS = {"gopSize": 30, "separateAudioTo": "sound.aac"}


@pytest.fixture(scope="module", params=[*OLDER, VERSION])
def release(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def deployed(release: str, api: Deployed, deployed_as, local_aws) -> Deployed:
    if release == VERSION:
        return api
    function = function_name(release)
    create_function(local_aws, function)
    stack = f"release-{release.replace('.', '-')}"
    return deployed_as(stack, RemotionFunctionName=function, Monitoring="false")


@pytest.fixture
def owner(deployed: Deployed) -> User:
    return deployed.sign_up()


def number(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def is_too_old(release: str, option: str) -> bool:
    return number(release) < number(SINCE[option])


def test_the_request_renders(deployed: Deployed, owner: User, release: str, tmp_path):
    options = {"composition": "MyVideo", "inputProps": {"title": release}, "outName": "video.mp4"}
    render_id = renders.start(deployed, owner, **options)
    if is_too_old(release, "enableCancellation"):
        # It does not look for the signal, so that nobody is told that it will stop.
        assert_problem(renders.cancel(deployed, owner, render_id), 409, "cancellation_not_enabled")

    last = renders.poll(deployed, owner, render_id)[-1]
    assert last["status"] == "done", last
    assert (last["framesRendered"], last["framesTotal"], last["overallProgress"]) == (60, 60, 1)
    assert deployed.progress(render_id)["renderMetadata"]["lambdaVersion"] == release
    path = tmp_path / "video.mp4"
    path.write_bytes(renders.download(last["outputUrl"])[1])
    assert renders.probe(path) == {"codec_name": "h264", "width": 320, "height": 240, "nb_read_frames": "60"}


def test_an_option_that_it_is_too_old_for_is_refused(deployed: Deployed, owner: User, release: str):
    """Before anything is sent: the function would ignore it, and be paid for it."""
    newer = next(option for option in NEWER_OPTIONS if is_too_old(release, option))
    before = renders.invocations(deployed, function_name(release), "start")
    answer = deployed.render(owner.token, {"composition": "MyVideo", newer: NEWER_OPTIONS[newer]})
    problem = assert_problem(answer, 422, "option_needs_release")
    assert f"{newer} needs Remotion {SINCE[newer]}" in problem["detail"]
    assert release in problem["detail"]
    assert renders.invocations(deployed, function_name(release), "start") == before
    assert deployed.request("GET", "/render", owner.token).json["renders"] == []
