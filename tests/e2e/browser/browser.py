"""The page in a real browser, as its users meet it, with an eye on what they would not see: errors, and requests elsewhere."""

import base64
import contextlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Self
from urllib.parse import urlsplit

from deployed import PASSWORD, Deployed
from local_aws.mail import messages as mail_of
from local_aws.settings import PROJECT, chrome
from playwright.sync_api import Browser, ConsoleMessage, Download, Locator, Request, expect, sync_playwright

AXE = PROJECT / "page" / "node_modules" / "axe-core" / "axe.min.js"

# A render takes its time, the more on a machine that has other work.
SECONDS = 180

expect.set_options(timeout=SECONDS * 1000)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The one that the render function uses. It plays H.264, and knows by itself that names under localhost are this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome(), args=["--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """Somebody's visit to the page of a deployment, with nothing kept from any visit before."""

    def __init__(self, browser: Browser, api: Deployed, url: str | None = None, issuer: str | None = None, **options):
        self.api = api
        self.url = url or f"http://{api.host}/"
        # Where it may send requests: to its own API, to AWS, and to where its users sign in if that is not Cognito.
        self.allowed = {self.url, f"{api.settings.endpoint}/", f"{issuer}/"}
        self.requests: list[Request] = []
        # What has gone wrong, but for messages with such texts: those that a test is about.
        self.faults: list[str] = []
        self.expected: tuple[str, ...] = ()
        options.setdefault("viewport", {"width": 1280, "height": 900})
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(SECONDS * 1000)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("request", self._sent)
        self.tab = self.context.new_page()
        self.form = self.tab.get_by_role("form", name="New render")
        self.list = self.tab.get_by_role("region", name="Your renders")
        self.rows = self.list.get_by_role("listitem")
        # The render that is open.
        self.render = self.tab.locator("section", has=self.button("Close"))
        self.badge = self.render.locator(".badge")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is None:
            # A round trip: what the page has said until now has then been heard.
            self.tab.evaluate("null")
        self.context.close()
        if kind is None:
            assert not self.faults, self.faults

    def field(self, label: str) -> Locator:
        return self.tab.get_by_label(label, exact=True)

    def button(self, name: str) -> Locator:
        return self.tab.get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        self.button(name).click()

    def heading(self, name: str) -> Locator:
        return self.tab.get_by_role("heading", name=name)

    def open(self) -> Self:
        self.tab.goto(self.url)
        return self

    def sign_in(self, email: str, password: str = PASSWORD) -> Self:
        self.field("E-mail address").fill(email)
        self.field("Password").fill(password)
        self.press("Sign in")
        return self

    def choose(self, composition: str) -> None:
        self.field("Composition").select_option(composition)

    def props(self) -> Locator:
        """The props as JSON."""
        as_json = self.button("Edit as JSON")
        expect(as_json.or_(self.field("Props"))).to_be_visible()
        if as_json.is_visible():
            as_json.click()
        return self.tab.get_by_role("textbox", name="Props", exact=True)

    def open_file(self, name: str, content: str) -> None:
        file = {"name": name, "mimeType": "application/json", "buffer": content.encode()}
        self.form.locator("input[type=file]").set_input_files(file)

    def unfold(self) -> None:
        """Shows the options that not everybody needs."""
        if not self.field("Further options").is_visible():
            self.tab.get_by_text("More options", exact=True).click()

    def start(self) -> None:
        self.press("Start render")

    def row(self, composition: str) -> Locator:
        return self.rows.filter(has_text=composition)

    def bar(self) -> list[float]:
        """What the bar of the open render shows, until that was three values between 0 and 1: each value once."""
        seen = []
        until = time.monotonic() + SECONDS
        while sum(0 < value < 1 for value in seen) < 3:
            if time.monotonic() > until:
                raise TimeoutError(seen)
            value = self.render.get_by_role("progressbar").evaluate("bar => bar.position")
            if value >= 0 and value not in seen:
                seen.append(value)
            self.tab.wait_for_timeout(50)
        return seen

    def frame(self, seconds: float) -> dict[str, int]:
        """How many colours the open video has at that time, and how many white pixels, by what is seen on the screen."""
        video = self.render.locator("video")
        video.evaluate(
            """async (video, seconds) => {
                const told = (name) => new Promise((resolve, reject) => {
                    video.addEventListener(name, resolve, {once: true});
                    setTimeout(() => reject(new Error(`no ${name}`)), 120_000);
                });
                // No further than it loads by itself: the rest is for who wants to see it.
                if (video.readyState < HTMLMediaElement.HAVE_METADATA) await told('loadedmetadata');
                video.controls = false;
                video.currentTime = seconds;
                while (video.seeking) await told('seeked');
            }""",
            seconds,
        )
        # The page's own policy would keep it from looking.
        with contextlib.closing(self.context.new_page()) as other:
            return other.evaluate(
                """async (picture) => {
                    const bitmap = await createImageBitmap(await (await fetch(picture)).blob());
                    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
                    context.drawImage(bitmap, 0, 0);
                    const {data} = context.getImageData(0, 0, bitmap.width, bitmap.height);
                    const pixels = new Uint32Array(data.buffer);
                    return {colours: new Set(pixels).size, white: pixels.filter((pixel) => pixel === 0xffffffff).length};
                }""",
                f"data:image/png;base64,{base64.b64encode(video.screenshot()).decode()}",
            )

    def download(self) -> Download:
        with self.context.expect_event("download") as download:
            self.render.get_by_role("link", name="Download").click()
        return download.value

    @contextlib.contextmanager
    def losing_the_next_answer(self, path: str) -> Iterator[None]:
        """The API answers, and the browser does not get it; the answers after that one it gets later."""
        session = self.context.new_cdp_session(self.tab)
        paused = []

        def pause(answer: dict) -> None:
            paused.append({"requestId": answer["requestId"]})
            if len(paused) == 1:
                session.send("Fetch.failRequest", paused[0] | {"errorReason": "ConnectionReset"})

        session.on("Fetch.requestPaused", pause)
        session.send("Fetch.enable", {"patterns": [{"urlPattern": f"*{path}", "requestStage": "Response"}]})
        yield
        # This lets what is paused go on.
        session.send("Fetch.disable")

    def violations(self) -> list[str]:
        """What axe finds wrong, with light colours and with dark ones."""
        if not self.tab.evaluate("'axe' in window"):
            self.tab.evaluate(AXE.read_text())
        found = []
        for scheme in ("light", "dark"):
            self.tab.emulate_media(color_scheme=scheme)
            found += self.tab.evaluate(
                """async (scheme) => {
                    // Colours that are on their way to others have no contrast to speak of.
                    document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish());
                    const {violations} = await axe.run();
                    return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${scheme}, ${id}: ${html}`));
                }""",
                scheme,
            )
        return found

    def renewals(self) -> int:
        """How often Cognito, or another issuer, was asked for new tokens."""
        asks = ("REFRESH_TOKEN_AUTH", "grant_type=refresh_token")
        return sum(any(ask in (request.post_data or "") for ask in asks) for request in self.requests)

    def tokens(self) -> list[str]:
        """Those that the API was sent, each once."""
        sent = (request.headers.get("authorization") for request in self.requests)
        return list(dict.fromkeys(token for token in sent if token))

    def _heard(self, message: ConsoleMessage) -> None:
        expected = self.expected
        # A machine that is busy may not open a Chrome within a request's time. The page tries again, or is seen not to.
        if message.location["url"].endswith("/compositions"):
            expected = (*expected, "status of 504")
        if message.type in ("error", "warning") and not any(text in message.text for text in expected):
            self.faults.append(f"{message.type}: {message.text}")

    def _sent(self, request: Request) -> None:
        self.requests.append(request)
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}/" not in self.allowed:
            self.faults.append(f"a request to {request.url}")


Visits = Callable[..., Visit]


def mailed_code(api: Deployed, email: str) -> str:
    """The code of the last mail that Cognito has sent there: the local AWS keeps all mail."""
    [*_, mail] = (mail for mail in mail_of(api.settings) if email in mail["To"])
    return re.search(r"\d{6}", mail["BodyText"])[0]
