"""A settlement layer by layer 逐层说明: what each layer took up, at which ratio, under which cap, what it paid, and by which clauses.

Made from the explanation's steps; nothing is computed here but what is left under a cap, from the two figures that the formula itself
prints. Desks, estimates and simulations show the same rows.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import UNBOUNDED
from openyibao.kernel.explained.steps import PARAMETER, Step
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book, Source
from openyibao.policybook.national import fund_rows
from openyibao.policybook.units import TRUST
from openyibao.warehouse.bills.explaining import explained, is_told

SCOPE, REST = "scope", "rest"

CLOSING: Mapping[str, tuple[str, str]] = {
    "eligible": ("政策范围", "Scope"),
    "pool": ("基本医保统筹", "Basic pooled fund"),
    "large_first": ("职工大额", "Employee large-amount"),
    "large_second": ("职工大额第二层", "Employee large-amount, second layer"),
    "catastrophic": ("居民大病保险", "Resident catastrophic insurance"),
    "civil": ("公务员医疗补助", "Civil-servant supplement"),
    "aid": ("医疗救助", "Medical aid"),
    "tilt": ("倾斜救助", "Tilted aid"),
    "topup": ("补齐", "Topping-up"),
    "added_1": ("补充层一", "Added layer 1"),
    "added_2": ("补充层二", "Added layer 2"),
    "added_3": ("补充层三", "Added layer 3"),
}
"""The step that ends each layer, and the layer's name; `explain` strings them in this order."""

AFTER = frozenset(("over_cap", "over_quota", "hospital", "consultation", "kept_out"))
"""Steps printed after a layer's payment that still belong to it."""

LAST = frozenset(("state", "fund", "person", "account", "family", "cash", "refused"))
"""Steps of the end: sums, and the purses of the person's part."""

BASES: Mapping[str, tuple[str, ...]] = {
    "pool": ("base", "eligible"), "large_first": ("large_within", "over_cap", "left_basic"), "large_second": ("over_first",),
    "catastrophic": ("burden",), "civil": ("civil_base",), "aid": ("aid_base",), "tilt": ("tilt_base",), "topup": ("topup_base",),
    "added_1": ("layer_base_1",), "added_2": ("layer_base_2",), "added_3": ("layer_base_3",),
}  # fmt: skip
"""Which step says what a layer took up."""

DEDUCTIBLES: Mapping[str, str] = {"pool": "deductible", "catastrophic": "own_deductible"}
ROOMS = ("room", "own_room", "basic_room", "quota_left", "large_room", "second_room")


class Layer(NamedTuple):
    """One layer of a bill 一层. Money in fen; None = the layer has no such figure."""

    code: str
    zh: str
    en: str
    base: int | None  # 进入本层的金额
    deductible: int | None  # 起付线
    ratios: tuple[str, ...]  # as printed: 75%; several where there are bands
    cap_left: int | None  # 封顶线余额 before the bill; UNBOUNDED = no limit
    paid: int | None  # None: the layer pays nobody (scope)
    sources: tuple[Source, ...]
    steps: tuple[Step, ...]  # those worth telling

    @property
    def capless(self) -> bool:
        """Whether the layer's limit is none 不设上限."""
        return self.cap_left is not None and self.cap_left >= UNBOUNDED

    @property
    def trusts(self) -> tuple[str, ...]:
        """The trust marks of what decided the layer, the least trusted first, each once."""
        order = list(TRUST)
        return tuple(sorted({source.trust for source in self.sources}, key=order.index, reverse=True))


class Layers(NamedTuple):
    """A bill explained: its layers in order, then the sums and purses."""

    layers: tuple[Layer, ...]
    rest: tuple[Step, ...]  # fund, person, account, family, cash
    steps: tuple[Step, ...]  # every step


class Fall(NamedTuple):
    """One bar of the waterfall: from the total down to what is paid in cash."""

    code: str
    zh: str
    en: str
    fen: int


def layered(claim: Claim, before: Year, plan: Plan, receipt: Receipt, book: Book) -> Layers:
    """The layers of a settlement, explained by the package that settled it."""
    return grouped(explained(claim, before, plan, receipt, book))


