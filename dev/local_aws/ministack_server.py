"""MiniStack, as a child of the supervisor."""

import json
import socketserver

from ministack.app import main
from ministack.services import lambda_svc

from .lifeline import end_with_starter

# It sends the head of an event and then its body, and TCP keeps that back until the function's side has acknowledged the
# head: 40 ms for each invocation.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

_forward = lambda_svc._execute_function_proxy


def _forward_and_refuse(func: dict, event: dict, url: str, request_id: str) -> dict:
    """It makes a function error of every status that is not 2xx: a 429 of the host is AWS's own, to the one who invokes."""
    result = _forward(func, event, url, request_id)
    body = result.get("body")
    said = body.get("errorMessage", "") if result.get("error") and isinstance(body, dict) else ""
    if not said.startswith("Proxy target returned HTTP 429: "):
        return result
    refusal = json.loads(said.partition(": ")[2])
    return lambda_svc._throttle_response(reason_code=refusal["Reason"], msg=refusal["Message"])


lambda_svc._execute_function_proxy = _forward_and_refuse

end_with_starter()
main()
