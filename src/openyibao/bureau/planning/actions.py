"""What the planning desk writes 规划台办理: counted and entered values, milestones, tasks with their steps, proofs, the work they open."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import gcd
from pathlib import PurePath
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from procrastinate.contrib.django import app

from openyibao.bureau.planning import board
from openyibao.bureau.planning.alarms import EDIT, MILESTONE, again, warn
from openyibao.bureau.planning.models import Milestone, Proof, Refresh, Step, Task, Value
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.kernel.enrolment import last_of_month
from openyibao.kernel.indicators.value import UNITS
from openyibao.kernel.indicators.value import shown as rounded
from openyibao.warehouse.measure.months import TO_DATE, Counted
from openyibao.warehouse.measure.plantable import Indicator, hundredths, plan_of

Clock = Callable[[], datetime]
HAND, STORE = "hand", "store"
COUNT, QUEUE = "planning.count", "planning"
"""The background task that counts, and its queue."""
PATIENCE, QUEUEING = timedelta(minutes=5), timedelta(hours=1)
"""A count that gave no sign of life for so long, or waited so long for a worker, is taken for dead: another may begin."""
KINDS = (".pdf", ".png", ".jpg", ".jpeg", ".docx", ".xlsx", ".ofd")
LARGEST = 10 * 1024 * 1024
OPEN, DOING, DONE, DROPPED = "open", "doing", "done", "dropped"
MOVES = {OPEN: (DOING, DONE, DROPPED), DOING: (DONE, DROPPED, OPEN), DONE: (DOING,), DROPPED: (OPEN,)}
"""State of a task -> states that may follow. One that was done can be taken up again."""
TASK = "plan.task"
"""Kind of a task's work."""


class Paper(NamedTuple):
    """A proof as it is handed in: a file's name and bytes, or an address."""

    name: str = ""
    content: bytes = b""
    link: str = ""


def no(code: str, zh: str, en: str, next_zh: str, next_en: str, place: str = "") -> Refused:
    """A refusal of this desk."""
    return Refused(code, zh, en, place=place, next_zh=next_zh, next_en=next_en)


# ---- counting ----


@transaction.atomic
def asked(*, city: str, by: str, at: datetime, first: int = 0, last: int = 0, background: bool = True) -> int:
    """Ask for a count of a city's indicators 指标测算; the number of its row. Raises Refused PLAN-03 while another is at it.

    background  the worker is told to do it; else whoever asks does
    """
    dead = Q(state="running", beat_at__lt=at - PATIENCE) | Q(state="waiting", asked_at__lt=at - QUEUEING)
    Refresh.objects.filter(dead, city=city).update(state="failed", ended_at=at, why="没有响应，已视为中断")
    try:
        with transaction.atomic():
            row = Refresh.objects.create(city=city, first=first, last=last, state="waiting", by=by, asked_at=at)
    except IntegrityError:
        raise no("PLAN-03", "本市正在测算。", "A count of this city is running.", "请等它结束。", "Wait until it ends.") from None
    if background:
        app.configure_task(COUNT, queue=QUEUE).defer(refresh=row.pk)
    acted(officer=by, what="indicators.count", object=f"city/{city}", at=at, detail={"first": first, "last": last})
    return row.pk


@transaction.atomic
def moved(*, refresh: int, months: int, done: int, kept: int, at: datetime) -> None:
    """A sign of life of a count, with how far it is."""
    Refresh.objects.filter(pk=refresh).update(state="running", months=months, months_done=done, kept=kept, beat_at=at)


@transaction.atomic
def ended(*, refresh: int, at: datetime, why: str = "") -> None:
    """A count has ended; `why` when it failed."""
    Refresh.objects.filter(pk=refresh).update(state="failed" if why else "done", ended_at=at, beat_at=at, why=why)


@transaction.atomic
def keep_values(*, city: str, found: Sequence[tuple[Counted, str]], by: str, at: datetime) -> int:
    """Keep counted values of one month with their digests; how many are new or differ. The same count again leaves no row.

    A counted value takes the place of one that was entered by hand for the same month.
    """
    codes = {one.code for one, _ in found}
    months = {one.answer.period.month for one, _ in found}
    there = {
        (row.code, row.month, row.span): row for row in Value.objects.filter(city=city, code__in=codes, month__in=months, stands=True)
    }  # fmt: skip
    gone, fresh = [], []
    for one, digest in found:
        before = there.get((one.code, one.answer.period.month, one.span))
        if before is not None and before.digest == digest:
            continue
        if before is not None:
            gone.append(before.pk)
        fresh.append(counted_value(city, one, digest, by, at))
    Value.objects.filter(pk__in=gone).update(stands=False)
    Value.objects.bulk_create(fresh)
    return len(fresh)


