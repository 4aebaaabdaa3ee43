"""Who pays the person's part 个人负担的支付: own account, then the shared family account, then cash (example E15)."""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import ACCOUNT_IN_SCOPE
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.year import Year


class PersonPays(NamedTuple):
    """The person's part by purse, fen; own + family + cash == person."""

    own: int
    family: int
    cash: int


@law
def person_pays(person: int, left_in_scope: int, claim: Claim, year: Year, plan: Plan) -> PersonPays:
    """Split the person's part 个人负担 over the purses; an account never goes below zero, and not at all when refused."""
    if claim.account_use == 0:
        return PersonPays(0, 0, person)
    payable = min(person, left_in_scope) if plan.account.scope == ACCOUNT_IN_SCOPE else person
    own = min(payable, max(year.account, 0))
    family = min(payable - own, max(year.family, 0)) if plan.account.family == 1 else 0
    return PersonPays(own, family, person - own - family)
