"""python -m compare run | report [--check] | gate [--record] [BINARY]"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from local_aws.settings import DEV

from . import gate, goals, report, run
from .peers import BENCHES, PYTHON, RESULTS, ours


def main() -> int:
    parser = argparse.ArgumentParser(prog="compare", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="measures everything, and writes results.json and the documents")
    reporting = verbs.add_parser("report", help="writes the documents from results.json")
    reporting.add_argument("--check", action="store_true", help="only tells whether they are what it would write")
    gating = verbs.add_parser("gate", help="counts instructions, and holds them to the ceilings")
    gating.add_argument("--record", action="store_true", help="makes what is counted the new figure")
    gating.add_argument("binary", nargs="?", type=Path, help="built already; else it is built")
    arguments = parser.parse_args()
    match arguments.verb:
        case "run":
            run.run()
            return _report(check=False)
        case "report":
            return _report(check=arguments.check)
        case _:
            return _gate(arguments)


def _report(*, check: bool) -> int:
    results = json.loads(RESULTS.read_text())
    wrong = [path for path, text in report.written(results).items() if path.read_text() != text]
    if check:
        for path in wrong:
            print(f"{path} is not what bench/results.json says: `python -m compare report` writes it.")
        return len(wrong)
    for path, text in report.written(results).items():
        path.write_text(text)
    # matplotlib is in a set of its own.
    subprocess.run([PYTHON, "-m", "compare.chart"], check=True, env=os.environ | {"PYTHONPATH": f"{BENCHES}:{DEV}"})
    for goal in goals.goals(results):
        print(f"{'reached' if goal.met else 'MISSED ':8} {goal.what}: {goal.value:.2f}, {goal.goal}")
    return 0


def _gate(arguments: argparse.Namespace) -> int:
    if platform.system() != "Linux":
        print("Instructions were not counted: that needs valgrind, and Linux.")
        return 0
    peer = ours(arguments.binary)
    if arguments.record:
        gate.record(gate.count(peer))
        return 0
    faults = gate.held(peer)
    print("\n".join(faults))
    return len(faults)


if __name__ == "__main__":
    sys.exit(main())