def counted_value(city: str, one: Counted, digest: str, by: str, at: datetime) -> Value:
    """The row of a counted value."""
    answer, exact = one.answer, one.answer.value
    least = gcd(exact.numerator, exact.denominator) or 1 if exact is not None else 1
    return Value(
        city=city, code=one.code, month=answer.period.month, span=one.span,
        numerator=None if exact is None else exact.numerator // least, denominator=1 if exact is None else exact.denominator // least,
        shown=None if exact is None else rounded(exact, answer.quantity.unit), counted_over=answer.numerator,
        counted_under=answer.denominator, rows=answer.rows, source=answer.source, level=answer.level, why=list(answer.why or ()),
        notes=[list(note) for note in answer.notes], how=STORE, digest=digest, by=by, at=at,
    )  # fmt: skip


# ---- entering by hand ----


@transaction.atomic
def entered(*, city: str, code: str, month: int, figure: str, said: str, paper: Paper, by: str, at: datetime) -> Value:
    """Enter a value by hand 手工填报 for a month that cannot be counted; the earlier entry stays in the history.

    figure  as printed: 61, 61.5; of a milestone 1 or 0
    Raises Refused PLAN-04 unknown indicator, PLAN-05 counted already, PLAN-06 a month to come, PLAN-07 no figure, PLAN-08 no proof.
    """
    known = board.indicators_of(plan_of(city))
    if code not in known:
        raise no("PLAN-04", f"本市没有指标 {code}。", f"The city has no indicator {code}.", "请从看板打开指标。", "Open it from the board.")
    today = at.date()
    if not 2000_01 <= month <= today.year * 100 + today.month or not 1 <= month % 100 <= 12:
        raise no("PLAN-06", "月份不对，或尚未到来。", "No such month, or it is still to come.", "请填写已结束的月份。",
                 "Give a month that has ended.", "month")
    before = Value.objects.select_for_update().filter(city=city, code=code, month=month, span=TO_DATE, stands=True).first()
    if before is not None and before.how == STORE and before.shown is not None:
        raise no("PLAN-05", "这个月的值已由业务数据算出，不能手工改。",
                 "This month's value is counted from the data and is not typed over.",
                 "如有疑问，请打开明细核对。", "Open the rows behind it if in doubt.", "month")
    exact = figure_of(figure, known[code].quantity.unit)
    if not said.strip() or not (paper.link or paper.content):
        raise no("PLAN-08", "手工填报须写明来源并附佐证材料。", "An entry needs its source in words and a proof.",
                 "请填写说明，上传文件或填写网址。", "Write the source; attach a file or an address.", "proof")
    if before is not None:
        before.stands = False
        before.save(update_fields=["stands"])
    unit = UNITS[known[code].quantity.unit]
    value = Value.objects.create(
        city=city, code=code, month=month, span=TO_DATE, numerator=exact * unit.parts, denominator=unit.times,
        shown=exact, counted_over=0, counted_under=0, how=HAND, said=said.strip()[:300], by=by, at=at,
        digest=hashlib.sha256(f"{city} {code} {month} {exact} {said} {by} {at.isoformat()}".encode()).hexdigest(),
    )  # fmt: skip
    prove(object=f"value/{value.pk}", paper=paper, by=by, at=at)
    acted(officer=by, what="indicators.enter", object=f"indicator/{code}", at=at,
          detail={"month": month, "shown": exact, "before": None if before is None else before.shown})
    warn(city=city, at=at)
    return value


def figure_of(text: str, unit: str) -> int:
    """A typed figure in hundredths of the unit. Raises Refused PLAN-07."""
    try:
        found = hundredths(text.strip().removesuffix("%").replace(",", ""))
    except ValueError:
        found = -1
    if found < 0 or (unit == "milestone" and found not in (0, 100)):
        raise no("PLAN-07", "数值不对：最多两位小数，不带单位；里程碑填 1（已实现）或 0。",
                 "No such figure: two decimals at most and no unit; 1 or 0 for a milestone.", "请改正数值。", "Mend the figure.", "figure")
    return found


