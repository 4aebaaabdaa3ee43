"""The pages that are asked for: each long list plain, filtered, sorted, and its thousandth page; and the bare SQL of its rows."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Model

from openyibao.bureau.claims.lists import CLAIMS, PAY_BATCHES
from openyibao.bureau.claims.models import Batch, Claim
from openyibao.bureau.frontdesk.lists import OBJECTIONS, OWN_BILLS, OWN_CLAIMS, OWN_LOOKS
from openyibao.bureau.frontdesk.models import Objection
from openyibao.bureau.monitoring.lists import ALERTS, HOURS, MESSAGES, REFUSALS
from openyibao.bureau.monitoring.models import Alert, Hour, Refusal
from openyibao.bureau.pages.listing import PAGE, Listing, ordering, values_of
from openyibao.bureau.planning.lists import TASKS
from openyibao.bureau.planning.models import Task
from openyibao.bureau.policymaking.lists import DRAFTS
from openyibao.bureau.policymaking.models import Draft
from openyibao.bureau.settlement.models import Message, Settlement
from openyibao.bureau.simulation.lists import RUNS
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.staff.lists import ACTS, CHANGES, LOOKS, SIGN_INS, WORK
from openyibao.bureau.staff.models import Act, Change, Look, Officer, SignIn, Work
from openyibao.bureau.statement.lists import BILLS
from openyibao.gateway.window.lists import CLOSES, VISITS
from openyibao.gateway.window.models import Close, Visit

DEEP = 999
"""Pages before the far one."""


HOSPITAL = "H43310199001"
"""The cashier's."""


def mine(query: Any) -> Any:
    """The rows of the insured person of the demo accounts."""
    return query.filter(psn_no=Officer.objects.get(login="insured").psn_no)


class Page(NamedTuple):
    """A list: who looks at it, where, with which filter and order."""

    name: str
    login: str
    path: str
    model: type[Model]
    listing: Listing
    filtered: str
    sorted: str
    rows: Callable[[Any], Any] = lambda query: query


PAGES = (
    Page("bills", "policy", "/bills/", Settlement, BILLS, "scheme=310&since=2023-01-01", "-total"),
    Page("bills_of_a_county", "clerk", "/bills/", Settlement, BILLS, "kind=1", "at"),
    Page("claims", "auditor", "/claims/", Claim, CLAIMS, "state=second&since=2022-01-03", "-total"),
    Page("claims_of_a_county", "county", "/claims/", Claim, CLAIMS, "state=first", "-ends", lambda query: query.filter(area="433130")),
    Page("acts", "auditor", "/logs/acts", Act, ACTS, "what=claim.&since=2023-01-01", "at"),
    Page("looks", "auditor", "/logs/looks", Look, LOOKS, "officer=officer7", "at"),
    Page("sign_ins", "auditor", "/logs/sign-ins", SignIn, SIGN_INS, "outcome=wrong", "at"),
    Page("refusals", "policy", "/operations/refusals", Refusal, REFUSALS, "code=LINE-01", "at"),
    Page("visits", "cashier", "/window/", Visit, VISITS, "state=3", "at", lambda query: query.filter(fixmedins_code=HOSPITAL)),
    Page("closes", "cashier", "/window/days", Close, CLOSES, "agreed=1", "day", lambda query: query.filter(fixmedins_code=HOSPITAL)),
    Page("messages", "policy", "/operations/messages", Message, MESSAGES, "institution=H43310199002", ""),
    Page("hours", "policy", "/operations/institutions", Hour, HOURS, "institution=H43310199002", "hour"),
    Page("alerts", "policy", "/operations/alerts", Alert, ALERTS, "state=open", "raised"),
    Page("objections", "clerk", "/own/objections", Objection, OBJECTIONS, "state=open", "at"),
    Page("changes", "auditor", "/staff/changes", Change, CHANGES, "state=approved", "at"),
    Page("tasks", "policy", "/plan/tasks", Task, TASKS, "state=open", "due"),
    Page("drafts", "policy", "/policies/drafts", Draft, DRAFTS, "state=writing", "starts"),
    Page("runs", "policy", "/simulations/", Run, RUNS, "state=done", "at"),
    Page("batches", "paymaster", "/claims/batches", Batch, PAY_BATCHES, "state=made", "number"),
    Page("own_bills", "insured", "/own/bills", Settlement, OWN_BILLS, "since=2023-01-01", "-total", mine),
    Page("own_claims", "insured", "/own/claims", Claim, OWN_CLAIMS, "state=paid", "number", mine),
    Page("own_looks", "insured", "/own/looks", Look, OWN_LOOKS, "since=2023-01-01", "at", mine),
    Page("work", "first", "/me/work", Work, WORK, "kind=claim", "opened",
         lambda query: query.filter(closed_at=None, act="claim.first", area="433101")),
)  # fmt: skip


def asked(page: Page) -> dict[str, str]:
    """Way of asking -> address."""
    return {
        "plain": page.path, "filtered": f"{page.path}?{page.filtered}", "sorted": f"{page.path}?order={page.sorted}",
        "far": f"{page.path}?after={token(page)}",
    }  # fmt: skip


def token(page: Page) -> str:
    """The token of the last row of page 999, as that page would carry it; of the middle of a list that is shorter."""
    fields, _ = ordering(page.listing, "")
    query = page.rows(page.model._default_manager.all()).order_by(*fields)
    place = min(DEEP * PAGE - 1, query.count() // 2)
    return str(signing.dumps([fields, values_of(query[place], fields)], salt=page.listing.name, compress=True))


def bare(page: Page) -> list[Any]:
    """The baseline: the newest rows of the table by its key, all columns, nothing else."""
    return list(page.model._default_manager.order_by("-pk")[:PAGE].values_list())
