"""Work on the demo's desks 演示岗位上的事: bills of this morning, paper claims at every step, a draft of policy, a task towards the plan.

Hospitals speak to the door, officers act under their own rights in the order of their desks; nothing is written past them. Django has been
set up on the demo's database.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openyibao.bureau.claims import actions as claims
from openyibao.bureau.claims import paying, undoing
from openyibao.bureau.claims.entry import Billed, Charged, Papers, Payee
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.enrolment.queries import person_of
from openyibao.bureau.planning import actions as planning
from openyibao.bureau.planning.models import Milestone
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.policymaking import actions as policymaking
from openyibao.bureau.policymaking.forms import added
from openyibao.bureau.staff.models import Officer
from openyibao.bureau.staff.rights import Rights, rights_of
from openyibao.cli.demo_day import City

CITY = "jishou"
RESIDENT, NEIGHBOUR, POOR = (f"4331010000000000000000000{number}" for number in (3, 6, 5))
"""Of examples/sandbox: whom the clerk enters claims for."""

RATIO = "outpatient.employee.ratio.active.L3"
PAPER = b"%PDF-1.7 a paper of the demo"
COMERS = 12
"""People without a story who come in the morning."""

PRIMARY = 2
"""A number of a visit at the health centre (City.visited): the central hospital's till is left to who tries the demo."""


class Morning(City):
    """A few of a city's people at its health centre and its pharmacy."""

    def walks(self) -> Iterator[Callable[[], None]]:
        """Everybody once, the employee of the cast (who has the demo's account of an insured person) twice and at the pharmacy too."""
        known = self.cast.people["employee"]
        for person in (known, *self.people[:COMERS], known):
            yield partial(self.visited, person, PRIMARY)
        for person in (known, *self.people[COMERS : COMERS + 3]):
            yield partial(self.bought, person, PRIMARY)


class Made(NamedTuple):
    """Claims and a batch that were made, by their keys."""

    first: int  # waits for its first review
    entered: int  # a clerk's draft
    paid: int  # in a released batch
    batch: int
    own: int  # the insured person's own application, not yet sent


def morning(url: str, people: Path) -> int:
    """Let the hospitals speak to the door; how many messages. Raises NoAnswer when the door is gone."""
    return Morning(url, CITY, people, threading.Event()).played().messages.total()


def work_done() -> bool:
    """Whether somebody has worked here already: then nothing is added."""
    return Claim.objects.exists()


def worked() -> None:
    """Every desk's work of some weeks, all of it or none. Raises Refused."""
    today = timezone.localdate()
    with transaction.atomic():
        claims_made(today - timedelta(120), today - timedelta(20))
        second = submitted(POOR, 80_000_005, today - timedelta(60))
        passed(second, "first")
        begun = draft_begun("0.7", "三级医院门诊多报一成", "A tenth more at level 3")
        task_given(begun)


def who(login: str) -> Rights:
    """The rights of a demo account."""
    return rights_of(Officer.objects.get(login=login))


def by(login: str) -> dict[str, Any]:
    """Who does a step of a claim, by name, and when."""
    return {"by": who(login), "name": Officer.objects.get(login=login).name, "at": timezone.now()}


# ---- paper claims ----


def papers(psn_no: str, invoice: int, begins: date) -> Papers:
    """A week in the capital's hospital: 20,000.00 yuan, 2,000.00 of it outside the scope."""
    lines = (Charged("", "床位费", "05", 10_000, 18_000_000_000, 1_800_000, 100_000, 0, 50_000),
             Charged("", "药品费", "09", 10_000, 2_000_000_000, 200_000, 0, 50_000, 0))
    payee = Payee(person_of(psn_no).name, "示例银行吉首支行", "6222000011112222", "")
    return Papers("", "", "长沙示例医院", "430100", "02", True, "21", "offsite", begins, begins + timedelta(7), "I10.x00", "",
                  (Billed("43060124", str(invoice), 2_000_000),), lines, payee)


def scanned(login: str, pk: int) -> None:
    """The papers that a claim needs."""
    for what in ("invoice", "list", "summary"):
        claims.scanned(pk=pk, what=what, name=f"{what}.pdf", content=PAPER + what.encode(), by=who(login), at=timezone.now(),
                       home=settings.HOME)


def submitted(psn_no: str, invoice: int, begins: date) -> int:
    """A claim entered by the clerk and sent to its first review."""
    pk = claims.entered(psn_no=psn_no, papers=papers(psn_no, invoice, begins), **by("clerk"))
    scanned("clerk", pk)
    claims.submitted(pk=pk, version=Claim.objects.get(pk=pk).version, **by("clerk"))
    return pk


def passed(pk: int, *stages: str) -> None:
    """Reviewed, each stage by the officer whose login is its name."""
    for stage in stages:
        claims.passed(pk=pk, stage=stage, note="票据齐全", version=Claim.objects.get(pk=pk).version, **by(stage))


def claims_made(earliest: date, latest: date) -> Made:
    """A claim under review, one being entered, one paid in a batch, one whose settlement is asked to be reversed, one of the person's own.

    From stays between two days.
    """
    step = (latest - earliest) / 3
    first = submitted(RESIDENT, 80_000_001, earliest)
    entered = claims.entered(psn_no=NEIGHBOUR, papers=papers(NEIGHBOUR, 80_000_002, earliest + step), **by("clerk"))
    psn_no = who("insured").psn_no
    paid = submitted(psn_no, 80_000_003, earliest + 2 * step)
    passed(paid, "first", "second", "final")
    batch = paying.made(claims=[paid], **by("paymaster"))
    paying.released(batch=batch, **by("paymaster-2"))
    wrong = submitted(POOR, 80_000_006, earliest + step / 2)
    passed(wrong, "first", "second", "final")
    undoing.asked(pk=wrong, because="床位费按日清单应为 16,000.00 元，录入有误", clause="零星报销经办规程（示例）",
                  version=Claim.objects.get(pk=wrong).version, **by("clerk"))
    own = claims.entered(psn_no=psn_no, papers=papers(psn_no, 80_000_004, latest)._replace(lines=()), own=True, **by("insured"))
    scanned("insured", own)
    return Made(first, entered, paid, batch, own)


# ---- policy and plan ----


def draft_begun(value: str, name: str, name_en: str) -> date:
    """A draft that pays employees more at level 3 from the next year on; its first day."""
    at = timezone.now()
    starts = date(at.year + 1, 1, 1)
    line = added(books(), CITY, RATIO, starts.year * 10_000 + 101)
    policymaking.begin(city=CITY, name=name, name_en=name_en, why="减轻在职职工门诊负担", starts=starts,
                       changes=[line._replace(value=value)] if line else [], by="policy", at=at)
    return starts


def task_given(due: date) -> None:
    """The plan's milestones, and a task towards the first that is not reached."""
    at = timezone.now()
    planning.laid_out(city=CITY, by="policy-head", at=at)
    milestone = Milestone.objects.filter(city=CITY, reached_on=None).exclude(code="").order_by("code")[0]
    planning.task_made(city=CITY, code=milestone.code, title="服务窗口评价器全部上线", office="经办中心", owner="policy", due=due,
                       plan="先两个乡镇试点，再推开", milestone=milestone.pk, by="policy-head", at=at)
