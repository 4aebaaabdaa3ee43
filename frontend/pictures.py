"""Pictures of the site's pages 页面截图: docs/pictures/*.png, each page of the demo's city as its role sees it.

    python frontend/pictures.py [--home build/city] [--out docs/pictures] [NAME …]

The home is what `make demo` leaves (made when it is not there). The server runs in demo mode, on a port of its own.
A name takes that picture alone; without one the folder is emptied first. Phone pictures end in -phone, English ones in -en.
"""

import argparse
import importlib.util
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "openyibao-demo"
DESK, PHONE = (1280, 800), (390, 844)
TALLEST = 1_400
"""Pixels after which a long page is cut: what comes then repeats."""
PATIENCE, SLOW = 120, 120_000
"""Seconds that the server may take to start, milliseconds that a page may take: pictures are no matter of speed."""


class Picture(NamedTuple):
    """One page: its file, who looks, where (a path, or a name of `prepared`); `then`: links to follow, selectors with >> between."""

    name: str
    login: str
    path: str
    then: str = ""
    phone: bool = False
    english: bool = False


PICTURES = (
    Picture("sign-in", "", "/sign-in", phone=True, english=True),
    Picture("home-policy", "policy", "/", phone=True, english=True),
    Picture("home-cashier", "cashier", "/"),
    Picture("home-insured", "insured", "/", phone=True),
    Picture("search", "policy", "/search?q=起付线"),
    Picture("bills", "policy", "/bills/", phone=True, english=True),
    Picture("bill", "policy", "/bills/?scheme=390&total=20000", "tbody a", phone=True, english=True),
    Picture("person-year", "policy", "/bills/?scheme=390&total=20000", "tbody a >> a[href*='/persons/']", phone=True),
    Picture("bill-unverified", "", "/bills/verify/forged", phone=True),
    Picture("estimate", "clerk", "/bills/estimate", phone=True),
    Picture("estimate-public", "", "/bills/estimate/public", phone=True),
    Picture("window", "cashier", "/window/", phone=True),
    Picture("window-visit", "cashier", "visit", phone=True, english=True),
    Picture("day-close", "cashier", "/window/day"),
    Picture("day-closes", "cashier", "/window/days"),
    Picture("claims", "clerk", "/claims/"),
    Picture("purpose", "first", "/claims/", "tbody a"),
    Picture("claim", "first", "/claims/", "tbody a", phone=True, english=True),
    Picture("claim-undo", "final", "/claims/?state=undoing", "tbody a", phone=True, english=True),
    Picture("claim-new", "clerk", "/claims/new"),
    Picture("claim-enter", "clerk", "/claims/new/43310100000000000000000005", phone=True),
    Picture("claim-edit", "clerk", "/claims/?state=draft", "tbody tr:last-child a >> a[href$='/edit']"),
    Picture("claims-payable", "paymaster", "/claims/payable"),
    Picture("claim-batches", "paymaster", "/claims/batches"),
    Picture("claim-batch", "paymaster", "/claims/batches", "tbody a"),
    Picture("policies", "policy", "/policies/", phone=True, english=True),
    Picture("policy-parameter", "policy", "/policies/parameter/jishou/outpatient.employee.deductible.L3"),
    Picture("policy-compare", "policy", "/policies/compare"),
    Picture("policy-drafts", "policy", "/policies/drafts"),
    Picture("policy-draft", "policy", "/policies/drafts", "tbody a", phone=True),
    Picture("policy-draft-edit", "policy", "/policies/drafts", "tbody a >> a[href$='/edit']", phone=True),
    Picture("policy-packages", "policy", "/policies/packages"),
    Picture("policy-draft-new", "policy", "/policies/drafts/new"),
    Picture("policy-emergency", "policy", "/policies/emergency"),
    Picture("policy-emergency-ask", "policy-head", "/policies/emergency/ask"),
    Picture("policies-public-cities", "", "/policies/public"),
    Picture("policies-public", "", "/policies/public/jishou", phone=True, english=True),
    Picture("simulations", "policy", "/simulations/"),
    Picture("simulation-new", "policy", "/simulations/new"),
    Picture("simulation", "policy", "/simulations/", "tbody a", phone=True, english=True),
    Picture("simulation-bills", "policy", "/simulations/1/bills", phone=True),
    Picture("simulation-bill", "policy", "/simulations/1/bills", "tbody a"),
    Picture("simulation-years", "policy", "/simulations/1/years"),
    Picture("simulation-case", "policy", "/simulations/1/cases/bill/1", phone=True),
    Picture("simulation-compare", "policy", "/simulations/compare?run=1&run=2", phone=True),
    Picture("simulation-open", "policy", "/simulations/open"),
    Picture("simulation-export", "policy", "/simulations/export"),
    Picture("plan", "policy", "/plan/", phone=True, english=True),
    Picture("indicator", "policy", "/plan/", "tbody a"),
    Picture("indicator-rows", "policy", "/plan/", "tbody a >> a[href*='/rows']"),
    Picture("indicator-enter", "policy-head", "/plan/", "tbody a >> a[href*='/enter']"),
    Picture("plan-milestone", "policy-head", "/plan/milestones", "main a[href*='/plan/milestones/']:not([href*='/new'])"),
    Picture("plan-milestone-new", "policy-head", "/plan/milestones/new"),
    Picture("plan-task-new", "policy-head", "/plan/tasks/new"),
    Picture("plan-milestones", "policy-head", "/plan/milestones"),
    Picture("plan-tasks", "policy-head", "/plan/tasks"),
    Picture("plan-task", "policy-head", "/plan/tasks", "tbody a"),
    Picture("plan-office", "policy-head", "/plan/?city=jingzhou"),
    Picture("plan-report", "policy-head", "/plan/report"),
    Picture("plan-evaluation", "policy-head", "/plan/evaluation", phone=True, english=True),
    Picture("operations", "policy", "/operations/", phone=True, english=True),
    Picture("alerts", "policy-head", "/operations/alerts"),
    Picture("refusals", "policy", "/operations/refusals"),
    Picture("institutions", "policy", "/operations/institutions"),
    Picture("messages", "policy", "/operations/messages"),
    Picture("own", "insured", "/own/", phone=True),
    Picture("own-bills", "insured", "/own/bills", phone=True),
    Picture("own-bill", "insured", "/own/bills", "tbody a", phone=True),
    Picture("own-claims", "insured", "/own/claims", phone=True),
    Picture("own-claim", "insured", "/own/claims", "tbody a", phone=True),
    Picture("own-statement", "insured", "/own/bills", "tbody a >> a[href*='/bills/own/']", phone=True),
    Picture("own-year", "insured", "/own/bills", "tbody a >> a[href*='/bills/own/'] >> a[href*='/own/years/']", phone=True),
    Picture("own-claim-new", "insured", "/own/claims/new", phone=True),
    Picture("own-claim-edit", "insured", "/own/claims", "tbody a >> a[href$='/edit']", phone=True),
    Picture("objections", "clerk", "/own/objections"),
    Picture("objection", "clerk", "/own/objections", "tbody a"),
    Picture("own-looks", "insured", "/own/looks", phone=True),
    Picture("my-work", "first", "/me/work"),
    Picture("my-account", "policy", "/me", phone=True),
    Picture("my-acts", "policy", "/me/acts"),
    Picture("notices", "insured", "/me/notices", phone=True),
    Picture("staff", "admin", "/staff"),
    Picture("staff-officer", "admin", "/staff/officers/clerk"),
    Picture("staff-officer-new", "admin", "/staff/new"),
    Picture("staff-post-new", "admin", "/staff/posts/new"),
    Picture("staff-changes", "admin", "/staff/changes"),
    Picture("staff-change", "admin-2", "/staff/changes", "tbody a"),
    Picture("staff-posts", "admin", "/staff/posts"),
    Picture("staff-post", "admin", "/staff/posts/guest"),
    Picture("log-acts", "auditor", "/logs/acts"),
    Picture("log-looks", "auditor", "/logs/looks"),
    Picture("log-sign-ins", "auditor", "/logs/sign-ins"),
    Picture("refused", "cashier", "/staff", phone=True),
    Picture("missing", "policy", "/no-such-page"),
    Picture("parts", "admin", "/parts", phone=True),
)


