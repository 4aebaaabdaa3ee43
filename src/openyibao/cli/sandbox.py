"""`openyibao sandbox`: a server with invented people, hospitals and keys, in one command 沙箱: for vendors, and for the demo.

It lies in a folder of its own and loads nothing into a database that holds anybody else's institutions.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg
import typer
from rich.console import Console

from openyibao.bureau.loading.columns import Asked
from openyibao.bureau.loading.problems import LoadProblem
from openyibao.cli import demo_door, serve
from openyibao.cli.console import INTERNAL, INTERRUPTED, check_lang, fail, laid_out
from openyibao.cli.demo_door import CITIES
from openyibao.cli.demo_words import tell
from openyibao.cli.sandbox_page import first_message, page
from openyibao.cli.trial_home import SANDBOX, claimed, emptied, examples
from openyibao.outside.hospital.client import NoAnswer

CHINA = ZoneInfo("Asia/Shanghai")
PORT = 8700
OFFICER = "sandbox"
"""Who loads the data, for the log."""

PATIENCE = 60.0
"""Seconds that the server may take to come up."""

OTHERS = "SELECT fixmedins_code FROM providers_institution WHERE fixmedins_code !~ '^([HP][0-9]{6}99[0-9]{3}|X[0-9]{11})$' LIMIT 1"
BILLS = "SELECT count(*) FROM settlement_journal"


def sandbox(
    home: Path = typer.Option(Path("openyibao-sandbox"), "--home", envvar="OPENYIBAO_SANDBOX", help="Its folder 沙箱目录."),
    host: str = typer.Option("127.0.0.1", "--host", help="Address to listen on 监听地址."),
    port: int | None = typer.Option(None, "--port", min=0, max=65535, help="Port; default 8700; 0 takes a free one 端口."),
    city: str = typer.Option("jishou", "--city", help="Whose people and hospitals to show 城市."),
    reset: bool = typer.Option(False, "--reset", help="Empty the folder first 重新开始."),
    play: bool = typer.Option(False, "--play", help="Play a day of all hospitals and close the books 演示一天."),
    stay: bool | None = typer.Option(None, "--stay/--no-stay", help="Keep serving; after --play only on a terminal 是否继续服务."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Start the sandbox 启动沙箱: database, invented people and hospitals, keys, the door. Ctrl-C stops everything."""
    check_lang(lang)
    if city not in CITIES:
        fail(f"没有城市 {city}；有 {'、'.join(CITIES)}。", f"There is no city {city}; there are {', '.join(CITIES)}.")
    console, began = laid_out(), time.monotonic()
    chosen = free_port(host, port, fallback=play)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ended)
    try:
        if reset:
            emptied(home, SANDBOX)
        claimed(home, SANDBOX)
        told(console, tell(lang, "database"))
        with serve.database(home):
            serve.migrate()
            told(console, tell(lang, "load"))
            rows = loaded(examples() / "sandbox")
            if play:
                unplayed()
            told(console, tell(lang, "serve"))
            with serving(home, host, chosen) as (url, process):
                told(console, tell(lang, "ready", seconds=time.monotonic() - began, rows=rows))
                sound = True
                if play:
                    people = examples() / "sandbox" / "people.csv"
                    sound = demo_door.played_and_closed(url, people, lang, console, lambda text: told(console, text))
                shown(console, lang, url, home, city, brief=play)
                if stay is not False and (stay or not play or sys.stdout.isatty()):
                    told(console, tell(lang, "stay"))
                    waited(process, home)
                else:
                    told(console, tell(lang, "again", home=home))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except NoAnswer as silence:
        fail(f"接口没有应答：{silence}。日志在 {log_of(home)}。", f"The door does not answer. Its log: {log_of(home)}.")
    if not sound:
        raise typer.Exit(INTERNAL)


def ended(number: int, frame: object) -> None:
    """Told to stop: leave by the way of `finally`."""
    raise SystemExit(0)


def told(console: Console, text: str) -> None:
    """Say what is being done."""
    console.print(text, markup=False, soft_wrap=True)


def log_of(home: Path) -> Path:
    """The server's log."""
    return home / "log" / "server.log"