def prove(*, object: str, paper: Paper, by: str, at: datetime) -> None:
    """Lay down a proof. Raises Refused PLAN-09 for a file that is too large or of a kind that is not taken, or an address that is none."""
    if paper.link:
        if not paper.link.startswith(("https://", "http://")):
            raise no("PLAN-09", "网址应以 https:// 或 http:// 开头。", "An address begins with https:// or http://.", "请改正网址。",
                     "Mend the address.", "link")
        Proof.objects.create(object=object, name=paper.link[:200], link=paper.link[:300], by=by, at=at)
    if paper.content:
        kind = PurePath(paper.name).suffix.lower()
        if kind not in KINDS or len(paper.content) > LARGEST:
            raise no("PLAN-09", f"佐证材料收 {'、'.join(KINDS)}，不超过 10 MB。", f"Proofs may be {', '.join(KINDS)}, 10 MB at most.",
                     "请换一个文件。", "Choose another file.", "proof")
        Proof.objects.create(
            object=object, name=PurePath(paper.name).name[:200], kind=kind, content=paper.content, by=by, at=at,
            digest=hashlib.sha256(paper.content).hexdigest(),
        )  # fmt: skip


# ---- milestones ----


@transaction.atomic
def laid_out(*, city: str, by: str, at: datetime) -> None:
    """Lay down the milestones that the city's plan names 里程碑, each once; mark those whose value says that they are reached; warn."""
    plan = plan_of(city)
    for one in plan.indicators:
        if one.target.comparator == "done":
            Milestone.objects.get_or_create(city=city, code=one.id, defaults=of_plan(one))
    reached = {
        value.code: value for value in Value.objects.filter(city=city, stands=True, span=TO_DATE, shown__gte=100).order_by("-month")
    }  # fmt: skip
    for row in Milestone.objects.filter(city=city, reached_on=None).exclude(code=""):
        value = reached.get(row.code)
        if value is not None:
            row.reached_on, row.declared_by, row.declared_at = last_day(value.month), by, at
            row.said = "由指标值判定"
            row.save(update_fields=["reached_on", "declared_by", "declared_at", "said"])
    warn(city=city, at=at)


def of_plan(one: Indicator) -> Mapping[str, object]:
    """A milestone's fields as its plan's table has them."""
    return {"title": one.name[:120], "title_en": one.quantity.en[:120], "due": date(one.target_year, 12, 31),
            "office": "、".join(one.offices)[:120], "source": one.source[:120]}


