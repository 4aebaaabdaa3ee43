"""What the policy desk writes 政策启用: a package is kept whole before the first bill settles under it."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from openyibao.bureau.policydesk.laid import NOTHING, Laid, laid_over
from openyibao.bureau.policydesk.models import Amendment, InForce, Package, RuleSetSwitch
from openyibao.bureau.policydesk.queries import Shelf, files_of, open_shelf

BY = InForce._meta.get_field("by").max_length


@transaction.atomic
def put_in_force(shelf: Shelf, *, at: datetime, by: str) -> list[str]:
    """Keep the package of every book of the shelf and note where another one begins; the cities whose package changed."""
    changed = []
    for admdvs, book in sorted(shelf.books.items()):
        laid = shelf.laid.get(book.city, NOTHING)
        Package.objects.get_or_create(
            digest=book.digest,
            defaults={
                "city": book.city, "files": files_of(shelf.root, book.city), "overlays": [list(one) for one in laid.overlays],
                "rule_sets": [list(one) for one in laid.rule_sets], "taken_at": at,
            },
        )  # fmt: skip
        last = InForce.objects.filter(city=book.city).order_by("-at", "-id").first()
        if last is None or last.package_id != book.digest:
            InForce.objects.create(city=book.city, admdvs=admdvs, package_id=book.digest, at=at, by=by[:BY])
            changed.append(book.city)
    return changed


@transaction.atomic
def amend(
    *, root: Path, city: str, name: str, name_en: str, text: str, starts: date, draft: int, by: Sequence[str], at: datetime
) -> Amendment:
    """Lay an approved change over a city's files 政策调整启用: bills of its first day on settle under it, earlier bills as before.

    text  in the form of a policy file; `by` the logins of who drafted and who approved, in order
    Raises PolicyError when the book cannot be frozen with it; then nothing is written.
    """
    row = Amendment.objects.create(
        city=city, name=name, name_en=name_en, text=text, starts=starts, draft=draft, by=list(by), at=at
    )
    put_in_force(shelf_of(root, city), at=at, by=", ".join(by))
    return row


@transaction.atomic
def switch_rule_set(
    *, root: Path, city: str, name: str, on: bool, day: date, diagnoses: Sequence[str], by: Sequence[str], at: datetime
) -> RuleSetSwitch:
    """Switch an emergency rule set on or off from a day 应急规则启停. Raises PolicyError for a set that the city does not have."""
    row = RuleSetSwitch.objects.create(city=city, name=name, on=on, day=day, diagnoses=list(diagnoses), by=list(by), at=at)
    put_in_force(shelf_of(root, city), at=at, by=", ".join(by))
    return row


def shelf_of(root: Path, city: str) -> Shelf:
    """The shelf of one city with everything that lies over its files now. Raises PolicyError."""
    laid: dict[str, Laid] = laid_over()
    return open_shelf(root, (city,), laid=laid)
