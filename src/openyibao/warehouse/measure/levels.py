"""The warning levels of reserves 预警线: the policy book's, and our own red line."""

from openyibao.kernel.codes import RESIDENT
from openyibao.kernel.indicators.reserve import Levels
from openyibao.policybook.book import Book
from openyibao.policybook.contributions import page
from openyibao.warehouse.measure.plantable import choices

HUNDRED = 100


def levels_of(book: Book, day: int) -> Levels:
    """The warning levels on a day: the policy book's, and our own red line. Raises Gap where the book lacks one."""
    found = page(book, RESIDENT, day)
    return Levels(
        excess=found.whole("", "fund.excess_months"),
        high=found.whole("", "fund.comfortable_months.high"),
        low=found.whole("", "fund.comfortable_months.low"),
        insufficient=found.whole("", "fund.insufficient_months"),
        red=choices()["months.red"].value // HUNDRED,
    )
