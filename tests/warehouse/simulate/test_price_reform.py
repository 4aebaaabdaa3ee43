"""A price list on last year's bills: lines scoped again by the kernel in plain Python must give the batch's figures."""

from pathlib import Path

import pytest

from openyibao.kernel import codes
from openyibao.kernel.claim import Claim, Line
from openyibao.kernel.lines import bill_of
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.simulate.prices import PriceProblem, read_prices
from openyibao.warehouse.simulate.reform import Reform
from openyibao.warehouse.simulate.running import simulate
from openyibao.warehouse.tables.store import Store
from warehouse.simulate.byhand import settled

MATERNITY = range(codes.DELIVERY, codes.MISCARRIAGE_LATE + 1)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list with a price, a factor, a change of class, and four rows that cannot be used."""
    path = tmp_path / "prices.csv"
    path.write_text(
        "编码,价格,系数,类别,先行自付比例,限价\n"
        "X0000003,9.90,,,,\nX0000004,,0.5,,,\nX0000007,,,乙,0.2,30\nX0000011,,,C,,\n"
        "NONE,1,,,,\nX0000003,1,,,,\nX0000005,1,2,,,\nX0000006,十元,,,,\n", encoding="utf-8")
    return path


def test_rows_that_cannot_be_used_are_set_aside_with_their_reason(small_ankang: Store, listed: Path) -> None:
    found = read_prices(listed, small_ankang)
    assert [change.key for change in found.changes] == ["item.X0000003", "item.X0000004", "item.X0000007", "item.X0000011"]
    assert [(one.line, one.code) for one in found.aside] == [(6, "NONE"), (7, "X0000003"), (8, "X0000005"), (9, "X0000006")]
    assert "no such code" in found.aside[0].en
    before = small_ankang.arrays("item")
    assert found.item["price"][3] == 9_900_000
    half = int(before["price"][4])
    assert found.item["price"][4] == (half + 100) // 200 * 100
    assert (found.item["item_class"][7], found.item["self_pay"][7], found.item["ceiling"][7]) == (codes.CLASS_B, 2_000, 30_000_000)
    untouched = [place for place in range(len(before["item"])) if place not in (3, 4, 7, 11)]
    assert (found.item["price"][untouched] == before["price"][untouched]).all()
    assert "→" in found.changes[0].sentence.zh


@pytest.mark.parametrize(("text", "message"), [("code,cost\nX,1\n", "the columns are"), ("code,price\nNONE,1\n", "no row can be used"),
                                               ("code,price\n", "no row")])  # fmt: skip
def test_a_list_without_a_usable_row_is_refused(small_ankang: Store, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PriceProblem, match=message):
        read_prices(path, small_ankang)


def test_new_prices_are_scoped_and_settled_as_the_kernel_does_line_by_line(small_ankang: Store, listed: Path, tmp_path: Path) -> None:
    outcome = simulate(small_ankang, 2023, Reform("ankang", prices=listed), out=tmp_path / "run")
    new = read_prices(listed, small_ankang).item
    old = small_ankang.arrays("item")
    lines = {bucket: {name: values.tolist() for name, values in small_ankang.arrays("line", 2023, bucket).items()} for bucket in (0, 1)}
    days = {bucket: small_ankang.arrays("bill", 2023, bucket, ("days",))["days"].tolist() for bucket in (0, 1)}
    of_bill: dict[tuple[int, int], list[int]] = {}
    for bucket, columns in lines.items():
        for place, row in enumerate(columns["row"]):
            of_bill.setdefault((bucket, row), []).append(place)
    book = load_book(policies_root(), "ankang")
    names = ("item_class", "self_pay", "ceiling", "consumable", "bed", "drug", "dual_channel", "consultation", "slices")

    def sums(bucket: int, row: int, claim: Claim) -> dict[str, int]:
        """A bill's sums at the new prices, from its lines."""
        made, columns = [], lines[bucket]
        for place in of_bill[bucket, row]:
            item = columns["item"][place]
            one, other = int(old["price"][item]), int(new["price"][item])
            price = columns["price"][place] if one == other else (2 * columns["price"][place] * other + one) // (2 * one)
            made.append(Line(columns["quantity"][place], price, restricted=columns["restricted"][place],
                             **{name: int(new[name][item]) for name in names}))
        if not any(int(columns["item"][place]) in (3, 4, 7, 11) for place in of_bill[bucket, row]):
            return {}
        plan = book.plan(claim.scheme, claim.day)
        assert plan is not None
        stay = max(days[bucket][row], 1)
        found = bill_of(tuple(made), plan.scope, claim.level, stay, int(claim.kind in MATERNITY), plan.rounding)
        return {"total": found.fee, "full": found.full, "over": found.over, "pre": found.pre, "within": found.within,
                "off_list": found.off_list, "consultation": found.consultation}

    after = settled(small_ankang, 2023, {0: book}, sums)
    receipts = [receipt for holder in after for _, _, receipt in holder.bills]
    totals = outcome.totals
    assert totals.total.after == sum(receipt.total for receipt in receipts) != totals.total.before
    assert totals.fund.after == sum(receipt.fund for receipt in receipts)
    assert totals.person.after == sum(receipt.person for receipt in receipts)
    assert totals.within.after == sum(claim.within for holder in after for _, claim, _ in holder.bills)
    found = outcome.attribution
    assert found is not None
    assert [part.key for part in found.parts] == ["prices"]
    assert found.whole[0] == totals.fund.change
    assert {change.part for change in outcome.changes} == {0}
    assert sum("未采用" in note.zh for note in outcome.meta.notes) == 4
