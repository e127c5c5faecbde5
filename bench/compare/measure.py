"""What is measured of a function: its start, its warm requests, its instructions."""

import re
import shutil
import signal
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from .aws import Aws, Certificate
from .cpu import CpuShare
from .peers import Peer
from .sandbox import Outcome, Sandbox

# Figures of one function, each with every sample that was taken.
Samples = dict[str, list[float]]

WARM_UP = 100


class Bench:
    """Functions that take turns, so that a busy machine is busy for all of them."""

    def __init__(self, certificate: Certificate, aws: Aws, event: bytes):
        self.certificate = certificate
        self.aws = aws
        self.event = event

    def cold(self, peers: list[Peer], rounds: int, memory_mb: int | None = None) -> dict[str, Samples]:
        """Starts, and first requests; the first round is not counted."""
        share = CpuShare(memory_mb) if memory_mb else None
        samples: dict[str, Samples] = {peer.name: defaultdict(list) for peer in peers}
        for round_ in range(rounds + 1):
            for peer in peers:
                with Sandbox(peer.command, peer.environment(self.aws, self.certificate, memory_mb), share) as sandbox:
                    first = self._good(peer, sandbox.invoke(self.event))
                    if round_:
                        taken = samples[peer.name]
                        taken["init_ms"].append(sandbox.init_seconds * 1e3)
                        taken["first_ms"].append(first.seconds * 1e3)
                        taken["cold_ms"].append((sandbox.init_seconds + first.seconds) * 1e3)
        return samples

    def warm(self, peers: list[Peer], requests: int, rounds: int = 1) -> dict[str, Samples]:
        samples: dict[str, Samples] = {peer.name: defaultdict(list) for peer in peers}
        for _ in range(rounds):
            for peer in peers:
                with Sandbox(peer.command, peer.environment(self.aws, self.certificate)) as sandbox:
                    for _ in range(WARM_UP):
                        self._good(peer, sandbox.invoke(self.event))
                    cpu = sandbox.cpu_seconds()
                    seconds = [self._good(peer, sandbox.invoke(self.event)).seconds for _ in range(requests)]
                    taken = samples[peer.name]
                    taken["cpu_us"].append((sandbox.cpu_seconds() - cpu) / requests * 1e6)
                    for name, part in (("p50_us", 50), ("p90_us", 90), ("p99_us", 99)):
                        taken[name].append(statistics.quantiles(seconds, n=100)[part - 1] * 1e6)
                    memory = sandbox.memory_mb()
                    taken["rss_mb"].append(memory["VmRSS"])
                    taken["peak_mb"].append(memory["VmHWM"])
        return samples

    def instructions(self, peer: Peer, requests: int = 20) -> Samples:
        """Millions of them: up to the first request, with it, and for each one after it."""
        init, first, many = (self._counted(peer, of) for of in (0, 1, 1 + requests))
        return {"init_minstr": [init], "cold_minstr": [first], "warm_minstr": [(many - first) / requests]}

    def _counted(self, peer: Peer, requests: int) -> float:
        valgrind = shutil.which("valgrind")
        if not valgrind:
            sys.exit("Counting instructions needs valgrind (Debian: apt-get install valgrind).")
        with tempfile.TemporaryDirectory() as folder:
            counts = Path(folder) / "counts"
            command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={counts}", *peer.command]
            with Sandbox(command, peer.environment(self.aws, self.certificate)) as sandbox:
                for _ in range(requests):
                    self._good(peer, sandbox.invoke(self.event))
                sandbox.settle()
                sandbox.end(signal.SIGTERM)
            return int(re.search(r"^(?:summary|totals): (\d+)", counts.read_text(), re.MULTILINE)[1]) / 1e6

    @staticmethod
    def _good(peer: Peer, outcome: Outcome) -> Outcome:
        assert outcome.answer["statusCode"] == 200, f"{peer.name}: {outcome.answer}"
        return outcome


def middle(samples: Samples) -> dict[str, float]:
    return {name: statistics.median(values) for name, values in samples.items()}


def each(results: dict[str, Samples]) -> dict[str, dict[str, float]]:
    return {name: middle(samples) for name, samples in results.items()}
