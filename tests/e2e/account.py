"""The account's limit of Remotion's functions at once, which the host plays."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator

from local_aws.settings import Settings


def told(settings: Settings) -> dict[str, int]:
    """The `limit`, how many are `running`, and since the limit was set the `most` at once and how many were `refused`."""
    with urllib.request.urlopen(f"{settings.host}/concurrency", timeout=60) as answer:
        return json.load(answer)


@contextlib.contextmanager
def limited_to(settings: Settings, functions: int) -> Iterator[None]:
    before = told(settings)["limit"]
    _limit(settings, functions)
    try:
        yield
    finally:
        _limit(settings, before)


def _limit(settings: Settings, functions: int) -> None:
    request = urllib.request.Request(f"{settings.host}/concurrency", data=str(functions).encode(), method="PUT")
    with urllib.request.urlopen(request, timeout=60):
        pass
