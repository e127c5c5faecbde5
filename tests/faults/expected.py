"""What is to come of each fault on each call: the function's promises."""

from dataclasses import replace

from expected_starts import STARTS
from outcomes import (
    OTHER_VERSION,
    THROTTLED_INSIDE,
    Outcome,
    Table,
    of_conditional,
    of_invocation,
    of_item,
    of_object,
    of_transaction,
    same,
)

DONE = Outcome("200 done", 0, "–", "200 done")


def _state(heard: str) -> Outcome:
    return replace(DONE, heard=heard)


FIND = of_item(DONE, _state) | {
    # DynamoDB's answer for an item that is not there is an empty object.
    "empty body": same(_state("404 render_not_found")),
}

PROGRESS = of_object(DONE, _state) | {
    # Once it has begun, an answer is not asked for again: the caller polls.
    "slow drip": same(_state("504 storage_timed_out, retry after 1 s")),
    "half a body": same(_state("503 storage_unavailable, retry after 1 s")),
    "empty body": same(_state("502 render_state_invalid")),
    "garbage": same(_state("502 render_state_invalid")),
}

# Its time has passed, and no output is known of: that is its end, which is written once.
TIMED_OUT = Outcome("200 timed_out", 0, "–", "200 timed_out")

SIZE = of_object(DONE, _state) | {
    # HEAD has no body: neither can it be wrong, nor does it tell why AWS refuses, nor what is missing.
    "garbage": same(DONE),
    "throttled": (DONE, _state("503 storage_unavailable, retry after 1 s")),
    "expired credentials": same(_state("502 storage_refused")),
    "missing": same(TIMED_OUT),
}

# What can be told without it is told: the operator's own bucket may be closed to this API.
SIZE_ELSEWHERE = SIZE | {
    "expired credentials": same(TIMED_OUT),
    "access denied": same(TIMED_OUT),
}

LISTED = Outcome("200, 1 listed", 0, "–", "200, 1 listed")


def _page(heard: str) -> Outcome:
    return replace(LISTED, heard=heard)


LIST = of_item(LISTED, _page) | {"empty body": same(_page("200, 0 listed"))}

CANCELLED = Outcome("202", 0, "signal", "202")


def _signalled(heard: str) -> Outcome:
    return replace(CANCELLED, heard=heard)


def _not_signalled(heard: str) -> Outcome:
    return replace(CANCELLED, heard=heard, left="no signal")


def _of_deletion(good: Outcome, failed, done) -> Table:
    """A write to S3 whose answer may be lost. `done` is what comes of one that is carried out all the same."""
    return of_object(good, failed) | {
        "500": (good, done("503 storage_unavailable, retry after 1 s")),
        "reset after it is carried out": (good, done("503 storage_unavailable, retry after 1 s")),
        "half a body": (good, done("503 storage_unavailable, retry after 1 s")),
        "slow drip": (good, done("504 storage_timed_out, retry after 1 s")),
        # An answer without a body is not read.
        "garbage": same(good),
    }


CANCEL = _of_deletion(CANCELLED, _not_signalled, _signalled)

DELETED = Outcome("204", 0, "all gone", "404 render_not_found")


def _left(what: str):
    """The repetition finds the record, and goes on."""
    return lambda heard: Outcome(heard, 0, what, "204")


def _all_gone(heard: str) -> Outcome:
    return replace(DELETED, heard=heard)


MARK = of_conditional(DELETED, _left("all there"), _left("all there"))

DELETE_OUTPUT = _of_deletion(DELETED, _left("all there"), _left("files and record only"))

LIST_OBJECTS = of_object(DELETED, _left("all there")) | {
    "empty body": same(_left("all there")("503 storage_unavailable, retry after 1 s")),
}

DELETE_OBJECTS = _of_deletion(DELETED, _left("all there"), _left("record only")) | {
    fault: same(_left("record only")("503 storage_unavailable, retry after 1 s")) for fault in ("empty body", "garbage")
}

# Record and what was sent for it go together. Neither has a condition that could not hold.
FORGET = of_transaction(DELETED, _left("record only"), _all_gone, refused=Outcome("204", 0, "record only", "204"))


def _read(heard: str) -> Outcome:
    """A failure is remembered for some seconds."""
    return Outcome(heard, 0, "–", heard)


COMPOSITIONS = of_invocation(
    _read("200"),
    _read,
    lambda heard, _: _read(heard),
    _read,
    broken="502 render_function_unanswered",
    late="504 render_function_timed_out",
) | dict.fromkeys((*THROTTLED_INSIDE, OTHER_VERSION), same(_read("502 render_function_error")))

HEALTH = COMPOSITIONS | {"error: other version": same(_read("503 version_mismatch"))}

EXPECTED: dict[str, Table] = STARTS | {
    "Finding a render": FIND,
    "Reading its state": PROGRESS,
    "Looking for its output": SIZE,
    "Looking for its output in the operator's bucket": SIZE_ELSEWHERE,
    "Listing renders": LIST,
    "Cancelling a render": CANCEL,
    "Marking what is to be deleted": MARK,
    "Deleting an output in the operator's bucket": DELETE_OUTPUT,
    "Listing what is to be deleted": LIST_OBJECTS,
    "Deleting it": DELETE_OBJECTS,
    "Forgetting a render": FORGET,
    "Listing compositions": COMPOSITIONS,
    "Checking the version": HEALTH,
}
