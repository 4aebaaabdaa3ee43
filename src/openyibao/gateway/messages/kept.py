"""What a hospital sent, as our tables keep it 留存: moments with their zone, and the further fields of a row as plain JSON."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from openyibao.gateway.values import SHANGHAI

FAR_YEAR = 2099
"""A last day in or after this year means that there is no end."""


def instant(moment: datetime) -> datetime:
    """A moment of the wire, which carries no zone, as an instant."""
    return moment.replace(tzinfo=SHANGHAI)


def clock(at: datetime) -> datetime:
    """An instant as the clock on the wall shows it, for replies."""
    return at.astimezone(SHANGHAI).replace(tzinfo=None)


def first_day_after(last: date | None) -> date | None:
    """The end of a half-open span from the wire's last day 结束日期, which still counts; None without an end."""
    if last is None or last.year >= FAR_YEAR:
        return None
    return (last.date() if isinstance(last, datetime) else last) + timedelta(days=1)


def last_day(ends: date | None) -> date | None:
    """The wire's last day 结束日期 of a half-open span; None without an end."""
    return ends - timedelta(days=1) if ends is not None else None


def further(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    """The fields of a row that have no column of their own, by their national names, as plain JSON; figures as texts."""
    return {name: plain(value) for name, value in row.items() if name not in columns}


def plain(value: Any) -> Any:
    """A checked value as plain JSON: days and figures as texts, rows and lists through and through."""
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
