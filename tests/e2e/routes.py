"""The API's routes for users, each as one request, and who answers it."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import yaml
from deployed import Answer, Deployed
from local_aws.settings import PROJECT

# A render and a batch of nobody's.
MISSING = "zzzzzzzzzz"
IDS = {"renderId": MISSING, "batchId": f"b-{MISSING}zzzzzz"}

DOCUMENTED = yaml.safe_load((PROJECT / "openapi.yaml").read_text())["paths"]

# tests/it holds the document to the routes of the function.
ROUTES = tuple(
    (method.upper(), re.sub(r"{(\w+)}", lambda name: IDS[name[1]], path))
    for path, operations in DOCUMENTED.items()
    for method, operation in operations.items()
    if method in ("get", "post", "put", "patch", "delete") and "security" not in operation
)

GATEWAY_REFUSES = "the gateway's 401"
FUNCTION_REFUSES = "the function's 401 unauthenticated"


def said(answer: Answer) -> str:
    """Who answers, and what."""
    if answer.headers["Content-Type"] == "application/problem+json":
        return f"the function's {answer.status} {answer.json['code']}"
    if answer.json == {"message": "Unauthorized"}:
        return f"the gateway's {answer.status}"
    return f"{answer.status} {answer.json.get('message', '')}".strip()


def ask(api: Deployed, token: str | None, **headers: str) -> dict[str, str]:
    """What each route says to this token."""
    return by_route(lambda method, path: said(api.request(method, path, token, headers=headers)))


def by_route(say: Callable[[str, str], str]) -> dict[str, str]:
    """Several at once: the local AWS takes 40 ms to hand an event to the function."""
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda route: say(*route), ROUTES)
    return {f"{method} {path}": answer for (method, path), answer in zip(ROUTES, answers, strict=True)}


def all_say(what: str) -> dict[str, str]:
    return {f"{method} {path}": what for method, path in ROUTES}


def _admitted(method: str, path: str) -> str:
    """What a user is told who sends nothing."""
    if MISSING in path:
        return f"the function's 404 {'batch' if path.startswith('/batches') else 'render'}_not_found"
    if path == "/batches":
        # Of a deployment without a queue.
        return "the function's 404 render_queue_not_configured"
    return "200 SUCCESS" if method == "POST" or path == "/health" else "200"


ADMITTED = {f"{method} {path}": _admitted(method, path) for method, path in ROUTES}
