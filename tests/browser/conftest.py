"""A real server on the shipped snapshot, and a real Chromium."""

import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from comingclean.views.server import create_app

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from chromium import find

_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
_SOFTWARE_WEBGL = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]


@pytest.fixture(scope="session")
def database(shipped: Path) -> Path:
    """The database that the server shows."""
    return shipped


@pytest.fixture(scope="session")
def address(database: Path) -> Iterator[str]:
    """The server's address, ending in a slash."""
    server = uvicorn.Server(
        uvicorn.Config(create_app(database), port=0, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=_FLAGS + _SOFTWARE_WEBGL)
        yield browser
        browser.close()


def seen(rows: Locator) -> int:
    """How many of many elements are shown: asked of the page at once, as one by one takes seconds."""
    return int(rows.evaluate_all("all => all.filter(one => one.checkVisibility()).length"))


@dataclass
class Visit:
    """A page with what it asked for and what it complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Visit]:
    """A fresh page at desk size; it must not have complained when the test ends."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=address)
    visit = Visit(context.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("console", lambda m: visit.complaints.append(m.text) if m.type == "error" else None)
    yield visit
    context.close()
    assert visit.complaints == []


@pytest.fixture
def page(visit: Visit) -> Page:
    return visit.page


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, base_url=address, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()
