"""Everybody walks everywhere: each address with each role, compared with the rights table; nothing breaks, looking changes nothing, and no
page asks the database more than 25 questions."""

import re
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

from addresses import Address, acts_of, addresses, patterns
from openyibao.bureau.staff.asking import OPEN
from openyibao.bureau.staff.rights import acts, table
from seeded import RESIDENT
from signed import client_as, open_client
from town import town

__all__ = ["town"]
ROLES = sorted(table()["roles"])
MOST_QUERIES = 25
WRITE = re.compile(r'^\s*(?:WITH .*?\) )?(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|LOCK)\s+"?(\w+)"?', re.IGNORECASE | re.DOTALL)
LOOKING_WRITES = {"staff_look", "staff_session", "django_session", "staff_signin"}
"""What looking may write: that one looked, and when a session was last used."""
TAKEN_ALONG = {"simulation-report", "simulation-workbook", "simulation-paper", "simulation-package", "claim-batch-file"}
"""Files of which it is logged who took them along."""
WELL = (200, 206, 301, 302, 304)
POST_ONLY = 405


@pytest.fixture(scope="module", autouse=True)
def seen_templates():
    """Answers carry their templates and what was put into them."""
    setup_test_environment()
    yield
    teardown_test_environment()


class Step(NamedTuple):
    """What one request did."""

    status: int
    location: str
    queries: int
    wrote: set[str]
    refusal: str
    broke: str = ""


@pytest.fixture(scope="module")
def everywhere(town) -> list[Address]:
    """Every address with a path to try it with."""
    return addresses(town)


def step(client, path, method="get") -> Step:
    """One request, and what it did to the database. A page that asks why one looks is told, and looked at again."""
    done, asked = once(client, path, method)
    if asked:
        client.post(path, {"purpose": "核对"})
        done, _ = once(client, path, method)
    return done


def once(client, path, method) -> tuple[Step, bool]:
    """One request, what it did to the database, whether the answer to looking asks for a purpose."""
    with CaptureQueriesContext(connection) as queries:
        try:
            answer = getattr(client, method)(path)
            if answer.streaming:
                for _ in answer.streaming_content:
                    pass
        except Exception as problem:
            return Step(500, "", len(queries), set(), "", f"{type(problem).__name__}: {problem}"[:300]), False
    wrote = {found[1] for query in queries if (found := WRITE.match(query["sql"]))}
    text = "" if answer.streaming or answer.status_code != 403 else answer.content.decode(errors="replace")
    refusal = code[1] if (code := re.search(r"<code>([A-Z]+-\d+)</code>", text)) else ""
    asked = method == "get" and answer.status_code == 200 and not answer.streaming and b'name="purpose"' in answer.content
    return Step(answer.status_code, answer.headers.get("Location", ""), len(queries), wrote, refusal), asked


def to_sign_in(done: Step) -> bool:
    """Whether one was sent to sign in."""
    return done.status == 302 and done.location.startswith("/sign-in?next=")


def test_every_view_says_what_it_asks_for():
    silent = [f"{route} ({one.name})" for route, one in patterns() if not acts_of(one) or not {OPEN, *acts()} >= set(acts_of(one))]
    assert not silent, "views without @asks or @open_to_all, or with an act that rights.yaml does not have:\n" + "\n".join(silent)
    unnamed = [route for route, one in patterns() if not one.name]
    assert not unnamed


