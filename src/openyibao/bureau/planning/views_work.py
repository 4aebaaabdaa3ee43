"""Pages of milestones and tasks 里程碑与任务页面."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.pages.shown import shown
from openyibao.bureau.planning import actions, deviations, lists, offices, queries
from openyibao.bureau.planning.alarms import EDIT
from openyibao.bureau.planning.board import indicators_of
from openyibao.bureau.planning.forms import DeclareForm, MilestoneForm, StepForm, TaskForm
from openyibao.bureau.planning.models import Milestone, Task
from openyibao.bureau.planning.views import city_shown
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.asking import asks
from openyibao.bureau.staff.models import Officer
from openyibao.bureau.staff.rights import reader
from openyibao.warehouse.measure.plantable import plan_of


def milestone_words(row: Milestone) -> dict[str, object]:
    """A milestone as pages show it."""
    today = timezone.localdate()
    state = "done" if row.reached_on is not None else "late" if row.due < today else "open"
    return {"row": row, "state": state, "title": row.title if lists.lang() == "zh" else row.title_en or row.title}


@asks("indicators.see")
def milestones(request: HttpRequest) -> HttpResponse:
    """The city's milestones on a line of time 里程碑."""
    city = city_shown(request)
    every = queries.milestones(city)
    found, whose = offices.chosen(request, every, offices.own_milestones(every, reader(request).office))
    return render(request, "planning/milestones.html", {
        "city": city, "plan": plan_of(city), "rows": [milestone_words(row) for row in found], "cities": lists.cities(), "whose": whose,
        "may_edit": reader(request).may(EDIT),
    })  # fmt: skip


@asks("indicators.see")
def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """One milestone: its day, its tasks, its declaration with the proof."""
    row = get_object_or_404(Milestone, pk=pk)
    rights = reader(request)
    form = DeclareForm(request.POST or None, request.FILES or None, initial={"on": timezone.localdate()})
    if request.method == "POST":
        rights.need(EDIT)
        if form.is_valid():
            try:
                actions.declared(milestone=pk, on=form.cleaned_data["on"], said=form.cleaned_data["said"], paper=form.paper(),
                                 by=rights.login, at=timezone.now())
            except Refused as refusal:
                form.add_error(refusal.place if refusal.place in form.fields else None, refusal.sentence(lists.lang()))
            else:
                messages.success(request, _("已登记。"))
                return HttpResponseRedirect(reverse("plan-milestone", args=[pk]))
    return render(request, "planning/milestone.html", {
        **milestone_words(row), "form": form, "proofs": queries.proofs_of(f"milestone/{pk}"), "may_edit": rights.may(EDIT),
        "tasks": list(Task.objects.filter(milestone_id=pk).order_by("due", "pk")), "today": timezone.localdate(), "city": row.city,
    }, status=400 if form.errors else 200)  # fmt: skip


@asks(EDIT)
def new_milestone(request: HttpRequest) -> HttpResponse:
    """Lay down a milestone of the city's own."""
    city = city_shown(request)
    form = MilestoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        pk = actions.milestone_made(city=city, title=said["title"], due=said["due"], office=said["office"], by=reader(request).login,
                                    at=timezone.now())
        return HttpResponseRedirect(reverse("plan-milestone", args=[pk]))
    return render(request, "planning/form.html", {
        "form": form, "city": city, "heading": _("新增里程碑"), "lead": plan_of(city).title, "button": _("保存"),
        "back": f"{reverse('plan-milestones')}?city={city}",
    }, status=400 if form.errors else 200)  # fmt: skip


@asks("indicators.see")
def tasks(request: HttpRequest) -> HttpResponseBase:
    """The city's tasks 任务分解."""
    city = city_shown(request)
    every = Task.objects.filter(city=city)
    own = offices.own_tasks(every, reader(request).office)
    whose = offices.switch(request, own.count(), every.count())
    return shown(request, lists.TASKS, own if whose is not None and whose.own else every, "planning/tasks.html", {
        "city": city, "plan": plan_of(city), "may_edit": reader(request).may(EDIT), "whose": whose,
    })  # fmt: skip


@asks(EDIT)
def new_task(request: HttpRequest) -> HttpResponse:
    """Split off a task for an indicator or a milestone."""
    city = city_shown(request)
    owners = frozenset(Officer.objects.filter(is_active=True).values_list("login", flat=True))
    asked = request.GET.get("milestone", "")
    towards = Milestone.objects.filter(pk=int(asked), city=city).first() if asked.isdecimal() else None
    known, code, remedy = indicators_of(plan_of(city)), request.GET.get("code", ""), "remedy" in request.GET
    first = {"code": code, "title": request.GET.get("title", "")[:120]}
    if remedy and code in known:
        first = deviations.begun(queries.row(city, code, queries.values_of(city, code), queries.tasks_of(city, code)))
    form = TaskForm(request.POST or None, codes=frozenset(known), owners=owners, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        pk = actions.task_made(
            city=city, code=said["code"], title=said["title"], office=said["office"], owner=said["owner"], due=said["due"],
            plan=said["plan"], by=reader(request).login, at=timezone.now(), milestone=towards.pk if towards is not None else None,
            remedy=said["remedy"],
        )  # fmt: skip
        messages.success(request, _("任务已分解。"))
        return HttpResponseRedirect(reverse("plan-task", args=[pk]))
    return render(request, "planning/form.html", {
        "form": form, "city": city, "heading": _("制定整改措施") if remedy else _("分解任务"), "button": _("保存"),
        "owners": sorted(owners),
        "lead": towards.title if towards is not None else plan_of(city).title,
        "back": f"{reverse('indicator', args=[code]) if remedy and code in known else reverse('plan-tasks')}?city={city}",
    }, status=400 if form.errors else 200)  # fmt: skip


@asks("indicators.see")
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task 任务: owner, day, state, what happened, proofs."""
    row = get_object_or_404(Task.objects.select_related("milestone"), pk=pk)
    rights = reader(request)
    form = StepForm(request.POST or None, request.FILES or None, initial={"state": row.state})
    if request.method == "POST":
        rights.need(EDIT)
        if form.is_valid():
            try:
                actions.task_moved(task=pk, state=form.cleaned_data["state"], said=form.cleaned_data["said"], paper=form.paper(),
                                   by=rights.login, at=timezone.now())
            except Refused as refusal:
                form.add_error(refusal.place if refusal.place in form.fields else None, refusal.sentence(lists.lang()))
            else:
                messages.success(request, _("已记录。"))
                return HttpResponseRedirect(reverse("plan-task", args=[pk]))
    names = dict(lists.TASK_STATES)
    events = [{"at": step.at, "who": step.by, "what": str(names[step.state]), "note": step.said} for step in queries.steps_of(pk)]
    return render(request, "planning/task.html", {
        "row": row, "form": form, "events": events, "proofs": queries.proofs_of(f"task/{pk}"), "late": lists.late(row),
        "may_edit": rights.may(EDIT),
    }, status=400 if form.errors else 200)  # fmt: skip
