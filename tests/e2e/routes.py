"""The API's routes, each as one request, and who answers it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from deployed import Answer, Deployed

# A render of nobody's.
MISSING = "zzzzzzzzzz"

ROUTES = (
    ("POST", "/render"),
    ("GET", "/render"),
    ("GET", f"/render/{MISSING}"),
    ("POST", f"/render/{MISSING}/cancel"),
    ("DELETE", f"/render/{MISSING}"),
    ("POST", "/still"),
    ("GET", "/compositions"),
    ("GET", "/health"),
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


ADMITTED = all_say("200 SUCCESS") | {
    "GET /render": "200",
    "GET /compositions": "200",
    f"GET /render/{MISSING}": "the function's 404 render_not_found",
    f"POST /render/{MISSING}/cancel": "the function's 404 render_not_found",
    f"DELETE /render/{MISSING}": "the function's 404 render_not_found",
}
