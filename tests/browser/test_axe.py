"""Every page that a role can open, looked at by axe: no serious violation, nothing wider than a phone, no complaint of the browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from addresses import addresses
from openyibao.bureau.staff.asking import OPEN
from openyibao.bureau.staff.rights import table
from signed import ACCOUNTS

BAD = ("serious", "critical")
ORDER = ("policy", "policy-head", "cashier", "clerk", "first", "paymaster", "insured", "admin", "auditor", "town", "hospital", "guest")
"""Who is asked first: the first that may open a page looks at it."""
AT_WORK = {
    "claim": "first", "claim-batch": "paymaster", "policy-draft": "policy-head", "policy-emergency": "policy-leader",
    "plan-milestone": "policy-head", "plan-task": "policy-head", "alert": "policy-head", "staff-change": "admin-2",
}  # fmt: skip
"""Who has something to do on a page, and sees its forms."""
LEAST = 40
"""Pages that each half of the addresses has at the least."""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def who_may(name: str, acts: tuple[str, ...]) -> str:
    """A demo account that may open a page; empty for a page that is open to all."""
    if OPEN in acts:
        return ""
    if name in AT_WORK:
        return AT_WORK[name]
    roles = table()["roles"]
    return next(login for login in ORDER if set(acts) & {act for role in ACCOUNTS[login]["roles"] for act in roles[role]["may"]})


@pytest.mark.parametrize(("lang", "width", "part"), [
    ("zh", 1280, slice(0, None, 2)), ("en", 390, slice(1, None, 2)),
    pytest.param("zh", 1280, slice(1, None, 2), marks=pytest.mark.nightly),
    pytest.param("en", 390, slice(0, None, 2), marks=pytest.mark.nightly),
], ids=["zh-desk", "en-phone", "zh-desk-rest", "en-phone-rest"])
def test_no_page_has_a_serious_violation(page_as, rows, console, lang, width, part):
    """Every page is looked at once, every second one in English on a phone; the other way round by night."""
    console.allow("status of 40")       # what is not there, or not for this post
    wrong, looked, pages = [], 0, {}
    for one in list(addresses(rows))[part]:
        who = who_may(one.name, one.acts)
        if who not in pages:
            pages[who] = page_as(who, lang=lang, width=width)
        page = pages[who]
        answer = page.context.request.get(one.path, max_redirects=0)
        whole = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text()
        if not one.found or not whole or "attachment" in answer.headers.get("content-disposition", ""):
            continue                    # a refusal, a file, or a part that is put into a page
        page.goto(one.path)
        looked += 1
        wrong += [f"{one.path} ({who}): {problem}" for problem in seen(page)]
        if page.locator("#purpose").count():
            page.fill("#purpose", "核对")
            with page.expect_navigation():
                page.press("#purpose", "Enter")
            assert not page.locator("#purpose").count()
            wrong += [f"{one.path} ({who}, purpose said): {problem}" for problem in seen(page)]
    assert not wrong, "\n".join(wrong)
    assert looked >= LEAST, looked


def seen(page) -> list[str]:
    """What axe and the window's width say of a page as it stands."""
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in BAD]
    wrong = [f"{one['id']} {one['impact']}: {[node['target'][0] for node in one['nodes']][:3]}" for one in found]
    return wrong + ([f"{over} px wider than the window"] if (over := page.evaluate(WIDER)) > 1 else [])
