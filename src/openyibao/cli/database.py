"""`openyibao database`: the database's own commands 数据库: start, stop, status, address, migrations, backup, restore."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import psycopg
import typer

from openyibao.cli import serve
from openyibao.cli.console import fail, out
from openyibao.outside import postgres
from openyibao.outside.postgres_folder import DatabaseProblem, program
from openyibao.outside.postgres_folder import run as run_program

app = typer.Typer(
    help="The database 数据库: start, stop, migrate, back up.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
HOME = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录.")
HOUR = 3600.0
STATUS = "SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database()))"


@app.command()
def start(home: Path = HOME) -> None:
    """Start the embedded database, and leave it running 启动."""
    try:
        url = postgres.start(home / "db")
    except DatabaseProblem as problem:
        fail(problem.zh, problem.en)
    (home / "db" / "started-by").unlink(missing_ok=True)    # from now on no server process stops it at its end
    out().print(_without_password(url)[0], markup=False, soft_wrap=True)


@app.command()
def stop(home: Path = HOME) -> None:
    """Stop the embedded database 停止."""
    try:
        stopped = postgres.stop(home / "db")
    except DatabaseProblem as problem:
        fail(problem.zh, problem.en)
    (home / "db" / "started-by").unlink(missing_ok=True)
    out().print("已停止。Stopped." if stopped else "没有在运行。It was not running.", markup=False)


@app.command()
def status(home: Path = HOME) -> None:
    """Whether the database answers, its version and its size 状态. Exit code 1 when it does not answer."""
    given = os.environ.get("DATABASE_URL")
    url = given or (postgres.url_of(home / "db") if (home / "db" / "port").exists() else "")
    where = _without_password(url)[0] if url else str(home / "db")
    try:
        if not url:
            raise psycopg.OperationalError("no database yet 还没有数据库")
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute(STATUS).fetchone()
    except psycopg.OperationalError as error:
        out().print(f"{where}\n没有应答 does not answer: {str(error).splitlines()[0]}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    out().print(f"{where}\n运行中 running, PostgreSQL {row[0]}, {row[1]}" if row else where, markup=False, soft_wrap=True)


@app.command()
def url(home: Path = HOME) -> None:
    """The address with its password, for other programs: `psql "$(openyibao database url)"` 连接地址."""
    try:
        address = os.environ.get("DATABASE_URL") or postgres.url_of(home / "db")
    except DatabaseProblem as problem:
        fail(problem.zh, problem.en)
    out().print(address, markup=False, soft_wrap=True)


@app.command()
def migrate(home: Path = HOME) -> None:
    """Bring the database's tables up to date 迁移."""
    with serve.database(home):
        serve.migrate()
    out().print("表结构已是最新。Tables are up to date.", markup=False)


@app.command()
def backup(file: Path = typer.Argument(help="Where to write it 备份文件."), home: Path = HOME) -> None:
    """Write the whole database into one file 备份. The keys are not in it: keep `keys/` of the home folder apart from it, and safe."""
    if file.exists():
        fail(f"{file} 已经存在。", f"{file} exists already.")
    with serve.database(home):
        _run("pg_dump", "--format=custom", f"--file={file.resolve()}")
    out().print(f"{file}: {file.stat().st_size:,} bytes", markup=False, soft_wrap=True)


@app.command()
def restore(
    file: Path = typer.Argument(help="A file written by backup 备份文件.", exists=True, dir_okay=False),
    replace: bool = typer.Option(False, "--replace", help="The database holds rows already: put the backup in their place 覆盖."),
    home: Path = HOME,
) -> None:
    """Read a backup into the database 恢复: as a whole, or not at all."""
    with serve.database(home):
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        if row and row[0] and not replace:
            fail("库里已有表。要用备份覆盖，请加 --replace。", "The database has tables already; --replace puts the backup in their place.")
        first = ("--clean", "--if-exists") if replace else ()
        _run("pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", *first, str(file.resolve()))
    out().print(f"已从 {file} 恢复。Restored from {file}.", markup=False, soft_wrap=True)


def _run(name: str, *words: str) -> None:
    """One of PostgreSQL's programs on this process's database; the password goes by its environment, not where `ps` shows it."""
    address, password = _without_password(os.environ["DATABASE_URL"])
    try:
        done = run_program([program(name), f"--dbname={address}", *words], timeout=HOUR, password=password)
    except DatabaseProblem as problem:
        fail(problem.zh, problem.en)
    if done.code != 0:
        fail(f"{name} 没有完成：", f"{name} did not finish:", done.said)


def _without_password(url: str) -> tuple[str, str]:
    """An address without its password, and the password."""
    parts = urlsplit(url)
    account, _, server = parts.netloc.rpartition("@")
    user, _, password = account.partition(":")
    return urlunsplit(parts._replace(netloc=f"{user}@{server}" if user else server)), unquote(password)
