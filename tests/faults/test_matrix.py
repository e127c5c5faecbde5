"""Every call with every fault, on the function's own process."""

import os
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from expected import EXPECTED
from faults import REFUSED, faults_of
from local_aws.settings import PROJECT
from matrix import HANGING, Bench, play
from outcomes import Outcome
from relay import ALWAYS
from scenarios import SCENARIOS, Scenario
from tables import document

# They mostly wait.
WORKERS = 24

DOCUMENT = PROJECT / "docs" / "faults.md"
ROWS = [(scenario, fault) for scenario in SCENARIOS for fault in faults_of(scenario.call)]

Played = dict[tuple[str, str], tuple[Future[Outcome], Future[Outcome]]]


@pytest.fixture(scope="module")
def played(request, bench: Bench) -> Played:
    """All rows that are asked for, at once; what hangs goes first."""
    wanted = [item.callspec.params["row"] for item in request.session.items if "row" in _parameters(item)]
    if any(item.name == "test_documentation" for item in request.session.items):
        wanted = ROWS
    wanted = sorted(wanted, key=lambda row: row[1] not in HANGING)
    # The system counts refused connections of all processes together: one at a time.
    with ThreadPoolExecutor(WORKERS) as pool, ThreadPoolExecutor(1) as refusing:

        def submit(scenario: Scenario, fault: str, times: int) -> Future[Outcome]:
            return (refusing if fault == REFUSED else pool).submit(play, bench, scenario, fault, times)

        yield {
            (scenario.title, fault): (submit(scenario, fault, 1), submit(scenario, fault, ALWAYS))
            for scenario, fault in wanted
        }
        for each in (pool, refusing):
            each.shutdown(cancel_futures=True)


def _parameters(item: pytest.Item) -> dict:
    return item.callspec.params if hasattr(item, "callspec") else {}


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row[0].title}: {row[1]}") for row in ROWS])
def test_fault(row, played: Played):
    scenario, fault = row
    once, always = played[scenario.title, fault]
    assert (once.result(), always.result()) == EXPECTED[scenario.title][fault]


def test_documentation(played: Played, request):
    """UPDATE=1 writes it."""
    outcomes = {
        (scenario.title, fault): tuple(each.result() for each in played[scenario.title, fault])
        for scenario, fault in ROWS
    }
    text = document(outcomes)
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{text}")
    if os.environ.get("UPDATE"):
        DOCUMENT.write_text(text)
    assert DOCUMENT.read_text() == text, "docs/faults.md is not what the function does: `make faults` writes it."
