"""Charge lines on arrival 费用明细入库: catalogue item, class, ceiling and first self-pay of the treating side; the law splits each line.

A split holds for the rules it was made with (`scope`); a bill that settles under others has its lines split again first. A return is
split as the difference between the line before and after it, so that the sums are those of the net line.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from openyibao.bureau.codes.catalogue import Catalogue, CatalogueItem, Gone
from openyibao.bureau.policydesk.queries import Shelf, pooling_area
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.assemble import NO_SCOPE, number_of
from openyibao.bureau.settlement.deciding import Decided
from openyibao.bureau.settlement.store import visits
from openyibao.bureau.settlement.store.pool import Store
from openyibao.bureau.settlement.store.visits import LineRow
from openyibao.kernel import codes
from openyibao.kernel.claim import Line
from openyibao.kernel.lines import Scoped, scoped
from openyibao.kernel.plan import Scope
from openyibao.policybook import national

RESTRICTED, CONSUMABLE, BED, DRUG, DUAL_CHANNEL, CONSULTATION, SLICES = 1, 2, 4, 8, 16, 32, 64
"""Bits of Line.flags; 128 marks a dialysis session (codes.catalogue)."""

APPROVED, OWN_PAY = "1", "2"
"""hosp_appr_flag: the listing's condition is met; the patient pays it all."""

LIST_TYPES = ("101", "201", "301", "102", "103", "104", "105", "106")
"""list_type 目录类别 under which an institution may have mapped its own item, the commonest first."""

LARGEST = 9 * 10**18


class Charge(NamedTuple):
    """One line as the institution sends it; quantity in 1/10,000, price in 1/1,000,000 yuan, amount fen."""

    number: str  # feedetl_sn
    batch: str  # chrg_bchno, "0" of a stay
    code: str  # med_list_codg
    own_code: str  # medins_list_codg
    at: datetime
    quantity: int
    price: int
    amount: int
    approval: str  # hosp_appr_flag
    takes_back: str  # init_feedetl_sn
    doctor: str  # bilg_dr_codg
    detail: str  # further fields, JSON


class Rules(NamedTuple):
    """By which rules lines are split: the scope, the rounding, maternity 0/1, and the number that names the three."""

    scope: Scope
    rounding: int
    maternity: int
    name: int


class Priced(NamedTuple):
    """A line with its item and split, for the reply."""

    row: LineRow
    item: CatalogueItem


@lru_cache(maxsize=4096)
def rules(scope: Scope, rounding: int, maternity: int) -> Rules:
    """The rules with their number, which is the same in every process."""
    return Rules(scope, rounding, maternity, zlib.crc32(repr((tuple(scope), rounding, maternity)).encode()))


def is_maternity(kind: int) -> int:
    """1 for the kinds whose lines ignore classes where the plan says so."""
    return int(codes.DELIVERY <= kind <= codes.MISCARRIAGE_LATE)


def rules_of_visit(row: Mapping[str, Any], shelf: Shelf) -> Rules:
    """The rules a visit's lines arrive under: of the treating side, on the deciding day as far as it is known."""
    scheme, day = national.SCHEMES[row["insutype"]].code, number_of(row["day"])
    home = shelf.of_area(row["insured"])
    plan = home.plan(scheme, day) if home is not None else None
    scope = plan.scope if plan is not None else NO_SCOPE
    if pooling_area(row["institution_area"]) != pooling_area(row["insured"]):
        there = shelf.of_area(row["institution_area"])
        treating = there.plan(scheme, day) if there is not None else None
        scope = treating.scope if treating is not None else scope
    return rules(scope, plan.rounding if plan is not None else 0, is_maternity(national.kind_of(row["med_type"]) or 0))


def rules_of_bill(decided: Decided) -> Rules:
    """The rules the bill settles under."""
    case = decided.case
    return rules(case.scope, case.plan.rounding, is_maternity(case.claim.kind))


def item_of(charge: Charge, institution: str, catalogue: Catalogue, day: date) -> CatalogueItem | Gone | None:
    """The catalogue item of a line: by its national code, else by the institution's mapping 目录对照."""
    found = catalogue.item_on(charge.code, day)
    if found is not None or not charge.own_code:
        return found
    for list_type in LIST_TYPES:
        code = catalogue.mapped(institution, charge.own_code, list_type, day)
        if code is not None:
            return catalogue.item_on(code, day)
    return None


