"""Emergency rule sets 应急规则: what there is, what is on, and the two people who switch one; the books follow at once.

A request is asked by one officer and confirmed by another. From the day on, bills of the diagnoses named settle under the rule set.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.urls import reverse

from openyibao.bureau.policydesk import actions as policydesk
from openyibao.bureau.policydesk.laid import laid_over, number
from openyibao.bureau.policydesk.models import RuleSetSwitch
from openyibao.bureau.policydesk.shelf import forget, shelf
from openyibao.bureau.policymaking.entries import Entry, entries_on
from openyibao.bureau.policymaking.models import RuleSetRequest
from openyibao.bureau.refused import Refused
from openyibao.bureau.staff import work
from openyibao.bureau.staff.actions import acted
from openyibao.bureau.staff.rights import need_second
from openyibao.policybook.book import LAST_DAY, Book
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.words import rule_set_words

CONFIRM = "policy.emergency"
ICD = re.compile(r"[A-Z][0-9]{2}(\.[0-9A-Z]{1,4})?")


class RuleSet(NamedTuple):
    """A rule set of a city with its state 一套应急规则."""

    name: str
    entries: tuple[Entry, ...]  # what it says
    on_since: int  # yyyymmdd; 0 = off
    off_from: int  # first day no longer on, where that is decided; 0 = open
    diagnoses: tuple[str, ...]
    request: RuleSetRequest | None  # waiting for a second person
    spans: tuple[tuple[int, int], ...]  # all its days [since, until)

    @property
    def words(self) -> dict[str, str]:
        """What it is called on a page."""
        return {lang: rule_set_words(self.name, lang) for lang in ("zh", "en")}


def rule_sets(city: str, book: Book, day: int) -> list[RuleSet]:
    """Every rule set that a city's policy has, and how each stands on a day."""
    by_set: dict[str, list[Entry]] = {}
    for entry in entries_on(book, day):
        if entry.subject == "epidemic":
            by_set.setdefault(entry.plain.split(".")[1], []).append(entry)
    laid = laid_over().get(city)
    waiting = {row.name: row for row in RuleSetRequest.objects.filter(city=city, state=RuleSetRequest.ASKED)}
    found = []
    for name, entries in by_set.items():
        sets = [(since, until, mark) for (one, since, until), mark in zip(laid.rule_sets, laid.marks, strict=True) if one == name
                ] if laid else []
        now = next(((since, until, mark) for since, until, mark in sets if day < until), None)
        found.append(RuleSet(
            name, tuple(entries), now[0] if now else 0, now[1] if now and now[1] < LAST_DAY else 0, now[2].diagnoses if now else (),
            waiting.get(name), tuple((since, until) for since, until, _ in sets),
        ))  # fmt: skip
    return found


def object_of(city: str, name: str) -> str:
    """A rule set as the log and the work queue name it."""
    return f"rule-set/{city}/{name}"


def codes_of(text: str) -> list[str]:
    """Diagnoses as typed: J12, U07.1. Raises Refused POLICY-12."""
    found = [word for word in re.split(r"[,，、;；\s]+", text.upper()) if word]
    wrong = [word for word in found if not ICD.fullmatch(word)]
    if wrong or not found:
        raise Refused(
            "POLICY-12", f"诊断编码写法不对：{'、'.join(wrong) or '未填'}",
            f"Not the beginning of an ICD-10 code: {', '.join(wrong) or 'none'}", place="diagnoses",
            next_zh="按 ICD-10 填写开头部分，如 U07.1、J12，用顿号隔开。",
            next_en="Write beginnings of ICD-10 codes such as U07.1, J12.",
        )
    return found


@transaction.atomic
def ask(
    *, city: str, name: str, on: bool, day: date, diagnoses: Sequence[str], why: str, by: str, at: datetime
) -> RuleSetRequest:
    """Ask to switch a rule set 申请启停. Raises Refused POLICY-06 (no reason), POLICY-10 (past day), POLICY-11 (asked or so already)."""
    if not why.strip():
        raise Refused("POLICY-06", "请写明依据和理由。", "A reason is needed.", place="why",
                      next_zh="填写后再办理。", next_en="Write it, then go on.")
    if day < at.date():
        raise Refused(
            "POLICY-10", f"{day} 已过，当天账单已经结算。", f"{day} is past: its bills are settled.", place="day",
            next_zh="请选今天或以后的日子。", next_en="Choose today or later.",
        )
    need_other_state(city, name, on, day)
    row = RuleSetRequest.objects.create(
        city=city, name=name, on=on, day=day, diagnoses=list(diagnoses), why=why.strip(), asked_by=by, asked_at=at
    )
    word = ("启用", "Switch on") if on else ("停用", "Switch off")
    work.opened(
        act="policy.emergency", kind=CONFIRM, object=object_of(city, name),
        title=f"确认{word[0]}应急规则：{rule_set_words(name, 'zh')}，{day} 起",
        title_en=f"{word[1]} {rule_set_words(name, 'en')} from {day}: confirm", link=reverse("policy-emergency"), at=at, not_for=(by,),
    )  # fmt: skip
    acted(officer=by, what="policy.emergency-ask", object=object_of(city, name), at=at, detail={"on": on, "day": day.isoformat()})
    return row


