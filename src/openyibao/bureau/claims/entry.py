"""What a paper claim says 申请内容, as plain values, and what must hold of it before it is kept or sent on. Reads, writes nothing."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from openyibao.bureau.claims.models import Claim, Invoice
from openyibao.bureau.claims.refusals import problem
from openyibao.bureau.claims.stages import CHRONIC, NEEDED, PAPERS
from openyibao.bureau.codes.catalogue import ListedCode
from openyibao.bureau.codes.queries import DIAGNOSES, TCM, words_on
from openyibao.bureau.settlement.invoices import same_bill, with_invoice


class Billed(NamedTuple):
    """One invoice; fen."""

    issuer: str
    number: str
    fen: int


class Charged(NamedTuple):
    """One line of the papers; quantity in 1/10,000, price in 1/1,000,000 yuan, the rest fen."""

    code: str
    name: str
    heading: str
    quantity: int
    price: int
    amount: int
    full: int
    over: int
    pre: int


class Payee(NamedTuple):
    """Where the money goes."""

    holder: str
    bank: str
    account: str
    phone: str


class Papers(NamedTuple):
    """A claim as it is entered."""

    insutype: str
    institution: str  # code; empty where the papers do not say it
    institution_name: str
    treating: str
    hosp_lv: str
    designated: bool
    med_type: str
    because: str
    begins: date
    ends: date
    diagnosis: str
    disease: str
    invoices: Sequence[Billed]
    lines: Sequence[Charged]
    payee: Payee


def check_days(papers: Papers, today: date) -> None:
    """Days in order, and not in the future. Raises Refused CLAIM-01."""
    if papers.ends < papers.begins or papers.ends > today:
        raise problem("CLAIM-01")


def check_sums(papers: Papers) -> None:
    """Lines and invoices say the same. Raises Refused CLAIM-02, CLAIM-03."""
    if not papers.invoices:
        raise problem("CLAIM-02")
    bills = sum(one.fen for one in papers.invoices)
    lines = sum(one.amount for one in papers.lines)
    if papers.lines and bills != lines:
        raise problem("CLAIM-03", bills=bills / 100, lines=lines / 100)


def check_invoices(papers: Papers, psn_no: str, claim: int | None) -> None:
    """No invoice is claimed twice, here or at a window. Raises Refused CLAIM-10, CLAIM-11, CLAIM-12."""
    seen: set[tuple[str, str]] = set()
    for one in papers.invoices:
        others = Invoice.objects.filter(issuer=one.issuer, number=one.number, live=True).exclude(claim_id=claim)
        taken = others.values_list("claim__number", flat=True)
        if (one.issuer, one.number) in seen or taken.exists():
            other = taken.first() or "本次申请"
            raise problem("CLAIM-10", number=one.number, other=other)
        seen.add((one.issuer, one.number))
    settled = with_invoice([one.number for one in papers.invoices], psn_no=psn_no, day=papers.ends)
    for number, setl_id in settled.items():
        raise problem("CLAIM-11", number=number, setl_id=setl_id)
    if papers.institution:
        total = sum(one.fen for one in papers.invoices)
        same = same_bill(psn_no=psn_no, institution=papers.institution, day=papers.ends, total=total)
        if same is not None:
            raise problem("CLAIM-12", setl_id=same)


def diagnosis_name(code: str, day: date) -> str:
    """A diagnosis in words. Raises Refused CLAIM-04 when it is not in the national set on that day."""
    if not code:
        return ""
    for code_set in (DIAGNOSES, TCM):
        found = words_on(code_set, [code], day).get(code)
        if isinstance(found, ListedCode):
            return found.name
    raise problem("CLAIM-04", code=code)


def check_disease(papers: Papers) -> None:
    """A chronic bill names its disease. Raises Refused CLAIM-06."""
    if papers.med_type in CHRONIC and not papers.disease:
        raise problem("CLAIM-06")


def check_complete(claim: Claim) -> None:
    """Lines and the papers that must be there before a claim is sent on. Raises Refused CLAIM-07, CLAIM-08."""
    if not claim.lines.exists():
        raise problem("CLAIM-07")
    there = set(claim.scans.values_list("what", flat=True))
    names = dict(PAPERS)
    lacking = [str(names[what]) for what in NEEDED if what not in there]
    if lacking:
        raise problem("CLAIM-08", papers="、".join(lacking))
