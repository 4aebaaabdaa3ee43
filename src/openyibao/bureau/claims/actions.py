"""What the desk of paper claims writes 零星报销办理: entry, scans, three reviews by three persons, return, rejection. Payment: paying.py.

Every step is a row that stays, closes the work of the one before and opens that of the next, and tells the person. A claim is held while it
is changed; `version` is what the page showed, so that nobody decides on papers that changed meanwhile.
"""

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.urls import reverse

from openyibao.bureau.claims import scans, settling
from openyibao.bureau.claims.entry import (
    Papers,
    check_complete,
    check_days,
    check_disease,
    check_invoices,
    check_sums,
    diagnosis_name,
)  # fmt: skip
from openyibao.bureau.claims.models import Claim, Invoice, Line, Scan, Step
from openyibao.bureau.claims.promise import promise, promised
from openyibao.bureau.claims.refusals import problem
from openyibao.bureau.claims.sealed import seal, tail
from openyibao.bureau.claims.stages import (
    APPROVED,
    DRAFT,
    EDITED,
    FINAL,
    FIRST,
    REJECTED,
    RETURNED,
    REVIEWS,
    SETTLED,
    SUBMITTED,
    UNDOING,
    UNDONE_BY,
    said,
)  # fmt: skip
from openyibao.bureau.enrolment.cover import cover_on
from openyibao.bureau.enrolment.queries import person_of
from openyibao.bureau.policydesk.queries import pooling_area
from openyibao.bureau.providers.actions import outside
from openyibao.bureau.providers.queries import institution_on
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.models import Officer
from openyibao.bureau.staff.rights import Rights, need_second

WAITING_AS = {
    SUBMITTED: "claim.enter", RETURNED: "claim.enter", UNDOING: "claim.undo", **{state: stage.act for state, stage in REVIEWS.items()},
}  # fmt: skip
"""How the work is called that waits in a state."""

NUMBERS = 10**8
COUNTY = 6


def held(pk: int, *, by: Rights, version: int | None = None) -> Claim:
    """A claim of the reader's area, held to the end of the transaction. Raises Refused CLAIM-20 unknown, CLAIM-21 changed meanwhile."""
    row = Claim.objects.select_for_update().filter(pk=pk).first()
    if row is None or not sees(by, row):
        raise problem("CLAIM-20")
    if version is not None and row.version != version:
        raise problem("CLAIM-21")
    return row


def sees(by: Rights, row: Claim) -> bool:
    """Whether a reader may see a claim: the own one, or one of the area. A hospital's post sees none."""
    if by.psn_no and by.psn_no == row.psn_no and "own.see" in by.acts:
        return True
    return "claim.see" in by.acts and not by.institution and row.area.startswith(by.area)


def step(row: Claim, outcome: str, *, by: Rights, name: str, note: str, at: datetime, what: str = "") -> None:
    """Move a claim on: the step, its log, the work, the person's notice. `what`: the act, where the state it leads to does not say it."""
    stage = row.state
    Step.objects.create(claim=row, at=at, officer=by.login, name=name[:50], stage=stage, outcome=outcome, note=note[:300])
    acted(officer=by.login, what=f"claim.{what or outcome}", object=f"claim/{row.number}", at=at, detail={"from": stage})
    if stage in WAITING_AS:
        work.closed(kind=WAITING_AS[stage], object=f"claim/{row.pk}", by=by.login, outcome=outcome, at=at)
    row.state, row.version = outcome, row.version + 1
    row.save()
    waits(row, at)
    tell(row, said(stage, outcome), at)


