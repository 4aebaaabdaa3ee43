"""A policy as arrays 政策包: every plan that a year's bills may settle under, when each is in force, what credits the accounts.

A package is all that a bucket needs of a policy, in one file named by its digest; a run on another machine needs no policy folder.
"""

import hashlib
import io
import os
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel.codes import EMPLOYEE, KINDS, RESIDENT
from openyibao.kernel.plan import Plan, no_plan
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import OLDER, rates, retiree_terms
from openyibao.policybook.folio import Gap
from openyibao.policybook.freeze import BY_KIND
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.records import PLAN, Records, plan_records
from openyibao.warehouse.tables.store import Store

MONTHS = 12
TERMS = ("floor", "cap", "younger", "older", "retiree_amount", "retiree_share")
"""What credits a month's accounts: base floor and cap (fen), shares of the base below and from OLDER years of age, and the retirees' sum
(fen, -1 = none) or share of the pension."""


class Package(NamedTuple):
    """The policy of a city for one year of bills, in arrays."""

    city: str
    year: int
    book: str  # digest of the book it was made from
    plans: Records  # (n,) records.PLAN; the last is no_plan()
    edges: Any  # int64 (4,): the segments of scheme s are edges[s] to edges[s + 1]
    starts: Any  # int64 (segments,): first day of each segment
    rows: Any  # int32 (segments,): its plan's row
    missing: Any  # int8 (segments, KINDS): 1 = the benefit this kind of bill needs has no version
    terms: Any  # int64 (12, len(TERMS)): what credits the accounts each month

    @property
    def none(self) -> int:
        """The row of `no_plan()`."""
        return len(self.plans) - 1

    @property
    def digest(self) -> str:
        """A digest of everything that decides a fen; two books that differ elsewhere only give the same."""
        found = hashlib.sha256(f"{self.city} {self.year}".encode())
        for part in (self.plans, self.edges, self.starts, self.rows, self.missing, self.terms):
            found.update(np.ascontiguousarray(part).tobytes())
        return found.hexdigest()


class PackageProblem(Exception):
    """A package that cannot be read; says which file and why."""


def package_of(book: Book, year: int) -> Package:
    """The package of a book for a year's bills. Raises PolicyError where the book lacks what credits an account in that year."""
    plans: list[Plan] = []
    edges, starts, rows, missing = [0, 0], [], [], []
    for scheme in (EMPLOYEE, RESIDENT):
        for segment in book.segments.get(scheme, ()):
            if segment.since > (year + 1) * 10_000:
                break
            starts.append(segment.since)
            frozen = segment.frozen
            if frozen is None:
                rows.append(-1)
                missing.append([0] * KINDS)
                continue
            if frozen.plan not in plans:
                plans.append(frozen.plan)
            rows.append(plans.index(frozen.plan))
            missing.append([int(BY_KIND.get(kind) in frozen.missing) for kind in range(KINDS)])
        edges.append(len(starts))
    row = np.array(rows, np.int32)
    row[row < 0] = len(plans)
    terms = [terms_on(book, year * 100 + month) for month in range(1, MONTHS + 1)]
    return Package(
        book.city, year, book.digest, plan_records([*plans, no_plan()]), np.array(edges, np.int64), np.array(starts, np.int64), row,
        np.array(missing, np.int8).reshape(len(starts), KINDS), np.array(terms, np.int64),
    )  # fmt: skip


def terms_on(book: Book, month: int) -> tuple[int, ...]:
    """What credits the accounts in a month yyyymm, in the order of TERMS."""
    day = month * 100 + 1
    try:
        younger, older, retired = rates(book, day, age=OLDER - 1), rates(book, day, age=OLDER), retiree_terms(book, day)
    except Gap as gap:
        raise PolicyError(gap.problem.file, gap.problem.line, gap.problem.message) from None
    return younger.floor, younger.cap, younger.to_account, older.to_account, retired.amount, retired.share


def write_package(package: Package, folder: Path) -> Path:
    """Write a package to `<folder>/<digest>.npz`, whole or not at all; a file of that name already there is the same package."""
    path = folder / f"{package.digest[:32]}.npz"
    if not path.exists():
        save(package, path)
    return path


def save(package: Package, path: Path) -> None:
    """Write a package to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{os.getpid()}.npz")
    np.savez(
        part, city=np.array(package.city), year=np.array(package.year), book=np.array(package.book),
        plans=package.plans.view(np.int64).reshape(len(package.plans), -1), edges=package.edges, starts=package.starts, rows=package.rows,
        missing=package.missing, terms=package.terms,
    )  # fmt: skip
    part.replace(path)


def read_package(path: Path) -> Package:
    """Read a package. Raises PackageProblem naming the file; also when it was made by another version of the law's parameters."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as found:
            plain = {name: found[name] for name in found.files}
        flat = plain["plans"]
        if flat.shape[1] * flat.itemsize != PLAN.itemsize:
            raise PackageProblem(f"{path}: the package was made by another version of the law; make it again from the policies")
        plans = np.ascontiguousarray(flat).view(PLAN).reshape(-1)
        return Package(
            str(plain["city"]), int(plain["year"]), str(plain["book"]), plans, plain["edges"], plain["starts"], plain["rows"],
            plain["missing"], plain["terms"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        raise PackageProblem(f"{path}: not a policy package ({problem})") from None


def package_at(path: Path) -> Package:
    """A package, read once a process as long as its file stays the same. Raises PackageProblem."""
    try:
        return kept(str(path), path.stat().st_mtime_ns)
    except OSError as problem:
        raise PackageProblem(f"{path}: {problem}") from None


@lru_cache(maxsize=16)
def kept(path: str, changed: int) -> Package:
    """A package by its file and the file's time."""
    return read_package(Path(path))


def recorded_path(store: Store, year: int) -> Path:
    """Where a store keeps the package that its year was settled under 已记录的政策; whoever makes a store writes it (`save`)."""
    return store.root / "policy" / f"year={year}.npz"
