"""The steps of a start at which the function's process is killed, and what is to come of it."""

from dataclasses import dataclass

from outcomes import IN_FLIGHT, UNKNOWN


@dataclass(frozen=True)
class Left:
    """What a killed request leaves behind, and what is heard of it."""

    table: str
    starts: int
    # Of the same request at once, and a minute later.
    again: str
    later: str


NOTHING = Left("clean", 0, "200", "200 replayed")
CLAIMED = Left("open", 0, IN_FLIGHT, UNKNOWN)
STARTED = Left("open", 1, IN_FLIGHT, UNKNOWN)
RECORDED = Left("kept", 1, "200 replayed", "200 replayed")

# Before a call is carried out and after: what AWS has done is the same between two calls.
STEPS = {
    ("claim", "before"): NOTHING,
    ("claim", "after"): CLAIMED,
    ("props", "before"): CLAIMED,
    ("props", "after"): CLAIMED,
    ("start", "before"): CLAIMED,
    ("start", "after"): STARTED,
    ("quota left", "after"): STARTED,
    ("commit", "before"): STARTED,
    ("commit", "after"): RECORDED,
}

# A fault of the start brings the function to these.
UNDOING = {
    ("access denied", "give back", "before"): CLAIMED,
    ("access denied", "give back", "after"): NOTHING,
    ("error: refused", "release", "before"): CLAIMED,
    # It has run, and counts.
    ("error: refused", "release", "after"): Left("counted", 0, "200", "200 replayed"),
    ("reset after it is carried out", "note", "before"): STARTED,
    ("reset after it is carried out", "note", "after"): Left("unknown", 1, UNKNOWN, UNKNOWN),
}

# Without a key, whoever sends the request again wants another render.
WITHOUT_KEY = {
    ("claim", "before"): Left("clean", 0, "200", "200"),
    ("claim", "after"): Left("1 used, 0 recorded", 0, "200", "200"),
    ("start", "after"): Left("1 used, 0 recorded", 1, "200", "200"),
    ("record", "before"): Left("1 used, 0 recorded", 1, "200", "200"),
    ("record", "after"): Left("1 used, 1 recorded", 1, "200", "200"),
}
