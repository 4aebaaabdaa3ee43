"""Persona 1 of the personas, minutes 10 to 30: simulate last year, see who loses, the same from July, take the paper along."""

import io
import re
import zipfile

import pytest
from playwright.sync_api import expect

LONG = 120_000
"""Milliseconds that a run may take on a machine that does much else."""


def simulated(page):
    """A reform set on the form from January, and the same from July; its first run's number when it is done."""
    page.goto("/simulations/new")
    page.check("input[name=second][value=same]")
    page.fill("[name='a-inpatient.resident.deductible.L3']", "1600")
    page.fill("[name='a-inpatient.resident.ratio.all.P0']", "90")
    page.click("form#reform .btn-primary")
    page.wait_for_url(re.compile(r"/simulations/\d+$"))
    page.wait_for_selector(".answer", timeout=LONG)
    return int(page.url.rsplit("/", 1)[1])


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_a_reform_is_simulated_opened_down_to_bills_compared_and_taken_along(page_as, lang, width):
    page = page_as("policy", lang=lang, width=width)
    page.set_default_timeout(60_000)
    expect.set_options(timeout=30_000)
    run = simulated(page)
    expect(page.locator(".check.is-good").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("payers", "months", "groups", "spread", "why", "cases", "accounts", "cautions"):
        expect(page.locator(f"#{part}")).to_be_visible()
    expect(page.locator("#months .gauge-part")).to_have_count(2)

    cost = page.locator("#payers tr.is-total td").nth(2).inner_text().lstrip("+")
    page.locator(".check a").first.click()
    expect(page.locator(".check.is-good")).to_contain_text(cost)

    page.goto(f"/simulations/{run}#cases")
    cases = page.locator("#cases .case-list").first.locator("li")
    assert 1 <= cases.count() <= 20
    cases.first.locator("a").click()
    expect(page.locator("tr.differs").first).to_be_visible()
    expect(page.locator(".clause .badge").first).to_be_visible()

    page.goto(f"/simulations/{run + 1}")
    page.wait_for_selector(".answer", timeout=LONG)
    page.goto(f"/simulations/compare?run={run}&run={run + 1}")
    expect(page.locator(".beside-table thead th")).to_have_count(3)
    expect(page.locator(".beside-table")).to_contain_text("2023-07-01")

    page.goto(f"/simulations/{run}")
    with page.expect_download() as taken:
        page.locator(f"a[href='/simulations/{run}/package.zip']").click()
    content = taken.value.path().read_bytes()
    assert "outcome.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    paper = page.context.request.get(f"/simulations/{run}/paper.pdf", timeout=60_000)
    assert paper.body().startswith(b"%PDF")

    page.goto("/simulations/open")
    page.set_input_files("#package", {"name": "package.zip", "mimeType": "application/zip", "buffer": content})
    page.click("main .btn-primary")
    page.wait_for_selector(".answer", timeout=LONG)
    expect(page.locator(".check.is-bad")).to_have_count(0)
    expect(page.locator(".checks .check.is-good")).to_have_count(2)