def line_of(charge: Charge, item: CatalogueItem, row: Mapping[str, Any], catalogue: Catalogue, day: date) -> Line:
    """The kernel's line 明细. Raises Refused when the catalogue has no first-self-pay share for a class-B item."""
    rate, area = 0, row["institution_area"]
    if item.item_class != codes.CLASS_A or item.flags & SLICES:
        share = catalogue.rate_on(item.code, area, day, row["insutype"])
        if share is None and item.item_class == codes.CLASS_B and not item.flags & DUAL_CHANNEL:
            raise Refused(
                "LINE-05",
                f"{item.name}（{item.code}）为乙类，目录没有先自付比例",
                f"{item.code} is class B and has no first-self-pay share",
                next_zh="请报经办机构补目录（1319）",
                next_en="have the bureau complete the catalogue (1319)",
            )
        rate = share or 0
    restricted = int(charge.approval == OWN_PAY or (item.restricted and charge.approval != APPROVED))
    flags = item.flags
    return Line(
        charge.quantity,
        charge.price,
        item.item_class,
        rate,
        catalogue.ceiling_on(item.code, area, day, row["hosp_lv"] or ""),
        restricted,
        int(bool(flags & CONSUMABLE)),
        int(bool(flags & BED)),
        int(bool(flags & DRUG)),
        int(bool(flags & DUAL_CHANNEL)),
        int(bool(flags & CONSULTATION)),
        int(bool(flags & SLICES)),
    )


def with_stated(split: Scoped, amount: int) -> Scoped:
    """The split with the institution's own amount, which may differ by the fen of its rounding: the fen goes where the line goes."""
    fen = amount - split.fee
    if fen == 0:
        return split
    if split.within + fen >= 0 and split.within > 0:
        return split._replace(fee=amount, within=split.within + fen)
    return split._replace(fee=amount, full=split.full + fen)


def difference(after: Scoped, before: Scoped) -> Scoped:
    """What a return takes from a line, every part negative or nothing."""
    return Scoped(*(late - early for late, early in zip(after, before, strict=True)))


def split_charge(line: Line, charge: Charge, by: Rules) -> Scoped:
    """A new line by scope. Raises Refused when its amount is not quantity times price, within a fen (identity I6)."""
    if charge.quantity * charge.price > LARGEST:
        raise Refused("LINE-06", "数量乘单价过大", "quantity times price is too large")
    split = scoped(line, by.scope, by.maternity, by.rounding)
    if abs(split.fee - charge.amount) > 1:
        raise Refused(
            "LINE-03",
            f"金额 {charge.amount / 100:.2f} 不等于数量×单价 {split.fee / 100:.2f}",
            f"the amount {charge.amount / 100:.2f} is not quantity times price, {split.fee / 100:.2f}",
            next_zh="请核对数量、单价、金额",
            next_en="check quantity, price and amount",
        )
    return with_stated(split, charge.amount)


def kept_line(row: Mapping[str, Any], quantity: int) -> Line:
    """A stored line as the kernel's, with what is left of its quantity."""
    flags = row["flags"]
    return Line(
        quantity,
        row["price"],
        row["item_class"],
        row["rate"],
        row["ceiling"],
        int(bool(flags & RESTRICTED)),
        int(bool(flags & CONSUMABLE)),
        int(bool(flags & BED)),
        int(bool(flags & DRUG)),
        int(bool(flags & DUAL_CHANNEL)),
        int(bool(flags & CONSULTATION)),
        int(bool(flags & SLICES)),
    )


def price_lines(
    charges: Sequence[Charge], row: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]], catalogue: Catalogue, by: Rules
) -> list[Priced]:
    """Every line with its item and split.

    earlier  lines already there that returns name, by feedetl_sn, each with `left` and `left_amount` (what other returns left of it)
    Raises Refused naming each bad line; nothing is taken then.
    """
    priced: list[Priced] = []
    left: dict[str, tuple[Line, Scoped]] = {}
    problems: list[Refused] = []
    for place, charge in enumerate(charges):
        try:
            day = charge.at.date()
            item = item_of(charge, row["fixmedins_code"], catalogue, day)
            if not isinstance(item, CatalogueItem):
                raise gone(charge, item)
            if charge.quantity < 0 or charge.takes_back:
                line, split = returned(charge, left, earlier, by)
            else:
                line = line_of(charge, item, row, catalogue, day)
                split = split_charge(line, charge, by)
                left[charge.number] = (line, split)
            priced.append(Priced(row_of(charge, item, line, split, by), item))
        except Refused as refused:
            refused.place = f"feedetail[{place}]"
            problems.append(refused)
    if problems:
        raise together(problems, len(charges))
    return priced


