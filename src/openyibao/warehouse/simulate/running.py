"""A reform simulated on a city's recorded year 政策模拟: everything together, an `Outcome` out.

    outcome = simulate(store, 2022, Reform("wuhan", drafts=(path,)), out=folder, runner=processes())

The side before is the recorded result where the policies of today are those the year was settled under; else both sides are settled.
Everything that is written lies in `out`; run again it takes up the parts that are there, and gives the same outcome.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from openyibao.policybook.book import Book, policies_root
from openyibao.policybook.partial import Bundle, Holding, Material, Piece, pieces_of
from openyibao.warehouse.run.driver import recorded_package, store_digest
from openyibao.warehouse.run.package import Package, package_of, write_package
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.simulate.answering import TOP, Question, answered, bucket_of
from openyibao.warehouse.simulate.attribution import SEED
from openyibao.warehouse.simulate.behaviour import behaviour_of
from openyibao.warehouse.simulate.cautions import cautions_of
from openyibao.warehouse.simulate.gathering import Progress, buckets_of, counties_of
from openyibao.warehouse.simulate.hardest import Policy, case_of
from openyibao.warehouse.simulate.outcome import CARD, Case, Change, Meta, Outcome, Reproduction, Words, to_json
from openyibao.warehouse.simulate.prices import PriceList, read_prices
from openyibao.warehouse.simulate.reform import PRICES, Reform, books_of, changes_of, digest_of, material_of, notes_of, title_of
from openyibao.warehouse.simulate.splitting import attributed, orders_of, parts_of
from openyibao.warehouse.tables.store import Store, whole

RECORDED = Words("当年实际结算结果（已记录）", "the recorded results of the year")
RESETTLED = Words("按改革前政策重新结算（与当年记录的政策不同）", "settled anew under the policy before (not the one recorded)")
ALWAYS = (
    Words("单据、就诊次数和人员照当年实际，不因改革而变；行为反应另列。",
          "Bills, visits and persons are the year's own; behaviour is told apart."),
    Words("个人得失 = 单据上个人负担的变化，减去划入个人账户的变化。",
          "A person's gain or loss is the change of what is borne on bills less the change of what is credited to the account."),
    Words("家庭共济可用额照当年记录。", "What families share is as recorded."),
)  # fmt: skip
"""Assumptions of every simulation."""


class Posed(NamedTuple):
    """A reform made ready to be asked of a city's buckets: both policies frozen, their packages written."""

    question: Question
    reform: Reform
    found: Material
    base: Book
    after: Book
    packages: tuple[Package, Package]
    listed: PriceList | None
    same: bool  # whether the side before is the recorded result


def posed(
    store: Store, year: int, reform: Reform, *, out: Path, top: int = TOP, behind: bool = False, root: Path | None = None
) -> Posed:
    """Read a reform and pose its question. Raises as `simulate`."""
    buckets_of(store, year)
    out = out.resolve()
    if not reform.base_readings:
        reform = replace(reform, base_readings=tuple(store.card().get("readings", ())))
    found = material_of(reform, root or policies_root())
    base, after = found.base, found.whole
    recorded, packages = recorded_package(store, year), (package_of(base, year), package_of(after, year))
    paths = [write_package(one, out / "policy") for one in (recorded, *packages)]
    same = packages[0].digest == recorded.digest
    listed = read_prices(reform.prices, store) if reform.prices else None
    prices = Store(out).write("item", listed.item) if listed else None
    both = Policy(base, packages[0]), Policy(after, packages[1])
    before = () if same else ((str(paths[1]), ()),)
    question = Question(store, year, out, before, paths[2], prices, paths[0], lambda _: both, top, behind)
    return Posed(question, reform, found, base, after, packages, listed, same)


def explained_bill(asked: Posed, bucket: int, row: int) -> Case:
    """Any bill of the year explained on both sides, as the hardest cases are. Raises IndexError, Disagreement."""
    whole = bucket_of(asked.question, bucket)
    holder = int(whole.sides.before.bill["holder"][row])
    return case_of(0, "bill", whole, holder, row, asked.question.policies)


