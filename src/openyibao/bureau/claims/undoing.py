"""A settlement of a paper claim taken back 撤销结算: asked for by one person, decided by another, who settled or reviews for the last time.

What was settled wrongly stands until then. Taken back, the books and the person's year are as without it, the claim is returned to be
corrected and goes through three reviews again; not taken back, it stands where it stood. Money must not be with the person: a payment is
paid back first (paying.paid_back).
"""

from datetime import datetime

from django.db import transaction

from openyibao.bureau.claims import settling
from openyibao.bureau.claims.actions import held, step
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.claims.promise import promised
from openyibao.bureau.claims.refusals import problem
from openyibao.bureau.claims.stages import APPROVED, ASKERS, RETURNED, SETTLED, SUBMITTED, UNDOING, UNDONE_BY
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.staff import work
from openyibao.bureau.staff.rights import Rights, need_second

REASON = 170
"""Letters of a reason that are kept beside its ground."""


@transaction.atomic
def asked(*, pk: int, because: str, clause: str, by: Rights, name: str, version: int, at: datetime) -> None:
    """Ask that a settlement be taken back 申请撤销结算. Raises Refused CLAIM-39 in another state, CLAIM-41 without reason or ground."""
    row = held(pk, by=by, version=version)
    if not by.acts & ASKERS:
        by.need("claim.enter")
    by.need_other(row.psn_no)
    if row.state not in (APPROVED, SETTLED):
        raise problem("CLAIM-39")
    if not because.strip() or not clause.strip():
        raise problem("CLAIM-41")
    step(row, UNDOING, by=by, name=name, note=f"{because.strip()[:REASON]}〔{clause.strip()[:120]}〕", at=at)


def asker(row: Claim) -> str:
    """Who asked last, as a login."""
    return row.steps.filter(outcome=UNDOING).order_by("-pk").values_list("officer", flat=True).first() or ""


def reason(row: Claim) -> str:
    """Why it should be taken back."""
    return row.steps.filter(outcome=UNDOING).order_by("-pk").values_list("note", flat=True).first() or ""


def deciding(pk: int, *, by: Rights, version: int) -> Claim:
    """The claim for somebody who may decide. Raises Refused STAFF-03, STAFF-04 (recusal), STAFF-05 for who asked, CLAIM-42."""
    row = held(pk, by=by, version=version)
    if row.state != UNDOING:
        raise problem("CLAIM-42")
    by.need(UNDONE_BY)
    by.need_other(row.psn_no)
    need_second(first=asker(row), second=by.login)
    return row


@transaction.atomic
def undone(*, pk: int, note: str, by: Rights, name: str, version: int, at: datetime) -> None:
    """Take the settlement back 冲销: books and year as without it, the claim returned for correction with a new promise. Raises Refused."""
    row = deciding(pk, by=by, version=version)
    mirror, before = settling.taken_back(row, at=at), row.setl_id
    row.missing = (note.strip() or reason(row))[:300]
    row.setl_id, row.fund, row.pays, row.settled_at, row.paid_at = None, None, [], None, None
    row.due = promised(day_of(at))
    work.closed(kind="claim.account", object=f"claim/{row.pk}", by=by.login, outcome="undone", at=at)
    outcome = SUBMITTED if row.own else RETURNED        # what was settled wrongly is the desk's to put right, not the applicant's
    step(row, outcome, by=by, name=name, note=f"{before} → {mirror} {note.strip()}"[:300].strip(), at=at, what="undone")


@transaction.atomic
def kept(*, pk: int, because: str, by: Rights, name: str, version: int, at: datetime) -> None:
    """Not taken back 维持结算: the claim stands where it stood, or waits for payment again. Raises Refused CLAIM-43 without a reason."""
    row = deciding(pk, by=by, version=version)
    if not because.strip():
        raise problem("CLAIM-43")
    step(row, APPROVED if row.fund else SETTLED, by=by, name=name, note=because.strip(), at=at, what="kept")
