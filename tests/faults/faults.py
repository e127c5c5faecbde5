"""What can go wrong with a call to AWS, and how the relay plays it.

A fault whose outcome AWS leaves open is carried out all the same, which is the worse case: a repetition then shows.
"""

import json
from collections.abc import Callable

from calls import CONDITIONAL, DYNAMODB, LAMBDA, S3, SERVICE_OF, TRANSACTIONS
from local_aws.settings import VERSION
from relay import Exchange, Play, Reply

# Played by the relay's listener: no call comes about.
REFUSED = "connection refused"

# (status, AWS's name of the error, message) by service.
THROTTLED = {
    LAMBDA: (429, "TooManyRequestsException", "Rate Exceeded."),
    DYNAMODB: (400, "ThrottlingException", "Rate of requests exceeds the allowed throughput."),
    S3: (503, "SlowDown", "Please reduce your request rate."),
}
INTERNAL = {
    LAMBDA: (500, "ServiceException", "Internal error."),
    DYNAMODB: (500, "InternalServerError", "Internal server error"),
    S3: (500, "InternalError", "We encountered an internal error. Please try again."),
}
UNAVAILABLE = {
    LAMBDA: (503, "ServiceUnavailableException", "Service Unavailable"),
    DYNAMODB: (503, "ServiceUnavailable", "The service is currently unavailable or busy."),
    S3: (503, "ServiceUnavailable", "Service is unable to handle request."),
}
EXPIRED = {
    LAMBDA: (403, "ExpiredTokenException", "The security token included in the request is expired"),
    DYNAMODB: (400, "ExpiredTokenException", "The security token included in the request is expired"),
    S3: (400, "ExpiredToken", "The provided token has expired."),
}
DENIED = {
    LAMBDA: (403, "AccessDeniedException", "User: arn:aws:sts::000000000000:assumed-role/r/f is not authorized"),
    DYNAMODB: (400, "AccessDeniedException", "User: arn:aws:sts::000000000000:assumed-role/r/f is not authorized"),
    S3: (403, "AccessDenied", "Access Denied"),
}
MISSING = {
    LAMBDA: (404, "ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:f"),
    DYNAMODB: (400, "ResourceNotFoundException", "Requested resource not found"),
    S3: (404, "NoSuchBucket", "The specified bucket does not exist"),
}


def _error(by_service: dict[str, tuple[int, str, str]], *, carried_out: bool = False) -> Play:
    def play(exchange: Exchange) -> None:
        if carried_out:
            exchange.carry_out()
        status, name, message = by_service[exchange.service]
        exchange.send(FORMS[exchange.service](status, name, message))

    return play


def _of_lambda(status: int, name: str, message: str) -> Reply:
    return Reply(status, json.dumps({"Type": "User", "message": message}).encode(), {"x-amzn-ErrorType": name})


