"""Both emulators for the whole run, and the function's own process on each."""

import os
from pathlib import Path

import emulators
import pytest
from api import Api
from day import one_day  # noqa: F401 (a fixture)
from emulators import Emulator
from local_aws import deploy
from pulse import Pulse, pytest_pyfunc_call  # noqa: F401 (a hook)


@pytest.fixture(scope="session")
def both(tmp_path_factory):
    with emulators.both(tmp_path_factory.mktemp("aws")) as both:
        yield both


@pytest.fixture(scope="session", autouse=True)
def pulse(both: dict[str, Emulator]):
    with Pulse(*(emulator.sign_of_life for emulator in both.values())) as pulse:
        yield pulse


@pytest.fixture(params=["MiniStack", "moto"])
def emulator(request, both: dict[str, Emulator]) -> Emulator:
    return both[request.param]


@pytest.fixture(scope="session")
def binary() -> Path:
    """What `sam build` made, or the one that RENDER_API_BINARY names."""
    if named := os.environ.get("RENDER_API_BINARY"):
        return Path(named).resolve()
    deploy.build()
    return deploy.BINARY


@pytest.fixture
def start_api(emulator: Emulator, binary: Path, tmp_path: Path):
    """Starts the function on the emulator, with these variables besides; it ends with the test."""
    started: list[Api] = []

    def start(**variables: str) -> Api:
        started.append(Api(emulator, binary, tmp_path, variables))
        return started[-1]

    yield start
    for api in started:
        api.end()


@pytest.fixture
def api(start_api) -> Api:
    return start_api()
