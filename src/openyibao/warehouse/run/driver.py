"""A whole year settled again 全年重新结算: the tasks of a run, its card, progress, interruption, resumption.

A run's folder:

    run.json                                what was settled under what; when it is whole, the sums
    result/year=2023/bucket=00000.arrow     a row per bill, in the order of the store's `bill`
    closing/year=2023/…                     a row per holder
    rescoped/year=2023/…                    only where the reform changes prices or scope
    part/year=2023/…                        what each bucket came to; a bucket is done when its part is there
    policy/<digest>.npz                     the package
"""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing as closing_of
from pathlib import Path
from typing import Any, NamedTuple

from openyibao.policybook.book import Book, load_book, policies_root
from openyibao.warehouse.run.package import Package, package_of, read_package, recorded_path, write_package
from openyibao.warehouse.run.parts import Done, part_path
from openyibao.warehouse.run.pricing import scope_differs
from openyibao.warehouse.run.runner import Here, Runner
from openyibao.warehouse.run.task import Task, settle_bucket
from openyibao.warehouse.run.totals import empty_cube, measured
from openyibao.warehouse.tables.store import Store, StoreProblem, whole

CARD = "run.json"
Progress = Callable[[int, int, int], None]
"""Called with the buckets done, all buckets, and the bills settled so far."""


class Want(NamedTuple):
    """What is asked of a run beside the totals."""

    against: bool = False  # compare every bill with its recorded result
    prices: Path | None = None  # a repriced `item` file
    carry: Path | None = None  # the run whose closing of the year before opens this one
    again: bool = False  # begin anew, whatever is done


PLAIN = Want()
"""Totals, and results where there is a folder for them."""


class Run(NamedTuple):
    """A year settled under a package."""

    year: int
    package: str  # digest
    bills: int
    cube: Any  # totals.SHAPE
    recorded: Any  # the same of the recorded results; None when not asked for
    changed: int
    accounts: tuple[int, int, int]  # fen: on 1 January, credited, on 31 December
    out: Path | None
    buckets: int
    found: int  # of these, done already by an earlier call
    seconds: float  # wall clock, this call alone
    busy: float  # of all workers together


def resettle(
    store: Store, year: int, policy: Book | Package, out: Path | None = None, *, runner: Runner | None = None,
    progress: Progress | None = None, want: Want = PLAIN,
) -> Run:  # fmt: skip
    """Settle every bill of a year under a policy.

    policy    a book, or a package made from one for that year
    out       folder for every bill's result; None = totals only
    Interrupted (KeyboardInterrupt) and called again with the same `out`, it goes on with the buckets not yet whole, to the same bytes.
    Raises StoreProblem, PolicyError, PackageProblem, RunnerProblem.
    """
    begun = time.perf_counter()
    package = policy if isinstance(policy, Package) else package_of(policy, year)
    if package.year != year:
        raise ValueError(f"the package is of {package.year}, the run of {year}")
    tasks = tasks_of(store, year, package, out, want)
    if out is not None:
        prepared(out, identity(store, year, package, want), want.again)
    found = sum(part_path(out, year, task.bucket).exists() for task in tasks) if out is not None else 0
    cube, recorded = empty_cube(), empty_cube() if want.against else None
    bills, changed, accounts, busy = 0, 0, [0, 0, 0], 0.0
    with closing_of(as_generator((runner or Here()).run(settle_bucket, tasks))) as answers:
        for count, done in enumerate(answers, 1):
            cube += done.cube
            if recorded is not None:
                recorded += done.recorded
            bills, changed, busy = bills + done.bills, changed + done.changed, busy + done.seconds
            accounts = [mine + its for mine, its in zip(accounts, done.accounts, strict=True)]
            if progress is not None:
                progress(count, len(tasks), bills)
    run = Run(year, package.digest, bills, cube, recorded, changed, (accounts[0], accounts[1], accounts[2]), out, len(tasks), found,
              time.perf_counter() - begun, busy)
    if out is not None:
        write_card(out, run, package, identity(store, year, package, want))
    return run


def as_generator(answers: Iterable[Done]) -> Any:
    """Answers that can be closed, whatever iterator a runner gives."""
    yield from answers


def resettle_years(
    store: Store, years: Sequence[int], policy: Callable[[int], Package], out: Path, *, runner: Runner | None = None,
    progress: Progress | None = None, want: Want = PLAIN,
) -> list[Run]:  # fmt: skip
    """Consecutive years, each opened with what the run of the year before closed with. Raises as `resettle`."""
    runs: list[Run] = []
    for year in sorted(years):
        carry = out if runs and runs[-1].year == year - 1 else want.carry if not runs else None
        runs.append(resettle(store, year, policy(year), out, runner=runner, progress=progress, want=want._replace(carry=carry)))
    return runs


