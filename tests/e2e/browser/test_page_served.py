"""How the page is served: as the function has made it, to be kept, held to a policy, or not at all."""

import contextlib
import gzip
import http.client
import re

import pytest
import renders
from browser import Visit, Visits
from deployed import Deployed
from playwright.sync_api import Browser, expect
from routes import ADMITTED, GATEWAY_REFUSES, all_say, ask, said
from stand_in import StandIn


def fetch(api: Deployed, method: str = "GET", **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", api.settings.port, timeout=60)
    with contextlib.closing(connection):
        connection.request(method, "/", headers={"Host": api.host} | headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def test_the_gateway_passes_it_on_as_it_is(api: Deployed):
    status, headers, plain = fetch(api)
    assert (status, headers["Content-Type"], headers["Content-Encoding"]) == (200, "text/html; charset=utf-8", None)
    assert plain.startswith(b"<!doctype html>")
    assert api.client_id in plain.decode()
    assert (headers["Cache-Control"], headers["Vary"]) == ("no-cache", "accept-encoding")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'sha256-")
    assert headers["X-Content-Type-Options"] == "nosniff"

    compress = {"Accept-Encoding": "gzip, deflate, br"}
    status, headers, packed = fetch(api, **compress)
    assert (status, headers["Content-Encoding"], headers["Content-Length"]) == (200, "gzip", str(len(packed)))
    assert gzip.decompress(packed) == plain
    status, again, nothing = fetch(api, **compress, **{"If-None-Match": headers["ETag"]})
    assert (status, again["ETag"], nothing) == (304, headers["ETag"], b"")


def test_the_operator_may_turn_it_off(deployed_as, stand_in: StandIn):
    api = deployed_as("no-page", RemotionFunctionName=stand_in.name, Page="false", Monitoring="false")
    assert said(api.request("GET", "/")) == GATEWAY_REFUSES
    token = api.sign_up().token
    assert said(api.request("GET", "/", token)) == "the function's 404 not_found"
    assert ask(api, None) == all_say(GATEWAY_REFUSES)
    assert ask(api, token) == ADMITTED


# One is too pale for links in light, one too dark for those in the dark.
@pytest.mark.parametrize(("color", "painted"), [("#fff2b0", "rgb(255, 242, 176)"), ("#101040", "rgb(16, 16, 64)")])
def test_it_has_the_operator_s_name_and_colour(visit: Visits, light: Deployed, color: str, painted: str):
    title = "<b>Ana's</b> & <script>Søn"
    with renders.environment(light, PAGE_TITLE=title, PAGE_COLOR=color):
        page = visit(light)
    named = page.tab.get_by_role("banner").get_by_role("heading")
    expect(page.tab).to_have_title(title)
    expect(named).to_have_text(title)
    assert named.locator("b, script").count() == 0
    assert page.button("Sign in").evaluate("button => getComputedStyle(button).backgroundColor") == painted
    assert page.violations() == []
    page.sign_in(light.sign_up().email)
    page.start()
    expect(page.tab).to_have_title(re.compile(f" · {re.escape(title)}$"))
    page.button("Start render").hover()
    assert page.violations() == []
    page.press("Close")
    expect(page.tab).to_have_title(title)


# What a script that had been smuggled in might try, and what of the policy it meets.
ATTEMPTS = {
    "fetch('https://example.com/').catch(() => {})": "connect-src",
    "new Image().src = 'https://example.com/'": "img-src",
    "document.createElement('video').src = 'https://example.com/'": "media-src",
    "document.createElement('script').src = 'data:,'": "require-trusted-types-for",
    "document.body.innerHTML = 'anything'": "require-trusted-types-for",
    "document.head.append(Object.assign(document.createElement('style'), {textContent: 'a {}'}))": "style-src-elem",
    "document.head.append(Object.assign(document.createElement('base'), {href: 'https://example.com/'}))": "base-uri",
    "Object.assign(document.body.appendChild(document.createElement('form')), {action: '//example.com'}).submit()": "form-action",
}


def test_the_page_may_do_no_more_than_it_must(browser: Browser, api: Deployed):
    page = Visit(browser, api).open()
    for attempt, directive in ATTEMPTS.items():
        violated = page.tab.evaluate(
            """new Promise((told) => {
                const tell = ({effectiveDirective}) => told(effectiveDirective);
                document.addEventListener('securitypolicyviolation', tell, {once: true});
                setTimeout(() => tell({effectiveDirective: 'none'}), 120_000);
                try { ATTEMPT } catch {}
            })""".replace("ATTEMPT", attempt)
        )
        assert violated == directive, attempt
    # The tests above would have failed by each of them.
    with pytest.raises(AssertionError), page:
        pass
    assert len(page.faults) >= len(ATTEMPTS), page.faults
    assert {request.failure for request in page.requests if "example.com" in request.url} == {"csp"}
