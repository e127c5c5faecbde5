"""What schemathesis does not check, or know, by itself."""

import hashlib
import hmac
import json
import os

import schemathesis
from schemathesis import Case, HookContext


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict) -> None:
    """What is valid names compositions of the site, and is signed where Remotion's function would sign it: else it would be
    refused for that alone, whatever else is in it."""
    if not is_valid(case) or not isinstance(case.body, dict):
        return
    if case.operation.path == "/hooks/remotion":
        case.body = case.body | {"bucketName": os.environ["BUCKET"]}
        # As it will be sent.
        body = json.dumps(case.body).encode()
        signature = hmac.new(os.environ["HOOK_SECRET"].encode(), body, hashlib.sha512).hexdigest()
        case.headers = {**(case.headers or {}), "X-Remotion-Signature": f"sha512={signature}"}
    elif case.operation.path == "/batches":
        # What may stand next to the items another schema tells.
        case.body = of_the_site({"items": case.body["items"]})
    else:
        case.body = of_the_site(case.body)


def of_the_site(body: dict) -> dict:
    changed = {"composition": "MyVideo"} if isinstance(body.get("composition"), str) else {}
    if isinstance(body.get("items"), list):
        changed["items"] = [of_the_site(item) for item in body["items"]]
    return body | changed


def is_valid(case: Case) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


@schemathesis.check
def only_rules_across_options(_context, response, case) -> None:
    """Options that are valid by the schema are refused only where they do not go together, or for their key."""
    if not is_valid(case) or response.status_code != 422:
        return
    problem = response.json()
    # What no schema tells: which keys were used, and which release the render function has.
    if problem["code"] in ("idempotency_key_reused", "option_needs_release"):
        return
    assert problem["code"] == "invalid_options", problem
    for error in problem["errors"]:
        name = error["pointer"].removeprefix("/")
        # So begins what is wrong with an option by itself.
        assert not error["detail"].startswith((f"{name}: ", "There is no option")), error


@schemathesis.check
def problems(_context, response, _case) -> None:
    """Every error is a problem document, but for what API Gateway itself answers."""
    if response.status_code < 400:
        return
    problem = response.json()
    if set(problem) == {"message"}:
        assert response.status_code in (401, 403), problem
    else:
        assert response.headers["content-type"] == ["application/problem+json"], response.headers
        assert problem["status"] == response.status_code
