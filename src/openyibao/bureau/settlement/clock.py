"""The city's clock 北京时间: instants come from the database in UTC; days and printed times are the city's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def local(at: datetime) -> datetime:
    """An instant on the city's clock."""
    return at.astimezone(BEIJING)


def day_of(at: datetime) -> date:
    """The city's day of an instant."""
    return at.astimezone(BEIJING).date()
