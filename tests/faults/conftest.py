"""MiniStack alone, with the template's table and Remotion's bucket, for the whole run."""

import os
from pathlib import Path

import pytest
from day import one_day  # noqa: F401 (a fixture)
from local_aws import deploy
from local_aws.settings import BUCKET, FUNCTION, REGION, Settings
from local_aws.supervisor import start_ministack
from matrix import Bench
from pulse import Pulse, pytest_pyfunc_call  # noqa: F401 (a hook)
from state import TABLE, State


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Settings:
    settings = Settings.apart(tmp_path_factory.mktemp("aws"))
    children = []
    try:
        start_ministack(settings, children)
        yield settings
    finally:
        for child in children:
            child.stop()


@pytest.fixture(scope="session", autouse=True)
def pulse(settings: Settings):
    with Pulse(settings.health) as pulse:
        yield pulse


@pytest.fixture(scope="session")
def state(settings: Settings) -> State:
    state = State(settings.endpoint)
    state.create()
    return state


@pytest.fixture(scope="session")
def binary() -> Path:
    """What `sam build` made, or the one that RENDER_API_BINARY names."""
    if named := os.environ.get("RENDER_API_BINARY"):
        return Path(named).resolve()
    deploy.build()
    return deploy.BINARY


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The function's, without what depends on the test."""
    return {
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "REMOTION_FUNCTION_NAME": FUNCTION,
        "REMOTION_SERVE_URL": "demo",
        "REMOTION_BUCKET_NAME": BUCKET,
        "REMOTION_COMPOSITION": "MyVideo",
        "RENDERS_TABLE": TABLE,
        "RENDERS_PER_USER_PER_DAY": "5",
    }


@pytest.fixture(scope="session")
def bench(
    settings: Settings, pulse: Pulse, state: State, binary: Path, environment: dict[str, str], tmp_path_factory
) -> Bench:
    return Bench(settings, pulse, state, binary, environment, tmp_path_factory.mktemp("logs"))
