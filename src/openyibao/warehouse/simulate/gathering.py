"""The city's buckets compared and summed 汇总: tasks out, parts in; stopped and started again it goes on with the parts that are there."""

import hashlib
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from openyibao.warehouse.cache import source_digest
from openyibao.warehouse.run.driver import file_digest, store_digest
from openyibao.warehouse.run.runner import Here, Runner
from openyibao.warehouse.simulate.comparing import EDGES, Order, compare_bucket
from openyibao.warehouse.simulate.funds import FUNDS, LAYERS
from openyibao.warehouse.simulate.grouping import BILL, Grouping, fifths, groupings, per_head, rows_of
from openyibao.warehouse.simulate.outcome import Amount, Bin, County, Dimension, Distribution, Row, Words
from openyibao.warehouse.tables.store import Store, StoreProblem

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Called with what is under way (`compare`, `attribute`), the tasks done, and all of them."""
VERSION = 2
"""Of the parts' form; parts of another version are not taken up."""


class Gathered(NamedTuple):
    """The whole city's sums, by the names that comparing.compared gives them, and its income fifths."""

    sums: dict[str, Any]
    bounds: tuple[int, ...]


def buckets_of(store: Store, year: int) -> list[int]:
    """The year's buckets. Raises StoreProblem where the store has no such year, or not its recorded results."""
    buckets = store.buckets("bill", year)
    if not buckets:
        place, years = store.folder("bill", year), store.years()
        raise StoreProblem(f"{place}: 没有 {year} 年的单据；库中有 {years} no bills of {year}; the store has {years}")
    return buckets


def income_bounds(store: Store, year: int, buckets: Sequence[int]) -> tuple[int, ...]:
    """The income fifths of all person-years of the city."""
    incomes = []
    for bucket in buckets:
        person = store.arrays("person", bucket=bucket, columns=("person", "household", "income", "born", "died"))
        holder = store.arrays("holder", year, bucket, ("person",))
        incomes.append(per_head(person, year)[rows_of(holder, person)])
    return fifths(incomes)


def part_folder(out: Path, what: str, store: Store, year: int, decides: object) -> Path:
    """Where parts lie that only the same question may take up again."""
    words = json.dumps([VERSION, source_digest(), store_digest(store, year), decides], default=str)
    return out / "part" / f"{what}-{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def gather(
    store: Store, year: int, before: tuple[tuple[str, tuple[int, ...]], ...], after: Path, prices: Path | None, recorded: Path, out: Path,
    runner: Runner | None = None, progress: Progress | None = None, top: int = 20, behind: bool = False,
) -> Gathered:  # fmt: skip
    """Compare every bucket and sum. Arguments as comparing.Order; packages are named by their digests.

    behind  write every bill and person-year to `out` as well (behind.py)
    """
    buckets = buckets_of(store, year)
    bounds = income_bounds(store, year, buckets)
    decides = [[Path(path).name, *counties] for path, counties in before], after.name, file_digest(prices) if prices else "", top
    folder = part_folder(out, "compare", store, year, decides)
    common = Order(
        str(store.root.resolve()), store.form, year, 0, before, str(after), str(prices or ""), str(recorded), bounds, top, str(folder),
        str(out) if behind else "",
    )  # fmt: skip
    orders = [common._replace(bucket=bucket) for bucket in buckets]
    sums: dict[str, Any] = {}
    for path in worked(runner, compare_bucket, orders, "compare", progress):
        with np.load(path) as part:
            added(sums, {name: part[name] for name in part.files})
    return Gathered(sums, bounds)


def worked(runner: Runner | None, work: Callable[[T], str], tasks: Sequence[T], what: str, progress: Progress | None) -> Iterator[str]:
    """Do the tasks on whatever runner there is, telling how far they are; the paths come in the order of the tasks."""
    paths = []
    with closing(handed_on((runner or Here()).run(work, tasks))) as answers:
        for count, path in enumerate(answers, 1):
            paths.append(path)
            if progress is not None:
                progress(what, count, len(tasks))
    yield from sorted(paths)


def handed_on(answers: Iterable[str]) -> Generator[str, None, None]:
    """Answers that can be closed, whatever iterator a runner gives: an interruption lets the tasks under way finish."""
    yield from answers


