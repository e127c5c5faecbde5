"""The hook of the deployed API, in its own words: what is signed counts, once; all else changes nothing. Nothing is rendered."""

import json
import urllib.request
from email.utils import decode_rfc2231
from urllib.parse import unquote, urlsplit

import pytest
import renders
from deployed import Answer, Deployed, User, assert_problem
from local_aws.settings import BUCKET
from stand_in import StandIn, signature
from told import Told

HOOK = "/hooks/remotion"
LARGEST = 256 * 1024


@pytest.fixture(scope="module")
def told(light: Deployed) -> Told:
    return Told(light)


@pytest.fixture
def user(light: Deployed) -> User:
    return light.sign_up()


@pytest.fixture
def done(light: Deployed, user: User, stand_in: StandIn) -> str:
    """A render that is done, of which nobody has said so yet."""
    render_id = renders.start(light, user)
    stand_in.finish(render_id)
    return render_id


def send(api: Deployed, body: bytes | str, signed: str | None) -> Answer:
    body = body if isinstance(body, str) else body.decode()
    return api.request("POST", HOOK, body=body, headers={} if signed is None else {"X-Remotion-Signature": signed})


def listed(api: Deployed, user: User) -> dict[str, dict]:
    return {render["renderId"]: render for render in api.request("GET", "/render", user.token).json["renders"]}


def this_month(api: Deployed, user: User) -> dict:
    return api.request("GET", "/usage", user.token).json["months"][0]


def test_a_signed_end_is_written_counted_and_told_once(
    light: Deployed, user: User, done: str, stand_in: StandIn, told: Told
):
    assert listed(light, user)[done]["status"] == "started"
    assert [stand_in.tell(done) for _ in range(3)] == [204] * 3
    event = told.wait_for(done)
    assert (event["source"], event["detail-type"]) == ("remotion-render-api", "Render State Change")
    render = listed(light, user)[done]
    assert render["status"] == "done"
    assert this_month(light, user)["renders"] == 1
    assert this_month(light, user)["costs"]["accruedSoFar"] == render["costs"]["accruedSoFar"] > 0
    assert [event["detail"]["eventId"] for event in told.of(done)] == [f"{done}-done"]


def test_a_render_that_its_owner_has_read_first_is_told_at_once(
    light: Deployed, user: User, done: str, stand_in: StandIn, told: Told
):
    """The reader writes the end, and tells nobody."""
    assert renders.status(light, user, done).json["status"] == "done"
    assert told.of(done) == []
    assert stand_in.tell(done) == 204
    told.wait_for(done)
    assert stand_in.tell(done) == 204
    assert len(told.of(done)) == 1
    assert this_month(light, user)["renders"] == 1


def test_what_is_not_signed_so_changes_nothing(light: Deployed, user: User, done: str, stand_in: StandIn, told: Told):
    body = stand_in.webhook(done)
    right = signature(stand_in.webhooks[done]["secret"], body)
    for signed in (
        None,
        "",
        "NO_SECRET_PROVIDED",
        signature("another secret", body),
        signature(stand_in.webhooks[done]["secret"], body + b" "),
        right.removeprefix("sha512="),
        right.upper(),
        "sha512=" + right.removeprefix("sha512=").upper(),
        right[:-1],
        right + "0",
        f" {right},{right}",
    ):
        assert_problem(send(light, body, signed), 401, "signature_invalid")
    assert listed(light, user)[done]["status"] == "started"
    assert this_month(light, user)["renders"] == 0
    assert told.of(done) == []
    assert send(light, body, right).status == 204
    told.wait_for(done)


def test_nothing_is_parsed_before_it_is_signed(light: Deployed, stand_in: StandIn, done: str):
    secret = stand_in.webhooks[done]["secret"]
    for body in (b"", b"{", b"[]", b"{}", b'{"type":"other"}'):
        assert_problem(send(light, body, signature("another secret", body)), 401, "signature_invalid")
        assert_problem(send(light, body, signature(secret, body)), 400, "invalid_json")
    large = json.dumps({"padding": "x" * LARGEST}).encode()
    assert_problem(send(light, large, signature(secret, large)), 413, "payload_too_large")


