"""What is to come of each fault on each call: the function's promises.

By call and fault a pair: where it is played once, and where it is played always.
"""

from dataclasses import replace

from faults import REFUSED
from matrix import Outcome

Table = dict[str, tuple[Outcome, Outcome]]

THROTTLED = "429 throttled, retry after 5 s"
IN_FLIGHT = "409 idempotency_in_flight, retry after 2 s"
UNKNOWN = "409 render_outcome_unknown"

# A render has started, and all is written.
KEPT = Outcome("200", 1, "kept", "200 replayed")


def clean(heard: str) -> Outcome:
    """Nothing has started and nothing is held: the same request may be sent again."""
    return Outcome(heard, 0, "clean", "200")


def doubt(heard: str, starts: int = 1) -> Outcome:
    """A render may have started: the same request starts no other."""
    return Outcome(heard, starts, "in doubt", UNKNOWN)


def unrecorded(left: str) -> Outcome:
    return Outcome("502 render_not_recorded", 1, left, IN_FLIGHT)


def warned(outcome: Outcome) -> Outcome:
    return replace(outcome, warned=True)


def same(outcome: Outcome) -> tuple[Outcome, Outcome]:
    return outcome, outcome


def _table(good: Outcome, failed, service: str) -> Table:
    """What most calls to DynamoDB and S3 have in common: they are tried three times, unless AWS has understood them."""
    unavailable = failed(f"503 {service}_unavailable, retry after 1 s")
    timed_out = failed(f"504 {service}_timed_out, retry after 1 s")
    return {
        "throttled": (good, failed(THROTTLED)),
        "500": (good, unavailable),
        "503": (good, unavailable),
        REFUSED: (good, unavailable),
        "reset before it is carried out": (good, unavailable),
        "reset after it is carried out": (good, unavailable),
        "silence": (good, timed_out),
        "slow drip": (good, timed_out),
        "empty body": same(good),
        "half a body": (good, unavailable),
        "garbage": same(unavailable),
        "expired credentials": same(failed(f"503 {service}_denied")),
        "access denied": same(failed(f"503 {service}_denied")),
        "missing": same(failed(f"503 {service}_missing")),
    }


# Refused connections keep the function from the table as a whole, also from what it would undo.
RESERVE = _table(KEPT, clean, "ledger") | {
    REFUSED: (KEPT, warned(clean("503 ledger_unavailable, retry after 1 s"))),
}

COUNT = _table(KEPT, clean, "ledger") | {
    REFUSED: (
        KEPT,
        Outcome(
            "503 ledger_unavailable, retry after 1 s", 0, "key reserved, 0 used, 0 recorded", IN_FLIGHT, warned=True
        ),
    ),
}

PROPS = _table(KEPT, clean, "storage") | {
    # An answer to PutObject has no body that would be read.
    "garbage": same(KEPT),
    "expired credentials": same(clean("503 props_not_stored")),
    "access denied": same(clean("503 props_not_stored")),
}


def _invoked(good: Outcome, failed, lost, *, broken: str, late: str) -> Table:
    """AWS Lambda's Invoke: tried again only where the function surely did not run.

    `lost` is what comes of a call that may have been carried out, told whether it was.
    """
    crashed = same(lost("502 render_function_crashed", True))
    invalid = same(lost("502 render_function_reply_invalid", True))
    return {
        "throttled": (good, failed(THROTTLED)),
        "500": same(lost(f"502 {broken}", True)),
        "503": same(lost(f"502 {broken}", False)),
        REFUSED: (good, failed("503 aws_unreachable, retry after 1 s")),
        "reset before it is carried out": same(lost(f"502 {broken}", False)),
        "reset after it is carried out": same(lost(f"502 {broken}", True)),
        "silence": same(lost(f"504 {late}", False)),
        "slow drip": same(lost(f"504 {late}", True)),
        "empty body": invalid,
        "half a body": same(lost(f"502 {broken}", True)),
        "garbage": invalid,
        "expired credentials": same(failed("503 render_function_denied")),
        "access denied": same(failed("503 render_function_denied")),
        "missing": same(failed("503 render_function_missing")),
        "half a JSON text": invalid,
        "request too large": same(failed("413 payload_too_large")),
        "invalid parameter": same(failed("502 render_function_refused")),
        "FunctionError: out of memory": crashed,
        "FunctionError: exit": crashed,
        "FunctionError: timeout": crashed,
        "FunctionError: init": same(lost("502 render_function_crashed", False)),
        "FunctionError: unhandled": crashed,
        "FunctionError: handled": crashed,
        "FunctionError: no body": invalid,
        "FunctionError: header lost": crashed,
        "error: refused": same(failed("502 render_function_error")),
        "error: no message": same(failed("502 render_function_error")),
        "error: throttled": same(failed(THROTTLED)),
        "error: concurrency limit": same(failed(THROTTLED)),
        # The version is asked for anew, and sent.
        "error: other version": (good, failed("503 version_mismatch")),
    }


