"""A client that is generated from openapi.yaml: a TypeScript program compiles with it, strictly, and does what it says."""

import json
import subprocess

import pytest
import renders
from deployed import Deployed
from local_aws.settings import PROJECT

CLIENTS = PROJECT / "tests" / "clients"


@pytest.fixture(scope="module")
def program() -> str:
    """tests/clients/program.ts has what the compiler must take, and what it must refuse."""
    done = subprocess.run(["npm", "run", "--silent", "build"], cwd=CLIENTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return str(CLIENTS / "build" / "program.js")


def test_it_renders_and_lists(program: str, api: Deployed):
    user = api.sign_up()
    command = ["node", program, api.settings.gateway, user.token]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["title"], told["status"], told["cursor"]) == ("Hello from Rust", "done", None)
    assert renders.download(told["outputUrl"])[0] == "video/mp4"
    assert [render["composition"] for render in told["renders"]] == ["MyVideo"]
    assert told["wrong"] == ["crf must be from 1 to 51 for the codec h264, not 99."]