def waits(row: Claim, at: datetime) -> None:
    """Open the work of whoever is next. Nobody who did a step of this claim is asked for another review."""
    link = reverse("claim", args=[row.pk])
    if row.state in REVIEWS:
        stage = REVIEWS[row.state]
        work.opened(
            act=stage.act, kind=stage.act, object=f"claim/{row.pk}", title=f"零星报销{stage.zh}：{row.number}",
            title_en=f"Paper claim, {stage.en}: {row.number}", link=link, at=at, due=row.due, area=row.area, not_for=tuple(doers(row)),
        )  # fmt: skip
    elif row.state == UNDOING:
        asked_by = row.steps.latest("pk").officer
        work.opened(
            act=UNDONE_BY, kind="claim.undo", object=f"claim/{row.pk}", title=f"零星报销撤销结算：{row.number}",
            title_en=f"Paper claim, settlement to be reversed: {row.number}", link=link, at=at, area=row.area, not_for=(asked_by,),
        )  # fmt: skip
    elif row.state == SUBMITTED or (row.state == RETURNED and not row.own):
        zh, en = ("受理", "to be accepted") if row.state == SUBMITTED else ("补正", "papers to be completed")
        work.opened(
            act="claim.enter", kind="claim.enter", object=f"claim/{row.pk}", title=f"零星报销{zh}：{row.number}",
            title_en=f"Paper claim, {en}: {row.number}", link=link, at=at, due=row.due, area=row.area,
        )  # fmt: skip


def tell(row: Claim, words: dict[str, str], at: datetime) -> None:
    """Tell the person, where the person has an account here."""
    for login in Officer.objects.filter(psn_no=row.psn_no, is_active=True, post__roles__code="insured").values_list("login", flat=True):
        work.told(officer=login, text=f"您的零星报销 {row.number}：{words['zh']}", text_en=f"Your paper claim {row.number}: {words['en']}",
                  at=at, link=reverse("own-claim", args=[row.pk]))


def doers(row: Claim) -> list[str]:
    """Who may not do the next review: who entered, changed or sent on the claim, and who passed a review since it was last sent on.

    One person does one of these steps. A claim that was returned, or whose settlement was taken back, is reviewed again by the same three.
    """
    steps = list(row.steps.order_by("pk").values_list("officer", "stage", "outcome"))
    since = max((place for place, (_, _, outcome) in enumerate(steps) if outcome == FIRST), default=0)
    reviews = {name for place, (name, stage, _) in enumerate(steps) if stage in REVIEWS and place > since}
    papers = {name for name, stage, _ in steps if stage in ("", *EDITED)}
    return sorted({*papers, *reviews, row.entered_by} - {""})


@transaction.atomic
def entered(*, psn_no: str, papers: Papers, by: Rights, name: str, at: datetime, own: bool = False) -> int:
    """Enter a claim 录入, by a clerk as a draft or by the person; its key. Raises Refused for papers that do not hold."""
    person = person_of(psn_no)
    if own and person.psn_no != by.psn_no:
        raise problem("CLAIM-22")
    if not own:
        by.need_other(person.psn_no)
        need_home(person.admdvs, by)
    row = Claim(psn_no=person.psn_no, entered_by=by.login, entered_at=at, own=own, state=DRAFT, area=area_of(person.admdvs, by))
    filled(row, papers, by=by, at=at)
    row.number = f"BX{day_of(at):%Y%m%d}"
    row.save()
    row.number = f"BX{day_of(at):%y%m%d}{row.pk % NUMBERS:08d}"
    row.save(update_fields=["number"])
    with_parts(row, papers)
    Step.objects.create(claim=row, at=at, officer=by.login, name=name[:50], stage="", outcome=DRAFT)
    acted(officer=by.login, what="claim.draft", object=f"claim/{row.number}", at=at, detail={"own": own})
    return int(row.pk)


def need_home(admdvs: str, by: Rights) -> None:
    """Raises Refused CLAIM-23 for a person insured outside the clerk's area; a hospital's post takes nobody's claim."""
    if by.institution or not area_of(admdvs, by).startswith(by.area):
        raise problem("CLAIM-23")


def area_of(admdvs: str, by: Rights) -> str:
    """By which division readers are narrowed: the person's county, or the clerk's own town in it."""
    return by.area if len(by.area) > COUNTY and by.area.startswith(admdvs) else admdvs