@pytest.mark.parametrize("tag", [None, {}, {"jobId": "1"}, {"issuer": "", "owner": ""}, "text", 7, []], ids=json.dumps)
def test_a_webhook_of_another_deployment_changes_nothing(
    light: Deployed, user: User, done: str, stand_in: StandIn, told: Told, tag
):
    """It can be signed with the same secret, if the operator shares it."""
    assert stand_in.tell(done, customData=tag) == 204
    assert listed(light, user)[done]["status"] == "started"
    assert told.of(done) == []


def test_another_users_tag_changes_nothing_of_ones_own(
    light: Deployed, user: User, done: str, stand_in: StandIn, told: Told
):
    other = light.sign_up()
    theirs = renders.start(light, other)
    # It has no state, so that it cannot be theirs either.
    assert stand_in.tell(theirs, renderId="0000000000", customData=stand_in.webhooks[done]["customData"]) == 204
    assert listed(light, user).keys() == {done}
    assert listed(light, other)[theirs]["status"] == "started"
    assert told.of(theirs) == told.of("0000000000") == []


def test_the_first_end_wins(light: Deployed, user: User, stand_in: StandIn, told: Told):
    render_id = renders.start(light, user)
    stand_in.finish(render_id, "component throws")
    assert stand_in.tell(render_id, "error") == 204
    stand_in.finish(render_id)
    for kind in ("success", "timeout", "error", "success"):
        assert stand_in.tell(render_id, kind) == 204
    render = listed(light, user)[render_id]
    assert (render["status"], render["outputUrl"]) == ("failed", None)
    assert renders.status(light, user, render_id).json["status"] == "failed"
    assert [event["detail"]["status"] for event in told.of(render_id)] == ["failed"]
    assert this_month(light, user)["renders"] == 1


def test_a_deleted_render_stays_deleted(light: Deployed, user: User, done: str, stand_in: StandIn, told: Told):
    # The owner has read how it ended, so there is an event by now: one, and not another one.
    assert renders.delete(light, user, done).status == 204
    assert stand_in.tell(done) == 204
    assert listed(light, user) == {}
    assert len(told.of(done)) <= 1


def test_a_render_whose_record_was_lost_is_adopted(
    light: Deployed, user: User, done: str, stand_in: StandIn, told: Told
):
    """Between its start and the writing of its record."""
    light.aws("dynamodb").delete_item(TableName=light.resource("Renders"), Key=light.key_of(user, done))
    assert listed(light, user) == {}
    assert [stand_in.tell(done) for _ in range(2)] == [204] * 2
    assert listed(light, user)[done]["status"] == "done"
    assert told.wait_for(done)["detail"]["userId"] == user.sub
    assert len(told.of(done)) == 1
    assert this_month(light, user)["renders"] == 1
    status = renders.status(light, user, done).json
    assert (status["status"], status["composition"]) == ("done", "MyVideo")
    assert renders.delete(light, user, done).status == 204


def test_a_still_has_ended_with_its_answer(light: Deployed, user: User, told: Told):
    body = {"name": "Poster", "customData": {"order": 7}}
    still_id = light.request("POST", "/still", user.token, body).json["renderId"]
    render = listed(light, user)[still_id]
    assert (render["kind"], render["status"], render["name"]) == ("still", "done", "Poster")
    assert this_month(light, user)["stills"] == 1
    # Nobody calls the hook for a still: the event waits for the sweep.
    assert told.of(still_id) == []
    light.make_due(user, still_id, "event")
    light.sweep()
    detail = told.wait_for(still_id)["detail"]
    assert (detail["kind"], detail["name"], detail["customData"]) == ("still", "Poster", {"order": 7})


