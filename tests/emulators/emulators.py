"""The two emulators of DynamoDB and S3: MiniStack, which the local AWS is, and moto."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_aws.children import Child
from local_aws.ports import free_port
from local_aws.settings import DEV, PROJECT, Settings, aws_environment
from local_aws.supervisor import start_ministack
from state import State

MOTO_PYTHON = PROJECT / ".tools" / "moto" / "bin" / "python"
MOTO_SERVER = Path(__file__).with_name("moto_server.py")


@dataclass(frozen=True)
class Emulator:
    name: str
    endpoint: str
    # What it answers without being asked for anything.
    sign_of_life: str

    @functools.cached_property
    def state(self) -> State:
        return State(self.endpoint)


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Emulator]]:
    """Both, each with the template's table and the buckets."""
    children: list[Child] = []
    try:
        settings = Settings.apart(folder)
        start_ministack(settings, children)
        ministack = Emulator("MiniStack", settings.endpoint, settings.health)
        emulators = {emulator.name: emulator for emulator in (ministack, _start_moto(folder, children))}
        for emulator in emulators.values():
            emulator.state.create()
        yield emulators
    finally:
        for child in children:
            child.stop()


def _start_moto(folder: Path, children: list[Child]) -> Emulator:
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    environment = aws_environment(endpoint) | {"PYTHONPATH": str(DEV)}
    children.append(Child("moto", [str(MOTO_PYTHON), str(MOTO_SERVER), str(port)], environment, folder / "moto.log"))
    moto = Emulator("moto", endpoint, f"{endpoint}/moto-api/")
    children[-1].wait_until_answers(moto.sign_of_life)
    return moto
