"""Counted instructions of a cold and of a warm `POST /render`, against a ceiling: what makes starts slow does not pass unseen.

Counts depend on the processor's architecture and on the compiler, and on little else.
"""

import json
import platform
import tempfile
from pathlib import Path

from . import events
from .aws import Aws, Certificate
from .measure import Bench
from .peers import PROJECT, Peer

CEILINGS = PROJECT / "benches" / "instructions.json"
MARGIN = 1.05
COUNTED = ("cold_minstr", "warm_minstr")


def count(peer: Peer) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        certificate = Certificate.make(Path(folder))
        with Aws(certificate) as aws:
            counted = Bench(certificate, aws, events.start()).instructions(peer)
    return {name: round(counted[name][0], 3) for name in COUNTED}


def record(counted: dict[str, float]) -> None:
    recorded = json.loads(CEILINGS.read_text()) if CEILINGS.exists() else {}
    CEILINGS.write_text(json.dumps(recorded | {platform.machine(): counted}, indent=1) + "\n")


def faults(counted: dict[str, float]) -> list[str]:
    """One sentence for each count that is over its ceiling."""
    recorded = json.loads(CEILINGS.read_text()).get(platform.machine())
    if recorded is None:
        print(f"No counts are recorded for {platform.machine()}: `make record` does it.")
        return []
    return [
        f"{name}: {counted[name]} million instructions, over the ceiling of {MARGIN} times {recorded[name]}."
        for name in COUNTED
        if counted[name] > recorded[name] * MARGIN
    ]
