"""The frame in a browser: signing in, languages, large type, keys, dialogs, the phone's navigation, and working without script."""

import pytest
from playwright.sync_api import expect

BOTH = pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])


@BOTH
def test_the_first_page_greets_in_the_language_asked_for(page_as, lang, width):
    page = page_as("policy", lang=lang, width=width)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "en" if lang == "en" else "zh-hans")
    expect(page.locator("h1")).to_contain_text("Good day" if lang == "en" else "您好")


def test_a_demo_account_is_one_click_and_leads_where_one_wanted(page_as):
    page = page_as("")
    page.goto("/me/acts")
    expect(page).to_have_url("/sign-in?next=%2Fme%2Facts")
    page.click("button.demo-account:has-text('审计岗')")
    expect(page).to_have_url("/me/acts")
    page.click("header .dropdown > button")
    page.click("text=退出登录")
    expect(page.locator("#id_login")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url("/sign-in?next=%2F")


def test_a_wrong_password_is_said_beside_the_form(page_as, console):
    console.allow("status of 400")
    page = page_as("")
    page.goto("/sign-in")
    page.fill("#id_login", "policy")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".alert-danger")).to_have_text("账号或密码不对。")


def test_the_slash_key_searches_and_typing_a_slash_in_a_field_does_not(page_as):
    page = page_as("policy")
    page.goto("/me")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("a/b")
    expect(page.locator("#search")).to_have_value("a/b")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/search?q=a%2Fb")


def test_the_keyboard_reaches_the_content_first(page_as):
    page = page_as("policy")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_dialog_asks_before_it_does_and_escape_leaves_it(page_as):
    page = page_as("policy")
    page.goto("/parts")
    page.click("[data-opens=example-confirm]")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.click("[data-opens=example-confirm]")
    page.click("dialog [data-closes]")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_charts_are_drawn_and_their_figures_stand_beside_them(page_as):
    page = page_as("policy")
    page.goto("/parts")
    expect(page.locator("#chart-waterfall svg")).to_be_visible()
    page.click("#chart-waterfall ~ details summary")
    expect(page.locator(".chart-table td").first).to_have_text("12,345.00")


def test_on_a_phone_the_navigation_opens_and_leads_on(page_as):
    page = page_as("policy", width=390)
    page.goto("/")
    expect(page.locator("#navigation")).to_be_hidden()
    page.click(".navbar-toggler")
    page.click("#navigation >> text=我的待办")
    expect(page).to_have_url("/me/work")


def test_large_type_is_larger_and_stays(page_as):
    page = page_as("guest")
    page.goto("/")
    size = "parseFloat(getComputedStyle(document.querySelector('main p, main h1')).fontSize)"
    before = page.evaluate(size)
    page.click("text=大字")
    page.wait_for_load_state()
    assert page.evaluate(size) == pytest.approx(before * 1.25, rel=0.02)
    page.goto("/me")
    expect(page.locator("html")).to_have_class("large-type")
    page.click("text=大字")


def test_lists_and_forms_work_without_script(page_as):
    page = page_as("auditor", scripts=False)
    page.goto("/logs/sign-ins")
    page.select_option("#f-outcome", "in")
    page.click(".filter-acts button")
    expect(page).to_have_url("/logs/sign-ins?login=&address=&outcome=in")
    expect(page.locator("tbody tr").first).to_contain_text("登录")


def test_an_officer_is_made_by_two(page_as):
    first, second = page_as("admin"), page_as("admin-2")
    first.goto("/staff/new")
    first.fill("#id_login", "new.clerk")
    first.fill("#id_name", "新来的")
    first.select_option("#id_post", "clerk")
    first.click("button:has-text('提交')")
    expect(first.locator(".alert")).to_contain_text("由另一位系统管理岗确认后生效")
    expect(first.locator("button:has-text('撤回')")).to_be_visible()
    second.goto("/me/work")
    second.click("text=人员变更待确认：new.clerk")
    second.click("main button:has-text('确认')")
    expect(second.locator(".alert-success code.secret")).to_be_visible()
