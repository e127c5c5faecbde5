"""What needs a browser: the page, an app of its own, and the walk-through whose end is the page."""

import contextlib

import pytest
from browser import Visit, Visits, chromium
from playwright.sync_api import Browser


# As long as it is open, nothing else in this thread may use asyncio.
@pytest.fixture(scope="module")
def browser() -> Browser:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Visits:
    """Opens the page of a deployment, as somebody who has not been there before."""
    with contextlib.ExitStack() as visits:
        yield lambda api, **options: visits.enter_context(Visit(browser, api, **options)).open()