LISTS = ("hard_bills", "hard_years", "yuan", "yuan_persons")
"""Parts that are put one after the other instead of summed."""


def added(sums: dict[str, Any], part: dict[str, Any]) -> None:
    """Add a part to the sums."""
    for name, values in part.items():
        if name not in sums:
            sums[name] = values
        elif name in LISTS:
            sums[name] = np.concatenate((sums[name], values))
        elif name == "extremes":
            sums[name] = np.array([min(sums[name][0], values[0]), max(sums[name][1], values[1])])
        else:
            sums[name] = sums[name] + values


# ---- what the sums say ----


def dimensions_of(found: Gathered, store: Store) -> tuple[Dimension, ...]:
    """Every dimension with its rows; rows without a person are left out."""
    return tuple(dimension_of(grouping, found.sums[f"group_{grouping.key}"], found.bounds) for grouping in groupings(store.arrays("town")))


def dimension_of(grouping: Grouping, table: Any, bounds: tuple[int, ...]) -> Dimension:
    """One dimension."""
    rows = tuple(
        Row(key, words, *(int(figure) for figure in figures))
        for (key, words), figures in zip(grouping.rows, table, strict=True)
        if figures[0] or (grouping.by == BILL and figures[1])
    )
    note = grouping.note
    if grouping.key == "income":
        yuan = [f"{bound // 100:,}" for bound in bounds]
        note = Words(f"{note.zh}；上限依次为 {'、'.join(yuan)} 元/月", f"{note.en}; upper bounds {', '.join(yuan)} yuan a month")
    return Dimension(grouping.key, grouping.words, grouping.by, rows, note)


def counties_of(found: Gathered, store: Store, rules: Mapping[int, Words] | None = None) -> tuple[County, ...]:
    """Every county with what each payer pays for its people; `rules` names the rule set before, by the county's code."""
    town = store.arrays("town")
    grouping = next(one for one in groupings(town) if one.key == "county")
    before, after = found.sums["counties"]
    counties = []
    for place, (key, words) in enumerate(grouping.rows):
        amounts = [
            Amount(fund.key, fund.words, int(before[place, column]), int(after[place, column])) for column, fund in enumerate(FUNDS)
        ]
        pooled = [amount for amount, fund in zip(amounts, FUNDS, strict=True) if fund.pooled]
        counties.append(County(
            key, words, int(found.sums["group_county"][place, 0]), tuple(one for one in amounts if one.before or one.after),
            Amount("fund", LAYERS["fund"], sum(one.before for one in pooled), sum(one.after for one in pooled)),
            Amount("person", LAYERS["person"], int(before[place, -1]), int(after[place, -1])), (rules or {}).get(int(key), Words("", "")),
        ))  # fmt: skip
    return tuple(counties)


def distribution_of(sums: dict[str, Any]) -> Distribution:
    """The distribution of the yearly change; the median is told to the whole yuan, downwards."""
    bounds = (None, *EDGES, None)
    bins = tuple(
        Bin(bounds[place], bounds[place + 1], int(persons), int(money))
        for place, (persons, money) in enumerate(zip(sums["bin_persons"], sums["bin_money"], strict=True))
    )
    order = np.argsort(sums["yuan"], kind="stable")
    times = np.cumsum(sums["yuan_persons"][order])
    changed = int(times[-1]) if len(times) else 0
    median = int(sums["yuan"][order][np.searchsorted(times, (changed + 1) // 2)]) * 100 if changed else 0
    return Distribution(bins, int(sums["extremes"][0]), int(sums["extremes"][1]), median, changed)


def hard_cases(rows: Any, top: int) -> list[tuple[int, int, int]]:
    """The worst losers of the city as (bucket, holder, bill row); where nobody loses, those who gain most. Ties by bucket and row."""
    losers = rows[rows[:, 3] > 0]
    chosen = losers if len(losers) else rows
    order = np.lexsort((chosen[:, 2], chosen[:, 1], chosen[:, 0], -np.abs(chosen[:, 3])))[:top]
    return [(int(bucket), int(holder), int(bill)) for bucket, holder, bill, _ in chosen[order]]