def grouped(steps: Iterable[Step]) -> Layers:
    """Steps as layers. A layer ends with its payment; what follows of it stays with it."""
    every = tuple(steps)
    values = {step.key: step for step in every}
    layers: list[Layer] = []
    rest: list[Step] = []
    pending: list[Step] = []
    for step in every:
        if step.key in LAST:
            rest.append(step)
        elif step.key in AFTER and layers and not pending:
            layers[-1] = with_step(layers[-1], step)
        else:
            pending.append(step)
            if step.key in CLOSING:
                layers.append(layer_of(step, pending, values))
                pending = []
    if layers:
        for step in pending:                            # what a layer would have taken up that nobody has
            layers[-1] = with_step(layers[-1], step)
        pending = []
    return Layers(tuple(layers), (*pending, *rest), every)


def layer_of(closing: Step, steps: list[Step], values: Mapping[str, Step]) -> Layer:
    """A layer from its steps, the last of which is its payment."""
    code = closing.key
    zh, en = CLOSING[code]
    base = next((values[key].value for key in BASES.get(code, ()) if key in values), None)
    deductible = values[DEDUCTIBLES[code]].value if DEDUCTIBLES.get(code) in values else operand_fen(closing, "_deductible")
    return Layer(
        SCOPE if code == "eligible" else code, zh, en, None if code == "eligible" else base, deductible, ratios_of(steps),
        None if code == "eligible" else room_of(steps), None if code == "eligible" else closing.value, sources_of(steps),
        tuple(step for step in steps if is_told(step)),
    )  # fmt: skip


def with_step(layer: Layer, step: Step) -> Layer:
    """The layer with one more step of its own."""
    told = (*layer.steps, step) if is_told(step) else layer.steps
    return layer._replace(steps=told, sources=tuple(dict.fromkeys((*layer.sources, *step.sources))))


def sources_of(steps: Iterable[Step]) -> tuple[Source, ...]:
    """What steps rest on, each once, in order."""
    return tuple(dict.fromkeys(source for step in steps for source in step.sources))


def ratios_of(steps: Iterable[Step]) -> tuple[str, ...]:
    """The ratios that a layer applied, as printed: steps that say one, else the parameters of its formula."""
    listed = list(steps)
    applied = [f"{step.value / 100:g}%" for step in listed if step.unit == "percent"]
    if not applied:
        applied = [part.text for step in listed for part in step.operands if part.kind == PARAMETER and part.name.endswith("ratio")]
    return tuple(dict.fromkeys(applied))


def room_of(steps: Iterable[Step]) -> int | None:
    """What was left under the layer's cap before the bill: the narrowest of the rooms it looked at; None where it has no cap."""
    listed = list(steps)
    rooms = [step.value for step in listed if step.key in ROOMS]
    for step in listed:
        cap, used = operand_fen(step, "_cap"), operand_fen(step, "_used")
        if cap is not None and used is not None:
            rooms.append(cap if cap >= UNBOUNDED else max(cap - used, 0))
    return min(rooms, default=None)


def operand_fen(step: Step, ending: str) -> int | None:
    """The number of a formula whose name has an ending, in fen; None when the formula has none."""
    text = next((part.text for part in step.operands if part.name.endswith(ending)), None)
    if text is None:
        return None
    if text == "∞":
        return UNBOUNDED
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + int(cents or "0") if whole.lstrip("-").isdigit() else None


def waterfall(receipt: Receipt, plan: Plan) -> tuple[Fall, ...]:
    """From the total to the cash: what every payer takes off it, national fund by national fund, in the order of the layers.

    Of a mirror the figures have the opposite sign.
    """
    falls = [Fall("total", "医疗费总额", "Total charged", receipt.total)]
    for row in fund_rows(receipt, plan):
        if row.fund == "310200":
            continue
        falls.append(Fall(row.fund, row.name, FUND_EN.get(row.fund, row.name), -row.amount))
    if receipt.account:
        falls.append(Fall("account", "个人账户（本人）", "Own account", -receipt.account))
    if receipt.family:
        falls.append(Fall("family", "家庭共济账户", "Family accounts", -receipt.family))
    return (*falls, Fall("cash", "现金支付", "Cash", receipt.cash))


FUND_EN = {
    "510100": "Maternity", "310100": "Employee pooled fund", "310102": "Employee outpatient pool", "390100": "Resident fund",
    "390102": "Resident outpatient pool", "330100": "Large-amount fund", "390200": "Resident catastrophic insurance",
    "320100": "Civil-servant supplement", "610100": "Medical aid", "370100": "Employer's plan", "620100": "Commercial added layer",
    "640100": "State", "999997": "Other funds", "310200": "Personal account", "999996": "Borne by the hospital",
}  # fmt: skip
"""Funds 基金 (fund_pay_type) in English."""
