"""Clients in TypeScript, on the deployed API: one that is generated from openapi.yaml, and ours."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import renders
from deployed import Deployed
from local_aws.settings import PROJECT

CLIENTS = PROJECT / "tests" / "clients"
OURS = PROJECT / "clients" / "typescript"


@pytest.fixture(scope="module")
def program() -> str:
    """tests/clients/program.ts has what the compiler must take, and what it must refuse."""
    done = subprocess.run(["npm", "run", "--silent", "build"], cwd=CLIENTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(CLIENTS / "build" / "program.js")


def test_it_renders_and_lists(program: str, api: Deployed):
    user = api.sign_up()
    command = ["node", program, api.settings.gateway, user.token]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["title"], told["status"], told["cursor"]) == ("Hello from Rust", "done", None)
    assert renders.download(told["outputUrl"])[0] == "video/mp4"
    assert [render["composition"] for render in told["renders"]] == ["MyVideo"]
    assert told["wrong"] == ["crf must be from 1 to 51 for the codec h264, not 99."]


def test_our_client_does_all_that_an_app_does(api: Deployed):
    user = api.sign_up()
    command = ["node", str(OURS / "tests" / "deployed.mjs"), api.settings.gateway, user.token]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told.pop("link").startswith("http")
    assert told == {
        "video": "MyVideo",
        # Its first answer was lost, and the second one is of the same render.
        "replayed": True,
        "statuses": [told["statuses"][0], "done"],
        "sent": {"title": "Once"},
        "cancelled": "cancelled",
        "listed": [True, True],
        "usage": 12,
        "codes": {
            "running": told["codes"]["running"],
            "over": "render_over",
            "gone": "render_not_found",
            "wrong": "invalid_options",
            "stranger": "unauthenticated",
            "nowhere": "unreachable",
        },
    }
    # Which one depends on whether Remotion has begun.
    assert told["codes"]["running"] in ("render_running", "render_may_start")


def test_a_script_saves_a_video(api: Deployed, tmp_path: Path):
    user = api.sign_up()
    command = ["node", str(OURS / "examples" / "node" / "render.mjs"), api.settings.gateway]
    environment = os.environ | {"TOKEN": user.token}
    run = subprocess.run
    done = run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("done 100%\nSaved video.mp4.\n")
    assert (tmp_path / "video.mp4").read_bytes()[4:8] == b"ftyp"
    done = run(command, env=environment | {"TOKEN": "nobody"}, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, done.stderr) == (1, "unauthenticated: Unauthorized\n")
