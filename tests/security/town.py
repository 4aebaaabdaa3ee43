"""A town under attack: a server process and a database of its own, the sandbox's people, and channels that may speak for one institution.

It is started, asked about its memory and its log, checked, and ended; nothing of it outlives `end`.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import psycopg

from openyibao.outside import postgres

SANDBOX = Path(__file__).resolve().parents[2] / "examples" / "sandbox"
PATIENCE = 120.0
"""Seconds that a start may take on a busy machine."""

NARROW = "H53040099003"
"""The institution that has signed channels of its own."""

SECRET = "a-secret-of-the-narrow-channels"
NARROW_CHANNELS = {
    "narrow-csb": {"scheme": "csb", "key_id": "narrow-ak", "secret": SECRET},
    "narrow-tif": {"scheme": "tif", "key_id": "narrow-paas", "secret": SECRET},
    "narrow-apikey": {"scheme": "apikey", "secret": SECRET},
    "narrow-bearer": {"scheme": "bearer", "key_id": "narrow-client", "secret": SECRET, "username": "narrow", "password": SECRET},
    "closed-csb": {"scheme": "csb", "key_id": "closed-ak", "secret": SECRET},
}
"""Settings beside the institution, which is NARROW's; `closed-csb` is disabled."""

UNBALANCED = "SELECT fund, sum(fen)::bigint FROM fund_posting GROUP BY fund HAVING sum(fen) <> 0"


class Town:
    """One home folder, its database and its server."""

    def __init__(self) -> None:
        """A new folder, which the database's own account can reach; nothing runs yet."""
        self.home = Path(tempfile.mkdtemp(prefix="openyibao-security-"))
        self.home.chmod(0o711)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = self.home / "server.log"
        self.server: subprocess.Popen[bytes] | None = None

    def open(self) -> "Town":
        """Database, sandbox, narrow channels, server."""
        postgres.start(self.home / "db", durable=False)
        done = self.command("load", "all", str(SANDBOX), "--training")
        if done.returncode not in (0, 3):
            raise RuntimeError((done.stdout + done.stderr).decode())
        with psycopg.connect(self.address(), autocommit=True) as connection:
            for code, settings in NARROW_CHANNELS.items():
                told = {**settings, "institutions": NARROW, "sign_in_required": "0"}
                connection.execute(
                    "INSERT INTO providers_channel (code, enabled, settings) VALUES (%s, %s, %s)",
                    [code, not code.startswith("closed"), json.dumps(told)],
                )
        with self.log_file.open("ab") as log:
            command = [sys.executable, "-m", "openyibao.cli.main", "serve", "--home", str(self.home), "--port", str(self.port)]
            self.server = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log, start_new_session=True)
        ends = time.monotonic() + PATIENCE
        while not self.is_well():
            if time.monotonic() > ends or self.server.poll() is not None:
                raise RuntimeError(f"the server did not come up:\n{self.log()[-3000:]}")
            time.sleep(0.05)
        return self

    def end(self) -> None:
        """Stop everything and remove the folder."""
        if self.server is not None and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(40)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        postgres.stop(self.home / "db", mode="immediate")
        shutil.rmtree(self.home)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """One of our commands on this home."""
        command = [sys.executable, "-m", "openyibao.cli.main", arguments[0], "--home", str(self.home), *arguments[1:]]
        return subprocess.run(command, env=self.environment(), check=False, capture_output=True)

    def environment(self) -> dict[str, str]:
        """The environment of our commands: this database, whatever the caller's is."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OPENYIBAO_", "DJANGO_"))}
        return {**inherited, "DATABASE_URL": self.address(), "OPENYIBAO_LOG": "info"}

    def address(self) -> str:
        """The address of the database."""
        return postgres.url_of(self.home / "db")

    def log(self) -> str:
        """All that the server logged."""
        return self.log_file.read_text(encoding="utf-8", errors="replace") if self.log_file.exists() else ""

    def memory(self) -> int:
        """Resident memory of the server process, MiB."""
        assert self.server is not None
        status = Path(f"/proc/{self.server.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) // 1024

    def is_well(self) -> bool:
        """Whether the server says that it is ready."""
        try:
            return httpx.get(f"{self.url}/healthz/ready", timeout=30, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            return connection.execute(sql, values or None).fetchall()

    def problems(self) -> list[str]:
        """What does not hold of the books and of the server: empty when all is well."""
        found = [] if self.is_well() else ["the server is not ready"]
        found += [f"fund {fund} is out of balance by {fen} fen" for fund, fen in self.rows(UNBALANCED)]
        verified = self.command("verify")
        if verified.returncode != 0:
            found.append(f"verify: {(verified.stdout + verified.stderr).decode()[-2000:]}")
        return found
