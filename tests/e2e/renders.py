"""Renders as their owner meets them: started, polled, downloaded."""

import contextlib
import json
import subprocess
import time
import urllib.request
from pathlib import Path

from deployed import Answer, Deployed, User, assert_problem
from local_aws.settings import BUCKET, DEV, FUNCTION

# A render that dies is over sooner than with the other function.
SMALL_FUNCTION = FUNCTION.replace("120sec", "60sec")

# An address of the hook at which nothing listens.
NOWHERE = "http://127.0.0.1:9/hooks/remotion"

# Starts, and fails at once: where starts count, and not videos.
FAILING = {"composition": "FailingVideo", "inputProps": {"failAtFrame": 0}}

FINAL = ("done", "failed", "cancelled", "timed_out", "expired")


def start(api: Deployed, user: User, **options) -> str:
    answer = api.render(user.token, options)
    assert answer.status == 200, answer.text
    return answer.json["renderId"]


def start_unknown(api: Deployed, user: User) -> str:
    """A composition that the site does not have. An instance refuses it that knows what the site has; a new one does not."""
    with environment(api, NEW_INSTANCE="1"):
        return start(api, user, composition="NoSuchVideo")


def status(api: Deployed, user: User, render_id: str) -> Answer:
    return api.request("GET", f"/render/{render_id}", user.token)


def compositions(api: Deployed, user: User) -> list[dict]:
    """What the site has. To ask it, a Chrome is opened: it may take longer than a request has, and is open the next time."""
    while (answer := api.request("GET", "/compositions", user.token)).status == 504:
        assert_problem(answer, 504, "render_function_timed_out")
        time.sleep(int(answer.headers["Retry-After"] or 10))
    assert answer.status == 200, answer.text
    return answer.json["compositions"]


def cancel(api: Deployed, user: User, render_id: str) -> Answer:
    return api.request("POST", f"/render/{render_id}/cancel", user.token)


def delete(api: Deployed, user: User, render_id: str) -> Answer:
    return api.request("DELETE", f"/render/{render_id}", user.token)


def poll(api: Deployed, user: User, render_id: str, seconds: float = 180, until=FINAL) -> list[dict]:
    """Every answer until one with such a status; clients are told to come again before the end, and only then."""
    deadline = time.monotonic() + seconds
    seen = []
    while time.monotonic() < deadline:
        answer = status(api, user, render_id)
        assert answer.status == 200, answer.text
        seen.append(answer.json)
        assert (answer.headers["Retry-After"] is None) == (answer.json["status"] in FINAL), answer.json
        if answer.json["status"] in until:
            return seen
        assert answer.json["status"] not in FINAL, answer.json
        time.sleep(0.2)
    raise TimeoutError(f"the render was not {until} within {seconds} s: {seen[-1:]}")


def keys(api: Deployed, prefix: str) -> list[str]:
    pages = api.aws("s3").get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def download(url: str) -> tuple[str, bytes]:
    """The type and the bytes that anybody gets who has the link."""
    with urllib.request.urlopen(url, timeout=30) as response:
        return response.headers["Content-Type"], response.read()


def probe(video: Path) -> dict:
    """The first video stream of a file, by counting its frames."""
    show = ["-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries"]
    entries = "stream=codec_name,width,height,nb_read_frames"
    command = ["npx", "remotion", "ffprobe", *show, entries, "-of", "json", str(video)]
    done = subprocess.run(command, cwd=DEV, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["streams"][0]


def invocations(api: Deployed, function: str, routine: str) -> int:
    """How many the render function has answered, by its host's log."""
    log = (api.settings.state / "host.log").read_text()
    return sum(line.startswith(f"{function} {routine} ") for line in log.splitlines())


@contextlib.contextmanager
def environment(api: Deployed, function: str = "RenderApi", **variables: str):
    """A deployed function, by its name in the template, with other variables, for a while."""
    aws = api.aws("lambda")
    name = api.resource(function)
    before = aws.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    aws.update_function_configuration(FunctionName=name, Environment={"Variables": before | variables})
    try:
        yield
    finally:
        aws.update_function_configuration(FunctionName=name, Environment={"Variables": before})