def test_a_name_and_a_reference_come_back_everywhere(light: Deployed, user: User, stand_in: StandIn, told: Told):
    name, reference = 'Añna\'s "trip" 1/2', {"order": 42, "ü": [1, {"a": None}]}
    render_id = renders.start(light, user, name=name, customData=reference)
    stand_in.finish(render_id)
    for shown in (renders.status(light, user, render_id).json, listed(light, user)[render_id]):
        assert (shown["name"], shown["customData"]) == (name, reference)
    assert stand_in.tell(render_id) == 204
    detail = told.wait_for(render_id)["detail"]
    assert (detail["name"], detail["customData"]) == (name, reference)
    # Remotion's function is told neither.
    payload = next(sent for sent in stand_in.payloads if sent.get("webhook") == stand_in.webhooks[render_id])
    assert "trip" not in json.dumps(payload)
    assert "customData" not in payload

    for shown in (renders.status(light, user, render_id).json, listed(light, user)[render_id]):
        assert urlsplit(shown["outputUrl"]).path == f"/{BUCKET}/renders/{render_id}/out.mp4"
        with urllib.request.urlopen(shown["outputUrl"], timeout=30) as answer:
            disposition = answer.headers["Content-Disposition"]
        _, encoded = disposition.split("filename*=")
        charset, _, text = decode_rfc2231(encoded)
        assert (charset, unquote(text)) == ("UTF-8", "Añna's -trip- 1-2.mp4")
        assert disposition.isascii()


def test_wrong_names_and_references_are_refused_together(light: Deployed, user: User, stand_in: StandIn):
    before = len(stand_in.payloads)
    for path in ("/render", "/still"):
        body = {"name": "a\nb", "customData": {"a": "x" * 1_024}, "scale": 99}
        problem = assert_problem(light.request("POST", path, user.token, body), 422, "invalid_options")
        assert {error["pointer"] for error in problem["errors"]} >= {"/name", "/customData", "/scale"}
        for custom_data in ([], "text", 7):
            answer = light.request("POST", path, user.token, {"customData": custom_data})
            assert_problem(answer, 422, "invalid_options")
    assert len(stand_in.payloads) == before


def test_the_list_tells_how_each_stands(light: Deployed, user: User, stand_in: StandIn):
    ids = [renders.start(light, user) for _ in range(3)]
    stand_in.finish(ids[0])
    stand_in.tell(ids[0])
    stand_in.finish(ids[1], "component throws")
    stand_in.tell(ids[1], "error")
    renders_of = listed(light, user)
    assert [renders_of[render_id]["status"] for render_id in ids] == ["done", "failed", "started"]
    assert renders.download(renders_of[ids[0]]["outputUrl"])[1] == b"a video"
    assert [renders_of[render_id]["outputUrl"] for render_id in ids[1:]] == [None, None]
    for status, expected in (("done", ids[:1]), ("failed", ids[1:2]), ("started", ids[2:]), ("cancelled", [])):
        page = light.request("GET", f"/render?status={status}", user.token).json["renders"]
        assert [render["renderId"] for render in page] == expected
    problem = assert_problem(light.request("GET", "/render?status=over", user.token), 422, "invalid_options")
    assert [error["parameter"] for error in problem["errors"]] == ["status"]


def test_the_hook_is_for_remotion_alone(light: Deployed, user: User):
    """And the function behind it answers nobody else."""
    for method in ("GET", "PUT", "DELETE"):
        answer = light.request(method, HOOK)
        assert (answer.status, answer.json) == (401, {"message": "Unauthorized"})
    assert light.request("POST", f"{HOOK}/more", body={}).json == {"message": "Unauthorized"}
    # With a token one gets past the gateway, to the other function.
    assert_problem(light.request("GET", HOOK, user.token), 405, "method_not_allowed")
