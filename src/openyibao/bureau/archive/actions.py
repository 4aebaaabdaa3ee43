"""What the archive writes 年度库入库: a store into the database, with the package it was settled under, and that it was done."""

from collections.abc import Sequence
from datetime import datetime

from openyibao.bureau.archive.arriving import Arrived, arrived
from openyibao.bureau.archive.city import book_cached
from openyibao.bureau.archive.keeping import Progress
from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.queries import files_of
from openyibao.bureau.staff.actions import acted
from openyibao.policybook.book import policies_root
from openyibao.warehouse.run.runner import Runner
from openyibao.warehouse.tables.store import Store


def take_in(
    *, store: Store, years: Sequence[int], url: str, keys: tuple[bytes, bytes], runner: Runner, progress: Progress, at: datetime,
    officer: str, seal: bool = True,
) -> Arrived:  # fmt: skip
    """Load a store's people and the bills of `years` 年度库入库; goes on where an earlier load stopped. See `arriving.arrived`."""
    card = store.card()
    readings = tuple(card.get("readings", ()))
    book = book_cached(str(card["city"]), readings)
    Package.objects.get_or_create(
        digest=book.digest,
        defaults={"city": book.city, "files": files_of(policies_root(), book.city), "readings": list(readings), "taken_at": at},
    )
    done = arrived(store, years, url, keys, runner, progress, seal)
    detail = {"years": list(years), "persons": done.persons, "settled": done.settled, "rows": done.rows}
    acted(officer=officer, what="archive.take-in", object=f"store/{card['city']}", at=datetime.now(at.tzinfo), detail=detail)
    return done
