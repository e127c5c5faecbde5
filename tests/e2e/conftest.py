"""One local AWS and one deployment for the whole run, on ports of its own; with `-n` (pytest-xdist) for each of its workers."""

import functools
import json
import threading
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import renders
import stacks
import waiting
from chosen import OUTPUT_BUCKET, PARAMETERS
from deployed import Deployed, User
from local_aws import starter
from local_aws.deploy import BUILT, answers, build, deploy, of_this_machine
from local_aws.exclusion import exclusively
from local_aws.remotion import client, create_function
from local_aws.settings import PROJECT, Settings
from pulse import Pulse, pytest_pyfunc_call  # noqa: F401 (a hook)
from renders import SMALL_FUNCTION
from role import Role
from stand_in import StandIn
from workers import pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: F401 (hooks)

# Tests start several renders at once, on one machine that runs ten functions: two functions for each, and no quota.
FOR_TESTS = {
    "RemotionComposition": "MyVideo",
    "RemotionRenderDefaults": json.dumps({"privacy": "private", "enableCancellation": True, "concurrency": 2}),
    "RendersPerUserPerDay": "",
}

# Seconds without a sign of life after which what fails may have failed for that. Where all renders at once, one comes late.
A_STALL = 5

# Not the name that the documentation gives a stack: that is the one of a first deployment by it.
API_STACK = "api"

# Functions of renders that end late by design, for which the others shall not be refused: see FIRST in workers.py.
LINGERING = 4

STATE = PROJECT / "target" / "e2e"


@pytest.fixture(scope="session")
def local_aws(worker_id: str) -> Settings:
    settings = replace(Settings.apart(STATE / worker_id, API_STACK), concurrency=Settings.concurrency + LINGERING)
    supervisor = starter.start(settings)
    yield settings
    starter.stop(supervisor)


@pytest.fixture(scope="session", autouse=True)
def pulse(local_aws: Settings):
    with Pulse(local_aws.health, after=A_STALL) as pulse:
        yield pulse


@pytest.fixture(scope="session")
def built(testrun_uid: str) -> Path:
    """Once for all workers: one deploys it while another comes to this."""
    with exclusively(STATE / "built") as runs:
        if testrun_uid not in runs.read():
            build()
            runs.truncate(0)
            runs.write(testrun_uid)
    return BUILT


@pytest.fixture(scope="session")
def app_origin() -> str:
    """Where an app of its own is served, which may call the API."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=Path(__file__).parent / "app")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def api(local_aws: Settings, built: Path, app_origin: str) -> Deployed:
    """By `sam deploy`, as the documentation has it."""
    given = FOR_TESTS | {"RoleName": f"{API_STACK}-role", "CorsAllowedOrigins": app_origin}
    return Deployed(local_aws, API_STACK, deploy(local_aws, API_STACK, **given))


@pytest.fixture(scope="session")
def deployed_as(api: Deployed, local_aws: Settings):
    """Deploys the template once more, under another name and with other parameters."""
    template = stacks.template_of(api)

    def deployed(stack: str, **parameters: str) -> Deployed:
        given = FOR_TESTS | of_this_machine(local_aws, stack) | {"RoleName": f"{stack}-role"} | answers(local_aws)
        return stacks.create(api, stack, template, given | parameters)

    return deployed


@pytest.fixture(scope="session")
def small(local_aws: Settings, deployed_as) -> Deployed:
    """Five renders for each user and day, each by one function that has a minute."""
    create_function(local_aws, SMALL_FUNCTION)
    return deployed_as(
        "small-quota",
        RemotionFunctionName=SMALL_FUNCTION,
        RemotionRenderDefaults=json.dumps({"privacy": "private", "enableCancellation": True, "concurrency": 1}),
        RendersPerUserPerDay="5",
    )


@pytest.fixture(scope="session")
def user(api: Deployed) -> User:
    return api.sign_up()


@pytest.fixture(scope="session")
def stand_in(local_aws: Settings) -> StandIn:
    with StandIn(local_aws) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def light(deployed_as, stand_in: StandIn) -> Deployed:
    """Nothing is rendered. Whatever the template makes only where it is asked for is there: quota, budget, traces."""
    light = deployed_as(
        "light",
        RemotionFunctionName=stand_in.name,
        RendersPerUserPerDay="10000",
        UsdPerUserPerMonth="1000",
        Mfa="OPTIONAL",
        Tracing="Active",
        Monitoring="false",
    )
    light.tick(enabled=False)
    return light


@pytest.fixture(scope="session")
def queued(deployed_as, stand_in: StandIn) -> Deployed:
    """Nothing is rendered. One render at once has room, and the others wait."""
    return deployed_as("queued", RemotionFunctionName=stand_in.name, **waiting.PARAMETERS)


@pytest.fixture(scope="session")
def role(light: Deployed) -> Role:
    return Role(light)


@pytest.fixture(scope="session")
def chosen(local_aws: Settings, deployed_as, stand_in: StandIn) -> Deployed:
    """Nothing is rendered. What most deployments leave out is there: a bucket for outputs, a key, a sender of e-mails."""
    client("s3", local_aws.endpoint).create_bucket(Bucket=OUTPUT_BUCKET)
    chosen = deployed_as(
        "chosen", RemotionFunctionName=stand_in.name, RendersPerUserPerDay="10000", Monitoring="false", **PARAMETERS
    )
    chosen.tick(enabled=False)
    return chosen


@pytest.fixture(scope="session")
def owner(api: Deployed) -> User:
    """Has three renders: one is done, two have failed."""
    user = api.sign_up()
    ids = [renders.start(api, user, composition=name) for name in ("MyVideo", "FailingVideo")]
    ids.append(renders.start_unknown(api, user))
    assert [renders.poll(api, user, render_id)[-1]["status"] for render_id in ids] == ["done", "failed", "failed"]
    return user
