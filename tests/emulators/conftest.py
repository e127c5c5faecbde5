"""Both emulators for the whole run, and the function's own process on each."""

import os
from pathlib import Path

import emulators
import pytest
from api import Api
from emulators import Emulator
from local_aws import deploy


@pytest.fixture(scope="session")
def both(tmp_path_factory):
    with emulators.both(tmp_path_factory.mktemp("aws")) as both:
        yield both


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
