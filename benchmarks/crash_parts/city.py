"""A city that can be killed: a database of its own with fsync on, the sandbox's people, and the server process."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from openyibao.outside import postgres
from openyibao.outside.postgres_folder import postmaster

ROOT = Path(__file__).resolve().parents[2]
SANDBOX = ROOT / "examples" / "sandbox"
PATIENCE = 120.0
"""Seconds that a start may take on a busy machine."""


class City:
    """One home folder, its database and its server."""

    def __init__(self) -> None:
        """A new folder, which the database's own account can reach; nothing runs yet."""
        self.home = Path(tempfile.mkdtemp(prefix="openyibao-crash-"))
        self.home.chmod(0o711)
        self.database = self.home / "db"
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.server: subprocess.Popen[bytes] | None = None

    def load(self) -> None:
        """Make the database and load the sandbox's tables."""
        postgres.start(self.database)
        command = [*self._command("load"), "all", str(SANDBOX), "--training"]
        done = subprocess.run(command, env=self._environment(), check=False, capture_output=True)
        if done.returncode not in (0, 3):
            raise RuntimeError((done.stdout + done.stderr).decode())

    def start(self) -> None:
        """Start whatever does not run: the database, then the server; return when it answers."""
        postgres.start(self.database)
        if self.server is None or self.server.poll() is not None:
            log = (self.home / "server.log").open("ab")
            self.server = subprocess.Popen(
                [*self._command("serve"), "--port", str(self.port)], env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
            log.close()
        ends = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > ends or self.server.poll() is not None:
                raise RuntimeError(f"the server did not come up:\n{self.log()}")
            time.sleep(0.05)

    def kill(self, what: str) -> None:
        """kill -9: `database`, `server`, or `both`."""
        if what != "server":
            postgres.kill(self.database)
            while postmaster(self.database / "data") is not None:       # dying takes a moment
                time.sleep(0.01)
        if what != "database" and self.server is not None:
            self.server.kill()
            self.server.wait()

    def end(self) -> None:
        """Stop everything and remove the folder."""
        if self.server is not None and self.server.poll() is None:
            self.server.kill()
            self.server.wait()
        postgres.stop(self.database, mode="immediate")
        shutil.rmtree(self.home)

    def address(self) -> str:
        """The address of the database."""
        return postgres.url_of(self.database)

    def log(self) -> str:
        """The end of the server's log."""
        file = self.home / "server.log"
        return file.read_text(encoding="utf-8", errors="replace")[-3000:] if file.exists() else ""

    def _command(self, name: str) -> list[str]:
        """One of our commands on this home."""
        return [sys.executable, "-m", "openyibao.cli.main", name, "--home", str(self.home)]

    def _environment(self) -> dict[str, str]:
        """The environment of our commands: this database, whatever the caller's is."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OPENYIBAO_", "DJANGO_"))}
        return {**inherited, "DATABASE_URL": self.address(), "OPENYIBAO_LOG": "warning"}

    def _answers(self) -> bool:
        """Whether the server is ready."""
        try:
            return httpx.get(f"{self.url}/healthz/ready", timeout=5, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False
