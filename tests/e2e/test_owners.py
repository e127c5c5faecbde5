"""Another user's render is one that does not exist: to every route, and to the list."""

import renders
from deployed import Answer, Deployed
from renders import cancel, delete, status

MISSING = "zzzzzzzzzz"


def told(answer: Answer) -> tuple:
    """All of an answer but what differs between any two requests."""
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name.lower() in ("content-type", "cache-control", "retry-after", "etag", "allow")
    }
    return answer.status, headers, {name: value for name, value in answer.json.items() if name != "requestId"}


def test_two_users(api: Deployed):
    alice, bob = api.sign_up(), api.sign_up()
    key = {"Idempotency-Key": "the-same-for-both"}
    body = renders.FAILING
    theirs = {user: api.render(user.token, body, **key) for user in (alice, bob)}
    for answer in theirs.values():
        # A key is its user's own, too.
        assert (answer.status, answer.headers["Idempotent-Replayed"]) == (200, None), answer.text
    ids = {user: answer.json["renderId"] for user, answer in theirs.items()}
    assert ids[alice] != ids[bob]
    for user, render_id in ids.items():
        renders.poll(api, user, render_id, until=["failed"])

    for user, other in ((alice, bob), (bob, alice)):
        before = renders.keys(api, f"renders/{ids[other]}/")
        for route in (status, cancel, delete):
            answer = route(api, user, ids[other])
            assert answer.status == 404, answer.text
            assert answer.json["code"] == "render_not_found"
            assert told(answer) == told(route(api, user, MISSING)), route
        # Neither cancelled nor deleted: Remotion writes a cancel signal itself where a render fails.
        assert renders.keys(api, f"renders/{ids[other]}/") == before
        assert status(api, other, ids[other]).status == 200

        listed = api.request("GET", "/render", user.token).json["renders"]
        assert [render["renderId"] for render in listed] == [ids[user]]
        started = api.request("GET", "/render", other.token).json["renders"][0]["startedAt"]
        for cursor in (f"{started}.{ids[other]}", f"{started + 1}.{ids[other]}"):
            page = api.request("GET", f"/render?cursor={cursor}", user.token)
            assert page.status == 200, page.text
            assert ids[other] not in page.text

    for user, other in ((alice, bob), (bob, alice)):
        assert delete(api, user, ids[user]).status == 204
        assert status(api, user, ids[user]).status == 404
        assert delete(api, other, ids[user]).status == 404


def test_nobody_without_a_token(api: Deployed):
    for route in (("GET", "/render/{}"), ("DELETE", "/render/{}"), ("POST", "/render/{}/cancel")):
        assert api.request(route[0], route[1].format(MISSING)).status == 401, route
