"""One row of everything that people make at the desks 各岗位办理一笔, for tests that visit pages: a claim, a batch, a draft, a simulation …

    seeded()            makes them through the desks' own actions, in the database and home that Django is set up for; about ten seconds
    seeded_at(...)      the same in a process of its own, for a server whose database and home are another process's
    door_open(...)      the hospitals' door of this process, without which the window has no pages

What the demo accounts do, they do under their own rights and in the order of the desks. examples/sandbox and a city of `made_store` in
home/warehouse/jishou have been loaded; there is a bill. Made once for a database: invoices are claimed once.
"""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from openyibao.bureau.claims.models import Claim
from openyibao.bureau.frontdesk import actions as frontdesk
from openyibao.bureau.monitoring import actions as monitoring
from openyibao.bureau.monitoring.rules import Found, rules
from openyibao.bureau.planning import actions as planning
from openyibao.bureau.planning import measuring
from openyibao.bureau.planning.models import Milestone, Proof, Value
from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.policymaking import actions as policymaking
from openyibao.bureau.policymaking import emergency
from openyibao.bureau.policymaking.forms import added
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.simulation import actions as simulation
from openyibao.bureau.simulation import forms, lists, working
from openyibao.bureau.simulation.drafting import played_in, titles_of
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import folder_of
from openyibao.bureau.staff import changes
from openyibao.bureau.staff.accounts import make_demo
from openyibao.bureau.staff.models import Officer
from openyibao.bureau.staff.rights import arrange_roles
from openyibao.bureau.statement.verifying import token_of
from openyibao.cli.desk_day import RESIDENT, claims_made, who
from openyibao.gateway.runtime import Runtime
from openyibao.gateway.window import actions as window
from openyibao.gateway.window import paying as till
from openyibao.gateway.window import queries as goods
from openyibao.gateway.window.actions import Registration
from signed import QUICK

CITY, YEAR, MONTH = "jishou", 2023, 202312
KEY = "outpatient.employee.ratio.active.L3"
RULES, OUTBREAK = "covid-2020", ["U07.1", "J12"]
TABLET, GONE = "YP0011", "XJ01CAY112A006010180001"
PDF, PATIENCE = b"%PDF-1.7 a paper", 120
TESTS = Path(__file__).parent
IN_A_PROCESS = "import django; django.setup(); import json, seeded; print(json.dumps(seeded.seeded()._asdict()))"


class Rows(NamedTuple):
    """Rows that are there, by their keys; the fields are those of the addresses that show them (addresses.py)."""

    setl_id: int  # the first bill, whose it is, its year
    psn_no: str
    year: int
    own_setl_id: int  # the bill of the demo's insured person, its year, the token of its paper
    own_year: int
    token: str
    claim: int  # under review, with a scan
    scan: int
    entered: int  # a clerk's draft
    batch: int  # released
    own_claim: int  # the insured person's own application, not yet sent, with a scan
    own_scan: int
    objection: int
    written: int  # a draft of policy that is being written
    draft: int  # one that waits for its first approval, a simulation attached
    package: str  # digest
    run: int  # a simulation that is done, and one of the bills behind it
    bucket: int
    row: int
    alert: int
    code: str  # an indicator that was counted
    milestone: int
    task: int
    proof: int
    change: int  # of an officer, waiting for a second administrator
    visit: int  # at the hospital's window, pre-settled


def seeded() -> Rows:
    """One row of each kind. The door is opened for as long as it takes, where it is not open."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        if not Officer.objects.filter(demo=True).exists():
            arrange_roles()
            make_demo()
    first = Settlement.objects.order_by("setl_id")[0]
    found = {"setl_id": first.setl_id, "psn_no": first.psn_no, "year": first.at.year}
    run = run_done()
    for made in (claims_rows(), drafts_made(run), run, plan_made(), watched(), visited()):
        found |= made
    return Rows(**found)


# ---- claims ----


def claims_rows() -> dict[str, Any]:
    """One claim under review, one being entered, one paid in a batch, one of the person's own; a bill and an objection to it."""
    made = claims_made(date(2025, 3, 1), date(2025, 6, 1))
    bill = int(Claim.objects.get(pk=made.paid).setl_id)
    objection = frontdesk.objected(setl_id=bill, what="amount", text="药费算错了", by=who("insured"), at=timezone.now())
    return {
        "claim": made.first, "scan": scan_of(made.first), "entered": made.entered, "batch": made.batch, "own_setl_id": bill,
        "own_year": 2025, "token": token_of(bill), "own_claim": made.own, "own_scan": scan_of(made.own), "objection": objection,
    }  # fmt: skip


def scan_of(claim: int) -> int:
    """One of a claim's scans."""
    return int(Claim.objects.get(pk=claim).scans.earliest("pk").pk)


# ---- policies and simulations ----


def drafts_made(run: dict[str, Any]) -> dict[str, Any]:
    """A draft being written, one that waits for approval with its simulation, and a request to switch an emergency rule set."""
    at = timezone.now()
    starts = date(at.year + 1, 1, 1)
    pks = []
    for value in ("0.65", "0.7"):
        line = added(books(), CITY, KEY, starts.year * 10_000 + 101)
        draft = policymaking.begin(city=CITY, name="三级多报", name_en="More at level 3", why="减负", starts=starts,
                                   changes=[line._replace(value=value)], by="policy", at=at)
        policymaking.attach(pk=draft.pk, simulation=run["run"], title="2023 年", title_en="2023", by="policy", at=at)
        pks.append(draft.pk)
    policymaking.submit(pk=pks[1], by="policy", at=at)
    emergency.ask(city=CITY, name=RULES, on=True, day=timezone.localdate() + timedelta(30), diagnoses=OUTBREAK, why="市指挥部通告",
                  by="policy-head", at=at)
    return {"written": pks[0], "draft": pks[1], "package": Package.objects.earliest("pk").pk}


