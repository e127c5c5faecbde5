"""The results as people read them: a section of the README, the rest in docs/performance.md, and a chart."""

import re
from collections.abc import Iterable
from pathlib import Path

from .goals import goals
from .peers import FLOOR, NODE, OURS, PROJECT, PY

README = PROJECT / "README.md"
DOCUMENT = PROJECT / "docs" / "performance.md"

SHARES = {"full": "no limit", "512": "512 MB", "256": "256 MB", "128": "128 MB"}
ORDER = [OURS, FLOOR, NODE, PY]


def written(results: dict) -> dict[Path, str]:
    """What the documents are to be."""
    return {
        README: _with_section(README, "benchmark", _summary(results)),
        DOCUMENT: _with_section(
            DOCUMENT,
            "results",
            "\n\n".join([_cold(results), _warm(results), _goals(results), _growth(results), _costs(results)]),
        ),
    }


def _summary(results: dict) -> str:
    cold, warm, zips = results["cold"]["0"], results["warm"]["0"], results["zip_mb"]
    head = ["", *ORDER]
    rows = [
        ["init + first request, " + SHARES[share], *_by(cold[share], "cold_ms", "ms")]
        for share in SHARES
        if share in cold
    ]
    rows += [
        ["warm request, p50", *_by(warm, "p50_us", "us")],
        ["processor time for each request", *_by(warm, "cpu_us", "us")],
        ["memory after 1,500 requests", *_by(warm, "rss_mb", "MB")],
        ["zip", *(_figure(zips[name], "MB") for name in ORDER)],
    ]
    return _table(head, rows)


def _cold(results: dict) -> str:
    parts = []
    for delay, shares in results["cold"].items():
        rows = [
            [
                SHARES[share],
                name,
                *(_figure(shares[share][name][part], "ms") for part in ("init_ms", "first_ms", "cold_ms")),
            ]
            for share in SHARES
            if share in shares
            for name in ORDER
        ]
        title = f"### Start, with {delay} ms of service time"
        parts.append(f"{title}\n\n{_table(['Share', 'Function', 'Init', 'First request', 'Both'], rows)}")
    table = results["with_table"]
    parts.append(
        f"With a table of renders the first request also reaches DynamoDB over a connection of its own: init"
        f" {_figure(table['init_ms'], 'ms')}, first request {_figure(table['first_ms'], 'ms')}, warm p50"
        f" {_figure(table['p50_us'], 'us')}."
    )
    page = results["page"]
    times = ", ".join(f"{_figure(cold['cold_ms'], 'ms')} with {SHARES[share]}" for share, cold in page["cold"].items())
    parts.append(f"From the start of a process to the page at `GET /`, {_figure(page['kb'], 'KB')}: {times}.")
    return "\n\n".join(parts)


def _warm(results: dict) -> str:
    figures = ["p50_us", "p90_us", "p99_us", "cpu_us", "rss_mb"]
    rows = [
        [f"{delay} ms", name, *(_figure(warm[name][figure], {"rss_mb": "MB"}.get(figure, "us")) for figure in figures)]
        for delay, warm in results["warm"].items()
        for name in ORDER
    ]
    counted = [
        [name, *(f"{counts[part]:.2f} M" for part in ("init_minstr", "cold_minstr", "warm_minstr"))]
        for name, counts in results["instructions"].items()
    ]
    poll = [
        [f"{delay} ms", name, *(_figure(polls[name][figure], "us") for figure in ("p50_us", "cpu_us"))]
        for delay, polls in results["poll"].items()
        for name in (OURS, NODE)
    ]
    return "\n\n".join(
        [
            "### Warm",
            _table(["Service time", "Function", "p50", "p90", "p99", "Processor", "Memory"], rows),
            "### Instructions",
            _table(["Function", "Init", "Init + first request", "Each further request"], counted),
            "### Polling a render on nine functions",
            _table(["Service time", "Function", "p50", "Processor"], poll),
        ]
    )


def _goals(results: dict) -> str:
    rows = [[goal.what, goal.goal, f"{goal.value:.2f}", "yes" if goal.met else "**no**"] for goal in goals(results)]
    return "### Goals\n\n" + _table(["Figure", "Goal", "Measured", "Reached"], rows)


def _growth(results: dict) -> str:
    growth = results["growth"]
    props = [
        [
            f"{row['props_bytes'] / 1000:,.0f} KB",
            f"{row['minstr']:.2f} M",
            f"{row['peak_mb_above']:.1f} MB",
            f"{row['peak_times_body']:.1f}" if row["props_bytes"] >= 100_000 else "",
        ]
        for row in growth["props"]
    ]
    polls = [
        [f"{row['chunks']}", f"{row['errors']}", f"{row['bytes'] / 1000:.1f} KB", f"{row['minstr']:.2f} M"]
        for row in growth["polls"]
    ]
    lists = [[f"{row['renders']:,}", f"{row['minstr']:.2f} M", f"{row['bytes']:,}"] for row in growth["lists"]]
    return "\n\n".join(
        [
            "### Growth",
            "A start, by the size of its props; from 190 KB on these go through S3.",
            _table(["Props", "Instructions", "Peak of memory above a small start's", "Times the body"], props),
            "A poll, by what the render's state holds.",
            _table(["Chunks", "Errors", "State", "Instructions"], polls),
            "A page of a user's list, by the renders that the user has. Each is one query, whatever comes before it.",
            _table(["Renders", "Instructions", "Bytes answered"], lists),
        ]
    )


def _costs(results: dict) -> str:
    rows = [
        [row["what"], row["who"], f"{row['memory_mb']} MB", f"{row['billed_ms']:.1f} ms", f"{row['dollars']:.2f}"]
        for row in results["cost"]
    ]
    basis = "In us-east-1, on arm64, without API Gateway's share, with 20 ms of service time for each call to AWS."
    return f"### Cost\n\n{basis}\n\n" + _table(["A million of", "By", "Memory", "Takes", "USD"], rows)


def _by(of: dict, figure: str, unit: str) -> Iterable[str]:
    """Each function's figure, and what it is times ours."""
    for name in ORDER:
        ratio = of[name][figure] / of[OURS][figure]
        told = "" if name == OURS else f" ({ratio:.2g}x)" if ratio < 10 else f" ({ratio:,.0f}x)"
        yield _figure(of[name][figure], unit) + told


def _figure(value: float, unit: str) -> str:
    if unit == "us" and value >= 1_000:
        value, unit = value / 1_000, "ms"
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:,.1f} {unit}" if value >= 10 else f"{value:.2f} {unit}"


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _with_section(path: Path, name: str, content: str) -> str:
    start, end = f"<!-- {name}: by make bench -->", f"<!-- /{name} -->"
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    text = path.read_text()
    if not pattern.search(text):
        raise SystemExit(f"{path} has no section {name}.")
    return pattern.sub(lambda _: f"{start}\n{content}\n{end}", text)
