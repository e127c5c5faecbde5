"""The outcomes as Markdown."""

from calls import SERVICE_OF
from outcomes import Outcome
from scenarios import SCENARIOS, Scenario
from steps import STEPS, UNDOING, WITHOUT_KEY, Left

HEAD = """# Faults

The result of each fault, on each of the function's calls to AWS. Written by `make faults`, which plays each of them on the
function's own process, and checked by `make test`.

A fault is played *once*, and the call succeeds if it is made again; or *always*. Where one outcome stands, both are the same.

- **Caller**: status and code, and `Retry-After` where it is sent. *no RateLimit*: the answer does not tell what is left of the
  quota. The function's log has one line for each request, with the same status and code; *warned* stands where it also has a warning
  for the operator.
- **Starts**: the renders that run, wanted or not. Never more than one for a request with its key, repetition included.
- **After**: what the table holds. *kept*: the key has its answer, one render of the quota is used, and the render is in the
  caller's list. *clean*: none of this. *counted*: one render is used, and the key is free. *unknown*: the key is marked so, one
  render is used, and none is in the list. *open*: the same, before the key is marked; a minute later it counts as unknown.
  Whatever has come of it, the key is free again after a day, and the quota is whole again at midnight (UTC).
  Elsewhere it is what the call is for: the cancel signal, the files and the record of a render that is deleted.
- **Again**: what the caller hears who sends the same request, when AWS is well again. `GET /compositions` and `GET /health`
  remember a failure for as long as `Retry-After` says, else for ten seconds: there it is what is heard within that time.

Of the faults, *500*, *slow drip*, *empty body*, *half a body* and *garbage* are answers to a call that AWS has carried out
all the same, as are all FunctionErrors but that of init; *silence* and *503* are not. *FunctionError* is AWS Lambda's word for
a function that failed, *error* what Remotion's function itself answers. *TransactionConflict*, *ThrottlingError*,
*ProvisionedThroughputExceeded* and *ConditionalCheckFailed* are the reasons for which DynamoDB cancels a transaction, and
*TransactionInProgress* is its answer while an earlier attempt is being carried out. A write of a single item hears of
*TransactionConflict* while a transaction writes that item.
"""

KILLED = """
## The function is killed

At each step of `POST /render`, before AWS carries out a call or after. Then the same request comes again: at once, and after a
minute.

| Killed | Starts | After | Again | A minute later |
| --- | --- | --- | --- | --- |
"""


def document(outcomes: dict[tuple[str, str], tuple[Outcome, Outcome]]) -> str:
    sections = [
        _section(scenario, {fault: pair for (title, fault), pair in outcomes.items() if title == scenario.title})
        for scenario in SCENARIOS
    ]
    return HEAD + "".join(sections) + _killed()


def _section(scenario: Scenario, outcomes: dict[str, tuple[Outcome, Outcome]]) -> str:
    service = {"DYNAMODB": "DynamoDB", "LAMBDA": "AWS Lambda", "S3": "S3"}[SERVICE_OF[scenario.call]]
    lines = [
        f"\n## {scenario.title}\n",
        f"{service}, in `{scenario.route}`{_after(scenario)}.\n",
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
        lines.append(_row(cells))
    return "\n".join(lines) + "\n"


def _after(scenario: Scenario) -> str:
    if not scenario.first:
        return ""
    call, fault = scenario.first
    return f", after this fault of the {call}: {fault}"


def _killed() -> str:
    steps = {f"{moment} the {call}": left for (call, moment), left in STEPS.items()}
    steps |= {
        f"{moment} the {call}, where the start met: {fault}": left for (fault, call, moment), left in UNDOING.items()
    }
    steps |= {f"{moment} the {call}, without a key": left for (call, moment), left in WITHOUT_KEY.items()}
    return KILLED + "".join(_step(killed, left) + "\n" for killed, left in steps.items())


def _step(killed: str, left: Left) -> str:
    return _row([killed, str(left.starts), left.table, left.again, left.later])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _caller(outcome: Outcome) -> str:
    return f"{outcome.heard}; warned" if outcome.warned else outcome.heard


def _both(once: str, always: str) -> str:
    return once if once == always else f"{once} / {always}"
