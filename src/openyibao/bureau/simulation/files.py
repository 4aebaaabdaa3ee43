"""What can be taken along from a run 下载: the report, the workbook, the paper, the package."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language

from openyibao.bureau.pages.paper import pdf
from openyibao.bureau.refused import Refused
from openyibao.bureau.simulation import queries
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.packing import packed
from openyibao.bureau.simulation.places import folder_of
from openyibao.bureau.simulation.telling import SOURCE, told
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.rights import reader
from openyibao.warehouse.report.files import PAGE, WORKBOOK

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def taken(request: HttpRequest, pk: int, what: str) -> Run:
    """A run that is done, something of which is taken along; that is logged. Raises Refused SIM-02 for one without an answer."""
    run = queries.run_for(reader(request), pk)
    if not run.digest:
        raise Refused(
            "SIM-02", "这次运行还没有结果。", "This run has no answer yet.", place="run",
            next_zh="请等它完成。", next_en="Wait until it is done.",
        )  # fmt: skip
    acted(officer=reader(request).login, what=f"simulation.{what}", object=f"run/{pk}", at=timezone.now())
    return run


def file_of(run: Run, name: str, content_type: str) -> HttpResponseBase:
    """A file of the run's folder, to be kept. Raises Refused SIM-02 where it is gone."""
    path = folder_of(run.pk) / name
    try:
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"simulation-{run.pk}-{name}", content_type=content_type)
    except OSError as problem:
        raise Refused(
            "SIM-02", "模拟结果文件不在。", "The files of this run are gone.", place="run",
            next_zh="请点“再次运行”。", next_en="Run it again.",
        ) from problem


@asks("simulation.see")
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The whole report as one HTML file, to be opened without a network. It is never shown from here: it carries its own script."""
    return file_of(taken(request, pk, "report"), PAGE, "text/html; charset=utf-8")


@asks("simulation.see")
def workbook(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The workbook."""
    return file_of(taken(request, pk, "workbook"), WORKBOOK, XLSX)


@asks("simulation.see")
def package(request: HttpRequest, pk: int) -> HttpResponse:
    """The package 方案包."""
    run = taken(request, pk, "package")
    return kept(packed(run, queries.outcome_of(run)), "application/zip", f"simulation-{pk}-package.zip")


@asks("simulation.see")
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of two pages 测算报告, the package attached."""
    run = taken(request, pk, "paper")
    outcome = queries.outcome_of(run)
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    content = pdf(SOURCE.read_text(encoding="utf-8"), files={"package.zip": packed(run, outcome)}, told=told(run, outcome, lang))
    return kept(content, "application/pdf", f"simulation-{pk}.pdf")


def kept(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file made for this answer, to be kept."""
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