def _of_dynamodb(status: int, name: str, message: str) -> Reply:
    body = {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": message}
    return Reply(status, json.dumps(body).encode(), {"Content-Type": "application/x-amz-json-1.0"})


def _of_s3(status: int, name: str, message: str) -> Reply:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{name}</Code><Message>{message}</Message></Error>'
    return Reply(status, body.encode(), {"Content-Type": "application/xml"})


FORMS: dict[str, Callable[[int, str, str], Reply]] = {LAMBDA: _of_lambda, DYNAMODB: _of_dynamodb, S3: _of_s3}


def _reset_after(exchange: Exchange) -> None:
    exchange.carry_out()
    exchange.reset()


def _answer(change: Callable[[bytes], bytes]) -> Play:
    """Carried out, and answered with another body."""

    def play(exchange: Exchange) -> None:
        reply = exchange.carry_out()
        headers = {"Content-Type": reply.headers.get("Content-Type", "")}
        exchange.send(Reply(reply.status, change(reply.body), headers))

    return play


def _failed(body: dict | str, *, ran: bool = True, header: str | None = "Unhandled") -> Play:
    """AWS Lambda's answer for a function that has failed: it may have started a render before."""

    def play(exchange: Exchange) -> None:
        if ran:
            exchange.carry_out()
        text = body if isinstance(body, str) else json.dumps(body)
        exchange.send(Reply(200, text.encode(), {"x-amz-function-error": header} if header else {}))

    return play


def _refused(message: str | None) -> Play:
    """The render function's own answer that it has not done what it was asked for."""
    body = {"type": "error", "message": message, "stack": f"Error: {message}\n    at x (/var/task/index.js:1:1)"}
    return _failed(body, ran=False, header=None)


def _canceled(code: str) -> Play:
    """DynamoDB's answer for a transaction of which nothing is written. A condition fails where the call has one of its own."""

    def play(exchange: Exchange) -> None:
        writes = json.loads(exchange.body)["TransactItems"]
        conditions = [at for at, write in enumerate(writes) if "ConditionExpression" in next(iter(write.values()))]
        # By then the key may be another request's.
        at = conditions[-1 if exchange.call == "commit" else 0] if conditions else 0
        if exchange.call == "record" and code == "ConditionalCheckFailed":
            # It is there already.
            exchange.carry_out()
        codes = [code if at == each else "None" for each in range(len(writes))]
        body = {
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons "
            f"[{', '.join(codes)}]",
            "CancellationReasons": [{"Code": each} for each in codes],
        }
        exchange.send(Reply(400, json.dumps(body).encode(), {"Content-Type": "application/x-amz-json-1.0"}))

    return play


EVERYWHERE: dict[str, Play] = {
    "throttled": _error(THROTTLED),
    "500": _error(INTERNAL, carried_out=True),
    "503": _error(UNAVAILABLE),
    "reset before it is carried out": Exchange.reset,
    "reset after it is carried out": _reset_after,
    "silence": Exchange.hold,
    "slow drip": lambda exchange: exchange.drip(exchange.carry_out()),
    "empty body": _answer(lambda _: b""),
    "half a body": lambda exchange: exchange.send_half(exchange.carry_out()),
    "garbage": _answer(lambda _: b"<html>\xff\xfe{]"),
    "expired credentials": _error(EXPIRED),
    "access denied": _error(DENIED),
    "missing": _error(MISSING),
}

RENDER_FUNCTION: dict[str, Play] = {
    "half a JSON text": _answer(lambda body: body[: len(body) // 2]),
    "request too large": _error({LAMBDA: (413, "RequestTooLargeException", "Request must be smaller")}),
    "invalid parameter": _error({LAMBDA: (400, "InvalidParameterValueException", "Invalid")}),
    "key denied": _error({LAMBDA: (502, "KMSAccessDeniedException", "Lambda was unable to decrypt")}),
    "FunctionError: out of memory": _failed(
        {"errorType": "Runtime.OutOfMemory", "errorMessage": "RequestId: 1 Error: Runtime exited: signal: killed"}
    ),
    "FunctionError: exit": _failed(
        {
            "errorType": "Runtime.ExitError",
            "errorMessage": "RequestId: 1 Error: Runtime exited with error: exit status 1",
        }
    ),
    "FunctionError: timeout": _failed(
        {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: 1 Error: Task timed out after 120.00 seconds"}
    ),
    "FunctionError: init": _failed(
        {"errorType": "Runtime.ImportModuleError", "errorMessage": "Error: Cannot find module 'index'"}, ran=False
    ),
    "FunctionError: unhandled": _failed(
        {"errorType": "TypeError", "errorMessage": "x is undefined", "trace": ["at x (/var/task/index.js:1:1)"]}
    ),
    "FunctionError: handled": _failed({"errorType": "Error", "errorMessage": "deliberate"}, header="Handled"),
    "FunctionError: no body": _failed(""),
    "FunctionError: header lost": _failed({"errorType": "Error", "errorMessage": "deliberate"}, header=None),
    "error: refused": _refused("The specified bucket does not exist"),
    "error: no message": _refused(None),
    "error: throttled": _refused("TooManyRequestsException: Rate Exceeded."),
    "error: concurrency limit": _refused("AWS Concurrency limit reached: Rate Exceeded."),
    "error: other version": _refused(
        "Version mismatch: When calling renderMediaOnLambda(), you passed f as the function, which has the version"
        f" 4.0.420, but the @remotion/lambda package you used to invoke the function has version {VERSION}."
    ),
}


CONFLICT = "TransactionConflict"

# By the reasons that DynamoDB gives for what it has canceled, and by the name of its other errors.
TRANSACTION: dict[str, Play] = {
    CONFLICT: _canceled("TransactionConflict"),
    "ThrottlingError": _canceled("ThrottlingError"),
    "ProvisionedThroughputExceeded": _canceled("ProvisionedThroughputExceeded"),
    "ConditionalCheckFailed": _canceled("ConditionalCheckFailed"),
    "TransactionInProgress": _error(
        {DYNAMODB: (400, "TransactionInProgressException", "Transaction is already in progress")}
    ),
}

WRITE: dict[str, Play] = {
    CONFLICT: _error({DYNAMODB: (400, "TransactionConflictException", "Transaction is ongoing for the item")}),
}


def faults_of(call: str) -> list[str]:
    """The names of the faults that a call can meet, in the order of the documentation."""
    names = [*EVERYWHERE]
    names.insert(3, REFUSED)
    return [*names, *_particular_to(call)]


def play_of(call: str, fault: str) -> Play:
    return (EVERYWHERE | _particular_to(call))[fault]


def _particular_to(call: str) -> dict[str, Play]:
    if call in TRANSACTIONS:
        return TRANSACTION
    if call in CONDITIONAL:
        return WRITE
    return RENDER_FUNCTION if SERVICE_OF[call] == LAMBDA else {}