def last_day(month: int) -> date:
    """The last day of a month yyyymm."""
    return date(month // 100, month % 100, last_of_month(month))


@transaction.atomic
def milestone_made(*, city: str, title: str, due: date, office: str, by: str, at: datetime) -> int:
    """Lay down a milestone of the city's own."""
    row = Milestone.objects.create(city=city, title=title[:120], due=due, office=office[:120])
    acted(officer=by, what="indicators.milestone", object=f"milestone/{row.pk}", at=at, detail={"title": title, "due": due.isoformat()})
    warn(city=city, at=at)
    return row.pk


@transaction.atomic
def declared(*, milestone: int, on: date, said: str, paper: Paper, by: str, at: datetime) -> None:
    """Declare a milestone reached, with a proof. Raises Refused PLAN-08, PLAN-09, PLAN-10 when it was, PLAN-06 for a day to come.

    A milestone of the plan also gets its value, so that board and time line say the same.
    """
    row = Milestone.objects.select_for_update().get(pk=milestone)
    if row.reached_on is not None:
        raise no("PLAN-10", "这个里程碑已经实现。", "This milestone has been reached.", "无需再办。", "Nothing is left to do.")
    if on > at.date():
        raise no("PLAN-06", "日期尚未到来。", "That day is still to come.", "请填写实现的日期。", "Give the day it was reached.", "on")
    if not said.strip() or not (paper.link or paper.content):
        raise no("PLAN-08", "须写明依据并附佐证材料。", "The grounds in words and a proof are needed.",
                 "请填写说明，上传文件或填写网址。", "Write the grounds; attach a file or an address.", "proof")
    row.reached_on, row.declared_by, row.declared_at, row.said = on, by, at, said.strip()[:300]
    row.save(update_fields=["reached_on", "declared_by", "declared_at", "said"])
    prove(object=f"milestone/{row.pk}", paper=paper, by=by, at=at)
    acted(officer=by, what="indicators.declare", object=f"milestone/{row.pk}", at=at, detail={"on": on.isoformat()})
    work.closed(kind=MILESTONE, object=f"milestone/{row.pk}", by=by, outcome="reached", at=at)
    if row.code and not Value.objects.filter(city=row.city, code=row.code, how=STORE, stands=True, shown__gte=100).exists():
        entered(city=row.city, code=row.code, month=on.year * 100 + on.month, figure="1", said=said, paper=paper, by=by, at=at)


# ---- tasks ----


@transaction.atomic
def task_made(
    *, city: str, code: str, title: str, office: str, owner: str, due: date, plan: str, by: str, at: datetime, milestone: int | None = None,
    remedy: bool = False,
) -> int:  # fmt: skip
    """Split off a task 任务分解: it waits in the queue until it is done. `remedy`: it is to put a deviation right 整改任务."""
    row = Task.objects.create(
        city=city, code=code, title=title[:120], office=office[:120], owner=owner, due=due, plan=plan, made_by=by, made_at=at,
        milestone_id=milestone, remedy=remedy,
    )  # fmt: skip
    Step.objects.create(task=row, at=at, by=by, state=OPEN, said=plan[:300])
    acted(officer=by, what="indicators.remedy" if remedy else "indicators.task", object=f"task/{row.pk}", at=at,
          detail={"title": title, "due": due.isoformat(), "owner": owner})
    waits(row, at)
    if remedy:
        again(city=city, code=code, at=at)
    if owner and owner != by:
        work.told(officer=owner, text=f"分派给您的任务：{row.title}", text_en=f"A task for you: {row.title}", at=at, link=link_of(row))
    return row.pk


@transaction.atomic
def task_moved(*, task: int, state: str, said: str, paper: Paper, by: str, at: datetime) -> None:
    """Move a task on: taken up, done (with a proof), dropped (with a reason), reopened; the same state is a remark on how far it is.

    Raises Refused PLAN-11 for a step that cannot follow, PLAN-08 without the words or the proof.
    """
    row = Task.objects.select_for_update().get(pk=task)
    if state != row.state and state not in MOVES[row.state]:
        raise no("PLAN-11", "任务现在不能这样办理。", "The task cannot move there from where it is.", "请刷新页面看现在的状态。",
                 "Reload the page to see its state.", "state")
    if not said.strip():
        raise no("PLAN-08", "请写明进展。", "Say how far it is.", "请填写说明。", "Write a few words.", "said")
    if state == DONE and row.state != DONE and not (paper.link or paper.content):
        raise no("PLAN-08", "办结须附佐证材料。", "A task is done with a proof.", "请上传文件或填写网址。",
                 "Attach a file or an address.", "proof")
    row.state = state
    row.ended_at = at if state in (DONE, DROPPED) else None
    row.save(update_fields=["state", "ended_at"])
    Step.objects.create(task=row, at=at, by=by, state=state, said=said.strip()[:300])
    prove(object=f"task/{row.pk}", paper=paper, by=by, at=at)
    acted(officer=by, what="indicators.step", object=f"task/{row.pk}", at=at, detail={"state": state})
    if state in (DONE, DROPPED):
        work.closed(kind=TASK, object=f"task/{row.pk}", by=by, outcome=state, at=at)
    else:
        waits(row, at)
    if row.remedy:
        again(city=row.city, code=row.code, at=at)


def waits(row: Task, at: datetime) -> None:
    """A task in the queue of those who keep tasks."""
    zh, en = ("整改任务", "Remedy") if row.remedy else ("任务", "Task")
    work.opened(act=EDIT, kind=TASK, object=f"task/{row.pk}", title=f"{zh}：{row.title}", title_en=f"{en}: {row.title}", link=link_of(row),
                at=at, due=row.due)


def link_of(row: Task) -> str:
    """A task's page."""
    return reverse("plan-task", args=[row.pk])
