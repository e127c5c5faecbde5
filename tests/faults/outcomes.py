"""What is to come of a fault, in the words of the tables."""

from dataclasses import dataclass, replace

from faults import CONFLICT, REFUSED

THROTTLED = "429 throttled, retry after 5 s"
# What the version check of a routine says.
OTHER_VERSION = "error: other version"
# What a routine says of an invocation of its own.
THROTTLED_INSIDE = ("error: throttled", "error: concurrency limit")
IN_FLIGHT = "409 idempotency_in_flight, retry after 2 s"
UNKNOWN = "409 idempotency_outcome_unknown"

# Faults in which AWS has carried out a write, of which the function does not learn, and which it tries again.
CARRIED_OUT = ("500", "reset after it is carried out", "slow drip", "half a body")


@dataclass(frozen=True)
class Outcome:
    # What the caller hears: `200`, or `429 throttled, retry after 5 s`.
    heard: str
    # How many renders have been started.
    starts: int
    # What the table holds.
    left: str
    # What the caller hears who sends the request again, when all is well.
    again: str
    # Whether the log has a warning for the operator, next to the request's line.
    warned: bool = False


# By fault a pair: where it is played once, and where it is played always.
Table = dict[str, tuple[Outcome, Outcome]]


def warned(outcome: Outcome) -> Outcome:
    return replace(outcome, warned=True)


def same(outcome: Outcome) -> tuple[Outcome, Outcome]:
    return outcome, outcome


def of_item(good: Outcome, failed, service: str = "renders_table") -> Table:
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


def of_object(good: Outcome, failed) -> Table:
    return of_item(good, failed, "storage")


def of_write(good: Outcome, failed, done) -> Table:
    """A write of one item. `done` is what comes of one that stands there all the same."""
    return (
        of_item(good, failed)
        | {fault: (good, done("503 renders_table_unavailable, retry after 1 s")) for fault in CARRIED_OUT}
        | {
            "slow drip": (good, done("504 renders_table_timed_out, retry after 1 s")),
            "garbage": same(done("503 renders_table_unavailable, retry after 1 s")),
        }
    )


def of_conditional(good: Outcome, failed, done) -> Table:
    return of_write(good, failed, done) | {CONFLICT: (good, failed(THROTTLED))}


def of_transaction(good: Outcome, failed, done, refused: Outcome) -> Table:
    """Several writes. `refused` is what comes of a condition that does not hold."""
    passes = (good, failed(THROTTLED))
    return of_conditional(good, failed, done) | {
        "ThrottlingError": passes,
        "ProvisionedThroughputExceeded": passes,
        "ConditionalCheckFailed": same(refused),
        "TransactionInProgress": passes,
    }


def of_invocation(good: Outcome, failed, lost, ran, *, broken: str, late: str) -> Table:
    """AWS Lambda's Invoke: tried again only where the function surely did not run.

    `lost` is what comes of a call that may have been carried out, told whether it was; `ran` of one that says that it has
    run, and failed.
    """
    crashed = same(lost("502 render_function_crashed", True))
    invalid = same(lost("502 render_function_reply_invalid", True))
    return {
        "throttled": (good, failed(THROTTLED)),
        "500": same(lost(broken, True)),
        "503": same(lost(broken, False)),
        REFUSED: (good, failed("503 render_function_unreachable, retry after 1 s")),
        "reset before it is carried out": same(lost(broken, False)),
        "reset after it is carried out": same(lost(broken, True)),
        "silence": same(lost(late, False)),
        "slow drip": same(lost(late, True)),
        "empty body": invalid,
        "half a body": same(lost(broken, True)),
        "garbage": invalid,
        "expired credentials": same(failed("503 render_function_denied")),
        "access denied": same(failed("503 render_function_denied")),
        "missing": same(failed("503 render_function_missing")),
        "half a JSON text": invalid,
        "request too large": same(failed("413 payload_too_large")),
        "invalid parameter": same(failed("502 render_function_refused")),
        "key denied": same(failed("502 render_function_refused")),
        "FunctionError: out of memory": crashed,
        "FunctionError: exit": crashed,
        "FunctionError: timeout": crashed,
        "FunctionError: init": same(lost("502 render_function_crashed", False)),
        "FunctionError: unhandled": crashed,
        "FunctionError: handled": crashed,
        "FunctionError: no body": invalid,
        "FunctionError: header lost": crashed,
        "error: refused": same(ran("502 render_function_error")),
        "error: no message": same(ran("502 render_function_error")),
        "error: throttled": same(failed(THROTTLED)),
        "error: concurrency limit": same(failed(THROTTLED)),
        # The function is asked for its version, and that is sent.
        "error: other version": (good, failed("503 version_mismatch")),
    }
