"""How quick the desks' lists are with a million rows: each page as a browser asks for it, against bare SQL of as many rows.

    .venv/bin/python benchmarks/lists.py --quick --json build/bench/lists.json

An embedded database is filled (settlements copied, claims, logs and refusals drawn), then Django answers the requests of officers who have
signed in: plain, filtered, sorted, page 1,000. What each figure means: docs/reference/benchmarks.md.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import django
import psycopg
from list_parts.filling import filled, owned
from parts.figures import arguments, write_figures
from rich.console import Console
from rich.table import Table

from openyibao.outside import postgres

ROOT = Path(__file__).parents[1]
SANDBOX = ROOT / "examples" / "sandbox"
CITY = ("city", "make", "jishou", "--scale", "1:400", "--years", "2022-2023", "--seed", "1")
AIM_MS = 300


class Size(NamedTuple):
    """How much a run does."""

    rows: int  # of each long table
    repeats: int


TINY, QUICK, FULL = Size(3_000, 2), Size(1_000_000, 5), Size(1_000_000, 15)


def main(given: Sequence[str] | None = None) -> None:
    """Fill, ask, print, write."""
    parser = arguments("Speed of the desks' lists, with bare SQL of the same tables as the yardstick.")
    parser.add_argument("--tiny", action="store_true", help="a run of seconds that shows that everything works; its figures mean nothing")
    options = parser.parse_args(given)
    size = TINY if options.tiny else QUICK if options.quick else FULL
    with house(size.rows):
        figures = measured(size)
    shown(figures)
    write_figures(options.json, figures, "the newest 50 rows of the same table by its key, all columns, through the same driver")


@contextmanager
def house(rows: int) -> Iterator[None]:
    """A database of its own with long tables; Django is set up on it. Gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="openyibao-lists-"))
    home.chmod(0o755)
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(OPENYIBAO_HOME=str(home), OPENYIBAO_DEMO="1", DJANGO_SETTINGS_MODULE="openyibao.site.settings")
    try:
        postgres.start(home / "db", durable=False)
        command("load", "all", str(SANDBOX), "--training", "--home", str(home))
        command(*CITY, "--store", str(home / "warehouse" / "jishou"))
        command("load", "city", str(home / "warehouse" / "jishou"), "--no-seal", "--home", str(home))
        with psycopg.connect(postgres.url_of(home / "db", admin=True)) as connection:
            filled(connection, rows)
        os.environ["DATABASE_URL"] = postgres.url_of(home / "db", over="socket")
        django.setup()
        import_module("openyibao.bureau.staff.rights").arrange_roles()
        import_module("openyibao.bureau.staff.accounts").make_demo()
        mine = import_module("openyibao.bureau.staff.models").Officer.objects.get(login="insured").psn_no
        with psycopg.connect(postgres.url_of(home / "db", admin=True)) as connection:
            owned(connection, mine, rows)
        yield
        import_module("django.db").connections.close_all()
    finally:
        postgres.stop(home / "db", mode="immediate")
        shutil.rmtree(home, ignore_errors=True)


def command(*words: str) -> None:
    """One of our commands; exit code 3 sets rows aside, which is no failure here."""
    done = subprocess.run([sys.executable, "-m", "openyibao.cli.main", *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(f"openyibao {' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def measured(size: Size) -> dict[str, float]:
    """Every page in every way, and its table's bare SQL; medians."""
    pages = import_module("list_parts.pages")
    clients: dict[str, Any] = {}
    figures: dict[str, float] = {"rows": size.rows}
    ratios = []
    for page in pages.PAGES:
        client = clients.setdefault(page.login, signed_in(page.login))
        base = figures[f"{page.name}_sql_ms"] = milliseconds(lambda page=page: pages.bare(page), size.repeats)
        for way, path in pages.asked(page).items():
            figures[f"{page.name}_{way}_ms"] = milliseconds(lambda path=path, client=client: answered(client, path), size.repeats)
            ratios.append(figures[f"{page.name}_{way}_ms"] / base)
    ways = [value for name, value in figures.items() if name.endswith(("_plain_ms", "_filtered_ms", "_sorted_ms", "_far_ms"))]
    return {"slowest_ms": max(ways), "median_ms": statistics.median(ways), "slowest_to_sql": max(ratios), **figures}


def signed_in(login: str) -> Any:
    """A client of an officer who has signed in."""
    client = import_module("django.test").Client(SERVER_NAME="localhost")
    password = import_module("openyibao.bureau.staff.accounts").DEMO_PASSWORD
    answer = client.post("/sign-in", {"login": login, "password": password})
    assert answer.status_code == 302, f"{login} could not sign in"
    return client


def answered(client: Any, path: str) -> None:
    """One request; it must be a page with rows."""
    answer = client.get(path)
    if answer.status_code != 200 or b"<tbody>" not in answer.content:
        raise SystemExit(f"{path}: {answer.status_code}, no rows")


def milliseconds(turn: Callable[[], object], repeats: int) -> float:
    """The median of some turns after one that is not counted."""
    turn()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        turn()
        times.append(time.perf_counter() - began)
    return 1_000 * statistics.median(times)


def shown(figures: dict[str, float]) -> None:
    """The table on the screen."""
    table = Table(title=f"lists of {figures['rows']:,} rows, median ms (aim: at most {AIM_MS})")
    ways = ("sql", "plain", "filtered", "sorted", "far")
    for head in ("list", *ways):
        table.add_column(head, justify="left" if head == "list" else "right")
    for name in sorted({name.removesuffix("_plain_ms") for name in figures if name.endswith("_plain_ms")}):
        table.add_row(name, *(f"{figures[f'{name}_{way}_ms']:,.1f}" for way in ways))
    Console().print(table)
    Console().print(f"slowest {figures['slowest_ms']:,.0f} ms, {figures['slowest_to_sql']:,.0f} times its bare SQL")


if __name__ == "__main__":
    main()
