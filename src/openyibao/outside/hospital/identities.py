"""The arithmetic of a money reply 金额恒等式, checked from outside: who pays adds up, lines add up, a reversal is a mirror.

I1-I12 hold within one reply and are checked on every one; I13-I15 compare replies and are asked where both are at hand.
"""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from openyibao.outside.hospital.books import fen
from openyibao.outside.hospital.envelope import many, one

Row = Mapping[str, Any]


class Breach(NamedTuple):
    """One identity that does not hold: its number, and what was found, zh and en."""

    identity: str
    zh: str
    en: str


FUNDS = ("hifp_pay", "hifmi_pay", "hifob_pay", "hifes_pay", "cvlserv_pay", "maf_pay", "hifdm_pay", "oth_pay")
PARTS = ("fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt")
LINE_PARTS = ("fulamt_ownpay_amt", "overlmt_amt", "preselfpay_amt", "inscp_scp_amt")
FAMILIES = {
    "hifp_pay": ("3101", "3901"), "hifmi_pay": ("3902", "3903", "3103"), "hifob_pay": ("3301",), "cvlserv_pay": ("3201",),
    "hifes_pay": ("3701",), "maf_pay": ("6101",), "hifdm_pay": ("3501",), "acct_pay": ("3102", "3905"),
    "hosp_part_amt": ("999996", "999997"),
}  # fmt: skip
"""Summary field -> how the codes of its rows in setldetail begin; every other code belongs to oth_pay."""

NO_CAP = 999_999
SETTLED = ("2101", "2102", "2206", "2207", "2303", "2304")
UNDONE = ("2103", "2208", "2305")
LINED = ("2101", "2102", "2204", "2301")
REPEATED = ("medfee_sumamt", *PARTS, "act_pay_dedc", *FUNDS, "fund_pay_sumamt", "psn_part_amt", "acct_pay", "psn_cash_pay", "hosp_part_amt",
            "acct_mulaid_pay", "balc")  # fmt: skip
"""Amounts in which a trial and its settlement agree."""


def breaches(infno: str, output: Any) -> list[Breach]:
    """What does not hold in one reply; empty when all does, or when the message carries no money."""
    found: list[Breach] = []
    setl = one(output, "setlinfo")
    if infno in SETTLED + UNDONE and setl:
        found += (settled(setl) if infno in SETTLED else mirrored(setl)) + shares(setl)
        if "setldetail" in output:
            found += rows_of_funds(setl, many(output, "setldetail"))
    if infno in LINED:
        for row in many(output, "result", "detlcutinfo"):
            if "det_item_fee_sumamt" in row:
                found += line(row)
    return found


def different(identity: str, left: int, right: int, zh: str, en: str) -> Iterator[Breach]:
    """A breach when two amounts of fen differ."""
    if left != right:
        figures = f"{left / 100:.2f} ≠ {right / 100:.2f}"
        yield Breach(identity, f"{zh}：{figures}", f"{en}: {figures}")


def settled(setl: Row) -> list[Breach]:
    """I1 total = funds + person + hospital; I2 person = account + cash; and nobody below zero."""
    person = fen(setl.get("psn_part_amt"))
    found = list(different("I1", fen(setl.get("medfee_sumamt")), fen(setl.get("fund_pay_sumamt")) + person + fen(setl.get("hosp_part_amt")),
                           "医疗费总额 ≠ 基金 + 个人 + 医院", "total is not funds + person + hospital"))  # fmt: skip
    found += different("I2", person, fen(setl.get("acct_pay")) + fen(setl.get("psn_cash_pay")),
                       "个人负担 ≠ 个人账户 + 现金", "the person's part is not account + cash")  # fmt: skip
    for name in ("medfee_sumamt", *PARTS, *FUNDS, "fund_pay_sumamt", "acct_pay", "psn_cash_pay", "act_pay_dedc", "balc", "acct_mulaid_pay"):
        if fen(setl.get(name)) < 0:
            found.append(Breach("I1", f"{name} 为负：{setl[name]}", f"{name} is below zero: {setl[name]}"))
    if fen(setl.get("act_pay_dedc")) > fen(setl.get("inscp_scp_amt")):
        found.append(Breach("I3", "起付线大于符合政策范围金额", "the deductible is more than the amount in scope"))
    if fen(setl.get("acct_mulaid_pay")) > fen(setl.get("acct_pay")):
        found.append(Breach("I2", "账户共济支付大于个人账户支出", "family sharing is more than the account's part"))
    return found


def shares(setl: Row) -> list[Breach]:
    """I3 total = own-pay + over-limit + first-self-pay + in scope; I4 funds = the sum of every fund. Hold on reversals too."""
    found = list(different("I3", fen(setl.get("medfee_sumamt")), sum(fen(setl.get(name)) for name in PARTS),
                           "医疗费总额 ≠ 全自费 + 超限价 + 先行自付 + 政策范围内",
                           "total is not own-pay + over-limit + first-self-pay + in scope"))  # fmt: skip
    found += different("I4", fen(setl.get("fund_pay_sumamt")), sum(fen(setl.get(name)) for name in FUNDS),
                       "基金支付总额 ≠ 各基金之和", "the fund total is not the sum of the funds")  # fmt: skip
    return found


def family(code: str) -> str:
    """The summary field to which a row's fund_pay_type belongs."""
    return next((name for name, starts in FAMILIES.items() if code.startswith(starts)), "oth_pay")


