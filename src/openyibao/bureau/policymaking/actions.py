"""What the desk of policies in the making writes 政策调整办理: drafts, their way through two approvals, and what goes in force.

Three people: who drafts, who agrees, who agrees again and puts it in force. A draft that was submitted is not changed any more.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from openyibao.bureau.policydesk import actions as policydesk
from openyibao.bureau.policydesk.laid import number
from openyibao.bureau.policydesk.shelf import forget, shelf
from openyibao.bureau.policymaking.drafted import Change, kept
from openyibao.bureau.policymaking.findings import checked
from openyibao.bureau.policymaking.models import Draft
from openyibao.bureau.policymaking.queries import first_day, laid_of, text_of_draft
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.rights import need_second
from openyibao.policybook.folio import dashed
from openyibao.policybook.leaf import PolicyError

AGREE, APPROVE = "policy.agree", "policy.approve"
"""Kinds of waiting work: the first approval and the second."""
OPEN = (Draft.SUBMITTED, Draft.AGREED)


def object_of(pk: int) -> str:
    """A draft as the log and the work queue name it."""
    return f"policy-draft/{pk}"


@transaction.atomic
def begin(
    *, city: str, name: str, name_en: str, why: str, starts: date, changes: Sequence[Change], by: str, at: datetime
) -> Draft:
    """Begin a draft 起草, empty or with changes read from a file."""
    row = Draft.objects.create(
        city=city, name=name, name_en=name_en or name, why=why, starts=starts, entries=kept(changes), by=by, at=at
    )
    acted(officer=by, what="policy.draft", object=object_of(row.pk), at=at, detail={"city": city, "changes": len(changes)})
    return row


@transaction.atomic
def write(
    *, pk: int, name: str, name_en: str, why: str, starts: date, changes: Sequence[Change], by: str, at: datetime
) -> Draft:
    """Change what a draft says 修改草案. Raises Refused POLICY-01 (not being written), POLICY-02 (somebody else's)."""
    row = being_written(pk, by)
    row.name, row.name_en, row.why, row.starts, row.entries, row.at = name, name_en or name, why, starts, kept(changes), at
    row.save()
    acted(officer=by, what="policy.write", object=object_of(pk), at=at, detail={"changes": len(changes)})
    return row


@transaction.atomic
def submit(*, pk: int, by: str, at: datetime) -> Draft:
    """Hand a draft to the heads 提交审批. Raises Refused POLICY-01, -02, -03 (the check found errors), -04 (first day is past)."""
    row = being_written(pk, by)
    need_sound(row)
    need_to_come(row, at.date())
    row.state, row.at = Draft.SUBMITTED, at
    row.save()
    waiting(row, AGREE, at, not_for=(by,))
    acted(officer=by, what="policy.submit", object=object_of(pk), at=at, detail={"starts": dashed(first_day(row))})
    return row


@transaction.atomic
def agree(*, pk: int, by: str, at: datetime) -> Draft:
    """The first approval 第一人审批. Raises Refused POLICY-05 (not waiting for it), STAFF-05 (the drafter)."""
    row = in_state(pk, Draft.SUBMITTED)
    need_second(first=row.by, second=by)
    row.state, row.first_by, row.at = Draft.AGREED, by, at
    row.save()
    work.closed(kind=AGREE, object=object_of(pk), by=by, outcome="agreed", at=at)
    waiting(row, APPROVE, at, not_for=(row.by, by))
    acted(officer=by, what="policy.agree", object=object_of(pk), at=at)
    return row


@transaction.atomic
def approve(*, pk: int, by: str, at: datetime) -> Draft:
    """The second approval 第二人审批: the draft is laid over the city's policy, and bills of its first day on settle under it.

    Raises Refused POLICY-03, -04, -05, STAFF-05 (who drafted or agreed first).
    """
    row = in_state(pk, Draft.AGREED)
    need_second(first=row.by, second=by)
    need_second(first=row.first_by, second=by)
    need_sound(row)
    need_to_come(row, at.date())
    day = first_day(row)
    try:
        laid = policydesk.amend(
            root=shelf().root, city=row.city, name=row.name, name_en=row.name_en, text=text_of_draft(row),
            starts=date(day // 10_000, day // 100 % 100, day % 100), draft=pk, by=(row.by, row.first_by, by), at=at,
        )  # fmt: skip
    except PolicyError as problem:
        raise unsound(str(problem)) from problem
    row.state, row.second_by, row.amendment, row.at = Draft.APPROVED, by, laid.pk, at
    row.save()
    work.closed(kind=APPROVE, object=object_of(pk), by=by, outcome="approved", at=at)
    acted(officer=by, what="policy.approve", object=object_of(pk), at=at, detail={"amendment": laid.pk, "starts": dashed(day)})
    tell(row, at, f"“{row.name}”已批准，{dashed(day)} 起执行。", f"“{row.name_en}” is approved and in force from {dashed(day)}.")
    transaction.on_commit(forget)
    return row


@transaction.atomic
def decline(*, pk: int, why: str, by: str, at: datetime) -> Draft:
    """A head does not agree 不同意. Raises Refused POLICY-05, POLICY-06 (no reason), STAFF-05 (the drafter)."""
    row = in_state(pk, *OPEN)
    need_second(first=row.by, second=by)
    need_reason(why)
    closed(row, by, "declined", at)
    row.state, row.at = Draft.DECLINED, at
    row.save()
    acted(officer=by, what="policy.decline", object=object_of(pk), at=at, detail={"why": why.strip()})
    tell(row, at, f"“{row.name}”未获同意：{why.strip()}", f"“{row.name_en}” was declined: {why.strip()}")
    return row


@transaction.atomic
def withdraw(*, pk: int, why: str, by: str, at: datetime) -> Draft:
    """The drafter takes a draft back 撤回. Raises Refused POLICY-02, -05, -06."""
    row = in_state(pk, Draft.WRITING, *OPEN)
    need_own(row, by)
    need_reason(why)
    closed(row, by, "withdrawn", at)
    row.state, row.at = Draft.WITHDRAWN, at
    row.save()
    acted(officer=by, what="policy.withdraw", object=object_of(pk), at=at, detail={"why": why.strip()})
    return row


@transaction.atomic
def attach(*, pk: int, simulation: int, title: str, title_en: str, by: str, at: datetime) -> Draft:
    """Add a simulation that is known to be done to one's own draft as evidence 附模拟依据, once.

    Raises Refused POLICY-05 when the draft is decided, POLICY-02 for anybody but its drafter.
    """
    row = in_state(pk, Draft.WRITING, *OPEN)
    need_own(row, by)
    if all(one["simulation"] != simulation for one in row.evidence):
        row.evidence = [*row.evidence, {"simulation": simulation, "title": title[:200], "title_en": title_en[:200]}]
        row.save()
        acted(officer=by, what="policy.attach", object=object_of(pk), at=at, detail={"simulation": simulation})
    return row


# ---- what has to hold ----


def in_state(pk: int, *states: str) -> Draft:
    """The draft, locked. Raises Refused POLICY-05 in any other state."""
    row = Draft.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.state not in states:
        raise Refused(
            "POLICY-05", "这份草案已不在这一步，可能刚被他人办理。", "The draft is not at this step any more.", place="draft",
            next_zh="请刷新页面看最新状态。", next_en="Open the page again and see where it stands.",
        )
    return row


def being_written(pk: int, by: str) -> Draft:
    """The draft while its drafter writes it. Raises Refused POLICY-01, POLICY-02."""
    row = Draft.objects.select_for_update().filter(pk=pk).first()
    if row is None or row.state != Draft.WRITING:
        raise Refused(
            "POLICY-01", "草案提交后不能再改。", "A draft that was submitted cannot be changed.", place="draft",
            next_zh="如需修改，请撤回后以它为底稿另起一份。", next_en="Withdraw it, then begin another from it.",
        )
    need_own(row, by)
    return row


def need_own(row: Draft, by: str) -> None:
    """Raises Refused POLICY-02 for anybody but the drafter."""
    if row.by != by:
        raise Refused(
            "POLICY-02", "只有起草人可以修改、提交或撤回。", "Only the drafter may change, submit or withdraw it.", place="draft",
            next_zh="请联系起草人，或以它为底稿另起一份。", next_en="Ask the drafter, or begin another from it.",
        )


def need_reason(why: str) -> None:
    """Raises Refused POLICY-06 without one."""
    if not why.strip():
        raise Refused(
            "POLICY-06", "请写明理由。", "A reason is needed.", place="why", next_zh="填写理由后再办理。", next_en="Write it, then go on."
        )


def need_sound(row: Draft) -> None:
    """Raises Refused POLICY-03 naming the first error of the check."""
    errors = checked(row.city, laid_of(row.city), text_of_draft(row)).errors
    if errors:
        raise unsound(errors[0].words["zh"], errors[0].words["en"])


def unsound(zh: str, en: str = "") -> Refused:
    """The refusal of a draft that the check does not let through."""
    return Refused(
        "POLICY-03", f"检查未通过：{zh}", f"The check failed: {en or zh}", place="draft",
        next_zh="请按检查结果修改草案。", next_en="Mend the draft where the check says so.",
    )


def need_to_come(row: Draft, today: date) -> None:
    """Raises Refused POLICY-04 where a value begins before today: bills of those days are settled already."""
    day = first_day(row)
    if day < number(today):
        raise Refused(
            "POLICY-04", f"有调整自 {dashed(day)} 起，早于今天；这些天的账单已经结算，不能追溯。",
            f"A value begins on {dashed(day)}, before today: bills of those days are settled.", place="starts",
            next_zh="请把生效日改为今天或以后；只作测算的草案可直接去模拟。",
            next_en="Let it begin today or later; a draft that is only to be simulated need not be submitted.",
        )


def waiting(row: Draft, kind: str, at: datetime, *, not_for: tuple[str, ...]) -> None:
    """Put the next step into the heads' queue."""
    step = ("审批", "Approve") if kind == AGREE else ("二次审批并启用", "Approve again and put in force")
    work.opened(
        act="policy.approve", kind=kind, object=object_of(row.pk), title=f"{step[0]}政策调整：{row.name}",
        title_en=f"{step[1]}: {row.name_en}", link=reverse("policy-draft", args=[row.pk]), at=at, not_for=not_for,
    )  # fmt: skip


def closed(row: Draft, by: str, outcome: str, at: datetime) -> None:
    """Nothing waits for this draft any more."""
    for kind in (AGREE, APPROVE):
        work.closed(kind=kind, object=object_of(row.pk), by=by, outcome=outcome, at=at)


def tell(row: Draft, at: datetime, zh: str, en: str) -> None:
    """Leave a notice for the drafter."""
    work.told(officer=row.by, text=zh, text_en=en, at=at, link=reverse("policy-draft", args=[row.pk]))
