"""The cashier's first half hour, in a browser on the real server: no double payment in any order of clicks and cuts, and a day at 0.00."""

import psycopg
import pytest
from playwright.sync_api import Page, expect

PEOPLE = "433101000000000000000000"
HYPERTENSION, LOW_INCOME, EMPLOYEE = "07", "05", "01"
EXPIRED, IN_FORCE = "XJ01CAY112A006010180001", "XJ01CAY112A006010190004"
BOTH = pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
CUT = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", "Failed to load resource")


def count(site, query: str, *values) -> int:
    """A number that the database knows."""
    with psycopg.connect(site.database, autocommit=True) as connection:
        return connection.execute(query, values).fetchone()[0]


def standing(site, mdtrt_id: str) -> int:
    """Settlements of a visit that stand."""
    return count(site, "SELECT count(*) FROM settlement_standing WHERE mdtrt_id = %s", mdtrt_id)


def balance_and_year(site, psn_no: str) -> tuple:
    """What a reversal has to bring back: the account, and the year without the accounts' copies."""
    with psycopg.connect(site.database, autocommit=True) as connection:
        account = connection.execute("SELECT balance FROM enrolment_account WHERE psn_no = %s", (psn_no,)).fetchone()
        years = connection.execute("SELECT insutype, year, figures[4:] FROM settlement_year WHERE psn_no = %s ORDER BY 1, 2", (psn_no,))
        return account, [row for row in years.fetchall() if any(row[2])]


def enter(page: Page) -> None:
    """Enter goes on."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def click(page: Page, place: str) -> None:
    """A button that leads on."""
    with page.expect_navigation():
        page.click(place)


def read(page: Page, number: str) -> None:
    """A credential at the window."""
    page.goto("/window/")
    page.fill("#id_credential", PEOPLE + number)
    enter(page)


def register(page: Page, care: str, diagnosis: str) -> str:
    """Register; returns the visit's id at the bureau."""
    page.select_option("#id_care", care)
    page.fill("#id_diagnosis", diagnosis)
    enter(page)
    return page.locator(".lead code").nth(1).inner_text()


def charge(page: Page, item: str, quantity: str = "1") -> None:
    """One line by keyboard."""
    page.fill("#id_item", item)
    page.fill("#id_quantity", quantity)
    enter(page)


def trial(page: Page) -> None:
    """Enter with nothing typed: pre-settle."""
    page.focus("#id_item")
    enter(page)
    expect(page.locator("[data-card=bill]")).to_be_visible()


@BOTH
def test_a_hypertension_visit_settled_twice_reversed_and_settled_again(page_as, site, lang, width):
    page = page_as("cashier", lang, width)
    before = balance_and_year(site, PEOPLE + HYPERTENSION)
    read(page, HYPERTENSION)
    expect(page.locator(".standing .badge").first).to_have_text("可以享受待遇" if lang == "zh" else "Covered")
    expect(page.locator(".limits tr")).not_to_have_count(0)
    visit = register(page, "9901/M03900", "I10.x00")
    charge(page, "YP0014", "3")
    charge(page, "YP0011")
    trial(page)
    expect(page.locator(".layers-table .trust").first).to_be_visible()
    tried = page.locator(".bill-figures strong").all_inner_texts()
    page.dblclick(".settle button")
    expect(page.locator("[data-card=settled]")).to_be_visible()
    assert page.locator("[data-card=settled] .bill-figures strong").all_inner_texts() == tried
    expect(page.locator(".same")).to_be_visible()
    assert standing(site, visit) == 1

    page.click("[data-opens=take-back]")
    click(page, "#take-back .btn-danger")
    assert standing(site, visit) == 0 and balance_and_year(site, PEOPLE + HYPERTENSION) == before
    expect(page.locator(".receipts li")).to_have_count(2)
    click(page, "tr:has-text('YP0011') button")
    trial(page)
    assert page.locator(".bill-figures strong").all_inner_texts() != tried
    page.click(".settle button")
    expect(page.locator("[data-card=settled]")).to_be_visible()
    numbers = page.locator(".receipts strong").all_inner_texts()
    assert len(numbers) == 3 and numbers == sorted(numbers, key=lambda text: int("".join(filter(str.isdigit, text))))
    page.click("[data-opens=take-back]")
    click(page, "#take-back .btn-danger")
    assert balance_and_year(site, PEOPLE + HYPERTENSION) == before


@pytest.mark.parametrize(("lang", "width", "arrives"), [("zh", 1280, True), ("en", 390, False)], ids=["answer-lost", "message-lost"])
def test_the_plug_is_pulled_during_the_settlement(page_as, site, console, lang, width, arrives):
    console.allow(*CUT)
    page = page_as("cashier", lang, width)
    read(page, EMPLOYEE)
    visit = register(page, "11", "J06.900")
    charge(page, "YP0011", "2")
    trial(page)

    def cut(route):
        """The request arrives or not; its answer never does."""
        if arrives:
            route.fetch(max_redirects=0)
        route.abort()

    page.route("**/settle", cut)
    page.route("**/fetch", lambda route: route.abort())
    page.click(".settle button")
    expect(page.locator(".cut")).to_be_visible()
    expect(page.locator(".settle button")).to_be_hidden()                     # nothing on the page pays again
    page.click(".cut button")
    expect(page.locator(".still")).to_be_visible()
    page.unroute("**/fetch")
    page.unroute("**/settle")
    click(page, ".cut button")
    if arrives:
        expect(page.locator("[data-card=settled]")).to_be_visible()
    else:
        expect(page.locator(".settle button")).to_be_visible()
        page.click(".settle button")
        expect(page.locator("[data-card=settled]")).to_be_visible()
    assert standing(site, visit) == 1
    assert count(site, "SELECT count(*) FROM settlement_settlement WHERE mdtrt_id = %s", visit) == 1


@BOTH
def test_a_low_income_inpatient_with_an_expired_code_and_the_days_close(page_as, site, lang, width):
    page = page_as("cashier", lang, width)
    read(page, LOW_INCOME)
    visit = register(page, "2101", "J18.900")
    charge(page, "YP0011", "600")
    charge(page, EXPIRED, "10")
    refused = page.locator(".refused-line")
    for words in (EXPIRED, IN_FORCE, "2023-01-01", "LINE-01"):
        expect(refused).to_contain_text(words)
    click(page, ".refused-line .btn-primary")
    expect(refused).to_have_count(0)
    expect(page.locator("#lines tbody tr")).to_have_count(2)
    click(page, "form[action$=discharge] button")
    trial(page)
    expect(page.locator(".layers-table tr.pays", has_text="医疗救助" if lang == "zh" else "Medical aid")).to_be_visible()
    page.click(".settle button")
    expect(page.locator("[data-card=settled]")).to_be_visible()
    assert standing(site, visit) == 1

    page.goto("/window/day")
    expect(page.locator(".figure-value").last).to_have_text("0.00")
    click(page, ".day-tools form[method=post] button")
    expect(page.locator(".alert-success")).to_contain_text("0.00")
    expect(page.locator(".broken-pair")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