def filled(row: Claim, papers: Papers, *, by: Rights, at: datetime) -> None:
    """Put into the row what the papers say. Raises Refused."""
    check_days(papers, day_of(at))
    check_sums(papers)
    check_disease(papers)
    known = institution_on(papers.institution, at) if papers.institution else None
    papers = papers._replace(
        institution_name=known.name if known else papers.institution_name, treating=known.admdvs if known else papers.treating,
        hosp_lv=known.hosp_lv if known else papers.hosp_lv,
    )  # fmt: skip
    if not papers.institution_name or not papers.treating:
        raise problem("CLAIM-09")
    for name in ("institution_name", "treating", "hosp_lv", "med_type", "because", "begins", "ends", "diagnosis", "disease"):
        setattr(row, name, getattr(papers, name))
    row.diagnosis_name = diagnosis_name(papers.diagnosis, papers.ends)
    row.insutype = papers.insutype or cover_on(row.psn_no, papers.begins).insutype
    if not row.insutype:
        raise problem("CLAIM-24")
    row.institution = papers.institution or outside(
        name=papers.institution_name, admdvs=papers.treating, hosp_lv=papers.hosp_lv, code="", officer=by.login, at=at
    )
    if papers.institution and known is None:
        row.institution = outside(
            name=papers.institution_name, admdvs=papers.treating, hosp_lv=papers.hosp_lv, code=papers.institution, officer=by.login, at=at
        )
    local = pooling_area(papers.treating) == pooling_area(row.area[:COUNTY])
    begun = datetime(papers.begins.year, papers.begins.month, papers.begins.day, 12, tzinfo=at.tzinfo)
    here = institution_on(row.institution, begun) if local else None
    row.designated = papers.designated if here is None else here.contract is not None
    check_invoices(papers._replace(institution=row.institution), row.psn_no, row.pk)
    row.total = sum(one.fen for one in papers.invoices)
    payee = papers.payee
    row.holder, row.bank, row.account_tail = payee.holder, payee.bank, tail(payee.account)
    row.account_cipher, row.phone_cipher = seal(payee.account), seal(payee.phone) if payee.phone else None


def with_parts(row: Claim, papers: Papers) -> None:
    """Invoices and lines as the papers say them, instead of those before."""
    row.invoices.all().delete()
    row.lines.all().delete()
    Invoice.objects.bulk_create(Invoice(claim=row, **one._asdict()) for one in papers.invoices)
    Line.objects.bulk_create(Line(claim=row, place=place, **one._asdict()) for place, one in enumerate(papers.lines, 1))


@transaction.atomic
def changed(*, pk: int, papers: Papers, by: Rights, name: str, version: int, at: datetime) -> None:
    """Change what a claim says, while it may be. Raises Refused CLAIM-25 once it is under review."""
    row = held(pk, by=by, version=version)
    if row.state not in EDITED or (row.own and row.psn_no == by.psn_no and row.state == SUBMITTED):
        raise problem("CLAIM-25")
    own_or_other(row, by)
    before = {"total": row.total, "account": row.account_tail}
    filled(row, papers, by=by, at=at)
    row.version += 1
    row.save()
    with_parts(row, papers)
    Step.objects.create(claim=row, at=at, officer=by.login, name=name[:50], stage=row.state, outcome=row.state)
    acted(officer=by.login, what="claim.change", object=f"claim/{row.number}", at=at,
          detail={"before": before, "after": {"total": row.total, "account": row.account_tail}})


def own_or_other(row: Claim, by: Rights) -> None:
    """The person's own application is the person's; an officer's work is never for oneself or a relative. Raises Refused STAFF-04."""
    if not (row.own and row.psn_no == by.psn_no and row.entered_by == by.login):
        by.need_other(row.psn_no)


@transaction.atomic
def scanned(*, pk: int, what: str, name: str, content: bytes, by: Rights, at: datetime, home: Path) -> None:
    """Add a scanned paper. Raises Refused SCAN-01, SCAN-02, CLAIM-25."""
    row = held(pk, by=by)
    if row.state not in EDITED:
        raise problem("CLAIM-25")
    own_or_other(row, by)
    kind = scans.kind_of(content)
    sha256 = scans.keep(home, content)
    Scan.objects.get_or_create(claim=row, sha256=sha256, defaults={
        "what": what, "name": Path(name).name[:120], "kind": kind, "size": len(content), "at": at, "by": by.login})
    acted(officer=by.login, what="claim.scan", object=f"claim/{row.number}", at=at, detail={"sha256": sha256, "what": what})


@transaction.atomic
def unscanned(*, pk: int, scan: int, by: Rights, at: datetime) -> None:
    """Take a scanned paper away while the claim may be changed. Raises Refused CLAIM-25."""
    row = held(pk, by=by)
    if row.state not in EDITED:
        raise problem("CLAIM-25")
    own_or_other(row, by)
    gone = row.scans.filter(pk=scan).first()
    if gone is not None:
        acted(officer=by.login, what="claim.unscan", object=f"claim/{row.number}", at=at, detail={"sha256": gone.sha256})
        gone.delete()


