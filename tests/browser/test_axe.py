"""Every page that a role can open, looked at by axe: no serious violation, nothing wider than a phone, no complaint of the browser."""

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe

from addresses import FIRST_BILL, Rows, addresses
from openyibao.bureau.staff.asking import OPEN
from openyibao.bureau.staff.rights import table
from signed import ACCOUNTS

BAD = ("serious", "critical")
ORDER = ("policy", "policy-head", "cashier", "clerk", "first", "paymaster", "insured", "admin", "auditor", "town", "hospital", "guest")
"""Who is asked first: the first that may open a page looks at it."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def who_may(acts: tuple[str, ...]) -> str:
    """A demo account that may open a page; empty for a page that is open to all."""
    if OPEN in acts:
        return ""
    roles = table()["roles"]
    return next(login for login in ORDER if set(acts) & {act for role in ACCOUNTS[login]["roles"] for act in roles[role]["may"]})


@pytest.mark.parametrize(("lang", "width", "part"), [
    ("zh", 1280, slice(0, None, 2)), ("en", 390, slice(1, None, 2)),
    pytest.param("zh", 1280, slice(1, None, 2), marks=pytest.mark.nightly),
    pytest.param("en", 390, slice(0, None, 2), marks=pytest.mark.nightly),
], ids=["zh-desk", "en-phone", "zh-desk-rest", "en-phone-rest"])
def test_no_page_has_a_serious_violation(page_as, site, console, lang, width, part):
    """Every page is looked at once, every second one in English on a phone; the other way round by night."""
    console.allow("status of 40")       # what is not there, or not for this post
    with psycopg.connect(site.database) as connection:
        rows = Rows(*connection.execute(FIRST_BILL).fetchone())
    wrong, looked, pages = [], 0, {}
    for one in list(addresses(rows))[part]:
        who = who_may(one.acts)
        if who not in pages:
            pages[who] = page_as(who, lang=lang, width=width)
        page = pages[who]
        answer = page.context.request.get(one.path, max_redirects=0)
        whole = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()
        if not one.found or not whole:      # a refusal, a file, or a part that is put into a page
            continue
        page.goto(one.path)
        looked += 1
        for found in Axe().run(page).response["violations"]:
            if found["impact"] in BAD:
                places = [node["target"][0] for node in found["nodes"]][:3]
                wrong.append(f"{one.path} ({who}): {found['id']} {found['impact']}: {places}")
        if (over := page.evaluate(WIDER)) > 1:
            wrong.append(f"{one.path} ({who}): {over} px wider than the window")
    assert not wrong, "\n".join(wrong)
    assert looked >= 20
