"""Was this paid already 重复报销核对: the same invoice or the same bill settled directly at a window."""

from collections.abc import Iterable
from datetime import date, timedelta

from openyibao.bureau.settlement.models import BillList, Settlement, Standing

LISTED = timedelta(days=60)
"""How far around a bill's day the lists of settled bills are searched for its invoice."""


def with_invoice(numbers: Iterable[str], *, psn_no: str, day: date) -> dict[str, int]:
    """Invoice number -> the standing settlement that names it: by its message (anybody's), or by its list 4101 (this person's)."""
    wanted = [number for number in numbers if number]
    found: dict[str, int] = {}
    for setl_id, detail in Settlement.objects.filter(detail__invono__in=wanted, mirror_of=None).values_list("setl_id", "detail"):
        found[detail["invono"]] = setl_id
    near = Settlement.objects.filter(psn_no=psn_no, day__gte=day - LISTED, day__lte=day + LISTED, mirror_of=None)
    for setl_id, content in BillList.objects.filter(setl_id__in=near.values("setl_id")).values_list("setl_id", "content"):
        number = str((content.get("setlinfo") or {}).get("bill_no") or "")
        if number in wanted:
            found[number] = setl_id
    standing = set(Standing.objects.filter(setl_id__in=found.values()).values_list("setl_id", flat=True))
    return {number: setl_id for number, setl_id in found.items() if setl_id in standing}


def same_bill(*, psn_no: str, institution: str, day: date, total: int) -> int | None:
    """The standing settlement at a window of the same person, institution, day and total; None = there is none."""
    rows = Settlement.objects.filter(psn_no=psn_no, fixmedins_code=institution, day=day, total=total, mirror_of=None)
    for setl_id, detail in rows.values_list("setl_id", "detail"):
        if detail.get("direct", 1) and Standing.objects.filter(setl_id=setl_id).exists():
            return int(setl_id)
    return None
