"""Starts and stills: once for each key, no more than the quota, and remembered."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import pytest
from api import Api, start, told
from faults import play_of
from function import Answer
from local_aws.settings import BUCKET
from request import LARGE, SMALL, Request
from state import DAY_SECONDS

QUOTA = {"RENDERS_PER_USER_PER_DAY": "5"}
AT_ONCE = 6
A_MINUTE = 61


@pytest.mark.parametrize("route", ["POST /render", "POST /still"])
@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("variables", [QUOTA, {}], ids=["quota", "no quota"])
def test_a_start_is_counted_and_remembered(start_api, variables: dict[str, str], keyed: bool, route: str):
    api: Api = start_api(**variables)
    request = start(keyed=keyed, route=route)
    answer = api.send(request)
    assert answer.status == 200, answer.text
    (render_id,) = api.started
    assert (answer.json["bucketName"], answer.json["renderId"]) == (BUCKET, render_id)

    held = api.held(request)
    assert held.key == ("answered" if keyed else "none")
    # Without a key, what is counted hangs on an item of its own.
    assert held.claims == (1 if variables and not keyed else 0)
    assert held.used == (1 if variables else 0)
    assert held.renders == [render_id]
    assert all(int(item["expiresAt"]["N"]) > time.time() for item in held.items)
    if variables:
        assert answer.headers["ratelimit"].startswith('"renders";r=4;t=')
    else:
        assert "ratelimit" not in answer.headers


@pytest.mark.parametrize("route", ["POST /render", "POST /still"])
def test_a_repetition_gets_the_first_answer(start_api, route: str):
    api: Api = start_api(**QUOTA)
    request = start(route=route)
    first, again = api.send(request), api.send(request)
    assert first.status == again.status == 200
    assert again.headers["idempotent-replayed"] == "true"
    assert _without_signature(again) == _without_signature(first)
    assert len(api.started) == 1
    assert api.held(request).used == 1


def test_a_key_is_a_requests_and_a_users_own(api: Api):
    request = start()
    assert api.send(request).status == 200
    other_body = Request(request.route, {"inputProps": {"title": "Other"}}, True, user=request.user, key=request.key)
    other_route = Request("POST /still", SMALL, True, user=request.user, key=request.key)
    for other in (other_body, other_route):
        assert told(api.send(other)) == (422, "idempotency_key_reused")
    assert len(api.started) == 1
    other_user = Request(request.route, request.body, True, key=request.key)
    assert api.send(other_user).status == 200
    assert len(api.started) == 2


def test_one_key_at_once_starts_one_render(start_api):
    apis = [start_api(**QUOTA) for _ in range(AT_ONCE)]
    request = start()
    answers = _at_once(apis, [request] * AT_ONCE)
    started = [render_id for api in apis for render_id in api.started]
    assert len(started) == 1
    assert {told(answer) for answer in answers} <= {(200, None), (409, "idempotency_in_flight")}
    assert {answer.json["renderId"] for answer in answers if answer.status == 200} == set(started)
    held = apis[0].held(request)
    assert (held.key, held.used, held.renders) == ("answered", 1, started)


@pytest.mark.parametrize("keyed", [True, False])
def test_a_quota_at_once_is_not_exceeded_nor_wasted(start_api, keyed: bool):
    apis = [start_api(RENDERS_PER_USER_PER_DAY="4") for _ in range(AT_ONCE)]
    first = start(keyed=keyed)
    answers = _at_once(apis, [first, *(start(first.user, keyed=keyed) for _ in apis[1:])])
    assert sorted(told(answer) for answer in answers) == [(200, None)] * 4 + [(429, "quota_spent")] * 2
    held = apis[0].held(first)
    assert held.used == len(held.renders) == sum(len(api.started) for api in apis) == 4


@pytest.mark.parametrize("keyed", [True, False])
def test_a_spent_quota(start_api, keyed: bool):
    api: Api = start_api(RENDERS_PER_USER_PER_DAY="1")
    first = start()
    assert api.send(first).status == 200
    refused = start(first.user, keyed=keyed)
    answer = api.send(refused)
    assert told(answer) == (429, "quota_spent")
    assert 0 < int(answer.headers["retry-after"]) <= DAY_SECONDS
    assert answer.headers["ratelimit"].startswith('"renders";r=0;t=')
    # Nothing of it stays: tomorrow the same request is as good as new.
    held = api.held(refused)
    assert (held.key, held.claims, held.used) == ("none", 0, 1)
    # What has started already is told all the same.
    assert api.send(first).headers["idempotent-replayed"] == "true"
    api.state.age_quota(first.user)
    assert api.send(refused).status == 200


@pytest.mark.parametrize("keyed", [True, False])
def test_what_never_ran_is_given_back(start_api, keyed: bool):
    api: Api = start_api(**QUOTA)
    request = start(keyed=keyed)
    api.relay.play("start", play_of("start", "access denied"), times=1)
    assert told(api.send(request)) == (503, "render_function_denied")
    held = api.held(request)
    assert (held.key, held.claims, held.used, held.renders) == ("none", 0, 0, [])
    assert api.send(request).headers["ratelimit"].startswith('"renders";r=4;t=')


@pytest.mark.parametrize("keyed", [True, False])
def test_what_has_run_is_counted_and_frees_the_key(start_api, keyed: bool):
    api: Api = start_api(**QUOTA)
    request = start(keyed=keyed)
    api.relay.play("start", play_of("start", "error: refused"), times=1)
    assert told(api.send(request)) == (502, "render_function_error")
    held = api.held(request)
    assert (held.key, held.claims, held.used) == ("none", 0, 1)
    assert api.send(request).status == 200


def test_what_may_have_started_is_not_started_again(start_api):
    api: Api = start_api(**QUOTA)
    request = start()
    api.relay.play("start", play_of("start", "reset after it is carried out"), times=1)
    assert told(api.send(request)) == (502, "render_outcome_unknown")
    assert told(api.send(request)) == (409, "idempotency_outcome_unknown")
    assert (api.held(request).key, len(api.started)) == ("marked", 1)
    # A day later the key is free, although the item may still be there.
    api.state.age_key(request.user, request.key, DAY_SECONDS + A_MINUTE)
    assert api.send(request).status == 200


def test_large_props_go_through_the_bucket(api: Api):
    assert api.send(start(body=LARGE)).status == 200
    (payload,) = api.relay.render_function.payloads
    props = payload["inputProps"]
    assert (props["type"], props["bucketName"]) == ("bucket-url", BUCKET)
    assert json.loads(api.state.get(BUCKET, f"input-props/{props['hash']}.json")) == LARGE["inputProps"]


def test_the_link_of_a_still_leads_to_it(api: Api):
    request = start(route="POST /still")
    made = api.send(request).json
    api.state.put(BUCKET, f"renders/{made['renderId']}/out.png", "a still")
    for answer in (made, api.send(request).json):
        with urlopen(answer["outputUrl"]) as file:
            assert file.read() == b"a still"


@pytest.mark.parametrize("route", ["POST /render", "POST /still", "GET /render", "GET /render/{id}"])
def test_a_table_that_is_missing(start_api, route: str):
    api: Api = start_api(RENDERS_TABLE="missing")
    request = Request(route) if route.startswith("GET") else start(route=route)
    assert told(api.send(request, may_warn=True)) == (503, "renders_table_missing")
    assert not api.started


def _at_once(apis: list[Api], requests: list[Request]) -> list[Answer]:
    """Each is answered by an instance of its own, as on AWS Lambda."""
    with ThreadPoolExecutor(len(apis)) as pool:
        return [*pool.map(Api.send, apis, requests)]


def _without_signature(answer: Answer) -> dict:
    return {name: str(value).split("?")[0] for name, value in answer.json.items()}