def script(name: str) -> ModuleType:
    """Another script of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The demo's server while the block runs: its address."""
    command = [sys.executable, "-m", "openyibao.cli.main", "serve", "--home", str(home), "--port", "0", "--demo"]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "OPENYIBAO_HOME")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split(" ")[0].rstrip("/")
        end = time.monotonic() + PATIENCE
        while not answers(url):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit("pictures: the server did not start")
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)


def answers(url: str) -> bool:
    """Whether the server answers."""
    try:
        with urllib.request.urlopen(f"{url}/healthz/ready", timeout=10) as answer:
            return int(answer.status) == 200
    except (OSError, urllib.error.URLError):
        return False


def sessions(browser: Browser, url: str, logins: set[str]) -> dict[str, Any]:
    """Each login's cookies, from the sign-in page."""
    found: dict[str, Any] = {"": None}
    for login in sorted(logins - {""}):
        context = browser.new_context(base_url=url, locale="zh-CN")
        context.set_default_timeout(SLOW)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("#id_login", login)
        page.fill("#id_password", PASSWORD)
        page.click("form:has(#id_login) button.btn-primary")
        page.wait_for_url(f"{url}/")
        found[login] = context.storage_state()
        context.close()
    return found


def prepared(browser: Browser, url: str, states: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    """Some work, so that there is something to see: a simulation, the plan's figures, a visit, an objection, an officer's change.

    Returns paths by name, and what went wrong.
    """
    made, wrong = {"visit": "/window/"}, []
    for login, work in PREPARES.items():
        context = browser.new_context(base_url=url, storage_state=states[login], locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(SLOW)
        try:
            made |= work(context.new_page())
        except Error as problem:
            wrong.append(f"{work.__name__}: {str(problem).splitlines()[0]}")
        finally:
            context.close()
    return made, wrong


def simulated(page: Page) -> dict[str, str]:
    """A reform from January and the same from July, simulated."""
    page.goto("/simulations/")
    if page.locator("tbody a").count():
        return {}
    page.goto("/simulations/new")
    page.check("input[name=second][value=same]")
    page.fill("[name='a-inpatient.resident.deductible.L3']", "1600")
    page.fill("[name='a-inpatient.resident.ratio.all.P0']", "90")
    page.click("form#reform .btn-primary")
    page.wait_for_selector(".answer")
    return {}


def refreshed(page: Page) -> dict[str, str]:
    """The figures of the plan's board measured."""
    page.goto("/plan/")
    button = page.locator("form[action*='/plan/refresh'] button")
    if button.count():
        button.first.click()
        page.wait_for_timeout(20_000)
    return {}


def objected(page: Page) -> dict[str, str]:
    """The insured person finds a bill wrong."""
    page.goto("/own/bills")
    page.goto(page.locator("tbody a").first.get_attribute("href") or "/own/bills")
    if page.locator("#wrong textarea").count():
        page.fill("#wrong textarea", "多收了一次床位费。")
        page.click("#wrong button")
        page.wait_for_load_state()
    return {}


def changed(page: Page) -> dict[str, str]:
    """An administrator enters a new officer, whom another has to confirm."""
    page.goto("/staff/changes")
    if not page.locator("tbody a").count():
        page.goto("/staff/new")
        page.fill("[name=login]", "chen.j")
        page.fill("[name=name]", "陈静")
        page.select_option("[name=post]", "clerk")
        page.click("main form .btn-primary")
        page.wait_for_load_state()
    return {}


def visited(page: Page) -> dict[str, str]:
    """A visit at the hospital's window, pre-settled."""
    page.goto("/window/")
    steps = (("#id_credential", "43310100000000000000000007"), ("#id_diagnosis", "I10.x00"), ("#id_item", "YP0014"), ("#id_item", ""))
    for place, text in steps:
        if place == "#id_diagnosis":
            page.select_option("#id_care", "9901/M03900")
        page.fill(place, text)
        with page.expect_navigation():
            page.press(place, "Enter")
    page.wait_for_selector("[data-card=bill]")
    return {"visit": page.url.removeprefix(page.url.split("/window")[0])}


PREPARES: dict[str, Callable[[Page], dict[str, str]]] = {
    "policy": simulated, "policy-head": refreshed, "cashier": visited, "insured": objected, "admin": changed,
}  # fmt: skip
"""Who does what before pictures are taken."""


def taken(
    browser: Browser, url: str, state: Any, one: Picture, size: tuple[int, int], lang: str, file: Path, made: dict[str, str],
) -> str:  # fmt: skip
    """Take one picture; what went wrong, empty when nothing did."""
    context = browser.new_context(base_url=url, viewport={"width": size[0], "height": size[1]}, storage_state=state, locale="zh-CN",
                                  timezone_id="Asia/Shanghai", reduced_motion="reduce")  # fmt: skip
    context.set_default_timeout(SLOW)
    try:
        page = context.new_page()
        speak(page, lang)
        page.goto(made.get(one.path, one.path))
        purpose_said(page)
        for link in filter(None, one.then.split(" >> ")):
            if not page.locator(link).count():
                return f"nothing there to open: {link}"
            page.goto(page.locator(link).first.get_attribute("href") or one.path)
            if one.name != "purpose":
                purpose_said(page)
        page.wait_for_load_state("networkidle")
        height = min(int(page.evaluate("document.documentElement.scrollHeight")), TALLEST)
        page.set_viewport_size({"width": size[0], "height": max(height, size[1])})
        page.wait_for_timeout(300)
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=file, animations="disabled", caret="hide")
    except Error as problem:
        return str(problem).splitlines()[0]
    finally:
        context.close()
    return ""


def purpose_said(page: Page) -> None:
    """Say what for, where a page asks for it first."""
    if page.locator("main input[name=purpose]").count():
        page.fill("main input[name=purpose]", "办理本件")
        page.press("main input[name=purpose]", "Enter")
        page.wait_for_load_state()


def speak(page: Page, lang: str) -> None:
    """Choose the language with the button of the page."""
    page.goto("/sign-in" if not page.context.cookies() else "/me")
    button = page.locator(f"button[name=language][value='{'en' if lang == 'en' else 'zh-hans'}']")
    if button.count():
        button.click()
        page.wait_for_load_state()


def main(given: list[str]) -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of the site's pages.")
    parser.add_argument("--home", type=Path, default=ROOT / "build" / "city", help="folder of the demo's city")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("names", nargs="*", help="pictures to take; all without")
    options = parser.parse_args(given)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))        # the server is ended all the same
    tools = script("browser")
    place = tools.found()
    if not place:
        print("pictures: no browser here; `make browser` fetches one", file=sys.stderr)
        return 1
    if not (options.home / "db").is_dir():
        subprocess.run([sys.executable, "-m", "openyibao.cli.main", "city-demo", "--home", str(options.home)], check=True)
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in PICTURES if not options.names or one.name in options.names]
    if not options.names:
        for old in options.out.glob("*.png"):
            old.unlink()
    with serving(options.home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=tools.FLAGS, env={**os.environ, "LANGUAGE": "zh_CN"})
        states = sessions(browser, url, {one.login for one in chosen} | set(PREPARES))
        made, wrong = prepared(browser, url, states)
        for one in chosen:
            ways = [("", DESK, "zh")] + [("-phone", PHONE, "zh")] * one.phone + [("-en", DESK, "en")] * one.english
            for ending, size, lang in ways:
                problem = taken(browser, url, states[one.login], one, size, lang, options.out / f"{one.name}{ending}.png", made)
                if problem:
                    wrong.append(f"{one.name}{ending}: {problem}")
        browser.close()
    print(f"pictures: {len(list(options.out.glob('*.png')))} in {options.out}")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
