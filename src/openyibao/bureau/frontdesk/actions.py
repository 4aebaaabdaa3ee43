"""What the public's pages write 公共服务: an objection to a bill, and its answer."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from openyibao.bureau.claims.promise import promised
from openyibao.bureau.enrolment.queries import person_of
from openyibao.bureau.frontdesk.models import Objection
from openyibao.bureau.frontdesk.queries import sees, unknown
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.rights import Rights

ANSWERED_WITHIN = 15
"""Working days in which we mean to answer: our own aim, no clause names one."""
ACT = "case.answer"


@transaction.atomic
def objected(*, setl_id: int, what: str, text: str, by: Rights, at: datetime) -> int:
    """Say that an own bill is wrong 提出异议; its key. An open objection to the same bill is given back. Raises Refused OWN-01, OWN-02."""
    bill = Settlement.objects.filter(setl_id=setl_id, psn_no=by.psn_no).exclude(psn_no="").first()
    if bill is None:
        raise Refused("OWN-01", "没有这张结算单，或不是您本人的。", "There is no such bill of yours.", place="setl_id",
                      next_zh="请从“我的结算单”里打开。", next_en="Open it from your bills.")
    if not text.strip():
        raise Refused("OWN-02", "请写明哪里不对。", "Say what is wrong.", place="text",
                      next_zh="例如：这天我没有去过这家医院。", next_en="Such as: I was not at this hospital that day.")
    open_one = Objection.objects.filter(setl_id=setl_id, state="open").first()
    if open_one is not None:
        return int(open_one.pk)
    row = Objection.objects.create(
        psn_no=by.psn_no, setl_id=setl_id, area=person_of(by.psn_no).admdvs, what=what, text=text.strip()[:500], by=by.login, at=at,
        due=promised(day_of(at), ANSWERED_WITHIN),
    )  # fmt: skip
    acted(officer=by.login, what="own.object", object=f"bill/{setl_id}", at=at, detail={"objection": row.pk, "what": what})
    work.opened(
        act=ACT, kind="objection", object=f"objection/{row.pk}", title=f"参保人对结算单 {setl_id} 提出异议",
        title_en=f"Objection to bill {setl_id}", link=reverse("objection", args=[row.pk]), at=at, due=row.due, area=row.area,
    )  # fmt: skip
    return int(row.pk)


@transaction.atomic
def answered(*, pk: int, answer: str, by: Rights, at: datetime) -> None:
    """Answer an objection 答复. Raises Refused OWN-03 unknown or answered, OWN-04 empty, STAFF-04 for the own or a relative's."""
    row = Objection.objects.select_for_update().filter(pk=pk).first()
    if row is None or not sees(by, row) or row.state != "open":
        raise unknown()
    by.need(ACT)
    by.need_other(row.psn_no)
    if not answer.strip():
        raise Refused("OWN-04", "请写明核查结果。", "Say what was found.", place="answer",
                      next_zh="用参保人看得懂的话写。", next_en="In plain words.")
    row.state, row.answer, row.answered_by, row.answered_at = "answered", answer.strip()[:500], by.login, at
    row.save()
    acted(officer=by.login, what="objection.answer", object=f"bill/{row.setl_id}", at=at, detail={"objection": row.pk})
    work.closed(kind="objection", object=f"objection/{row.pk}", by=by.login, outcome="answered", at=at)
    work.told(officer=row.by, text=f"您对结算单 {row.setl_id} 的异议已答复", text_en=f"Your objection to bill {row.setl_id} was answered",
              at=at, link=reverse("own-told", args=[row.setl_id]))
