"""Our side of reconciliation 对账数据: settlements of a period and what the ledger booked for them, payments, what 3201 said."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from openyibao.bureau.settlement.models import Statement
from openyibao.bureau.settlement.reconcile import TOTALS, Bill, Group, Mismatch, Payment, Sums, money

CITY_TIME = ZoneInfo("Asia/Shanghai")

BILLS = """
SELECT s.setl_id, s.mdtrt_id, s.psn_no, s.fixmedins_code, s.insutype, s.clr_type, (s.at AT TIME ZONE 'Asia/Shanghai')::date,
  s.total, s.fund, s.account, s.cash, s.mirror_of, s.msgid, b.fund, coalesce(b.account, 0)::bigint
FROM settlement_settlement s
LEFT JOIN LATERAL (
  SELECT coalesce(sum(p.fen) FILTER (WHERE p.fund <> 'personal-account'), 0)::bigint AS fund,
    coalesce(sum(p.fen) FILTER (WHERE p.fund = 'personal-account'), 0)::bigint AS account
  FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id AND p.account = 'benefit' WHERE e.setl_id = s.setl_id HAVING count(*) > 0
) b ON true
WHERE s.at >= %s AND s.at < %s AND (%s = '' OR s.fixmedins_code = %s AND coalesce(s.detail ->> 'direct', '1') <> '0')
  AND (%s = '' OR s.insutype = %s) AND (%s = '' OR s.clr_type = %s)
ORDER BY s.fixmedins_code, s.at, s.setl_id
"""

PAYMENTS = """
SELECT e.id::text, substr(o.account, 9), e.day, sum(o.fen)::bigint FROM fund_entry e
JOIN fund_posting o ON o.entry_id = e.id AND o.account LIKE 'payable/%%'
WHERE e.day >= %s AND e.day < %s AND e.setl_id IS NULL
  AND EXISTS (SELECT FROM fund_posting p WHERE p.entry_id = e.id AND p.account = 'bank')
  AND (%s = '' OR o.account = 'payable/' || %s)
GROUP BY e.id, o.account, e.day ORDER BY e.id
"""


def period(first: date, last: date) -> tuple[datetime, datetime]:
    """The instants of the days from `first` to `last`, both counted, in the city: half-open."""
    ends = last + timedelta(days=1)
    return datetime.combine(first, time(), CITY_TIME), datetime.combine(ends, time(), CITY_TIME)


def bills(starts: datetime, ends: datetime, *, institution: str = "", insutype: str = "", clr_type: str = "") -> list[Bill]:
    """Settlements and mirrors whose setl_time lies in [starts, ends); an empty filter lets everything through.

    Of one institution without paper claims of care in it, which its own books cannot have.
    """
    values = [starts, ends, institution, institution, insutype, insutype, clr_type, clr_type]
    with connection.cursor() as cursor:
        cursor.execute(BILLS, values)
        return [Bill(*row) for row in cursor.fetchall()]


def payments(first: date, last: date, institution: str = "") -> list[Payment]:
    """Payments to institutions that are booked on the days from `first` to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(PAYMENTS, [first, last + timedelta(days=1), institution, institution])
        return [Payment(*row) for row in cursor.fetchall()]


def record(
    institution: str, infno: str, at: datetime, span: tuple[datetime, datetime], said: Mapping[str, Any], ours: Mapping[str, Any],
    result: str,
) -> None:  # fmt: skip
    """Keep what an institution asked to compare and what came of it."""
    Statement.objects.create(
        fixmedins_code=institution, infno=infno, at=at, starts=span[0], ends=span[1], said=dict(said), ours=dict(ours), result=result
    )


def said_totals(day: date, institution: str = "") -> dict[Group, Sums]:
    """What institutions last said by 3201 about one day: the sums of all their bills of the day, by group."""
    starts, ends = period(day, day)
    rows = Statement.objects.filter(infno="3201", starts=starts, ends=ends, said__refunds=None).order_by("at", "id")
    if institution:
        rows = rows.filter(fixmedins_code=institution)
    found: dict[Group, Sums] = {}
    for one in rows:
        said = one.said
        group = (one.fixmedins_code, said["insutype"], said["clr_type"], day)
        found[group] = Sums(said["total"], said["fund"], said["account"], said.get("cash") or 0, said["bills"])
    return found


def totals_differ(said: Mapping[Group, Sums], ours: Mapping[Group, Sums]) -> list[Mismatch]:
    """Groups whose totals an institution sent and that are not ours; cash is not compared, not everybody sends it."""
    found = []
    for group, theirs in said.items():
        our = ours.get(group, Sums())
        if theirs._replace(cash=0) != our._replace(cash=0):
            place = f"{group[1]} {group[2]} {group[3]}"
            found.append(Mismatch(TOTALS, group[0], place, words(theirs), words(our), theirs.fund - our.fund))
    return found


def words(sums: Sums) -> str:
    """Sums in words: total / funds / account, number of bills."""
    return f"{money(sums.total)} / {money(sums.fund)} / {money(sums.account)} ({sums.bills})"