def free_port(host: str, port: int | None, *, fallback: bool) -> int:
    """The port asked for, once it is seen to be free; exit code 2 when it is taken.

    fallback    with no port asked for, take any when the usual one is taken
    """
    for number in (PORT if port is None else port, 0):
        try:
            with socket.create_server((host, number)) as listener:
                found: int = listener.getsockname()[1]
                return found
        except OSError as error:
            if port is not None or not fallback or number == 0:
                why = error.strerror or str(error)
                place = f"{host}:{number}"
                fail(f"不能在 {place} 上监听：{why}。请换一个 --port。", f"Cannot listen on {place}: {why}. Choose another --port.")
    raise AssertionError("the loop returns or fails")


def loaded(folder: Path) -> int:
    """Load the files that are not loaded yet as they are, and say how many rows they have in all.

    Exit code 2 for a database with institutions of somebody else, and when a row of ours is not taken.
    """
    loaders = import_module("openyibao.cli.loaders")        # models can be imported only now that Django is set up
    staff = import_module("openyibao.bureau.staff.queries")
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        if other := connection.execute(OTHERS).fetchone():
            fail(f"数据库里有机构 {other[0]}，不是沙箱的库。", f"The database holds institution {other[0]}: it is no sandbox's.")
    now, rows, fresh = datetime.now(CHINA), 0, False
    try:
        for kind, path in loaders.files_of(folder).items():
            before = staff.acts_on(f"file/{path.name}", limit=1)
            if before and before[0].detail.get("sha256") == hashlib.sha256(path.read_bytes()).hexdigest():
                rows += before[0].detail["rows"]
                continue
            report = loaders.load_file(kind, path, asked=Asked(now.date(), True), at=now, officer=OFFICER, allow_shrink=True)
            if report.rejected:
                why = report.rejected[0]
                fail(f"{path.name}:{why.line} {why.code} {why.zh}", f"{path.name}:{why.line} {why.code} {why.en}")
            rows, fresh = rows + report.total, True
    except LoadProblem as problem:
        fail(f"{problem.code} {problem.zh}", f"{problem.code} {problem.en}")
    if fresh:
        loaders.tell_planner()
    return rows


def unplayed() -> None:
    """Exit code 2 when bills were settled here before: a day is compared with the hospitals' books, which begin with it."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(BILLS).fetchone()
    if row and row[0]:
        fail(f"沙箱里已有 {row[0]} 笔结算；--play 请同时加 --reset。", f"There are {row[0]} settlements here: add --reset to --play.")


@contextmanager
def serving(home: Path, host: str, port: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """The server in a process of its own while the block runs: its address, and the process. Its log lines go to a file.

    It has a session of its own, so that Ctrl-C reaches this process alone, which then ends the server and after it the database.
    """
    log_of(home).parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "openyibao.cli.main", "serve", "--home", str(home), "--host", host, "--port", str(port)]
    with log_of(home).open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
        try:
            name = "127.0.0.1" if host in ("", "0.0.0.0") else f"[{host}]" if ":" in host else host
            url = f"http://{name}:{port}"
            ready(process, url, home)
            yield url, process
        finally:
            process.terminate()
            try:
                process.wait(timeout=serve.GRACE + 10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ready(process: "subprocess.Popen[bytes]", url: str, home: Path) -> None:
    """Wait until the server answers and its database too; exit code 1 when it ends instead, with the end of its log."""
    end = time.monotonic() + PATIENCE
    with httpx.Client(trust_env=False, timeout=5) as client:
        while time.monotonic() < end and process.poll() is None:
            try:
                if client.get(f"{url}/healthz/ready").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass                        # not listening yet
            time.sleep(0.05)
    last = log_of(home).read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
    fail(f"服务没有启动，日志在 {log_of(home)}：", "The server did not come up:", *last)


def waited(process: "subprocess.Popen[bytes]", home: Path) -> None:
    """Until Ctrl-C, or until the server ends by itself, which is a fault."""
    try:
        process.wait()
    except KeyboardInterrupt:
        return
    fail(f"服务意外结束，日志在 {log_of(home)}。", f"The server ended by itself; its log: {log_of(home)}.")


def shown(console: Console, lang: str, url: str, home: Path, city: str, *, brief: bool) -> None:
    """Where everything is, and what to try first."""
    (home / "first.json").write_bytes(first_message(city))
    for part in page(lang, url, home, city, examples() / "sandbox", brief=brief):
        console.print(part, markup=False, soft_wrap=isinstance(part, str))
