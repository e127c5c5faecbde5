"""What schemathesis does not check by itself."""

import schemathesis


@schemathesis.check
def only_rules_across_options(_context, response, case) -> None:
    """Options that are valid by the schema are refused only where they do not go together, or for their key."""
    is_valid = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_valid or response.status_code != 422:
        return
    problem = response.json()
    if problem["code"] == "idempotency_key_reused":
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
