"""The outcomes as Markdown."""

from calls import SERVICE_OF
from matrix import Outcome
from scenarios import SCENARIOS, Scenario

HEAD = """# Faults

What comes of a fault, on each of the function's calls to AWS. Written by `make faults`, which plays each of them on the
function's own process, and checked by `make test`.

A fault is played *once*, and the call succeeds if it is made again; or *always*. Where one outcome stands, both are the same.

- **Caller**: status and code, and `Retry-After` where it is sent. The function's log has one line for each request, with the
  same status and code; *warned* stands where it has a warning for the operator besides.
- **Starts**: the renders that run, wanted or not. Never more than one for a request with its key, repetition included.
- **After**: what the ledger holds. *kept*: the key has its answer, one render of the quota is used, and the render is in the
  caller's list. *clean*: none of this. *in doubt*: the key is marked so, one render is used, and none is in the list. *open*:
  the same, before the key is marked; a minute later it counts as in doubt.
  Elsewhere it is what the call is for: the cancel signal, the files and the record of a render that is deleted.
- **Again**: what the caller hears who sends the same request, when AWS is well again.

Of the faults, *500*, *slow drip*, *empty body*, *half a body* and *garbage* are answers to a call that AWS has carried out
all the same, as are all FunctionErrors but that of init; *silence* and *503* are not. *FunctionError* is AWS Lambda's word for
a function that failed, *error* what Remotion's function answers of itself.
"""


def document(outcomes: dict[tuple[str, str], tuple[Outcome, Outcome]]) -> str:
    return HEAD + "".join(
        _section(scenario, {fault: pair for (title, fault), pair in outcomes.items() if title == scenario.title})
        for scenario in SCENARIOS
    )


def _section(scenario: Scenario, outcomes: dict[str, tuple[Outcome, Outcome]]) -> str:
    service = {"DYNAMODB": "DynamoDB", "LAMBDA": "AWS Lambda", "S3": "S3"}[SERVICE_OF[scenario.call]]
    lines = [
        f"\n## {scenario.title}\n",
        f"{service}, in `{scenario.route}`.\n" if not scenario.first else _after(service, scenario),
        "| Fault | Caller, once | Caller, always | Starts | After | Again |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for fault, (once, always) in outcomes.items():
        cells = [
            fault,
            _caller(once),
            _caller(always),
            _both(str(once.starts), str(always.starts)),
            _both(once.left, always.left),
            _both(once.again, always.again),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _after(service: str, scenario: Scenario) -> str:
    call, fault = scenario.first
    return f"{service}, in `{scenario.route}`, after this fault of the {call}: {fault}.\n"


def _caller(outcome: Outcome) -> str:
    return f"{outcome.heard}; warned" if outcome.warned else outcome.heard


def _both(once: str, always: str) -> str:
    return once if once == always else f"{once} / {always}"
