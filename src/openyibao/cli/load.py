"""`openyibao load`: catalogues, institutions and people from CSV, XLSX or Parquet 导入. Bad rows are set aside with their reasons."""

import getpass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table as Grid

from openyibao.bureau.loading.columns import Asked
from openyibao.bureau.loading.problems import LoadProblem
from openyibao.bureau.loading.sift import write_rejected
from openyibao.cli import serve
from openyibao.cli.console import REJECTED, check_lang, fail, out

CHINA = ZoneInfo("Asia/Shanghai")
FIRST = 5
"""How many reasons the terminal shows of a file; the rest is in the rejects file."""

HEADS = {"zh": ("文件", "行数", "新增", "更改", "未变", "剔除"), "en": ("file", "rows", "new", "changed", "same", "rejected")}


def load(
    kind: str = typer.Argument(help="drugs, services, people …, `all`, or `city` for a store of whole years 表的种类."),
    place: Path = typer.Argument(help="The file; with `all` a folder of files named after their kinds; with `city` a store 文件或文件夹."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    rejects: Path | None = typer.Option(None, "--out", help="Folder for rejected rows; default: rejects/ of the home folder 剔除行."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Only say what would happen 试导入."),
    allow_shrink: bool = typer.Option(False, "--allow-shrink", help="Take a code set that is more than 2 % shorter 允许变少."),
    training: bool = typer.Option(False, "--training", help="Take identity numbers of area 99, which are nobody's 培训数据."),
    years: str = typer.Option("", "--years", help="With `city`: years to load, such as 2022-2023; default: all 年份."),
    workers: int = typer.Option(0, "--workers", min=0, max=64, help="With `city`: processes; 0 = as many as cores 进程数."),
    seal: bool = typer.Option(True, "--seal/--no-seal", help="With `city`: seal the journal as well 封存日志."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Load a table, a folder of them, or a city's store, into the database 导入. Exit code 3 when rows were set aside."""
    check_lang(lang)
    asked_years = years_of(years)
    if kind == "city":
        import_module("openyibao.cli.load_city").store_at(place)     # before a database is started for nothing
    with serve.database(home):
        serve.migrate()
        if kind == "city":
            aside = import_module("openyibao.cli.load_city").load_city(place, asked_years, workers, seal, lang)
            import_module("openyibao.cli.loaders").tell_planner()
            if aside:
                raise typer.Exit(REJECTED)
            return
        loaders = import_module("openyibao.cli.loaders")     # models can be imported only now that Django is set up
        now = datetime.now(CHINA)
        reports: list[Any] = []
        try:
            files = chosen(loaders, kind, place)
            for name, path in files.items():
                report = loaders.load_file(
                    name, path, asked=Asked(now.date(), training), at=now, officer=getpass.getuser(), allow_shrink=allow_shrink,
                    dry_run=dry_run,
                )  # fmt: skip
                reports.append(report)
                if report.rejected:
                    write_rejected(beside(rejects or home / "rejects", path), path, report.rejected)
        except LoadProblem as problem:
            fail(f"{problem.code} {problem.zh}", f"{problem.code} {problem.en}")
        if not dry_run:
            loaders.tell_planner()
    show(reports, lang, dry_run)
    for report in reports:
        if report.rejected:
            out().print(str(beside(rejects or home / "rejects", report.file)), markup=False, soft_wrap=True)
    if any(report.rejected for report in reports):
        raise typer.Exit(REJECTED)


def years_of(text: str) -> tuple[int, ...]:
    """Years from a text such as 2023, 2019-2023 or 2019,2023; none from an empty one. Exit code 2 for anything else."""
    found: list[int] = []
    for part in filter(None, text.split(",")):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            fail(f"--years {text} 不是年份，应如 2023 或 2019-2023。", f"--years {text}: write 2023 or 2019-2023.")
        found.extend(range(int(first), int(last or first) + 1))
    return tuple(found)


def beside(folder: Path, file: Path) -> Path:
    """Where the rejected rows of a file go; the folder is made, for its owner alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{file.stem}.rejects.csv"


def chosen(loaders: ModuleType, kind: str, place: Path) -> dict[str, Path]:
    """Kinds and their files, in loading order; exit code 2 for a kind that there is not."""
    if kind == "all":
        if not place.is_dir():
            fail(f"{place} 不是文件夹；`load all` 要一个文件夹。", f"{place} is no folder; `load all` takes one.")
        found: dict[str, Path] = loaders.files_of(place)
        return found
    if kind not in loaders.ALL:
        known = ", ".join(loaders.ALL)
        fail(f"没有 {kind} 这种表；可用：{known}、all、city。", f"There is no kind {kind}; use {known}, all or city.")
    return {kind: place}


def show(reports: list[Any], lang: str, dry_run: bool) -> None:
    """The counts of each file, and the first reasons."""
    grid = Grid(box=None, pad_edge=False)
    for place, head in enumerate(HEADS[lang]):
        grid.add_column(head, justify="right" if place else "left")
    for report in reports:
        counts = (report.total, report.loaded.new, report.loaded.changed, report.loaded.same, report.lines)
        grid.add_row(report.file.name, *(f"{count:,}" for count in counts))
    out().print(grid)
    for report in reports:
        for why in report.rejected[:FIRST]:
            sentence = why.zh if lang == "zh" else why.en
            out().print(f"{report.file.name}:{why.line} {why.code} {sentence}", markup=False, soft_wrap=True)
        if len(report.rejected) > FIRST:
            out().print(f"{report.file.name}: … {len(report.rejected) - FIRST:,}", markup=False)
        if report.ignored:
            words = "未读的列" if lang == "zh" else "columns not read"
            out().print(f"{report.file.name}: {words}: {', '.join(report.ignored)}", markup=False, soft_wrap=True)
    if dry_run:
        out().print("试导入：没有写入任何数据。" if lang == "zh" else "Dry run: nothing was written.", markup=False)
