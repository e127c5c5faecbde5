"""Apps on this machine: a script in Node.js and a page on another port call the deployed API at its address on 127.0.0.1."""

import functools
import http.client
import json
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
import renders
from browser import SECONDS, Visit
from deployed import PASSWORD, Answer, Deployed
from local_aws.differences import differences
from local_aws.settings import DEV
from playwright.sync_api import Browser, Error, Page, expect

APP = Path(__file__).parents[1] / "app"
ONE_FRAME = {"composition": "MyVideo", "frameRange": [0, 0]}


def described(api: Deployed, email: str) -> dict[str, str]:
    """What an app is configured with, and who signs in."""
    return {
        "apiUrl": api.settings.gateway,
        "cognito": f"{api.settings.endpoint}/",
        "clientId": api.client_id,
        "email": email,
        "password": PASSWORD,
    }


def ask(api: Deployed, method: str, path: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", api.settings.gateway_port, timeout=60)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    answer = Answer(response.status, response.headers, response.read().decode())
    connection.close()
    return answer


@pytest.fixture
def tab(browser: Browser) -> Page:
    context = browser.new_context()
    context.set_default_timeout(SECONDS * 1000)
    yield context.new_page()
    context.close()


def run(tab: Page, function: str, *arguments):
    """Calls a function of the app's client, in the page."""
    return tab.evaluate(
        "async ([name, given]) => (await import('/client.mjs'))[name](...given)", [function, list(arguments)]
    )


def test_a_script_in_node_renders(api: Deployed):
    app = described(api, api.sign_up().email)
    command = ["node", str(APP / "node.mjs"), json.dumps(app), json.dumps(ONE_FRAME)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["render"]["status"] == "done"
    assert told["type"] == "ftyp"
    assert told["size"] == told["render"]["outputSizeInBytes"]


def test_a_page_on_another_port_renders(tab: Page, api: Deployed, app_origin: str):
    """The browser asks for permission first: for the token, for the key, and for DELETE."""
    user = api.sign_up()
    app = described(api, user.email)
    tab.goto(app_origin)
    token = run(tab, "signIn", app)
    # Long enough to be seen before it is done.
    render_id = run(tab, "start", app, token, {"composition": "MyVideo"})["renderId"]
    watched = run(tab, "watch", app, token, render_id)
    assert watched["render"]["status"] == "done"
    # The page may read this header of the answer, although the API is elsewhere.
    assert watched["pauses"], watched
    assert all(re.fullmatch(r"\d+", pause or "") for pause in watched["pauses"]), watched
    assert run(tab, "remove", app, token, render_id) == 204
    asked = (api.settings.state / "gateway.log").read_text()
    assert '"OPTIONS /render HTTP/1.1" 204' in asked
    assert f'"OPTIONS /render/{render_id} HTTP/1.1" 204' in asked


def test_a_page_of_another_origin_is_refused(tab: Page, api: Deployed, app_origin: str):
    user = api.sign_up()
    app = described(api, user.email)
    tab.goto(app_origin.replace("127.0.0.1", "localhost"))
    token = run(tab, "signIn", app)
    with pytest.raises(Error, match="Failed to fetch"):
        run(tab, "start", app, token, ONE_FRAME)
    assert api.request("GET", "/render", user.token).json["renders"] == []


def test_a_preflight_reaches_the_function_and_gets_the_headers(api: Deployed, app_origin: str):
    preflight = functools.partial(ask, api, "OPTIONS", "/render", Access_Control_Request_Method="POST")
    allowed = preflight(Origin=app_origin)
    assert allowed.status == 204, allowed.text
    assert allowed.headers["Access-Control-Allow-Origin"] == app_origin
    assert {"GET", "POST", "DELETE"} <= set(allowed.headers["Access-Control-Allow-Methods"].split(","))
    names = {name.strip().lower() for name in allowed.headers["Access-Control-Allow-Headers"].split(",")}
    assert {"authorization", "content-type", "idempotency-key"} <= names
    assert int(allowed.headers["Access-Control-Max-Age"]) > 0

    refused = preflight(Origin="https://elsewhere.example")
    assert not [name for name in refused.headers if name.lower().startswith("access-control-")]


def test_an_answer_may_be_read_by_an_allowed_origin_only(api: Deployed, app_origin: str):
    user = api.sign_up()
    listed = functools.partial(ask, api, "GET", "/render?limit=1", Authorization=f"Bearer {user.token}")
    allowed = listed(Origin=app_origin)
    assert (allowed.status, allowed.headers["Access-Control-Allow-Origin"]) == (200, app_origin)
    assert "retry-after" in allowed.headers["Access-Control-Expose-Headers"].lower()
    for answer in (listed(Origin="https://elsewhere.example"), listed()):
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, None)


def test_a_slash_at_the_end_and_a_query_change_nothing(api: Deployed):
    user = api.sign_up()
    authorization = {"Authorization": f"Bearer {user.token}", "Idempotency_Key": "one-render-by-all-of-these"}
    answers = [
        ask(api, "POST", path, **authorization)
        for path in ("/render", "/render/", "/render?utm_source=mail", "/render/?limit=1")
    ]
    assert [answer.status for answer in answers] == [200] * 4, answers
    [render_id] = {answer.json["renderId"] for answer in answers}
    assert ask(api, "GET", f"/render/{render_id}/?x=1", **authorization).json["renderId"] == render_id
    listed = ask(api, "GET", "/render/?limit=1&utm_source=mail", **authorization).json["renders"]
    assert [render["renderId"] for render in listed] == [render_id]
    assert ask(api, "POST", f"/render/{render_id}/cancel/", **authorization).status == 202


def test_health_is_the_apis_own(api: Deployed):
    assert ask(api, "GET", "/health").status == 401
    answer = ask(api, "GET", "/health", Authorization=f"Bearer {api.sign_up().token}")
    assert answer.status == 200
    assert answer.json["message"] == "SUCCESS"


def test_the_page_works_at_that_address_too(browser: Browser, api: Deployed):
    user = api.sign_up()
    with Visit(browser, api, url=f"{api.settings.gateway}/") as page:
        page.open().sign_in(user.email)
        page.unfold()
        page.field("Last frame").fill("0")
        page.start()
        expect(page.badge).to_have_text("Done")
        expect(page.render.locator("video")).to_be_visible()
    [render] = api.request("GET", "/render", user.token).json["renders"]
    assert renders.status(api, user, render["renderId"]).json["status"] == "done"


def test_the_mail_is_there_to_read(api: Deployed):
    email = f"{uuid.uuid4().hex[:8]}@test.com"
    api.cognito.sign_up(ClientId=api.client_id, Username=email, Password=PASSWORD)
    done = subprocess.run(
        [sys.executable, "-m", "local_aws", "mail"],
        cwd=DEV,
        env=api.settings.environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    mail = next(mail for mail in done.stdout.split("\n\n") if f"To {email}: " in mail)
    code = re.search(r"\b\d{6}\b", mail)[0]
    api.cognito.confirm_sign_up(ClientId=api.client_id, Username=email, ConfirmationCode=code)
    assert api.sign_in(email)


def test_what_differs_from_aws_is_told():
    told = dict(differences())
    assert "Nothing is throttled" in told["`ThrottlingRateLimit`, `ThrottlingBurstLimit`"]
    assert "Part" not in told