START = _invoked(KEPT, clean, doubt, broken="render_outcome_unknown", late="render_outcome_unknown")

# Asking for the version starts nothing: there is no doubt.
ASK_TO_START = _invoked(
    KEPT,
    clean,
    lambda heard, _: clean(heard),
    broken="render_function_unanswered",
    late="render_function_timed_out",
) | {"error: other version": same(clean("503 version_mismatch"))}

RECORD = _table(KEPT, lambda _: unrecorded("open"), "ledger") | {
    # It stands there all the same.
    fault: (KEPT, unrecorded("key reserved, 1 used, 1 recorded"))
    for fault in ("500", "reset after it is carried out", "slow drip", "half a body")
}
RECORD["garbage"] = same(unrecorded("key reserved, 1 used, 1 recorded"))


def _unanswered(_: str) -> Outcome:
    """The render is there, and the caller has heard of it; the key has no answer."""
    return Outcome("200", 1, "key reserved, 1 used, 1 recorded", IN_FLIGHT, warned=True)


FULFIL = _table(KEPT, _unanswered, "ledger") | {
    fault: (KEPT, warned(KEPT)) for fault in ("500", "reset after it is carried out", "slow drip", "half a body")
}
FULFIL["garbage"] = same(warned(KEPT))

# The start has failed in a way that is known: that is what the caller hears, whatever becomes of the claim.
DENIED = clean("503 render_function_denied")


def _still_reserved(_: str) -> Outcome:
    return Outcome(DENIED.heard, 0, "key reserved, 0 used, 0 recorded", IN_FLIGHT, warned=True)


# No connections are left to give the render back.
NOTHING_UNDONE = Outcome(DENIED.heard, 0, "open", IN_FLIGHT, warned=True)

RELEASE = _table(DENIED, _still_reserved, "ledger") | {
    "500": (DENIED, warned(DENIED)),
    REFUSED: (DENIED, NOTHING_UNDONE),
    "reset after it is carried out": (DENIED, warned(DENIED)),
    "slow drip": (DENIED, warned(DENIED)),
    "half a body": (DENIED, warned(DENIED)),
    "garbage": same(warned(DENIED)),
}


def _still_used(_: str) -> Outcome:
    """Until midnight."""
    return Outcome(DENIED.heard, 0, "key none, 1 used, 0 recorded", "200", warned=True)


GIVE_BACK = _table(DENIED, _still_used, "ledger") | {
    "500": (DENIED, warned(DENIED)),
    REFUSED: (DENIED, NOTHING_UNDONE),
    "reset after it is carried out": (DENIED, warned(DENIED)),
    "slow drip": (DENIED, warned(DENIED)),
    "half a body": (DENIED, warned(DENIED)),
    "garbage": same(warned(DENIED)),
}

LOST = doubt("502 render_outcome_unknown")


def _unmarked(_: str) -> Outcome:
    """A minute later the key is in doubt all the same."""
    return Outcome(LOST.heard, 1, "open", IN_FLIGHT, warned=True)


DOUBT = _table(LOST, _unmarked, "ledger") | {
    "500": (LOST, warned(LOST)),
    "reset after it is carried out": (LOST, warned(LOST)),
    "slow drip": (LOST, warned(LOST)),
    "half a body": (LOST, warned(LOST)),
    "garbage": same(warned(LOST)),
}


def state(heard: str) -> Outcome:
    return Outcome(heard, 0, "–", DONE.heard)


DONE = Outcome("200 done", 0, "–", "200 done")

FIND = _table(DONE, state, "ledger") | {
    # DynamoDB's answer for an item that is not there is an empty object.
    "empty body": same(state("404 render_not_found")),
}

PROGRESS = _table(DONE, state, "storage") | {
    # Once it has begun, an answer is not asked for again: the caller polls.
    "slow drip": same(state("504 storage_timed_out, retry after 1 s")),
    "half a body": same(state("503 storage_unavailable, retry after 1 s")),
    "empty body": same(state("502 render_state_invalid")),
    "garbage": same(state("502 render_state_invalid")),
}

