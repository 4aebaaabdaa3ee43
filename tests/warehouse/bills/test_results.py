"""What a result says: the identities of the interface, the readings that move money between fields, the year in reusable words."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim
from openyibao.kernel.settle.cascade import settle
from openyibao.kernel.year import Year
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.national import FUND_FIELDS, amounts, fund_rows
from openyibao.warehouse.bills.standing import COUNTS, MONTHS, YEAR_MONEY, opening, year_cells
from openyibao.warehouse.bills.tally import adds_up

BOOKS = {city: load_book(policies_root(), city) for city in ("ankang", "jingzhou", "jishou", "wuhan", "yuxi")}
MOVED = load_book(policies_root(), "jingzhou", readings=("tilt_in_oth_pay", "maternity_in_oth_pay", "inscp_after_offsite"))
FEN = st.integers(0, 40_000_000)
KINDS = (codes.OUTPATIENT, codes.CHRONIC, codes.INPATIENT, codes.RESCUE, codes.DELIVERY, codes.DIALYSIS, codes.PHARMACY)


@st.composite
def claims(draw: Any) -> Claim:
    parts = [draw(FEN) for _ in range(4)]
    return Claim(
        scheme=draw(st.sampled_from((codes.EMPLOYEE, codes.RESIDENT))),
        kind=draw(st.sampled_from(KINDS)),
        day=draw(st.sampled_from((20210601, 20220901, 20230510, 20240704))),
        level=draw(st.integers(0, 5)),
        total=sum(parts), full=parts[0], over=parts[1], pre=parts[2], within=parts[3],
        status=draw(st.integers(0, 1)), disease=draw(st.integers(0, 3)), aid=draw(st.integers(0, 6)), offsite=draw(st.integers(0, 4)),
        civil_servant=draw(st.integers(0, 1)), added=draw(st.integers(0, 7)), off_list=parts[0] // 2, sessions=draw(st.integers(0, 9)),
    )  # fmt: skip


@given(claims(), st.sampled_from([*BOOKS.values(), MOVED]), FEN)
def test_the_amount_fields_add_up_whatever_the_bill(claim: Claim, book: Any, account: int) -> None:
    plan = book.plan_for(claim)
    if plan is None:
        return
    receipt, _ = settle(claim, Year(claim.day // 10_000, account=account), plan)
    fields = amounts(receipt, plan)
    assert adds_up(fields)
    assert all(amount >= 0 for amount in fields.values())
    rows = fund_rows(receipt, plan)
    assert sum(row.amount for row in rows) == fields["fund_pay_sumamt"] + fields["acct_pay"] + fields["hosp_part_amt"]


def settled(**more: Any) -> tuple[dict[str, int], dict[str, int]]:
    claim = Claim(scheme=codes.RESIDENT, kind=codes.INPATIENT, day=20230601, level=codes.L3, total=30_000_000, within=30_000_000)
    claim = claim._replace(**more)
    answers = []
    for book in (BOOKS["jingzhou"], MOVED):
        plan = book.plan_for(claim)
        assert plan is not None
        answers.append(amounts(settle(claim, Year(2023), plan)[0], plan))
    return answers[0], answers[1]


def test_fixed_maternity_amounts_move_to_oth_pay_under_their_reading() -> None:
    default, moved = settled(kind=codes.DELIVERY)
    assert default["hifp_pay"] == moved["oth_pay"] > 0 and moved["hifp_pay"] == 0
    assert default["fund_pay_sumamt"] == moved["fund_pay_sumamt"]


def test_tilted_aid_moves_to_oth_pay_under_its_reading() -> None:
    default, moved = settled(aid=codes.MINIMUM_LIVING)
    assert moved["oth_pay"] > 0 and default["maf_pay"] == moved["maf_pay"] + moved["oth_pay"]
    assert sum(default[name] for name in FUND_FIELDS) == sum(moved[name] for name in FUND_FIELDS)


def test_in_scope_is_reported_after_the_off_site_share_under_its_reading() -> None:
    default, moved = settled(offsite=codes.SELF_REFERRED)
    first = default["inscp_scp_amt"] - moved["inscp_scp_amt"]
    assert first > 0 and moved["preselfpay_amt"] == default["preselfpay_amt"] + first


@st.composite
def years(draw: Any) -> Year:
    values = {}
    for name in Year._fields:
        if name in YEAR_MONEY:
            values[name] = draw(FEN)
        elif name in COUNTS:
            values[name] = draw(st.integers(0, 300))
        elif name in MONTHS:
            values[name] = draw(st.sampled_from((0, 202301, 202312)))
    packed = sum(draw(st.integers(0, 255)) << (8 * level) for level in range(codes.LEVELS))
    left = draw(st.sampled_from((0, 20230510)))
    return Year(**values)._replace(admissions_by_level=packed, stay_level=draw(st.integers(0, 5)), stay_left=left)


@given(years())
def test_the_year_of_a_result_opens_the_next_run(year: Year) -> None:
    assert opening({"year": year_cells(year)}).year(1999) == year