def test_who_has_not_signed_in_sees_what_is_open_and_nothing_else(everywhere):
    wrong, client = [], open_client()
    for one in everywhere:
        for method in ("get", "post"):
            done = step(client, one.path, method)
            fine = to_sign_in(done) or done.status == POST_ONLY
            if OPEN in one.acts:
                fine = done.status in (*WELL, 400, 403, 404, POST_ONLY)
            if not fine or done.broke or done.wrote - LOOKING_WRITES:
                wrong.append(f"{method} {one.path} ({one.acts}): {done}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_what_the_table_says_and_nothing_else(everywhere, role):
    may, client = {OPEN, *table()["roles"][role]["may"]}, client_as(role)
    wrong = []
    for one in everywhere:
        done = step(client, one.path)
        if problem := judged(one, done, bool(may & set(one.acts))):
            wrong.append(f"{one.path} ({one.name}, asks {one.acts}): {problem}: {done}")
        if not may & set(one.acts):
            posted = step(client, one.path, "post")
            if posted.status not in (403, POST_ONLY) or posted.wrote - LOOKING_WRITES:
                wrong.append(f"POST {one.path} ({one.name}, asks {one.acts}): {posted}")
    assert not wrong, f"{role}:\n" + "\n".join(wrong)


def judged(one: Address, done: Step, may: bool) -> str:
    """What is wrong with an answer to looking; empty when nothing is."""
    if done.broke or done.status >= 500:
        return "it broke"
    if written := done.wrote - LOOKING_WRITES - ({"staff_act"} if one.name in TAKEN_ALONG else set()):
        return f"looking changed {', '.join(sorted(written))}"
    if done.queries > MOST_QUERIES:
        return f"{done.queries} queries"
    if not may:
        return "" if done.status == POST_ONLY or (done.status, done.refusal) == (403, "STAFF-03") else "it is not refused"
    if to_sign_in(done) or done.refusal == "STAFF-03":
        return "it is refused, and the table allows it"
    if done.status in (*WELL, POST_ONLY):
        return ""
    if not one.found and (done.status == 404 or (done.status == 403 and done.refusal)):
        return ""
    if one.name in BOUND and (done.status == 404 or (done.status == 403 and done.refusal)):
        return ""           # out of the reader's area or institution: then it is as if it were not
    return "an answer that nobody expects"


BOUND = {
    "bill", "bill-pdf", "person-year", "claim-enter", "window-visit", "own-bill", "own-bill-pdf", "own-told", "claim", "claim-edit",
    "claim-scan", "claim-batch", "claim-batch-file", "own-claim", "own-claim-edit", "own-claim-scan", "objection", "simulation",
    "simulation-progress", "simulation-bills", "simulation-bill", "simulation-years", "simulation-case", "simulation-report",
    "simulation-workbook", "simulation-paper", "simulation-package",
}  # fmt: skip
"""Addresses of rows that belong to a person, an area or an institution."""
CITYWIDE = {
    "guide-step", "bill-verify", "staff-post", "staff-officer", "staff-change", "policy-parameter", "policies-public-city",
    "policy-package", "policy-draft", "policy-draft-edit", "policy-draft-file", "indicator", "indicator-rows", "indicator-enter",
    "plan-milestone", "plan-task", "plan-proof", "alert", "own-year", "staff-officers", "staff-posts", "staff-changes", "log-acts",
    "log-looks", "log-sign-ins", "policies", "policy-packages", "policy-drafts", "policy-emergency", "plan",
    "plan-milestones", "plan-tasks", "alerts", "my-work", "own-bills", "own-claims", "own-looks",
}  # fmt: skip
"""What no area narrows: policy and plan are the city's, logs and staff are the auditor's, one's own rows are one's own everywhere."""
ELSEWHERE, NO_HOSPITAL = {"area": "999999", "institution": ""}, {"area": "", "institution": "H99999999999"}


def with_arguments(everywhere) -> list[Address]:
    """The addresses of single rows that are there."""
    return [one for one in everywhere if one.found and "<" in one.route]


def test_every_single_row_is_somebodys_or_the_citys(everywhere):
    unsaid = [one.name for one in with_arguments(everywhere) if (one.name in BOUND) == (one.name in CITYWIDE)]
    assert not unsaid, f"say in BOUND or in CITYWIDE who sees these: {', '.join(unsaid)}"


def test_whatever_is_there_is_opened_by_somebody(everywhere):
    """A wrong example cannot hide behind a refusal: one of the roles that have the act is shown the row."""
    roles, clients, unseen = table()["roles"], {role: client_as(role) for role in ROLES}, []
    for one in with_arguments(everywhere):
        answers = {}
        for role in ROLES:
            if set(one.acts) & {OPEN, *roles[role]["may"]}:
                answers[role] = step(clients[role], one.path).status
                if answers[role] in (200, POST_ONLY):
                    break
        else:
            unseen.append(f"{one.path} ({one.name}): {answers}")
    assert not unseen, "\n".join(unseen)


@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("insured", "guest", "administrator")])
@pytest.mark.parametrize("place", [ELSEWHERE, NO_HOSPITAL], ids=["area", "institution"])
def test_somebody_of_another_place_sees_no_rows_of_this_one(everywhere, role, place):
    may, client, wrong = {OPEN, *table()["roles"][role]["may"]}, client_as(role, **place), []
    for one in everywhere:
        if not may & set(one.acts) or one.name in CITYWIDE or OPEN in one.acts:
            continue
        answer = client.get(one.path)
        sheet = answer.context.get("sheet") if answer.status_code == 200 and answer.context is not None else None
        if sheet is not None and sheet.rows:
            wrong.append(f"{one.path}: {len(sheet.rows)} rows")
        if one.name in BOUND and step(client, one.path).status == 200:
            wrong.append(f"{one.path}: shown")
    assert not wrong, f"{role} of {place} sees:\n" + "\n".join(wrong)


def test_another_insured_person_sees_nothing_of_this_one(everywhere):
    client = client_as("insured", psn_no=RESIDENT, name="萧丽")
    rows = [one for one in everywhere if "own.see" in one.acts and one.name in BOUND]
    shown = [one.path for one in rows if step(client, one.path).status not in (403, 404)]
    assert len(rows) >= 7 and not shown, shown


def test_two_counties_share_no_bill_and_a_hospital_sees_its_own(everywhere):
    def bills(**place):
        """The bills on the first page, with whose they are and where."""
        sheet = client_as("settlement_clerk", **place).get("/bills/?size=200").context["sheet"]
        return {row.pk for row in sheet.rows}, sheet

    everything, _ = bills(area="", institution="")
    first, _ = bills(area="433101", institution="")
    second, _ = bills(area="433102", institution="")
    assert everything and first and second and not first & second
    hospital, sheet = bills(area="", institution="H00000000003")
    assert hospital and {row.fixmedins_code for row in sheet.rows} == {"H00000000003"}


def test_answering_an_empty_form_breaks_nothing(everywhere):
    """Whoever may, and sends nothing: an answer in words, never a broken page. Last of the walk, since it may change something."""
    wrong = []
    for role in ROLES:
        may, client = set(table()["roles"][role]["may"]), client_as(role)
        for one in everywhere:
            if may & set(one.acts):
                done = step(client, one.path, "post")
                if done.broke or done.status not in (*WELL, 400, 403, 404, 409, POST_ONLY):
                    wrong.append(f"{role} {one.path} ({one.name}): {done}")
    assert not wrong, "\n".join(wrong)
