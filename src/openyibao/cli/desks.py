"""`openyibao desks`: the site over a city of invented people, with an account for each role, ready to be tried 演示站点.

The server runs in demo mode, in a process of its own; each role signs in once, so that what is printed is known to work.
"""

import os
import re
import signal
import sys
import webbrowser
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import django
import httpx
import typer
import yaml
from rich.table import Table

from openyibao.cli import serve
from openyibao.cli.console import INTERRUPTED, check_lang, fail, out
from openyibao.cli.sandbox import ended, free_port, serving, told, waited
from openyibao.cli.trial_home import CITY_DEMO, examples
from openyibao.outside.hospital.client import NoAnswer

ACCOUNTS = Path(__file__).parents[1] / "bureau" / "staff" / "demo.yaml"
PASSWORD = "openyibao-demo"
COUNTS = "policy-head"
"""Who may have the indicators counted."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

WORDS = {
    "start": ("启动站点（演示模式）…", "Starting the site (demo mode) …"),
    "work": ("各岗位先办几件事：就诊、报销、草案、任务…", "A morning at the desks: visits, claims, a draft, a task …"),
    "worked": ("医院送来 {count} 条报文；报销、草案、任务已在各岗位。", "{count} messages came in; claims, a draft, a task are waiting."),
    "silent": ("接口没有应答：{why}", "The door does not answer: {why}"),
    "title": ("打开 {url}/ ，任选一个角色登录；密码都是 {password}", "Open {url}/ and sign in as anybody; every password is {password}"),
    "heads": ("账号|岗位|首页", "login|post|first page"),
    "works": ("可用", "works"),
    "stay": ("站点运行中；Ctrl-C 停止站点和数据库。", "Serving; Ctrl-C stops the site and its database."),
    "again": ("站点到此停止；再打开：openyibao desks --home {home}", "The site stops; `openyibao desks --home {home}` serves it again."),
    "none": ("{home} 不是演示目录；先运行 openyibao city-demo --home {home}。", "{home} holds no demo; make one: openyibao city-demo"),
}  # fmt: skip


class Account(NamedTuple):
    """An account of the demo 演示账号, and whether it has a guided first page."""

    login: str
    post: str
    guided: bool


def desks(
    home: Path = typer.Option(Path("openyibao-city"), "--home", help="Folder that `openyibao city-demo` made 目录."),
    host: str = typer.Option("127.0.0.1", "--host", help="Address to listen on 监听地址."),
    port: int | None = typer.Option(None, "--port", min=0, max=65535, help="Port; default 8700, another when taken 端口."),
    stay: bool | None = typer.Option(None, "--stay/--no-stay", help="Keep serving; default: on a terminal 是否继续服务."),
    show: bool = typer.Option(False, "--open", help="Open the browser 打开浏览器."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Serve the pages over the demo's city, an account for each role 演示站点."""
    check_lang(lang)
    place, console = 0 if lang == "zh" else 1, out()
    if not (home / CITY_DEMO).exists():
        fail(*(words.format(home=home) for words in WORDS["none"]))
    chosen = free_port(host, port, fallback=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ended)
    os.environ["OPENYIBAO_DEMO"] = "1"
    try:
        told(console, WORDS["start"][place])
        with serve.database(home), serving(home, host, chosen) as (url, process):
            at_work(url, place)
            known = table_of(url, accounts(place), place)
            told(console, WORDS["title"][place].format(url=url, password=PASSWORD))
            console.print(known)
            if show:
                webbrowser.open(url)
            if stay is not False and (stay or sys.stdout.isatty()):
                counted(url)
                told(console, WORDS["stay"][place])
                waited(process, home)
            else:
                told(console, WORDS["again"][place].format(home=home))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def at_work(url: str, place: int) -> None:
    """Let every desk find work, the first time. Exit code 2 when the door or a desk refuses."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
    django.setup()
    desk_day, refused = import_module("openyibao.cli.desk_day"), import_module("openyibao.bureau.refused")
    if desk_day.work_done():
        return
    told(out(), WORDS["work"][place])
    try:
        count = desk_day.morning(url, examples() / "sandbox" / "people.csv")
        desk_day.worked()
    except NoAnswer as silence:
        fail(*(words.format(why=silence) for words in WORDS["silent"]))
    except refused.Refused as refusal:
        fail(refusal.zh, refusal.en)
    told(out(), WORDS["worked"][place].format(count=count))


def accounts(place: int) -> list[Account]:
    """The accounts in the file's order; `place` 0 = Chinese, 1 = English."""
    said: dict[str, Any] = yaml.safe_load(ACCOUNTS.read_text(encoding="utf-8"))
    return [Account(login, words[("name", "name_en")[place]], "guided" in words) for login, words in said.items()]


def table_of(url: str, known: list[Account], place: int) -> Table:
    """The accounts as a table; those with a guided first page sign in, the rest are named."""
    table = Table()
    for heading in WORDS["heads"][place].split("|"):
        table.add_column(heading)
    for one in known:
        if one.guided:
            signs_in(url, one)
        table.add_row(one.login, one.post, WORDS["works"][place] if one.guided else "")
    return table


def signs_in(url: str, one: Account) -> None:
    """Sign in as a browser would and open the first page; exit code 2 when that fails."""
    with browser(url) as client:
        page = sent(client, "/sign-in", "/sign-in", login=one.login, password=PASSWORD)
    if page.status_code != httpx.codes.OK or page.url.path != "/":
        fail(f"账号 {one.login} 不能登录（{page.status_code} {page.url.path}）。", f"{one.login} cannot sign in.")


def counted(url: str) -> None:
    """Have the plan's indicators counted by the server's worker, so that the board has values after a minute."""
    with browser(url) as client:
        sent(client, "/sign-in", "/sign-in", login=COUNTS, password=PASSWORD)
        sent(client, "/plan/", "/plan/refresh")


def browser(url: str) -> httpx.Client:
    """A client that keeps its cookies and follows where it is sent."""
    return httpx.Client(base_url=url, trust_env=False, timeout=30, follow_redirects=True, headers={"Referer": f"{url}/"})


def sent(client: httpx.Client, page: str, address: str, **said: str) -> httpx.Response:
    """A form sent with the token of the page it stands on."""
    token = TOKEN.search(client.get(page).text)
    return client.post(address, data={"csrfmiddlewaretoken": token[1] if token else "", **said})
