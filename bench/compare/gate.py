"""Counted instructions of a cold and of a warm `POST /render`, against a ceiling: what makes starts slow does not pass unseen.

Without a table, as the peers do it; and as the template deploys it, with a table and a quota, and an idempotency key.

Counts depend on the processor's architecture and on the compiler, and on little else.
"""

import json
import platform
import tempfile
from pathlib import Path

from . import events
from .aws import Aws, Certificate
from .measure import Bench
from .peers import PROJECT, Peer, with_quota
from .sandbox import Sandbox

CEILINGS = PROJECT / "bench" / "instructions.json"
MARGIN = 1.05
COUNTED = ("cold_minstr", "warm_minstr")
DEPLOYED = "deployed_"


def count(peer: Peer) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        certificate = Certificate.make(Path(folder))
        with Aws(certificate) as aws:
            alone = Bench(certificate, aws, events.start()).instructions(peer)
            deployed_peer, event = with_quota(peer), events.start_with_key()
            with Sandbox(deployed_peer.command, deployed_peer.environment(aws, certificate)) as sandbox:
                # All of it runs.
                assert "ratelimit" in sandbox.invoke(event).answer["headers"]
            deployed = Bench(certificate, aws, event).instructions(deployed_peer)
    return {
        prefix + name: round(counted[name][0], 3)
        for prefix, counted in (("", alone), (DEPLOYED, deployed))
        for name in COUNTED
    }


def record(counted: dict[str, float]) -> None:
    recorded = json.loads(CEILINGS.read_text()) if CEILINGS.exists() else {}
    CEILINGS.write_text(json.dumps(recorded | {platform.machine(): counted}, indent=1) + "\n")


def faults(counted: dict[str, float]) -> list[str]:
    """One sentence for each count that is over its ceiling."""
    recorded = json.loads(CEILINGS.read_text()).get(platform.machine())
    if recorded is None:
        print(f"No counts are recorded for {platform.machine()}: `make record` does it.")
        return []
    return [f"{name} is not recorded: `make record` does it." for name in counted.keys() - recorded.keys()] + [
        f"{name}: {counted[name]} million instructions, over the ceiling of {MARGIN} times {ceiling}."
        for name, ceiling in recorded.items()
        if counted[name] > ceiling * MARGIN
    ]
