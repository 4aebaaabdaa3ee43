"""What the policy desk writes 政策启用: a package is kept whole before the first bill settles under it."""

from datetime import datetime

from django.db import transaction

from openyibao.bureau.policydesk.models import InForce, Package
from openyibao.bureau.policydesk.queries import Shelf, files_of


@transaction.atomic
def put_in_force(shelf: Shelf, *, at: datetime, by: str) -> list[str]:
    """Keep the package of every book of the shelf and note where another one begins; the cities whose package changed."""
    changed = []
    for admdvs, book in sorted(shelf.books.items()):
        Package.objects.get_or_create(
            digest=book.digest, defaults={"city": book.city, "files": files_of(shelf.root, book.city), "taken_at": at}
        )
        last = InForce.objects.filter(city=book.city).order_by("-at", "-id").first()
        if last is None or last.package_id != book.digest:
            InForce.objects.create(city=book.city, admdvs=admdvs, package_id=book.digest, at=at, by=by)
            changed.append(book.city)
    return changed
