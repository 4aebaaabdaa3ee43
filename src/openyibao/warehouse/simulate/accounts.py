"""Personal accounts before and after 个人账户: who is credited more or less a month, what is paid from them, what is left."""

from typing import Any

from openyibao.warehouse.simulate.comparing import ACCOUNT
from openyibao.warehouse.simulate.grouping import INCOME
from openyibao.warehouse.simulate.outcome import AccountRow, Accounts, Words

ROWS = (
    ("active_under_45", Words("在职，45 岁以下", "in work, under 45")),
    ("active_from_45", Words("在职，45 岁及以上", "in work, 45 and over")),
    ("flexible_under_45", Words("灵活就业，45 岁以下", "flexible, under 45")),
    ("flexible_from_45", Words("灵活就业，45 岁及以上", "flexible, 45 and over")),
    ("retired_under_70", Words("退休，70 岁以下", "retired, under 70")),
    ("retired_from_70", Words("退休，70 岁及以上", "retired, 70 and over")),
    *((f"income_{key}", words) for key, words in INCOME),
)
"""Rows of comparing.accounts_of; the first six parts make up all owners."""
PARTS = 6


def accounts_of(table: Any) -> Accounts:
    """The accounts of the whole city from the buckets' summed rows."""
    whole = table[:PARTS].sum(axis=0)
    rows = [row_of("all", Words("全部个人账户", "all accounts"), whole)]
    rows += [row_of(key, words, figures) for (key, words), figures in zip(ROWS, table, strict=True)]
    named = dict(zip(ACCOUNT, (int(figure) for figure in whole), strict=True))
    return Accounts(
        tuple(row for row in rows if row.owners or row.key == "all"), named["credit_before"] - named["credit_after"], named["opening"],
        named["closing_before"], named["closing_after"],
    )  # fmt: skip


def row_of(key: str, words: Words, figures: Any) -> AccountRow:
    """One row; a month's gain or loss is the mean over the months of those credited more or less, fen, half up."""
    named = dict(zip(ACCOUNT, (int(figure) for figure in figures), strict=True))
    plain = {name: named[name] for name in (*ACCOUNT[:8], "gain", "lose")}
    monthly = mean(named["gained"], named["gain_months"]), mean(named["lost"], named["lose_months"])
    return AccountRow(key=key, words=words, **plain, month_gain=monthly[0], month_lose=monthly[1])


def mean(amount: int, count: int) -> int:
    """A mean, half up; 0 of nothing."""
    return (2 * amount + count) // (2 * count) if count else 0
