"""A real browser on a real server, for tests of whole pages.

    site        the server: `site.url`, `site.home`, `site.database` (an address for psycopg); examples/sandbox and a tiny city are loaded,
                its store lies in home/warehouse/jishou; demo accounts are open
    rows        what is there to be visited: one row of everything that people make at the desks (seeded.py)
    page_as     page_as("policy", lang="en", width=390) gives a page that has signed in; page_as("") one that has not
    console     console.allow("403") before a page does on purpose what browsers complain about; anything else in the console fails the test

The server and the browser are started once for all tests of this folder, which run in one process (`tests/conftest.py`), and Django's own
models are not for these tests: Playwright's loop runs in their thread. Without a browser the tests are skipped, and the summary says so.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, StorageState, expect, sync_playwright

from frontend_tools import tool
from openyibao.outside import postgres
from seeded import Rows, seeded_at
from warehouse.made_store import made_store

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "openyibao.cli.main")
NOT_OURS = ("DATABASE_URL", "OPENYIBAO_HOME", "OPENYIBAO_CIPHER_KEY", "OPENYIBAO_INDEX_KEY", "OPENYIBAO_SECRET_KEY")
PEOPLE, YEARS = 200, (2022, 2023)
PASSWORD = "openyibao-demo"
HEIGHT = {1280: 800, 390: 844}
PATIENCE = 60_000
"""Milliseconds that a page may take on a machine that others use: how quick it is stands in the benchmarks."""
SERIOUS = ("Content Security Policy", "Content-Security-Policy", "Refused to")
"""Never allowed, whatever a test says."""


class Site(NamedTuple):
    """The server under test."""

    url: str
    home: Path
    database: str


class Console:
    """What browsers complained about, and what a test expects them to."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.allowed: list[str] = []

    def allow(self, *words: str) -> None:
        """Messages that hold one of these are meant."""
        self.allowed.extend(words)

    def heard(self, message: ConsoleMessage) -> None:
        """One message of the console."""
        if message.type in ("error", "warning"):
            self.said.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def problems(self) -> list[str]:
        """What nobody expected."""
        return [one for one in self.said if any(word in one for word in SERIOUS) or not any(word in one for word in self.allowed)]


def run(*words: str, home: Path, **more: str) -> None:
    """A command of ours on this home."""
    done = subprocess.run([*COMMAND, *words, "--home", str(home)], capture_output=True, text=True, env=environment(**more), check=False)
    assert done.returncode in (0, 3), done.stdout + done.stderr


def environment(**more: str) -> dict[str, str]:
    """This process's environment without the database, home and keys of the other tests."""
    return {name: value for name, value in os.environ.items() if name not in NOT_OURS} | more


@pytest.fixture(scope="package")
def browser_place() -> str:
    """The browser's file."""
    place = tool("browser").found()
    if not place:
        pytest.skip("no browser: `make browser` fetches one")
    return place


@pytest.fixture(scope="package")
def site(browser_place: str, session_folder: Path) -> Iterator[Site]:
    """The server with its data, until the last test of the folder."""
    home = session_folder / "browser"
    home.mkdir()
    postgres.start(home / "db", durable=False)
    try:
        made_store(home / "warehouse" / "jishou", people=PEOPLE, years=YEARS)
        run("load", "all", str(ROOT / "examples" / "sandbox"), "--training", home=home)
        run("load", "city", str(home / "warehouse" / "jishou"), "--no-seal", home=home)
        with (session_folder / "browser.log").open("w") as log:
            server = subprocess.Popen([*COMMAND, "serve", "--demo", "--port", "0", "--home", str(home)], stdout=subprocess.PIPE, stderr=log,
                                      text=True, env=environment())
            try:
                url = server.stdout.readline().split(" ")[0].rstrip("/")
                wait_for(url, log.name)
                yield Site(url, home, postgres.url_of(home / "db"))
            finally:
                server.terminate()
                server.communicate(timeout=60)
    finally:
        postgres.stop(home / "db", mode="immediate")


@pytest.fixture(scope="package")
def rows(site: Site) -> Rows:
    """Made once, when a test first asks, beside the running server: in its database, under the keys of its home."""
    return seeded_at(environment(DATABASE_URL=site.database, OPENYIBAO_HOME=str(site.home)))


def wait_for(url: str, log: str) -> None:
    """Until the server answers and its database too."""
    assert url.startswith("http://127.0.0.1:"), Path(log).read_text()[-2_000:]
    end = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{url}/healthz/ready", timeout=30).status_code == 200:
                return
        except httpx.TransportError:
            assert time.monotonic() < end, Path(log).read_text()[-2_000:]
        time.sleep(0.05)


@pytest.fixture(scope="package")
def chromium(browser_place: str, site: Site) -> Iterator[Browser]:
    """The browser, running."""
    expect.set_options(timeout=PATIENCE / 2)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser_place, args=tool("browser").FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def sessions() -> dict[str, StorageState]:
    """Login -> the cookies of its session: signing in costs a second, once."""
    return {}


@pytest.fixture
def console() -> Iterator[Console]:
    """The consoles of all pages of a test; it fails when there is something in them that it did not allow."""
    kept = Console()
    yield kept
    assert not kept.problems(), "\n".join(kept.problems())


@pytest.fixture
def page_as(
    chromium: Browser, site: Site, sessions: dict[str, StorageState], console: Console, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Opens pages: page_as(login, lang, width). Addresses may be written without the server's name."""
    contexts: list[BrowserContext] = []

    def opened(login: str = "policy", lang: str = "zh", width: int = 1280, scripts: bool = True) -> Page:
        """A page of a browser of its own."""
        view = {"width": width, "height": HEIGHT.get(width, 800)}
        if login and login not in sessions:
            sessions[login] = signed_in(chromium, site, login)
        context = chromium.new_context(base_url=site.url, viewport=view, storage_state=sessions.get(login), locale="zh-CN",
                                       timezone_id="Asia/Shanghai", java_script_enabled=scripts)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        speak(context, site, lang)
        page = context.new_page()
        page.on("console", console.heard)
        page.on("pageerror", lambda problem: console.said.append(f"script: {problem}"))
        return page

    yield opened
    for context in contexts:
        context.close()


def signed_in(chromium: Browser, site: Site, login: str) -> StorageState:
    """The cookies of a session that was begun on the sign-in page."""
    context = chromium.new_context(base_url=site.url, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("form:has(#id_login) #id_login", login)
    page.fill("#id_password", PASSWORD)
    page.click("form:has(#id_login) button.btn-primary")
    page.wait_for_url(f"{site.url}/")
    kept = context.storage_state()
    context.close()
    return kept


def speak(context: BrowserContext, site: Site, lang: str) -> None:
    """Choose the language, as its button does."""
    context.add_cookies([{"name": "language", "value": "en" if lang == "en" else "zh-hans", "url": site.url}])
    cookies = {one["name"]: one["value"] for one in context.cookies()}
    if "sessionid" in cookies:
        token = cookies["csrftoken"]
        answer = context.request.post("/language", form={"language": "en" if lang == "en" else "zh-hans", "csrfmiddlewaretoken": token,
                                                         "next": "/healthz"})
        assert answer.ok, f"{urlsplit(answer.url).path} {answer.status}"
