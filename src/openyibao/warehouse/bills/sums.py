"""Claim-level sums 费用合计: total = own-pay + above ceiling + first self-pay + in scope, completed where the rest is plain."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from openyibao.warehouse.bills.problems import missing, negative, unequal, yuan
from openyibao.warehouse.bills.values import money


class Sums(NamedTuple):
    """A bill's parts, fen; total == full + over + pre + within. off_list is part of full, consultation of within."""

    total: int
    full: int
    over: int
    pre: int
    within: int
    off_list: int = 0
    consultation: int = 0


FIELDS = {
    "total": "medfee_sumamt", "full": "fulamt_ownpay_amt", "over": "overlmt_selfpay", "pre": "preselfpay_amt", "within": "inscp_scp_amt",
}  # fmt: skip


def stated_sums(cells: Mapping[str, Any]) -> dict[str, int]:
    """The sums that a bill states, by kernel name, fen."""
    found = {name: money(field, cells[field]) for name, field in FIELDS.items() if field in cells}
    for name in ("off_list", "consultation"):
        if name in cells:
            found[name] = money(name, cells[name])
    return found


def completed(stated: Mapping[str, int]) -> Sums:
    """Full sums from the stated ones; raises Problem when they do not add or the in-scope amount cannot be known."""
    if "total" not in stated:
        raise missing("medfee_sumamt", "（医疗费总额），也没有明细 feedetail", " (the total), and there are no lines (feedetail)")
    total, rest = stated["total"], {name: stated.get(name, 0) for name in ("full", "over", "pre", "within")}
    if not any(name in stated for name in rest):
        raise missing("inscp_scp_amt", "（符合政策范围金额），也没有明细", " (the in-scope amount), and there are no lines")
    parts = sum(rest.values())
    if parts != total:
        given = {name for name in rest if name in stated}
        gap = "within" if "within" not in given else "full" if given == {"within"} else ""
        if not gap or parts > total:
            raise unequal("medfee_sumamt", total, parts, f"各部分之和（{shown(rest)}）", f"its parts ({shown(rest)}) add to")
        rest[gap] += total - parts
    return bounded(Sums(total, rest["full"], rest["over"], rest["pre"], rest["within"],
                        stated.get("off_list", 0), stated.get("consultation", 0)))


def bounded(sums: Sums) -> Sums:
    """The sums, once the parts of parts are seen to fit."""
    if sums.off_list > sums.full:
        raise unequal("off_list", sums.off_list, sums.full, "不得超过全自费，全自费", "must not exceed full own-pay,")
    if sums.consultation > sums.within:
        raise unequal("consultation", sums.consultation, sums.within, "不得超过政策范围内金额，后者", "must not exceed in scope,")
    return sums


def agreed(stated: Mapping[str, int], lines: Sums) -> Sums:
    """The sums of the lines, after any stated sum is seen to agree; a stated off_list or consultation wins over the lines' flags."""
    for name, field in FIELDS.items():
        part = getattr(lines, name)
        if part < 0:
            raise negative(field, yuan(part))
        if name in stated and stated[name] != part:
            raise unequal(field, stated[name], part, "明细合计", "the lines add to")
    kept = {name: stated[name] for name in ("off_list", "consultation") if name in stated}
    return bounded(lines._replace(**kept))


def shown(rest: Mapping[str, int]) -> str:
    """`a + b + c + d` in yuan."""
    return " + ".join(yuan(part) for part in rest.values())