def tasks_of(store: Store, year: int, package: Package, out: Path | None, want: Want) -> list[Task]:
    """A task a bucket, ascending; the package's file is written. Raises StoreProblem where the store has no such year."""
    buckets = store.buckets("bill", year)
    if not buckets:
        raise StoreProblem(f"{store.folder('bill', year)}: 没有 {year} 年的单据；库中有 {store.years()} "
                           f"no bills of {year}; the store has {store.years()}")
    file = write_package(package, (out or store.root) / "policy")
    recorded = recorded_package(store, year) if has_lines(store, year) else None
    recorded_file = None
    if recorded is not None and scope_differs(recorded, package):
        recorded_file = write_package(recorded, (out or store.root) / "policy")
    paths = (absolute(store.root), absolute(file), absolute(out), absolute(want.prices), absolute(recorded_file), absolute(want.carry))
    root, package_file, folder, prices, scoped_under, carry = paths     # a worker elsewhere has another working directory
    return [
        Task(root, year, bucket, package_file, folder, prices, scoped_under, carry, int(want.against), store.form) for bucket in buckets
    ]


def absolute(path: Path | None) -> str:
    """A path as it reads from any working directory; none is the empty word."""
    return str(path.resolve()) if path is not None else ""


def has_lines(store: Store, year: int) -> bool:
    """Whether the year's charge lines are in the store."""
    return bool(store.buckets("line", year))


def recorded_package(store: Store, year: int) -> Package:
    """The package that a store's year was settled under: the one kept in it, else made from the policies its card names."""
    kept = recorded_path(store, year)
    if kept.exists():
        return read_package(kept)
    card = store.card()
    return package_of(load_book(policies_root(), card["city"], readings=card.get("readings", ())), year)


def identity(store: Store, year: int, package: Package, want: Want) -> dict[str, Any]:
    """What decides a run's figures; a folder holds one such run a year."""
    return {
        "year": year, "package": package.digest, "city": package.city, "store": store_digest(store, year),
        "prices": file_digest(want.prices) if want.prices else "", "carry": card_digest(want.carry, year - 1) if want.carry else "",
        "against": want.against,
    }  # fmt: skip


def store_digest(store: Store, year: int) -> str:
    """A digest of a store's year: its card, and the names and sizes of the files that a run reads."""
    found = hashlib.sha256((json.dumps(store.card(), sort_keys=True, ensure_ascii=False)).encode())
    for table in ("bill", "holder", "line"):
        for file in sorted(store.folder(table, year).glob(f"*.{store.form}")):
            found.update(f"{table} {file.name} {file.stat().st_size}".encode())
    return found.hexdigest()


def file_digest(path: Path) -> str:
    """A file's digest."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def card_digest(run: Path, year: int) -> str:
    """The identity of the run that is carried over. Raises StoreProblem where it is not whole."""
    card = read_card(run).get(str(year))
    if card is None or "totals" not in card:
        raise StoreProblem(f"{run}: 没有 {year} 年的完整结果可结转 there is no whole run of {year} to carry over")
    return hashlib.sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()


def read_card(out: Path) -> dict[str, Any]:
    """A run folder's card by year, empty where there is none."""
    try:
        found: dict[str, Any] = json.loads((out / CARD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as problem:
        raise StoreProblem(f"{out / CARD}: {problem}") from None
    return found


def prepared(out: Path, asked: dict[str, Any], again: bool) -> None:
    """Make the folder ready: keep what the same run has done, refuse what another has, unless asked to begin again. Raises StoreProblem."""
    card, year = read_card(out), str(asked["year"])
    kept = {name: value for name, value in card.get(year, {}).items() if name in asked}
    if again or (year in card and kept != asked):
        if not again:
            differs = "、".join(name for name in asked if kept.get(name) != asked[name])
            raise StoreProblem(f"{out}: 这里是另一次运行的结果（{differs} 不同）；换一个目录，或用 --again 重做 "
                               f"another run's results lie here ({differs} differ); choose another folder, or --again")
        for table in ("part", "result", "closing", "rescoped"):
            shutil.rmtree(out / table / f"year={year}", ignore_errors=True)
        card.pop(year, None)
    if year not in card:
        save_card(out, card | {year: asked})


def write_card(out: Path, run: Run, package: Package, asked: dict[str, Any]) -> None:
    """Note a whole run's sums; no clock, so that the same run leaves the same bytes."""
    months = {f"{month:02d}": measured(run.cube, month=month) for month in range(1, 13)}
    compared = {"changed": run.changed, "recorded": measured(run.recorded)} if run.recorded is not None else {}
    sums = {"book": package.book, "bills": run.bills, "buckets": run.buckets, "accounts": run.accounts,
            "totals": measured(run.cube), "months": months, **compared}
    save_card(out, read_card(out) | {str(run.year): asked | sums})


def save_card(out: Path, card: dict[str, Any]) -> None:
    """Write the card whole."""
    out.mkdir(parents=True, exist_ok=True)
    whole(out / CARD, (json.dumps(card, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())