def returned(
    charge: Charge, left: dict[str, tuple[Line, Scoped]], earlier: Mapping[str, Mapping[str, Any]], by: Rules
) -> tuple[Line, Scoped]:
    """A return 退费 against the line it names. Raises Refused."""
    named = charge.takes_back
    if named not in left and named in earlier:
        row = earlier[named]
        left[named] = (
            kept_line(row, row["left_quantity"]),
            Scoped(row["left_fee"], row["left_full"], row["left_over"], row["left_pre"], row["left_within"], 0, 0),
        )
    if not named or named not in left or charge.quantity >= 0:
        raise Refused(
            "LINE-07",
            f"退费行须以负数量对应原明细，原流水号 {named or '空'} 找不到",
            f"a return must name an earlier line; {named or 'none'} is not there",
            next_zh="请填写 init_feedetl_sn",
            next_en="fill in init_feedetl_sn",
        )
    line, before = left[named]
    rest = line._replace(quantity=line.quantity + charge.quantity)
    if rest.quantity < 0 or charge.price != line.price or -charge.amount > before.fee:
        raise Refused(
            "LINE-08",
            "退费超过原明细剩余的数量或金额，或单价不同",
            "the return takes back more than is left of the line, or at another price",
            next_zh="请核对退费数量与单价",
            next_en="check quantity and price",
        )
    after = with_stated(scoped(rest, by.scope, by.maternity, by.rounding), before.fee + charge.amount)
    left[named] = (rest, after)
    return line, difference(after, before)


def gone(charge: Charge, item: Gone | None) -> Refused:
    """Why a code cannot be charged 编码失效: unknown, ended and replaced by what, or not begun yet."""
    if item is None:
        return Refused(
            "LINE-02",
            f"医保目录编码 {charge.code or charge.own_code} 不存在",
            f"there is no catalogue code {charge.code or charge.own_code}",
            next_zh="请核对编码或先做目录对照（3301）",
            next_en="check the code, or map it first (3301)",
        )
    if item.since is None:
        return Refused(
            "LINE-09", f"{item.name}（{item.code}）尚未启用，启用日 {item.begins}", f"{item.code} is not in force before {item.begins}"
        )
    instead = f"，由 {item.replaced_by} 替代" if item.replaced_by else ""
    return Refused(
        "LINE-01",
        f"{item.name}（{item.code}）已停用{instead}",
        f"{item.code} has ended" + (f", replaced by {item.replaced_by}" if item.replaced_by else ""),
        since=item.since,
        next_zh="请改用现行编码重传本条",
        next_en="send this line again with the code in force",
    )


def together(problems: list[Refused], count: int) -> Refused:
    """The first problem, with how many lines have one; every line's own text is in `problems`."""
    first = problems[0]
    if len(problems) > 1:
        places = "、".join(problem.place for problem in problems[1:6])
        first.zh, first.en = (
            f"{first.zh}；另有 {len(problems) - 1} 条有误（{places}）",
            f"{first.en}; {len(problems) - 1} more lines ({places})",
        )
    first.next_zh = f"{first.next_zh}；共 {count} 条，均未入库"
    return first


def row_of(charge: Charge, item: CatalogueItem, line: Line, split: Scoped, by: Rules) -> LineRow:
    """The line as it is kept."""
    flags = item.flags | (RESTRICTED if line.restricted else 0)
    return LineRow(
        charge.number,
        charge.batch,
        item.code,
        charge.own_code,
        item.name,
        item.med_chrgitm_type,
        charge.at,
        charge.quantity,
        charge.price,
        item.item_class,
        line.self_pay,
        line.ceiling,
        flags,
        charge.takes_back,
        split.fee,
        split.full,
        split.over,
        split.pre,
        split.within,
        by.name,
        charge.detail,
    )


async def resplit(store: Store, decided: Decided) -> bool:
    """Split a bill's lines again where they were split under other rules; True when something changed and the facts must be read again."""
    row, by = decided.row, rules_of_bill(decided)
    if row["line_count"] == 0 or (row["line_first_scope"] == by.name and row["line_last_scope"] == by.name):
        return False
    if not row["mdtrt_id"]:
        return False
    lines = await visits.lines_of(store, row["mdtrt_id"], None if row["sort"] == "I" else decided.asked.batch)
    left: dict[str, tuple[Line, Scoped]] = {}
    parts: list[Scoped] = []
    for one in lines:
        if one["takes_back"]:
            line, before = left[one["takes_back"]]
            rest = line._replace(quantity=line.quantity + one["quantity"])
            after = with_stated(scoped(rest, by.scope, by.maternity, by.rounding), before.fee + one["fee"])
            left[one["takes_back"]], split = (rest, after), difference(after, before)
        else:
            line = kept_line(one, one["quantity"])
            split = with_stated(scoped(line, by.scope, by.maternity, by.rounding), one["fee"])
            left[one["feedetl_sn"]] = (line, split)
        parts.append(split)
    await visits.write_splits(store, row["mdtrt_id"], row["visit_version"], [one["id"] for one in lines], parts, by.name)
    return True
