"""What a deployment costs a month, as the table in docs/deploy.md; with --check, only says whether the table is current."""

import sys
from collections.abc import Iterator
from pathlib import Path

DEPLOY = Path(__file__).resolve().parent.parent / "docs" / "deploy.md"
BEGIN, END = "<!-- costs: by python dev/costs.py -->", "<!-- /costs -->"

RENDERS = (10, 1_000, 100_000)
MINUTES = 60 * 24 * 365 / 12

# What one render needs: one start, ten polls of its status, and the hook. Write units of DynamoDB: the claim and the quota (a
# transaction: two items, twice), the record (the same, and two indexes), its end (three items, twice, and their indexes), and the
# deletion of the event.
POLLS = 10
REQUESTS = 1 + POLLS + 1
WRITE_UNITS = 25
LOG_KB = 1.5

# List prices in us-east-1 in USD, without the free tier.
# Source: the pricing pages of AWS Lambda, API Gateway, DynamoDB (on demand), CloudWatch, EventBridge and Secrets Manager.
GB_SECOND = 0.0000133334
INVOCATION = 0.20e-6
HTTP_REQUEST = 1.00e-6
WRITE_UNIT = 0.625e-6
READ_UNIT = 0.125e-6
S3_GET = 0.40e-6
LOG_GB = 0.50
EVENT = 1.00e-6
TICK = 1.00e-6
ALARM, DASHBOARD, METRIC, SECRET = 0.10, 3.00, 0.30, 0.40
# By Remotion's own example: its Hello World on a function of 2,048 MB.
REMOTION = 0.001


def invocation(milliseconds: float) -> float:
    return INVOCATION + 128 / 1_024 * milliseconds / 1_000 * GB_SECOND


def each() -> dict[str, float]:
    """What grows with the renders."""
    return {
        f"API Gateway: {REQUESTS} requests": REQUESTS * HTTP_REQUEST,
        "AWS Lambda: a start of 50 ms, polls of 45 ms, the hook of 150 ms": POLLS * invocation(45)
        + invocation(50)
        + invocation(150),
        f"DynamoDB: {WRITE_UNITS} write units, a read unit for each poll": WRITE_UNITS * WRITE_UNIT + POLLS * READ_UNIT,
        "S3: a read for each poll": POLLS * S3_GET,
        f"CloudWatch: {REQUESTS * LOG_KB:.0f} KB of logs": REQUESTS * LOG_KB / 1e6 * LOG_GB,
        "EventBridge: one event": EVENT,
    }


def fixed() -> dict[str, float]:
    """What is there without a render."""
    return {
        "CloudWatch: the dashboard, 9 alarms, 5 metrics": DASHBOARD + 9 * ALARM + 5 * METRIC,
        "Secrets Manager: the hook's secret": SECRET,
        "The tick each minute: EventBridge Scheduler, AWS Lambda, DynamoDB, logs": MINUTES
        * (TICK + invocation(30) + 2 * READ_UNIT + LOG_KB / 1e6 * LOG_GB),
    }


def rows() -> Iterator[list[str]]:
    yield ["Part", *(f"{renders:,} renders" for renders in RENDERS)]
    yield ["---"] + ["---:"] * len(RENDERS)
    for part, dollars in fixed().items():
        yield [part, *[money(dollars)] * len(RENDERS)]
    for part, dollars in each().items():
        yield [part, *(money(dollars * renders) for renders in RENDERS)]
    ours = [sum(fixed().values()) + renders * sum(each().values()) for renders in RENDERS]
    yield ["**This API**", *(f"**{money(dollars)}**" for dollars in ours)]
    yield ["Remotion's function, 0.001 USD for each render", *(money(REMOTION * renders) for renders in RENDERS)]


def money(dollars: float) -> str:
    return f"{dollars:,.2f}" if dollars >= 0.005 else "0.00"


def page(text: str) -> str:
    before, rest = text.split(BEGIN)
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows())
    return f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    text = DEPLOY.read_text()
    if "--check" not in sys.argv:
        DEPLOY.write_text(page(text))
    elif page(text) != text:
        sys.exit("docs/deploy.md is not what dev/costs.py says. Run `python dev/costs.py`.")
