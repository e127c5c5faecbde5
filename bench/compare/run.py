"""All of it, in one run: functions take turns, so that what is compared was measured side by side."""

import base64
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from . import cost, events, growth, remotion
from .aws import BUCKET, Aws, Certificate
from .cpu import CpuShare
from .measure import Bench, each
from .peers import (
    FLOOR,
    NODE,
    OURS,
    RESULTS,
    WITH_KEY,
    WITH_TABLE,
    Peer,
    all_four,
    with_page,
    with_quota,
    with_table,
)
from .sandbox import Sandbox

# None: no limit.
MEMORIES = [None, 128, 256, 512]
DELAYS_MS = [0, 20]
COLD_ROUNDS = 15
WARM_REQUESTS = 1_500
WARM_ROUNDS = 2


def run() -> dict:
    if platform.system() != "Linux":
        sys.exit("The benchmark needs Linux: it reads /proc, and counts with valgrind.")
    peers = {peer.name: peer for peer in all_four()}
    with tempfile.TemporaryDirectory() as folder:
        certificate = Certificate.make(Path(folder))
        results = {
            "machine": _machine(),
            "zip_mb": {name: peer.zip_mb(Path(folder)) for name, peer in peers.items()},
            "cold": {},
            "warm": {},
        }
        for delay in DELAYS_MS:
            with Aws(certificate, delay) as aws:
                bench = Bench(certificate, aws, events.start())
                results["cold"][f"{delay}"] = _cold(bench, [*peers.values()])
                results["warm"][f"{delay}"] = each(bench.warm([*peers.values()], WARM_REQUESTS, WARM_ROUNDS))
        with Aws(certificate) as aws:
            bench = Bench(certificate, aws, events.start())
            results["instructions"] = {
                name: {figure: counts[0] for figure, counts in bench.instructions(peers[name]).items()}
                for name in (OURS, FLOOR)
            }
        results["kept"] = {f"{delay}": _kept(peers, certificate, delay) for delay in DELAYS_MS}
        results["page"] = _page(peers[OURS], certificate)
        results["poll"] = {f"{delay}": _polls(peers, certificate, delay) for delay in DELAYS_MS}
        results["growth"] = {
            "props": growth.props(peers[OURS], certificate),
            "polls": growth.polls(peers[OURS], certificate),
            "lists": growth.lists(peers[OURS], certificate),
            "starts": growth.starts(peers[OURS], certificate),
        }
        results["cost"] = [asdict(row) for row in _costs(results)]
    RESULTS.write_text(json.dumps(_rounded(results), indent=1) + "\n")
    return results


def _cold(bench: Bench, peers: list[Peer]) -> dict:
    """Starts at each share of a processor that this machine can give."""
    return {
        f"{memory or 'full'}": each(bench.cold(peers, COLD_ROUNDS, memory))
        for memory in MEMORIES
        if not memory or CpuShare.is_possible()
    }


def _kept(peers: dict[str, Peer], certificate: Certificate, delay_ms: int) -> dict:
    """Starts that do more than the documented handler: next to its own, and to ours that keeps nothing."""
    plain, node = peers[OURS], peers[NODE]
    kept = with_table(plain).named(WITH_TABLE)
    counted = with_quota(plain).named(WITH_KEY)
    with Aws(certificate, delay_ms) as aws:
        starts, with_key = (Bench(certificate, aws, event) for event in (events.start(), events.start_with_key()))
        cold = starts.cold([plain, kept, node], COLD_ROUNDS) | with_key.cold([counted], COLD_ROUNDS)
        warm = starts.warm([plain, kept, node], WARM_REQUESTS) | with_key.warm([counted], WARM_REQUESTS)
    return {name: each(cold)[name] | each(warm)[name] for name in (OURS, WITH_TABLE, WITH_KEY, NODE)}


def _page(ours: Peer, certificate: Certificate) -> dict:
    """From the start of the process to the page, and what the page weighs."""
    peer = with_page(ours)
    with Aws(certificate) as aws:
        bench = Bench(certificate, aws, events.page())
        cold = {share: figures[OURS] for share, figures in _cold(bench, [peer]).items()}
        with Sandbox(peer.command, peer.environment(aws, certificate)) as sandbox:
            body = sandbox.invoke(events.page()).answer["body"]
    return {"cold": cold, "kb": len(base64.b64decode(body)) / 1e3}


def _polls(peers: dict[str, Peer], certificate: Certificate, delay_ms: int) -> dict:
    """Of a render on nine functions, by its state in S3."""
    with Aws(certificate, delay_ms, progress=growth.progress(9, 0)) as aws:
        bench = Bench(certificate, aws, events.poll())
        node = peers[NODE].with_variables(REMOTION_BUCKET_NAME=BUCKET)
        polls = each(bench.warm([with_table(peers[OURS]), node], WARM_REQUESTS, WARM_ROUNDS))
    return polls | {"invocations": aws.invocations}


def _costs(results: dict) -> list[cost.Row]:
    """All with 20 ms of service time: cold ones at their memory's share of a processor, warm ones on a whole one."""
    cold, warm, poll = (results[part]["20"] for part in ("cold", "warm", "poll"))
    rows = []
    for name, memory in ((OURS, cost.OURS), (NODE, cost.NODE)):
        if f"{memory}" in cold:
            rows.append(cost.row("start, cold", name, memory, cold[f"{memory}"][name]["cold_ms"]))
        rows.append(cost.row("start, warm", name, memory, warm[name]["p50_us"] / 1e3))
    besides = cost.DYNAMODB_READ + cost.S3_GET
    rows.append(cost.row("poll, by S3", OURS, cost.OURS, poll[OURS]["p50_us"] / 1e3, besides))
    rows.append(cost.row("poll, by S3", NODE, cost.NODE, poll[NODE]["p50_us"] / 1e3, cost.S3_GET))
    status = remotion.status_ms()
    invoking = warm[NODE]["p50_us"] / 1e3 - 20 + status
    both = cost.million(cost.RENDER_FUNCTION, status, cost.S3_GET) / 1e6
    rows.append(cost.row("poll, by the render function", NODE, cost.NODE, invoking, both))
    return rows


def _machine() -> dict[str, str]:
    def said(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    return {
        "processor": next(
            (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
            platform.processor(),
        ),
        "processors": str(os.cpu_count()),
        "rustc": said("rustc", "--version"),
        "node": said("node", "--version"),
        "python": platform.python_version(),
    }


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _rounded(value):
    match value:
        case dict():
            return {name: _rounded(each) for name, each in value.items()}
        case list():
            return [_rounded(each) for each in value]
        case float():
            return float(f"{value:.4g}")
        case _:
            return value