def need_other_state(city: str, name: str, on: bool, day: date) -> None:
    """Raises Refused POLICY-11 where the set is so already, or a request waits."""
    last = RuleSetSwitch.objects.select_for_update().filter(city=city, name=name).order_by("-id").first()
    standing = last is not None and last.on
    if RuleSetRequest.objects.filter(city=city, name=name, state=RuleSetRequest.ASKED).exists() or standing == on:
        raise Refused(
            "POLICY-11", "这套规则已有待确认的申请，或已处于该状态。", "A request waits already, or the set is so.", place="name",
            next_zh="请先办理待确认的申请。", next_en="Decide the waiting request first.",
        )
    if last is not None and day < last.day:
        raise Refused(
            "POLICY-10", f"上次启停自 {last.day} 起，新的日子不能更早。",
            f"The last switching begins on {last.day}; the day cannot be earlier.", place="day",
            next_zh=f"请选 {last.day} 或以后。", next_en=f"Choose {last.day} or later.",
        )


@transaction.atomic
def confirm(*, pk: int, by: str, at: datetime) -> RuleSetRequest:
    """The second person confirms 确认启停: the books change at once. Raises Refused POLICY-05, POLICY-10, STAFF-05."""
    row = asked(pk)
    need_second(first=row.asked_by, second=by)
    if row.day < at.date():
        raise Refused(
            "POLICY-10", f"{row.day} 已过，当天账单已经结算。", f"{row.day} is past: its bills are settled.", place="day",
            next_zh="请退回，另选日子申请。", next_en="Refuse it and ask again for a later day.",
        )
    try:
        policydesk.switch_rule_set(
            root=shelf().root, city=row.city, name=row.name, on=row.on, day=row.day, diagnoses=row.diagnoses, by=(row.asked_by, by), at=at
        )
    except PolicyError as problem:
        raise Refused("POLICY-03", f"检查未通过：{problem}", f"The check failed: {problem}", place="name",
                      next_zh="请退回申请。", next_en="Refuse the request.") from problem
    decided(row, RuleSetRequest.CONFIRMED, by, at)
    transaction.on_commit(forget)
    return row


@transaction.atomic
def refuse(*, pk: int, by: str, at: datetime) -> RuleSetRequest:
    """Not confirmed 不予确认, or taken back by who asked. Raises Refused POLICY-05."""
    row = asked(pk)
    decided(row, RuleSetRequest.WITHDRAWN if row.asked_by == by else RuleSetRequest.REFUSED, by, at)
    return row


def asked(pk: int) -> RuleSetRequest:
    """A request that waits, locked. Raises Refused POLICY-05."""
    row = RuleSetRequest.objects.select_for_update().filter(pk=pk, state=RuleSetRequest.ASKED).first()
    if row is None:
        raise Refused(
            "POLICY-05", "这个申请已经办理。", "The request is decided already.", place="request",
            next_zh="请刷新页面看最新状态。", next_en="Open the page again.",
        )
    return row


def decided(row: RuleSetRequest, state: str, by: str, at: datetime) -> None:
    """Note the decision; nothing waits any more; who asked is told."""
    row.state, row.decided_by, row.decided_at = state, by, at
    row.save()
    name = object_of(row.city, row.name)
    work.closed(kind=CONFIRM, object=name, by=by, outcome=state, at=at)
    acted(officer=by, what=f"policy.emergency-{state}", object=name, at=at, detail={"on": row.on, "day": row.day.isoformat()})
    word = {"confirmed": ("已确认", "confirmed"), "refused": ("未予确认", "refused"), "withdrawn": ("已撤回", "withdrawn")}[state]
    work.told(officer=row.asked_by, text=f"应急规则“{rule_set_words(row.name, 'zh')}”的申请{word[0]}。",
              text_en=f"Your request about {rule_set_words(row.name, 'en')} is {word[1]}.",
              at=at, link=reverse("policy-emergency"))


def spans_until(one: RuleSet, today: date) -> tuple[tuple[int, int], ...]:
    """The days of a rule set that have begun, the open one up to today."""
    last = number(today) + 1
    return tuple((since, min(until, last)) for since, until in one.spans if since < last)
