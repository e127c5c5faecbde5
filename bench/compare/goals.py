"""What the function is to reach, and whether it does."""

from dataclasses import dataclass

from .peers import FLOOR, NODE, OURS, WITH_TABLE


@dataclass(frozen=True)
class Goal:
    what: str
    goal: str
    value: float
    met: bool


def goals(results: dict) -> list[Goal]:
    cold = results["cold"]["0"]
    warm = results["warm"]["0"]
    poll = results["poll"]["0"]
    ours = warm[OURS]
    kept = results["kept"]["0"]
    starts = results["growth"]["starts"]

    def of(share: str, name: str) -> float:
        return cold[share][name]["cold_ms"]

    reached = [_at_least("init + first request, against Node.js", of("full", NODE) / of("full", OURS), 60)]
    if "128" in cold:
        ratio = of("128", NODE) / of("128", OURS)
        reached.append(_at_least("the same at the share of 128 MB", ratio, 70))
    return [
        *reached,
        _at_most("init + first request, against the floor", of("full", OURS) / of("full", FLOOR), 2),
        _at_most("millions of instructions of init + first request", results["instructions"][OURS]["cold_minstr"], 4),
        _at_least("warm p50, against Node.js", warm[NODE]["p50_us"] / ours["p50_us"], 6),
        _at_least("CPU for each request, against Node.js", warm[NODE]["cpu_us"] / ours["cpu_us"], 12),
        _at_most("warm p50, against the floor", ours["p50_us"] / warm[FLOOR]["p50_us"], 3),
        _at_most("MB of memory after 1,500 requests", ours["rss_mb"], 8),
        _at_least("the same, against Node.js", warm[NODE]["rss_mb"] / ours["rss_mb"], 15),
        _at_most("MB of zip", results["zip_mb"][OURS], 3.5),
        _at_least("status poll, warm p50, against Node.js", poll[NODE]["p50_us"] / poll[OURS]["p50_us"], 5),
        _at_most(
            "first request of a process with a table, against one without",
            kept[WITH_TABLE]["first_ms"] / kept[OURS]["first_ms"],
            1.5,
        ),
        _at_most(
            "a start by who has started 9,900 today, against a first one",
            starts[-1]["minstr"] / starts[0]["minstr"],
            1.05,
        ),
        _at_most("invocations of the render function by polls", poll["invocations"], 0),
    ]


def _at_least(what: str, value: float, goal: float) -> Goal:
    return Goal(what, f"at least {goal:g}", value, value >= goal)


def _at_most(what: str, value: float, goal: float) -> Goal:
    return Goal(what, f"at most {goal:g}", value, value <= goal)
