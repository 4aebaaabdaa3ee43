"""`openyibao conformance URL`: plays scripted cases at a door as a hospital would 接口符合性测试, and writes what happened."""

from pathlib import Path

import typer

from openyibao.cli.console import bar, err, fail, out
from openyibao.outside.hospital.addresses import address_of
from openyibao.outside.hospital.cast import CastProblem, load_cast, shipped
from openyibao.outside.hospital.client import now
from openyibao.outside.hospital.conformance.every import CASES
from openyibao.outside.hospital.conformance.html import lines, page
from openyibao.outside.hospital.conformance.junit import junit
from openyibao.outside.hospital.conformance.run import FAILED, PASSED, SKIPPED, Result, chosen, play
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.signing import Key, key_of

FOUND_FAULTS = 1
"""Exit code when a case failed."""


def conformance(
    url: str = typer.Argument("http://127.0.0.1:8700", help="The door's address: host and port, or a full path 接口地址."),
    key: str = typer.Option("none", "--key", help="Key for all cases: a name of the cast (csb, tif …) or scheme:id:secret 接入密钥."),
    only: list[str] = typer.Option([], "--only", help="A case or a family; may be given several times 只跑哪些用例."),
    report: Path = typer.Option(Path("conformance-report"), "--report", help="Folder for report.html and report.xml 报告目录."),
    city: str = typer.Option("jishou", "--city", help="City of the cast 城市."),
    cast: Path = typer.Option(shipped(), "--cast", help="Who and what plays 角色表.", show_default="the sandbox's"),
    listing: bool = typer.Option(False, "--list", help="List the cases and stop 列出用例."),
) -> None:
    """Play scripted cases as a hospital would; report in HTML and JUnit XML 接口符合性测试."""
    if listing:
        for case in CASES:
            out().print(f"{case.name:34}{case.zh}", markup=False)
        return
    try:
        played_by = load_cast(cast, city)
        cases = chosen(CASES, only)
        signed: Key = played_by.keys[key] if key in played_by.keys else key_of(key)
    except CastProblem as problem:
        fail(str(problem))
    except KeyError as unknown:
        fail(f"没有用例 {unknown}；用 --list 列出", f"there is no case {unknown}; --list lists them")
    except ValueError as problem:
        fail(str(problem))
    stage = Stage(address_of(url, city), played_by, signed)
    results: list[Result] = []
    try:
        with bar("conformance", len(cases)) as shown:
            for number, case in enumerate(cases, 1):
                results.append(play(stage, case))
                shown.at(number)
    finally:
        stage.close()
    write(report, results, stage.address.url(""), city)
    counts = {outcome: sum(1 for row in results if row.outcome == outcome) for outcome in (PASSED, FAILED, SKIPPED)}
    for line in lines(results):
        err().print(line, markup=False)
    summary = f"通过 passed {counts[PASSED]} · 未通过 failed {counts[FAILED]} · 跳过 skipped {counts[SKIPPED]}"
    out().print(f"{summary} · 报告 report: {report / 'report.html'}", markup=False)
    if counts[FAILED]:
        raise typer.Exit(FOUND_FAULTS)


def write(folder: Path, results: list[Result], url: str, city: str) -> None:
    """report.html and report.xml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.html").write_text(page(results, url, city, now()), encoding="utf-8")
    (folder / "report.xml").write_bytes(junit(results, f"openyibao conformance {url}"))
