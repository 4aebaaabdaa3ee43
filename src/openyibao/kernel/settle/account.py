"""Who pays the person's part 个人负担的支付: own account, then the shared family account, then cash (example E15)."""

from typing import NamedTuple

from openyibao.kernel.claim import Claim
from openyibao.kernel.codes import ACCOUNT_IN_SCOPE, DECEASED, NO_PROVIDER, OUTSIDE_FUND
from openyibao.kernel.law import law
from openyibao.kernel.plan import Plan
from openyibao.kernel.year import Year


class PersonPays(NamedTuple):
    """The person's part by purse, fen; own + family + cash == person."""

    own: int
    family: int
    cash: int


@law
def account_closed(outcome: int) -> bool:
    """Whether no account may pay: after death it is the heirs', at an institution without agreement and for work injury it has no use."""
    return outcome in (DECEASED, NO_PROVIDER, OUTSIDE_FUND)


@law
def person_pays(person: int, third_party: int, left_in_scope: int, outcome: int, claim: Claim, year: Year, plan: Plan) -> PersonPays:
    """Split the person's part 个人负担 over the purses; an account never goes below zero, and pays nothing when the patient refuses.

    third_party    what a third party owes of the person's part: no account pays it
    left_in_scope  the in-scope part, for a city whose accounts pay nothing else
    """
    if claim.account_use == 0 or account_closed(outcome):
        return PersonPays(0, 0, person)
    payable = person - third_party
    if plan.account.scope == ACCOUNT_IN_SCOPE:
        payable = min(payable, left_in_scope)
    own = min(payable, max(year.account, 0))
    family = min(payable - own, max(year.family, 0)) if plan.account.family == 1 else 0
    return PersonPays(own, family, person - own - family)
