"""`openyibao work`: does the background work of the desks 后台进程: simulations, exports. `serve` starts one beside itself."""

import os
import signal
import threading
from importlib import import_module
from pathlib import Path

import django
import typer

from openyibao.cli import serve

WATCH = 1.0
"""Seconds between two looks at whether the server beside us is still there."""
GRACE = 8.0
"""Seconds that a run under way has to leave off once we are told to stop."""
SWEEP = 5.0
"""Seconds between two looks for runs whose worker is gone."""


def work(
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    beside: int = typer.Option(0, "--beside", hidden=True, help="Process of the server that started us; we end with it."),
) -> None:
    """Do the background work 后台进程: one piece at a time, until SIGTERM or Ctrl-C; a piece under way is finished or goes on later."""
    with serve.database(home):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
        import_module("openyibao.site.logs").configure(os.environ.get("OPENYIBAO_LOG", "info"))
        django.setup()
        ending = import_module("openyibao.bureau.simulation.working").ENDING

        def ended(number: int, frame: object) -> None:
            """Told to stop: a run under way leaves off at its next step; nothing is waited for longer than GRACE."""
            ending.set()
            last = threading.Timer(GRACE, os._exit, args=(0,))
            last.daemon = True
            last.start()
            raise SystemExit(0)

        for number in serve.ENDS:
            signal.signal(number, ended)
        over = threading.Event()
        watcher = threading.Thread(target=watch, args=(beside, over), name="watch", daemon=True)
        sweeper = threading.Thread(target=sweep, args=(over,), name="sweep", daemon=True)
        watcher.start()
        sweeper.start()
        queue = import_module("procrastinate.contrib.django").app
        try:
            with queue.replace_connector(queue.connector.get_worker_connector()) as app:
                app.run_worker(name=f"openyibao-{os.getpid()}", concurrency=1, install_signal_handlers=False, update_heartbeat_interval=5.0)
        finally:
            over.set()


def watch(server: int, over: threading.Event) -> None:
    """End when the server that started us is gone, in whatever way it went."""
    while server and not over.wait(WATCH):
        if os.getppid() != server:
            os.kill(os.getpid(), signal.SIGTERM)
            return


def sweep(over: threading.Event) -> None:
    """Write down the runs whose worker is gone, now and then, so that no page waits for them."""
    actions = import_module("openyibao.bureau.simulation.actions")
    clock, database = import_module("django.utils.timezone"), import_module("django.db")
    log = import_module("structlog").get_logger("openyibao.work")
    while not over.wait(SWEEP):
        try:
            actions.given_up(at=clock.now())
        except Exception:
            log.exception("runs without a worker could not be looked for")
        finally:
            database.connection.close()