def simulate(
    store: Store, year: int, reform: Reform, *, out: Path, runner: Runner | None = None, orders: str = "all", seed: int = SEED,
    top: int = TOP, root: Path | None = None, progress: Progress | None = None, command: str = "", behind: bool = False,
) -> Outcome:  # fmt: skip
    """Simulate a reform on a recorded year; the outcome is written to `<out>/outcome.json` too.

    orders   "all" (exact over all orders up to 6 parts), "given" (the given order only), "none", or a number of sampled orders
    command  the command that makes the same again, for the reader
    behind   write every bill and person-year that the figures are sums of (behind.py)
    Raises PolicyError, StoreProblem, PriceProblem, ValueError (orders not understood), RunnerProblem.
    """
    counted = orders_of(orders)
    asked = posed(store, year, reform, out=out, top=top, behind=behind, root=root)
    question, reform, found, base, after, packages, listed, same = asked
    out, card = question.out, store.card()
    pieces = [*pieces_of(found, year), *([Piece(PRICES, 0, PRICES, year * 10_000 + 101)] if listed else [])]
    holding = Holding(found, pieces, year)
    parts = parts_of(holding, pieces, counted, seed)
    changes = all_changes(found, pieces, parts, listed)
    answer = answered(question, base, runner, progress)
    cells = answer.gathered.sums["before"], answer.gathered.sums["after"]
    title = title_of(found, reform)
    outcome = Outcome(
        meta=Meta(
            city=card["city"], city_name=Words(base.name, base.name_en), year=year, title=title, before=RECORDED if same else RESETTLED,
            after=title, people=int(card["people"]), holders=answer.holders, bills=answer.bills, scale=str(card.get("scale", "")),
            seed=int(card.get("seed", 0)), behaviour=reform.elasticity is not None, notes=(*ALWAYS, *notes_of(pieces), *asides(listed)),
        ),
        changes=changes, totals=answer.totals, months=answer.months, dimensions=answer.dimensions, distribution=answer.distribution,
        attribution=attributed(question, holding, parts, changes, counted, seed, runner, progress),
        hardest_bills=answer.hardest_bills, hardest_years=answer.hardest_years, accounts=answer.accounts,
        behaviour=behaviour_of(*cells, reform.elasticity) if reform.elasticity else None,
        cautions=cautions_of(after, year, cells[0] + cells[1], changes, card),
        reproduction=Reproduction(
            version=own_version(), base_digest=packages[0].digest, reform_digest=packages[1].digest, store_digest=store_digest(store, year),
            drafts=tuple((path.name, digest_of(path)) for path in (*reform.laid, *reform.drafts)), readings=found.readings,
            prices=f"{reform.prices.name} {digest_of(reform.prices)}" if reform.prices else "",
            elasticity=str(reform.elasticity._asdict()) if reform.elasticity else "", command=command,
        ),
        counties=counties_of(answer.gathered, store),
    )  # fmt: skip
    whole(out / CARD, to_json(outcome).encode())
    return outcome


def all_changes(found: Material, pieces: Sequence[Piece], parts: Sequence[Bundle], listed: PriceList | None) -> tuple[Change, ...]:
    """The changed parameters and the changed catalogue rows."""
    told = changes_of(found, books_of(found), [piece for piece in pieces if piece.kind != PRICES], parts)
    place = next((place for place, part in enumerate(parts) if part.key == PRICES), -1)
    return (*told, *(replace(row, part=place) for row in (listed.changes if listed else ())))


def asides(listed: PriceList | None) -> tuple[Words, ...]:
    """What was set aside of a price list."""
    return tuple(
        Words(f"调价文件第 {one.line} 行 {one.code} 未采用：{one.zh}", f"price list, line {one.line}, {one.code}: set aside, {one.en}")
        for one in (listed.aside if listed else ())
    )


def own_version() -> str:
    """This programme's version."""
    try:
        return version("openyibao")
    except PackageNotFoundError:
        return "0"
