"""Counted instructions of cold and warm requests, against a ceiling: what makes them slow does not pass unseen.

A start without a table, as the peers do it; a start as the template deploys it, with a table, a quota and an idempotency key; and a
poll with a table.

Counts depend on the processor's architecture and on the compiler, and on little else.
"""

import json
import platform
import tempfile
from pathlib import Path

from . import events, growth
from .aws import Aws, Certificate
from .measure import Bench
from .peers import PROJECT, Peer, with_quota, with_table
from .sandbox import Sandbox

CEILINGS = PROJECT / "bench" / "instructions.json"
MARGIN = 1.05
# Where this machine stands still for 2 s, a connection is opened once more: what is slower is so every time.
ROUNDS = 3
COUNTED = ("cold_minstr", "warm_minstr")
DEPLOYED = "deployed_"
POLL = "poll_"


def count(peer: Peer) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        certificate = Certificate.make(Path(folder))
        with Aws(certificate) as aws:
            alone = Bench(certificate, aws, events.start()).instructions(peer)
            deployed_peer, event = with_quota(peer), events.start_with_key()
            with Sandbox(deployed_peer.command, deployed_peer.environment(aws, certificate)) as sandbox:
                # All of it runs: what is left of the quota is told where it comes in time.
                assert any("ratelimit" in sandbox.invoke(event).answer["headers"] for _ in range(ROUNDS))
            deployed = Bench(certificate, aws, event).instructions(deployed_peer)
        with Aws(certificate, progress=growth.progress(9, 0)) as aws:
            poll = Bench(certificate, aws, events.poll()).instructions(with_table(peer))
        assert not aws.invocations
    millions = {
        prefix + name: round(counted[name][0], 3)
        for prefix, counted in (("", alone), (DEPLOYED, deployed), (POLL, poll))
        for name in COUNTED
    }
    print(f"millions of instructions: {millions}")
    return millions


def held(peer: Peer) -> list[str]:
    """What is over its ceiling each time that it is counted; in words."""
    least: dict[str, float] = {}
    for _ in range(ROUNDS):
        least = {name: min(number, least.get(name, number)) for name, number in count(peer).items()}
        if not (found := faults(least)):
            break
    return found


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