def rows_of_funds(setl: Row, details: list[Row]) -> list[Breach]:
    """I10 the fund rows add up to the summary, fund by fund (account and hospital rows may be absent); I11 each repeats the scope."""
    if not details:
        if fen(setl.get("fund_pay_sumamt")):
            return [Breach("I10", "基金有支出而 setldetail 为空", "a fund paid but setldetail is empty")]
        return []
    paid: dict[str, int] = {}
    found: list[Breach] = []
    for row in details:
        name = family(str(row.get("fund_pay_type", "")))
        paid[name] = paid.get(name, 0) + fen(row.get("fund_payamt"))
        if row.get("inscp_scp_amt") is not None:
            found += different("I11", fen(row["inscp_scp_amt"]), fen(setl.get("inscp_scp_amt")), "setldetail 行未重复本次政策范围金额",
                               "a row of setldetail does not repeat the amount in scope")  # fmt: skip
    for name in FUNDS:
        found += different("I10", paid.get(name, 0), fen(setl.get(name)), f"setldetail 之和 ≠ {name}",
                           f"setldetail does not add up to {name}")
    for name in ("acct_pay", "hosp_part_amt"):
        if name in paid and setl.get(name) is not None:
            found += different("I10", paid[name], fen(setl.get(name)), f"setldetail 之和 ≠ {name}", f"setldetail does not add up to {name}")
    return found


def mirrored(setl: Row) -> list[Breach]:
    """I12 a reversal's amounts have the opposite sign."""
    names = ("medfee_sumamt", *PARTS, *FUNDS, "fund_pay_sumamt", "acct_pay", "act_pay_dedc")
    wrong = [name for name in names if fen(setl.get(name)) > 0]
    return [Breach("I12", f"撤销的 {name} 应为负或零：{setl[name]}", f"{name} of a reversal should not be positive: {setl[name]}")
            for name in wrong]


def product(price: Any, count: Any) -> int:
    """Price times quantity in fen, half up and away from zero for returns."""
    return int((Decimal(str(price)) * Decimal(str(count)) * 100).to_integral_value(ROUND_HALF_UP))


def line(row: Row) -> list[Breach]:
    """I5 a line's parts; I6 price times quantity within a fen; I7 class B; I8 class C; I9 a cap is a price per unit."""
    total = fen(row["det_item_fee_sumamt"])
    full, over, pre, within = (fen(row.get(name)) for name in LINE_PARTS)
    serial = row.get("feedetl_sn")
    found = list(different("I5", total, full + over + pre + within, f"明细 {serial} 四项之和 ≠ 金额",
                           f"line {serial}: its parts do not add up"))
    if abs(product(row.get("pric", 0), row.get("cnt", 0)) - total) > 1:
        found.append(Breach("I6", f"明细 {serial} 单价 × 数量 ≠ 金额", f"line {serial}: price times quantity is not the amount"))
    share = Decimal(str(row.get("selfpay_prop") or 0))
    if str(row.get("chrgitm_lv")) in ("03", "3") and (full != total or pre or over):
        found.append(Breach("I8", f"丙类明细 {serial} 应全部为全自费", f"line {serial} of class C should be own-pay as a whole"))
    elif 0 < share < 1:
        due = int(((total - full - over) * share).to_integral_value(ROUND_HALF_UP))
        found += different("I7", pre, due, f"明细 {serial} 先行自付 ≠ 比例 × 金额",
                           f"line {serial}: first-self-pay is not ratio times amount")
    cap = row.get("pric_uplmt_amt")
    if cap is not None and Decimal(str(cap)) < NO_CAP and not full:
        allowed = product(cap, row.get("cnt", 0))
        due = total - allowed if abs(total) > abs(allowed) else 0
        found += different("I9", over, due, f"明细 {serial} 超限价自费 ≠ 超出限价部分",
                           f"line {serial}: over-limit is not what exceeds the cap")
    return found


def unlike(trial: Row, final: Row) -> list[Breach]:
    """I14 a trial and its settlement agree in every amount."""
    return list(compared("I14", trial, final, REPEATED, "预结算与结算不一致", "the trial differs from the settlement"))


def compared(identity: str, left: Row, right: Row, names: tuple[str, ...], zh: str, en: str) -> Iterator[Breach]:
    """Breaches of the named amounts that two rows do not share."""
    for name in names:
        yield from different(identity, fen(left.get(name)), fen(right.get(name)), f"{zh} {name}", f"{en}: {name}")


def returned(settlement: Row, reversal: Row) -> list[Breach]:
    """I12 and I13: a reversal takes back exactly what its settlement gave, and the account has its money again."""
    found: list[Breach] = []
    for name in ("medfee_sumamt", *PARTS, *FUNDS, "fund_pay_sumamt", "acct_pay", "act_pay_dedc"):
        found += different("I12", fen(reversal.get(name)), -fen(settlement.get(name)), f"撤销 {name} 不是结算的相反数",
                           f"{name} of the reversal is not the opposite of the settlement's")  # fmt: skip
    if reversal.get("balc") is not None and settlement.get("balc") is not None:
        shared = fen(settlement.get("acct_mulaid_pay"))
        back = fen(settlement.get("balc")) + fen(settlement.get("acct_pay")) - shared
        found += different("I13", fen(reversal["balc"]), back, "撤销后账户余额 ≠ 结算后余额 + 退回金额",
                           "the balance after the reversal is not the balance before plus what came back")  # fmt: skip
    return found
