"""`openyibao serve`: the database, its migrations, the door and the pages, until it is told to stop 启动服务."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from types import FrameType

import django
import typer
import uvicorn
from django.core.management import call_command
from uvicorn.supervisors.multiprocess import Multiprocess

from openyibao.cli.console import fail, out
from openyibao.outside import postgres
from openyibao.outside.postgres_folder import DatabaseProblem

DOOR, PAGES = "openyibao.site.asgi:application", "openyibao.site.pages:application"
"""Named, not imported: the site stands beside the commands, and each worker loads it for itself."""

GRACE = 30
"""Seconds that requests in flight have to end once we are told to stop."""

ENDS = (signal.SIGTERM, signal.SIGINT)
"""Signals that end the server in good order."""

WORKER_GRACE, PAUSE, STEADY = 12.0, 1.0, 60.0
"""Seconds that the worker beside us has to end; before it is started again; after which a worker that ends counts as having run well."""

COMMAND = "from openyibao.cli.main import app; app()"
"""What runs the commands in a process of its own, wherever this one was started from."""

LISTENERS = 2048
"""Connections that may wait to be taken."""


def serve(
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Folder of database, keys, files 运行目录."),
    host: str = typer.Option("127.0.0.1", "--host", help="Address to listen on 监听地址."),
    port: int = typer.Option(8700, "--port", min=0, max=65535, help="Port; 0 takes a free one 端口."),
    workers: int = typer.Option(1, "--workers", min=1, max=32, help="Server processes 进程数."),
    door: bool = typer.Option(True, "--door/--no-door", help="Serve hospitals' messages, or the pages alone 是否开放医院接口."),
    demo: bool = typer.Option(False, "--demo", envvar="OPENYIBAO_DEMO", help="Accounts open to all; invented people only 演示模式."),
    worker: bool = typer.Option(True, "--worker/--no-worker", help="Do background work too: simulations, exports 是否带后台进程."),
) -> None:
    """Start the server 启动服务: database if it is the embedded one, migrations, hospitals' door and pages, a worker beside them."""
    if demo:
        os.environ["OPENYIBAO_DEMO"] = "1"
    run(home, host=host, port=port, workers=workers, door=door, worker=worker)


def run(home: Path, *, host: str, port: int, workers: int = 1, door: bool = True, worker: bool = False) -> None:
    """Serve until SIGTERM or SIGINT: requests in flight are finished, then the embedded database stops if this process started it."""
    for number in ENDS:
        signal.signal(number, _ended)
    listener = _listen(host, port)
    with listener, database(home):
        migrate()
        config = uvicorn.Config(
            DOOR if door else PAGES, factory=True, loop="uvloop", http="httptools", lifespan="on", workers=workers, log_config=None,
            access_log=False, server_header=False, backlog=LISTENERS, timeout_graceful_shutdown=GRACE, timeout_keep_alive=75,
        )
        address, at = listener.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        out().print(f"http://{shown}:{at}/   OpenYibao  (Ctrl-C 停止 to stop)", markup=False, soft_wrap=True)
        with Beside() if worker else nullcontext():
            if workers > 1:
                Multiprocess(config, sockets=[listener]).run()
            else:
                server = uvicorn.Server(config)
                server.run(sockets=[listener])
                if not server.started:
                    raise typer.Exit(1)


class Beside:
    """A worker beside the server 后台进程: `openyibao work`, started again when it ends by itself, ended with the server."""

    def __init__(self) -> None:
        """Not started yet."""
        self.over = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.keeper = threading.Thread(target=self.keep, name="worker", daemon=True)

    def __enter__(self) -> "Beside":
        """Start it; the server does not wait for it."""
        self.keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it: told first, killed when it does not hear."""
        self.over.set()
        process = self.process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(WORKER_GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.keeper.join(WORKER_GRACE)

    def keep(self) -> None:
        """Start the worker, wait for its end, start it again; more slowly when it does not live long."""
        pause = PAUSE
        while not self.over.is_set():
            began = time.monotonic()
            command = [sys.executable, "-c", COMMAND, "work", "--beside", str(os.getpid())]
            self.process = subprocess.Popen(command, start_new_session=True)
            if self.over.is_set():
                self.process.terminate()
            self.process.wait()
            pause = PAUSE if time.monotonic() - began > STEADY else min(2 * pause, STEADY)
            self.over.wait(pause)


def migrate() -> None:
    """Bring the database of this process's settings up to date 迁移; tells each migration that it runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    import_module("openyibao.bureau.staff.rights").arrange_roles()      # the tables of roles and rights, as the file says them
    if os.environ.get("OPENYIBAO_DEMO") == "1":
        import_module("openyibao.bureau.staff.accounts").make_demo()


@contextmanager
def database(home: Path) -> Iterator[None]:
    """DATABASE_URL for this process and those it starts: as it is set, or of the embedded database, which is started and then stopped.

    One that already ran is left running, unless it was left behind by a server process that is no more.
    """
    home = home.resolve()
    os.environ["OPENYIBAO_HOME"] = str(home)
    if os.environ.get("DATABASE_URL"):
        yield
        return
    folder, note = home / "db", home / "db" / "started-by"
    ours = False
    try:
        ours = not postgres.is_running(folder) or _left_behind(note)
        postgres.start(folder)
        if ours:
            note.write_text(str(os.getpid()), encoding="ascii")
        os.environ["DATABASE_URL"] = postgres.url_of(folder, over="socket")
        yield
    except DatabaseProblem as problem:
        fail(problem.zh, problem.en)
    finally:
        os.environ.pop("DATABASE_URL", None)
        if ours:
            before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDS}     # a second Ctrl-C must not leave it behind
            postgres.stop(folder)
            note.unlink(missing_ok=True)
            for number, handler in before.items():
                signal.signal(number, handler)


def _left_behind(note: Path) -> bool:
    """Whether the server process that started the database is gone."""
    if not note.exists():
        return False
    process = int(note.read_text(encoding="ascii"))
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return process == os.getpid()


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket: made first, so that a taken port is said before anything else is started."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=LISTENERS)
    except OSError as error:
        why = error.strerror or str(error)
        fail(f"不能在 {host}:{port} 上监听：{why}。请换一个 --port。", f"Cannot listen on {host}:{port}: {why}. Choose another --port.")


def _ended(number: int, frame: FrameType | None) -> None:
    """Told to stop: leave by the way of `finally`. uvicorn raises the signal again when it has finished, so this ends it as well."""
    raise SystemExit(0)
