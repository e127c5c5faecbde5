"""What is to come of each fault on the way to a render or a still: the function's promises."""

from dataclasses import replace

from faults import REFUSED
from outcomes import (
    CARRIED_OUT,
    IN_FLIGHT,
    OTHER_VERSION,
    THROTTLED_INSIDE,
    UNKNOWN,
    Outcome,
    Table,
    of_conditional,
    of_invocation,
    of_item,
    of_object,
    of_transaction,
    same,
    warned,
)

# A render has started, and all is written.
KEPT = Outcome("200", 1, "kept", "200 replayed")


def clean(heard: str) -> Outcome:
    """Nothing has started and nothing is held: the same request may be sent again."""
    return Outcome(heard, 0, "clean", "200")


def counted(heard: str) -> Outcome:
    """The function has run, which counts, and nothing has started: the same request may be sent again."""
    return Outcome(heard, 0, "counted", "200")


def unknown(heard: str, ran: bool = True) -> Outcome:
    """A render may have started: the same request starts no other."""
    return Outcome(heard, int(ran), "unknown", UNKNOWN)


def unrecorded(_: str) -> Outcome:
    return Outcome("502 render_not_recorded", 1, "open", IN_FLIGHT)


# Refused connections keep the function from the table as a whole, also from what it would undo.
CLAIM = of_transaction(KEPT, clean, clean, refused=clean(IN_FLIGHT)) | {
    REFUSED: (KEPT, warned(clean("503 renders_table_unavailable, retry after 1 s"))),
}

# DynamoDB promises to tell with a refusal what stands there; where it does not, the key is looked up.
EARLIER = of_item(clean(IN_FLIGHT), clean)

# A start does not depend on it, and waits for it no longer than two seconds.
UNTOLD = replace(KEPT, heard="200, no RateLimit")

QUOTA_LEFT = of_item(KEPT, lambda _: UNTOLD) | {
    REFUSED: (KEPT, unrecorded("")),
    "silence": same(UNTOLD),
    "slow drip": same(UNTOLD),
    "empty body": same(UNTOLD),
    "garbage": same(UNTOLD),
}

PROPS = of_object(KEPT, clean) | {
    # An answer to PutObject has no body that would be read.
    "garbage": same(KEPT),
    "expired credentials": same(clean("503 props_not_stored")),
    "access denied": same(clean("503 props_not_stored")),
}

START = of_invocation(
    KEPT, clean, unknown, counted, broken="502 render_outcome_unknown", late="502 render_outcome_unknown"
)

# A still's function invokes no other, and has the version that it was sent: who says otherwise is the composition, and it has run.
STILL = START | dict.fromkeys((*THROTTLED_INSIDE, OTHER_VERSION), same(counted("502 render_function_error")))

# Asking for the version starts nothing: there is no unknown outcome, and nothing to count.
ASK_TO_START = of_invocation(
    KEPT,
    clean,
    lambda heard, _: clean(heard),
    clean,
    broken="502 render_function_unanswered",
    late="504 render_function_timed_out",
) | {
    "error: other version": same(clean("503 version_mismatch")),
    **dict.fromkeys(THROTTLED_INSIDE, same(clean("502 render_function_error"))),
}


def _recorded_unheard(_: str) -> Outcome:
    """All is written, but the function does not know."""
    return Outcome("502 render_not_recorded", 1, "kept", "200 replayed")


# A key that is another request's by now keeps its answer; the render is recorded by itself.
KEY_LOST = Outcome("200", 1, "key reserved, 1 used, 1 recorded", IN_FLIGHT)

COMMIT = of_transaction(KEPT, unrecorded, _recorded_unheard, refused=KEY_LOST)

WITHOUT_KEY = Outcome("200", 1, "1 used, 1 recorded", "200")

# The record, and what was sent for it. A record that is there stays: the render has ended meanwhile, say.
RECORD = of_transaction(
    WITHOUT_KEY,
    lambda _: Outcome("502 render_not_recorded", 1, "1 used, 0 recorded", "200"),
    lambda _: replace(WITHOUT_KEY, heard="502 render_not_recorded"),
    refused=WITHOUT_KEY,
)

# The start has failed in a way that is known: that is what the caller hears, whatever becomes of the claim.
NEVER_RAN = clean("503 render_function_denied")
RAN = counted("502 render_function_error")
LOST = unknown("502 render_outcome_unknown")


def _undoing(good: Outcome, table: Table) -> Table:
    """What is to be undone, and may be: the operator is warned where the function does not know."""
    return table | {fault: (good, warned(good)) for fault in CARRIED_OUT} | {"garbage": same(warned(good))}


def _left_open(good: Outcome) -> Outcome:
    """A minute later the outcome is unknown."""
    return replace(good, left="open", again=IN_FLIGHT)


def _never_given_back(_: str) -> Outcome:
    return warned(_left_open(NEVER_RAN))


GIVE_BACK = _undoing(
    NEVER_RAN,
    # Nothing of it was taken, as far as is known.
    of_transaction(NEVER_RAN, _never_given_back, _never_given_back, refused=_left_open(NEVER_RAN)),
)


def _never_freed(_: str) -> Outcome:
    return warned(_left_open(RAN))


RELEASE = _undoing(RAN, of_conditional(RAN, _never_freed, _never_freed))


def _never_marked(_: str) -> Outcome:
    return warned(_left_open(LOST))


UNKNOWN_STARTS = _undoing(LOST, of_conditional(LOST, _never_marked, _never_marked))

MADE = Outcome("200 replayed", 0, "–", "200 replayed")

EARLIER_STILL = of_item(MADE, lambda heard: replace(MADE, heard=heard)) | {
    # DynamoDB's answer for an item that is not there is an empty object.
    "empty body": same(replace(MADE, heard="404 render_not_found")),
}

STARTS: dict[str, Table] = {
    "Claiming a render": CLAIM,
    "Looking up an earlier request, which the refusal of a claim lacks": EARLIER,
    "Reading what is left of the quota": QUOTA_LEFT,
    "Storing large props": PROPS,
    "Asking for the version, to start": ASK_TO_START,
    "Starting the render": START,
    "Recording the render, and with it the key's answer": COMMIT,
    "Recording a render without a key": RECORD,
    "Giving back a render that never ran": GIVE_BACK,
    "Freeing the key of what ran without a render": RELEASE,
    "Marking the key of a start with an unknown outcome": UNKNOWN_STARTS,
    "Rendering a still": STILL,
    "Finding the still of an earlier request": EARLIER_STILL,
}