@transaction.atomic
def submitted(*, pk: int, by: Rights, name: str, version: int, at: datetime) -> None:
    """Send a claim on: the person's to the clerk, the clerk's to the first review. The promise runs from the first time. Raises Refused."""
    row = held(pk, by=by, version=version)
    own = row.own and row.psn_no == by.psn_no and row.entered_by == by.login
    allowed = (DRAFT, RETURNED) if own else EDITED
    if row.state not in allowed:
        raise problem("CLAIM-26")
    own_or_other(row, by)
    if own:
        if not row.scans.filter(what="invoice").exists():
            raise problem("CLAIM-08", papers="收费票据")
    else:
        check_complete(row)
    if row.submitted_at is None:
        row.submitted_at, row.due = at, promised(day_of(at))
    row.missing = ""
    step(row, SUBMITTED if own else FIRST, by=by, name=name, note="", at=at)


def reviewing(pk: int, *, by: Rights, version: int, stage: str) -> Claim:
    """The claim under review by somebody who may do this one. Raises Refused STAFF-03, STAFF-04 (recusal), STAFF-05."""
    row = held(pk, by=by, version=version)
    if row.state not in REVIEWS or row.state != stage:
        raise problem("CLAIM-27")
    by.need(REVIEWS[row.state].act)
    by.need_other(row.psn_no)
    for login in doers(row):
        need_second(first=login, second=by.login)
    return row


@transaction.atomic
def passed(*, pk: int, stage: str, note: str, by: Rights, name: str, version: int, at: datetime) -> None:
    """Pass a review 审核通过; the third one settles the claim by the law, in this transaction. Raises Refused, the law's own too."""
    row = reviewing(pk, by=by, version=version, stage=stage)
    outcome = REVIEWS[row.state].after
    if row.state == FINAL:
        done = settling.settled(row, at=at)
        row.setl_id, row.fund, row.settled_at = done.setl_id, done.fen, at
        row.pays = [list(pay) for pay in done.pays]
        outcome = APPROVED if done.fen > 0 else SETTLED
    step(row, outcome, by=by, name=name, note=note, at=at)


@transaction.atomic
def returned(*, pk: int, stage: str, missing: str, by: Rights, name: str, version: int, at: datetime) -> None:
    """Return a claim for more papers 退回补正, saying which. Raises Refused CLAIM-28 without them."""
    row = held(pk, by=by, version=version) if stage == SUBMITTED else reviewing(pk, by=by, version=version, stage=stage)
    accepting(row, stage, by)
    if not missing.strip():
        raise problem("CLAIM-28")
    row.missing = missing.strip()[:300]
    step(row, RETURNED, by=by, name=name, note=row.missing, at=at)


@transaction.atomic
def rejected(*, pk: int, stage: str, because: str, clause: str, by: Rights, name: str, version: int, at: datetime) -> None:
    """Not accepted 不予受理: reason and clause are said, with the right of appeal. Its invoices are free again. Raises Refused CLAIM-29."""
    row = held(pk, by=by, version=version) if stage == SUBMITTED else reviewing(pk, by=by, version=version, stage=stage)
    accepting(row, stage, by)
    if not because.strip() or not clause.strip():
        raise problem("CLAIM-29")
    row.refused, row.clause = because.strip()[:300], clause.strip()[:120]
    row.invoices.update(live=False)
    step(row, REJECTED, by=by, name=name, note=f"{row.refused}〔{row.clause}〕{promise()['appeal']['zh']}", at=at)


def accepting(row: Claim, stage: str, by: Rights) -> None:
    """At the clerk's desk the right to enter is asked for. Raises Refused STAFF-03, STAFF-04, CLAIM-27."""
    if stage != SUBMITTED:
        return
    if row.state != SUBMITTED:
        raise problem("CLAIM-27")
    by.need("claim.enter")
    by.need_other(row.psn_no)


__all__ = ["Refused", "changed", "entered", "held", "passed", "rejected", "returned", "scanned", "sees", "submitted", "unscanned"]