SIZE = _table(DONE, state, "storage") | {
    # HEAD has no body: neither can it be wrong, nor does it tell why AWS refuses, nor what is missing.
    "garbage": same(DONE),
    "throttled": (DONE, state("503 storage_unavailable, retry after 1 s")),
    "expired credentials": same(state("502 storage_refused")),
    "missing": same(state("200 timed_out")),
}


def page(heard: str) -> Outcome:
    return Outcome(heard, 0, "–", LISTED.heard)


LISTED = Outcome("200, 1 listed", 0, "–", "200, 1 listed")

LIST = _table(LISTED, page, "ledger") | {"empty body": same(page("200, 0 listed"))}


def signalled(heard: str) -> Outcome:
    return Outcome(heard, 0, "signal", "202")


def not_signalled(heard: str) -> Outcome:
    return Outcome(heard, 0, "no signal", "202")


CANCELLED = signalled("202")

CANCEL = _table(CANCELLED, not_signalled, "storage") | {
    fault: (CANCELLED, signalled("503 storage_unavailable, retry after 1 s"))
    for fault in ("500", "reset after it is carried out", "half a body")
}
CANCEL["slow drip"] = CANCELLED, signalled("504 storage_timed_out, retry after 1 s")
CANCEL["garbage"] = same(CANCELLED)

DELETED = Outcome("204", 0, "all gone", "404 render_not_found")


def all_there(heard: str) -> Outcome:
    return Outcome(heard, 0, "all there", "204")


def record_only(heard: str) -> Outcome:
    """The repetition finds the record, and goes on."""
    return Outcome(heard, 0, "record only", "204")


def all_gone(heard: str) -> Outcome:
    return Outcome(heard, 0, "all gone", "404 render_not_found")


MARK = _table(DELETED, all_there, "ledger") | {"empty body": same(DELETED)}

LIST_OBJECTS = _table(DELETED, all_there, "storage") | {
    "empty body": same(all_there("503 storage_unavailable, retry after 1 s")),
}

DELETE_OBJECTS = _table(DELETED, all_there, "storage") | {
    fault: (DELETED, record_only("503 storage_unavailable, retry after 1 s"))
    for fault in ("500", "reset after it is carried out", "half a body")
}
DELETE_OBJECTS |= {
    "slow drip": (DELETED, record_only("504 storage_timed_out, retry after 1 s")),
    "empty body": same(record_only("503 storage_unavailable, retry after 1 s")),
    "garbage": same(record_only("503 storage_unavailable, retry after 1 s")),
}

FORGET = _table(DELETED, record_only, "ledger") | {
    fault: (DELETED, all_gone("503 ledger_unavailable, retry after 1 s"))
    for fault in ("500", "reset after it is carried out", "half a body")
}
FORGET["slow drip"] = DELETED, all_gone("504 ledger_timed_out, retry after 1 s")
FORGET["garbage"] = same(all_gone("503 ledger_unavailable, retry after 1 s"))


def still(heard: str, ran: bool = False) -> Outcome:
    """A still without an answer stays counted."""
    return Outcome(heard, int(ran), "1 used", "200")


STILL = _invoked(
    still("200", ran=True),
    lambda heard: Outcome(heard, 0, "0 used", "200"),
    still,
    broken="render_outcome_unknown",
    late="render_outcome_unknown",
)


def read(heard: str) -> Outcome:
    return Outcome(heard, 0, "–", "200")


COMPOSITIONS = _invoked(
    read("200"),
    read,
    lambda heard, _: read(heard),
    broken="render_function_unanswered",
    late="render_function_timed_out",
)

HEALTH = COMPOSITIONS | {"error: other version": same(read("503 version_mismatch"))}

EXPECTED: dict[str, Table] = {
    "Reserving the key": RESERVE,
    "Counting the render": COUNT,
    "Storing large props": PROPS,
    "Asking for the version, to start": ASK_TO_START,
    "Starting the render": START,
    "Recording the render": RECORD,
    "Answering the key": FULFIL,
    "Freeing the key of a start that did not happen": RELEASE,
    "Giving back its render": GIVE_BACK,
    "Marking a start as in doubt": DOUBT,
    "Finding a render": FIND,
    "Reading its state": PROGRESS,
    "Looking for its output": SIZE,
    "Listing renders": LIST,
    "Cancelling a render": CANCEL,
    "Marking what is to be deleted": MARK,
    "Listing what is to be deleted": LIST_OBJECTS,
    "Deleting it": DELETE_OBJECTS,
    "Forgetting a render": FORGET,
    "Rendering a still": STILL,
    "Listing compositions": COMPOSITIONS,
    "Checking the version": HEALTH,
}
