"""A share above a yearly deductible on a running base 年度起付线以上按比例: what supplement, aid and added layers have in common."""

from openyibao.kernel.law import law
from openyibao.kernel.rounding import share


@law
def above_yearly(before: int, amount: int, deductible: int, ratio: int, cumulative: int, rounding: int) -> int:
    """`ratio` of that part of `amount` which lies above the yearly deductible on the running base, fen.

    before      the base of the year's earlier bills, fen
    cumulative  1 = round on the running amount and take the difference, 0 = round this bill's part on its own
    """
    earlier, later = max(before - deductible, 0), max(before + amount - deductible, 0)
    if cumulative == 1:
        return share(later, ratio, rounding) - share(earlier, ratio, rounding)
    return share(later - earlier, ratio, rounding)
