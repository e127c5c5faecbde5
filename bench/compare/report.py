"""The results as people read them: a few sentences in the README, the rest in docs/performance.md, and a chart."""

import re
from collections.abc import Iterable
from pathlib import Path

from .goals import goals
from .peers import FLOOR, NODE, OURS, PROJECT, PY, WITH_KEY, WITH_TABLE

README = PROJECT / "README.md"
DOCUMENT = PROJECT / "docs" / "performance.md"

SHARES = {"full": "no limit", "512": "512 MB", "256": "256 MB", "128": "128 MB"}
ORDER = [OURS, FLOOR, NODE, PY]


def written(results: dict) -> dict[Path, str]:
    """What the documents are to be."""
    return {
        README: _with_section(README, "benchmark", _in_short(results)),
        DOCUMENT: _with_section(
            DOCUMENT,
            "results",
            "\n\n".join(
                part(results) for part in (_summary, _worse, _cold, _warm, _kept, _poll, _goals, _growth, _costs)
            ),
        ),
    }


def _in_short(results: dict) -> str:
    """What was reached, and what was not, or is worse than Remotion's clients."""
    cold, warm = results["cold"]["0"]["full"], results["warm"]["0"]
    ours, nodes, pythons = (_figure(cold[name]["cold_ms"], "ms") for name in (OURS, NODE, PY))
    memory, theirs = (_figure(warm[name]["rss_mb"], "MB") for name in (OURS, NODE))
    reached = (
        f"On the machine of the benchmark, without the network, the function starts and answers its first request in {ours}, where the"
        f" Node.js handler of Remotion's documentation takes {nodes} and a Python handler {pythons}; it uses {memory} of memory, Node.js"
        f" {theirs}."
    )
    missed = [goal.what for goal in goals(results) if not goal.met]
    worse = {what: None for what, _, ours, others in _compared(results) if ours > min(others.values())}
    return (
        f"{reached}\n\nGoals not reached, of {len(goals(results))}: {'; '.join(missed) or 'none'}. Worse than Remotion's clients:"
        f" {'; '.join(worse) or 'nothing that is measured here'}."
    )


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


def _worse(results: dict) -> str:
    """Every figure of ours that is above one of Remotion's clients': said where somebody reads first."""
    found = [
        f"{what}: {_figure(ours, unit)}, {name} {_figure(theirs, unit)}"
        for what, unit, ours, others in _compared(results)
        for name, theirs in others.items()
        if ours > theirs
    ]
    return "Worse than Remotion's clients: " + ("; ".join(found) or "nothing that is measured here") + "."


def _compared(results: dict) -> Iterable[tuple[str, str, float, dict[str, float]]]:
    """What, its unit, ours, and theirs by name."""

    def both(what: str, unit: str, of: dict, figure: str | None = None, mine: str = OURS) -> tuple:
        figures = {name: value[figure] if figure else value for name, value in of.items()}
        return what, unit, figures[mine], {name: figures[name] for name in (NODE, PY) if name in figures}

    yield both("the zip", "MB", results["zip_mb"])
    for delay, shares in results["cold"].items():
        at = f" with {delay} ms of service time"
        for share, cold in shares.items():
            yield both(f"init + first request, {SHARES[share]},{at}", "ms", cold, "cold_ms")
        for figure, what in (("p50_us", "a warm start"), ("p99_us", "the slowest of 100 warm starts")):
            yield both(what + at, "us", results["warm"][delay], figure)
        for mine in (WITH_TABLE, WITH_KEY):
            yield both(f"a warm start {mine},{at}", "us", results["kept"][delay], "p50_us", mine)
            yield both(f"init + first request {mine},{at}", "ms", results["kept"][delay], "cold_ms", mine)
        polls = {name: poll for name, poll in results["poll"][delay].items() if name in (OURS, NODE)}
        yield both(f"a poll{at}", "us", polls, "p50_us")
        yield both(f"processor time of a poll{at}", "us", polls, "cpu_us")
    by = {(row["what"], row["who"]): row["dollars"] for row in results["cost"]}
    for what, who in by:
        if who == OURS and (what, NODE) in by:
            yield f"the price of a {what}, a million times", "USD", by[what, OURS], {NODE: by[what, NODE]}


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
    return "\n\n".join(
        [
            "### Warm",
            _table(["Service time", "Function", "p50", "p90", "p99", "Processor", "Memory"], rows),
            "### Instructions",
            _table(["Function", "Init", "Init + first request", "Each further request"], counted),
        ]
    )


def _kept(results: dict) -> str:
    figures = {"init_ms": "ms", "first_ms": "ms", "cold_ms": "ms", "p50_us": "us", "cpu_us": "us"}
    rows = [
        [f"{delay} ms", name, *(_figure(kept[name][figure], unit) for figure, unit in figures.items())]
        for delay, kept in results["kept"].items()
        for name in (OURS, WITH_TABLE, WITH_KEY, NODE)
    ]
    head = ["Service time", "Function", "Init", "First request", "Both", "Warm p50", "Processor"]
    told = (
        "A table of renders adds one call to DynamoDB after the start, a quota and a key one before it, and a second connection, which is"
        " opened next to the first. The documented handler has none of these."
    )
    return f"### A start that is recorded, counted and recognised\n\n{told}\n\n{_table(head, rows)}"


def _poll(results: dict) -> str:
    rows = [
        [f"{delay} ms", name, *(_figure(polls[name][figure], "us") for figure in ("p50_us", "cpu_us"))]
        for delay, polls in results["poll"].items()
        for name in (OURS, NODE)
    ]
    told = "Ours asks DynamoDB whose render it is while it asks S3 how it stands. The official client asks S3 alone."
    table = _table(["Service time", "Function", "p50", "Processor"], rows)
    return f"### Polling a render on nine functions\n\n{told}\n\n{table}"


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
    starts = [[f"{row['started']:,}", f"{row['minstr']:.2f} M"] for row in growth["starts"]]
    return "\n\n".join(
        [
            "### Growth",
            "A start, by the size of its props; from 190 KB on these go through S3.",
            _table(["Props", "Instructions", "Peak of memory above a small start's", "Times the body"], props),
            "A poll, by what the render's state holds.",
            _table(["Chunks", "Errors", "State", "Instructions"], polls),
            "A page of 100 of a user's list, by the renders that the user has. Each is one query, whatever comes before it.",
            _table(["Renders", "Instructions", "Bytes answered"], lists),
            "A start that is counted, by the starts of the same user on the same day.",
            _table(["Started", "Instructions"], starts),
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
