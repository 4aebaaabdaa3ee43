"""What would I pay 我要付多少: an estimate by the law that settles, for anybody's class or for one person as the register has them.

For a person the facts come by the very statement with which the window settles (`settlement.store.facts`) and the claim by the same
assembly, so that the estimate equals the later settlement of the same facts to the fen. Where the rules do not say, the answer is that
nobody knows, with the reason; never a guess.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from openyibao.bureau.policydesk.queries import Shelf
from openyibao.bureau.settlement.assemble import Asked, case_of, home_area
from openyibao.bureau.settlement.purchases import LINE_NAMES
from openyibao.bureau.settlement.store.facts import ENCODER, FACTS_OF_PURCHASE, Buying, Sums
from openyibao.bureau.statement.layering import SCOPE, Fall, Layers, layered, sources_of, waterfall
from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.plan import Plan
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.refusals import refusal
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import Book
from openyibao.warehouse.bills import words
from openyibao.warehouse.bills.assemble import DIALYSIS_DISEASE
from openyibao.warehouse.bills.estimating import estimated
from openyibao.warehouse.bills.problems import yuan
from openyibao.warehouse.bills.settled import NO_PLAN, Policy

MED_TYPES: Mapping[int, str] = {
    codes.OUTPATIENT: "11", codes.CHRONIC: "14", codes.TWO_DISEASE: "9901", codes.DUAL_CHANNEL: "15", codes.INPATIENT: "21",
    codes.DAY_SURGERY: "28", codes.RESCUE: "1301", codes.DELIVERY: "2106", codes.CAESAREAN: "2107", codes.PRENATAL: "51",
    codes.DIALYSIS: "14", codes.PHARMACY: "41",
}  # fmt: skip
"""Kinds of visit that can be estimated, each with the med_type that a window would send."""

SILENT = frozenset((codes.NO_POLICY, codes.NO_BENEFIT))
"""Outcomes that say that the rules have nothing for such a bill."""

SUMS_ASKED = ("admissions", "inpatient_deductible", "outpatient_deductible", "outpatient_paid", "pool_paid", "burden")
"""Sums of the year that an estimate may be given."""


class Place(NamedTuple):
    """Where care would be sought 就医地点."""

    level: int
    offsite: int


class Parts(NamedTuple):
    """What the bill would come to, fen: the total and what of it falls outside the scope."""

    total: int
    full: int = 0
    over: int = 0
    pre: int = 0

    @property
    def within(self) -> int:
        """What is in scope."""
        return self.total - self.full - self.over - self.pre


class Question(NamedTuple):
    """What is asked, but for the place and the person."""

    kind: int
    day: int  # yyyymmdd
    parts: Parts
    disease: str = ""
    sessions: int = 0


class Anybody(NamedTuple):
    """A class of people 参保身份, and the year so far as stated."""

    scheme: int
    status: int = codes.ACTIVE
    aid: int = codes.NO_AID
    civil_servant: int = 0
    account: int = 0
    sums: tuple[tuple[str, int], ...] = ()


class Answer(NamedTuple):
    """The answer for one place: what each layer would pay, or why nobody knows."""

    place: Place
    claim: Claim
    before: Year
    plan: Plan
    receipt: Receipt
    layers: Layers
    falls: tuple[Fall, ...]
    trusts: dict[str, int]  # trust mark -> parameters with it
    reason: dict[str, str] | None  # why no fund pays, zh and en; None when the bill would be settled
    silent: bool  # the rules do not say: nobody knows


class Differing(NamedTuple):
    """One figure in which two places differ."""

    zh: str
    en: str
    first: int | str  # fen, or a ratio as printed
    second: int | str
    fen: int | None  # second less first, where it is money


def answer_for_anybody(question: Question, who: Anybody, place: Place, book: Book) -> Answer:
    """The estimate for a class of people. Raises Problem when the question itself is wrong."""
    parts = question.parts
    cells = {
        "insutype": words.SCHEME_NAMES[who.scheme][0], "psn_type": words.STATUS_NAMES[who.status][0], "aid": words.AID_NAMES[who.aid][0],
        "cvlserv_flag": who.civil_servant, "kind": words.KIND_NAMES[question.kind][0], "level": words.LEVEL_NAMES[place.level][0],
        "offsite": words.OFFSITE_NAMES[place.offsite][0], "begndate": str(question.day), "enddate": str(question.day),
        "medfee_sumamt": yuan(parts.total), "fulamt_ownpay_amt": yuan(parts.full), "overlmt_selfpay": yuan(parts.over),
        "preselfpay_amt": yuan(parts.pre), "inscp_scp_amt": yuan(parts.within), "dise_code": question.disease, "account": yuan(who.account),
        **({"sessions": question.sessions} if question.kind == codes.DIALYSIS else {}),
        **{f"year_{name}": value if name == "admissions" else yuan(value) for name, value in who.sums},
    }  # fmt: skip
    found = estimated(cells, lambda _: Policy(book.city, book))
    return answered(place, found.claim, found.before, found.plan, found.receipt, book)


def answered(place: Place, claim: Claim, before: Year, plan: Plan, receipt: Receipt, book: Book) -> Answer:
    """A settled estimate with its explanation."""
    layers = layered(claim, before, plan, receipt, book)
    trusts = Counter(source.trust for source in sources_of(layers.steps))
    reason = None
    if receipt.outcome != codes.SETTLED:
        why = refusal(receipt.outcome)
        reason = {"zh": why.sentence, "en": why.sentence_en}
    return Answer(place, claim, before, plan, receipt, layers, waterfall(receipt, plan), dict(trusts), reason, receipt.outcome in SILENT)


def facts_of(psn_no: str, insutype: str, med_type: str, disease: str, at: datetime) -> dict[str, Any]:
    """What the register has of a person on a day, read by the statement that the window settles by."""
    asked = Buying("", "", psn_no, at, "0", insutype, med_type, disease, "", at)
    with connection.cursor() as cursor:
        cursor.execute(FACTS_OF_PURCHASE.replace("$1", "%s"), [ENCODER.encode(asked).decode()])
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchone(), strict=True))


def answer_for(psn_no: str, insutype: str, question: Question, place: Place, shelf: Shelf, at: datetime) -> Answer:
    """The estimate for one person on the day of `at`, as the register has class, entitlements, year and accounts. Raises Refused.

    The place is the one asked for, whatever the person has filed: `offsite` says under which class care would be had.
    """
    parts, disease = question.parts, DIALYSIS_DISEASE if question.kind == codes.DIALYSIS else question.disease
    row = facts_of(psn_no, insutype, MED_TYPES[question.kind], disease, at)
    sums = Sums(1, parts.total, parts.full, parts.over, parts.pre, parts.within, 0, 0, 0, question.sessions, 0, 0)
    row |= dict(zip(LINE_NAMES, sums, strict=True)) | {"institution_area": home_area(row)}
    detail = {"matn_type": "7"} if question.kind == codes.PRENATAL else {}
    asked = Asked(psn_no, insutype, "", "0", "1", None, {})
    case = case_of(row, asked, detail, shelf)
    claim = case.claim._replace(level=place.level, offsite=place.offsite, place=0, agreement=1)
    plan = case.book.plan_for(claim) or NO_PLAN
    receipt, _ = settle(claim, case.before, plan)
    return answered(place, claim, case.before, plan, receipt, case.book)


def differing(first: Answer, second: Answer) -> list[Differing]:
    """Where two answers differ: figures between the layers, each layer's payment, the sums."""
    one, other = ({layer.code: layer for layer in answer.layers.layers} for answer in (first, second))
    found: list[Differing] = []
    for code in dict.fromkeys((*one, *other)):
        here, there = one.get(code), other.get(code)
        named = here or there
        if named is None or code == SCOPE:
            continue
        zh, en = named.zh, named.en
        found += money_differs(f"{zh} · 起付线", f"{en} · deductible", here and here.deductible, there and there.deductible)
        ratios = tuple("、".join(layer.ratios) if layer else "" for layer in (here, there))
        if ratios[0] != ratios[1]:
            found.append(Differing(f"{zh} · 比例", f"{en} · ratio", ratios[0] or "—", ratios[1] or "—", None))
        found += money_differs(f"{zh} · 支付", f"{en} · pays", here and here.paid, there and there.paid)
    for zh, en, name in ENDS:
        found += money_differs(zh, en, getattr(first.receipt, name), getattr(second.receipt, name))
    return found


ENDS = (
    ("异地先自付", "Off-site share paid first", "offsite_first"), ("基金支付合计", "Paid by the funds", "fund"),
    ("个人负担", "Borne by the person", "person"), ("个人账户支付", "Own account", "account"), ("现金支付", "Cash", "cash"),
)  # fmt: skip


def money_differs(zh: str, en: str, first: int | None, second: int | None) -> list[Differing]:
    """One row when two amounts differ; nothing counts as zero."""
    here, there = first or 0, second or 0
    return [] if here == there else [Differing(zh, en, here, there, there - here)]
