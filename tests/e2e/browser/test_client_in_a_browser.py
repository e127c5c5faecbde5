"""The TypeScript client in an app on another origin than the API's, in a real browser."""

import contextlib

import pytest
from browser import SECONDS
from deployed import Deployed
from local_aws.settings import PROJECT
from playwright.sync_api import Browser, Page, Route

OURS = PROJECT / "clients" / "typescript"

PROGRAM = """async ([url, token]) => {
    const {createClient} = await import('/client/index.js');
    const client = createClient({url, token});
    const {renderId} = await client.start({composition: 'MyVideo', frameRange: [0, 0]}, {respondAsync: true});
    const {status, outputUrl} = await client.wait(renderId);
    const refused = await client.start({composition: 'MyVideo', crf: 99}).catch(({code, errors}) => [code, errors[0].pointer]);
    await client.delete(renderId);
    return {status, linked: outputUrl !== null, refused, kept: sessionStorage.length};
}"""


@pytest.fixture
def app(browser: Browser, app_origin: str) -> Page:
    def served(route: Route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        route.fulfill(path=OURS / "dist" / name, content_type="text/javascript")

    with contextlib.closing(browser.new_context()) as context:
        context.route(f"{app_origin}/client/*", served)
        context.set_default_timeout(SECONDS * 1000)
        page = context.new_page()
        page.goto(f"{app_origin}/")
        yield page


def test_it_starts_waits_and_deletes(app: Page, api: Deployed):
    told = app.evaluate(PROGRAM, [api.settings.gateway, api.sign_up().token])
    # No key is left of a start that was answered.
    assert told == {"status": "done", "linked": True, "refused": ["invalid_options", "/crf"], "kept": 0}