def run_done() -> dict[str, Any]:
    """An example draft simulated on the city's year, here and now; or by the server's worker, where that was quicker."""
    drafts = [forms.chosen("example/jishou-stay-near.yaml", CITY)]
    moved, said = played_in(drafts, YEAR, YEAR * 10_000 + 101)
    scenario = simulation.Scenario(*titles_of(drafts), moved, said, YEAR * 10_000 + 101)
    run = simulation.asked(book=books()[CITY], store=CITY, year=YEAR, scenarios=[scenario], options=simulation.Options("all"), by="policy",
                           at=timezone.now())[0]
    working.worked(run.pk)
    end = time.monotonic() + PATIENCE
    while run.state != Run.DONE:
        assert not run.over and time.monotonic() < end, (run.state, run.problem)
        time.sleep(0.1)
        run.refresh_from_db()
    bill = next(iter(lists.bill_rows(folder_of(run.pk), "fund").order_by("bucket", "row")[:1]))
    return {"run": run.pk, "bucket": bill.bucket, "row": bill.row}


# ---- plan, operations, staff ----


def plan_made() -> dict[str, Any]:
    """A month counted, the plan's milestones, a task towards one of them with a proof."""
    at = timezone.now()
    refresh = planning.asked(city=CITY, by="policy-head", at=at, first=MONTH, last=MONTH, background=False)
    measuring.count(refresh=refresh, at=at, clock=timezone.now)
    value = Value.objects.filter(city=CITY, stands=True).exclude(source="").exclude(shown=None).order_by("code")[0]
    milestone = Milestone.objects.filter(city=CITY, reached_on=None).exclude(code="").order_by("code")[0]
    task = planning.task_made(city=CITY, code=milestone.code, title="挂牌", office="经办中心", owner="policy", due=milestone.due,
                              plan="先试点，再推开", milestone=milestone.pk, by="policy-head", at=at)
    paper = planning.Paper("表.pdf", PDF)
    planning.task_moved(task=task, state=planning.DOING, said="两个乡镇已试点", paper=paper, by="policy-head", at=at)
    proof = Proof.objects.get(object=f"task/{task}")
    return {"code": value.code, "milestone": milestone.pk, "task": task, "proof": proof.pk}


def watched() -> dict[str, Any]:
    """An alert, as the check raises one, and a new officer entered by one administrator."""
    at = timezone.now()
    alert = monitoring.checked(rule=rules()["door.refusals"], found=[Found("", 60)], at=at)[0]
    after = {"name": "陈静", "post": "clerk", "psn_no": "", "relatives": [], "is_active": True}
    change = changes.enter(kind=changes.OFFICER, key="chen.j", after=after, by=who("admin"), at=at)
    return {"alert": alert, "change": change.pk}


# ---- the window ----


def visited() -> dict[str, Any]:
    """A resident's visit at the window: registered, one line charged, one refused because its code has ended, pre-settled."""
    cashier, at = who("cashier"), timezone.localtime()
    hospital = goods.hospital_of(cashier, "田小雨")
    step = {"hospital": hospital, "at": at}
    with door_open():
        visit = window.show(credential=RESIDENT, kind="number", by=cashier.login, **step)
        day = at.date()
        doctor = goods.doctors(hospital.code, day)[0]
        dept = next(one for one in goods.departments(hospital.code, day) if one.hosp_dept_codg == doctor.hosp_dept_codg)
        form = Registration("11", visit.insutype, visit.psn_type, visit.home, ("", ""), (dept.hosp_dept_codg, dept.name, dept.caty),
                            (doctor.code, doctor.name), (("J06.900", "急性上呼吸道感染"),), visit.begins)
        window.register(number=visit.pk, form=form, by=cashier.login, **step)
        for serial, code in enumerate((TABLET, GONE), 1):
            good = goods.good_of(hospital.code, code, day)
            window.charge(number=visit.pk, serial=serial, good=good, quantity=Decimal(2), price=good.price, **step)
        till.try_bill(number=visit.pk, account="1", by=cashier.login, **step)
    return {"visit": visit.pk}


@contextmanager
def door_open() -> Iterator[None]:
    """The hospitals' door of this process on DATABASE_URL, for the length of the block; one that is open already is used."""
    if window.inside.runtime.OPEN:
        yield
        return
    loop = asyncio.new_event_loop()
    runtime = Runtime(os.environ["DATABASE_URL"], Path(settings.HOME), settings.CIPHER_KEYS(), seals=False, size=4)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(runtime.startup(), loop).result(PATIENCE)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(runtime.shutdown(), loop).result(PATIENCE)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


# ---- in a process of its own ----


def seeded_at(environment: dict[str, str]) -> Rows:
    """`seeded()` in a process of its own, whose environment names the database (DATABASE_URL) and the home (OPENYIBAO_HOME)."""
    more = {"DJANGO_SETTINGS_MODULE": "openyibao.site.settings", "PYTHONPATH": str(TESTS)}
    done = subprocess.run([sys.executable, "-c", IN_A_PROCESS], capture_output=True, text=True, env=environment | more, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Rows(**json.loads(done.stdout.splitlines()[-1]))
