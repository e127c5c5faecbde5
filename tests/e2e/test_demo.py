"""`make demo` and `make up`, past the installation: the scripts that a reader of the README runs first, on a local AWS of their own."""

import json
import os
import re
import subprocess

import pytest
from local_aws.deploy import answers
from local_aws.settings import PROJECT, Settings

DEMO = PROJECT / "target" / "demo"

# Asks as a browser would, and then starts a render.
APP = """
const [api, token, origin] = process.argv.slice(1);
const asking = {origin, 'access-control-request-method': 'POST'};
const allowed = await fetch(`${api}/render`, {method: 'OPTIONS', headers: asking});
const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'};
const body = JSON.stringify({composition: 'MyVideo', frameRange: [0, 0]});
const started = await (await fetch(`${api}/render`, {method: 'POST', headers, body})).json();
const named = allowed.headers.get('access-control-allow-origin');
console.log(JSON.stringify({allowed: [allowed.status, named], started: started.message}));
"""


@pytest.fixture(scope="module")
def settings(built, tmp_path_factory) -> Settings:
    return Settings.apart(tmp_path_factory.mktemp("aws"))


def run(settings: Settings, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | settings.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_demo_renders_with_the_three_parameters_alone(settings: Settings):
    for left in DEMO.glob("*"):
        left.unlink()
    said = run(settings, "bash", "dev/demo.sh")
    [deployment] = re.findall(r"^\$ sam deploy .*--parameter-overrides (.*)$", said, re.MULTILINE)
    given = dict(pair.split("=", 1) for pair in deployment.split())
    # The processor is this machine's, and so is the address at which Remotion's function reaches the hook.
    assert given.keys() - {"Architecture", "HookUrl"} == answers(settings).keys()
    assert (DEMO / "video.mp4").read_bytes()[4:8] == b"ftyp"
    assert (DEMO / "frame.png").read_bytes().startswith(b"\x89PNG")
    assert "The local AWS is down." in said
    assert said.splitlines()[-1].startswith("Next: run `make up`")


def test_up_prints_what_an_app_needs(settings: Settings):
    run(settings, "python", "-m", "local_aws", "up")
    try:
        said = run(settings, "bash", "dev/up.sh")
        told = dict(re.findall(r"^  (API|Page|Cognito|Origins|Mail) +(.+)$", said, re.MULTILINE))
        assert told["API"] == settings.gateway
        [token] = re.findall(r"^(ey\S+)$", said, re.MULTILINE)
        origin = told["Origins"].split()[0]
        asked = run(settings, "node", "--input-type=module", "--eval", APP, told["API"], token, origin)
        assert json.loads(asked) == {"allowed": [204, origin], "started": "SUCCESS"}
        assert "Nothing is throttled" in said
        assert "sample@test.com" in run(settings, "python", "-m", "local_aws", "mail")
    finally:
        run(settings, "python", "-m", "local_aws", "down")
