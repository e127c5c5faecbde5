"""The two emulators of DynamoDB and S3: MiniStack, which the local AWS is, and moto."""

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
    state: State


@contextmanager
def both(folder: Path) -> Iterator[dict[str, Emulator]]:
    """Both, each with the template's table and the buckets."""
    children: list[Child] = []
    try:
        settings = Settings.apart(folder)
        start_ministack(settings, children)
        endpoints = {"MiniStack": settings.endpoint, "moto": _start_moto(folder, children)}
        emulators = {name: Emulator(name, endpoint, State(endpoint)) for name, endpoint in endpoints.items()}
        for emulator in emulators.values():
            emulator.state.create()
        yield emulators
    finally:
        for child in children:
            child.stop()


def _start_moto(folder: Path, children: list[Child]) -> str:
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    environment = aws_environment(endpoint) | {"PYTHONPATH": str(DEV)}
    children.append(Child("moto", [str(MOTO_PYTHON), str(MOTO_SERVER), str(port)], environment, folder / "moto.log"))
    children[-1].wait_until_answers(f"{endpoint}/moto-api/")
    return endpoint
