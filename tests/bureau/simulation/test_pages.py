"""Pages of the simulation desk: the form, the result and the rows behind it, what is refused and to whom."""

import io
import re
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bureau.simulation.conftest import AT, DRAFT, scenario
from openyibao.bureau.pages.templatetags.parts import yuan
from openyibao.bureau.policydesk.shelf import books
from openyibao.bureau.policymaking import actions as policymaking
from openyibao.bureau.policymaking.forms import added
from openyibao.bureau.simulation import actions, queries, working
from openyibao.bureau.simulation.models import Run
from openyibao.bureau.simulation.places import folder_of
from openyibao.bureau.staff.models import Act
from signed import client_as

FORM = {"bills": "jishou/2023", "a-starts": "2023-01-01", "second": "none", "orders": "none"}


def text_of(answer):
    """An answer's words."""
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


@pytest.fixture
def policy(home):
    """The policy officer's browser."""
    return client_as("policy")


# ---- asking ----


def test_the_form_shows_what_is_in_force_and_asks_for_a_scenario_from_january_and_from_july(policy):
    page = text_of(policy.get("/simulations/new"))
    assert "jishou/2023" in page and 'name="a-inpatient.resident.deductible.L3"' in page and "居民基层就医草案" in page
    assert re.search(r"三级医院住院起付线.{0,400}1,000 元.{0,200}示例值", page, re.DOTALL)
    answer = policy.post("/simulations/new", {**FORM, "second": "same", "b-starts": "2023-07-01", "orders": "all",
                                              "a-inpatient.resident.deductible.L3": "1200", "a-inpatient.resident.ratio.all.P0": "90"})
    runs = list(Run.objects.order_by("id"))
    assert answer["Location"] == f"/simulations/{runs[0].pk}" and len(runs) == 2
    assert [run.reform["starts"] for run in runs] == [20230101, 20230701] and runs[0].together == runs[1].together == runs[0].pk
    text = runs[1].reform["drafts"][0]["text"]
    assert "2023-07-01: {value: 1200" in text.replace('"', "") or re.search(r"2023-07-01:\s+value: 1200", text)
    assert "0.9" in text and "illustrative" in text
    assert Act.objects.filter(what="simulation.ask", officer="policy").count() == 2


@pytest.mark.parametrize(("sent", "said"), [
    ({}, "还没有改动"),
    ({"a-inpatient.resident.ratio.all.P0": "190"}, "100"),
    ({"a-inpatient.resident.deductible.L3": "很多"}, "不是数字"),
    ({"a-starts": "2024-01-01", "a-inpatient.resident.deductible.L3": "1200"}, "2023 年内"),
    ({"second": "same", "b-starts": "", "a-inpatient.resident.deductible.L3": "1200"}, "第二个方案"),
    ({"behaviour": "1", "outpatient": "much", "a-inpatient.resident.deductible.L3": "1200"}, "弹性看不懂"),
])
def test_what_is_wrong_with_the_form_stands_beside_its_field_and_nothing_is_asked_for(policy, sent, said):
    answer = policy.post("/simulations/new", {**FORM, **sent})
    assert answer.status_code == 400 and said in text_of(answer)
    assert not Run.objects.exists()
    for name, value in sent.items():
        if name.startswith("a-inpatient"):
            assert f'value="{value}"' in text_of(answer)


def test_an_uploaded_draft_is_read_and_one_of_another_city_or_with_an_unknown_key_is_named(policy):
    def sent(text):
        return policy.post("/simulations/new", {**FORM, "a-file": SimpleUploadedFile("mine.yaml", text.encode())})

    assert "mine.yaml" in text_of(sent(DRAFT.replace("city: jishou", "city: wuhan"))) and not Run.objects.exists()
    assert "no.such.key" in text_of(sent(DRAFT.replace("catastrophic.resident.deductible", "no.such.key")))
    assert sent(DRAFT).status_code == 302
    assert Run.objects.get().reform["drafts"][0]["origin"] == "upload"


def test_a_draft_of_a_later_year_is_played_on_the_same_day_of_the_bills_year(policy):
    later = DRAFT.replace("2023-01-01", "2027-03-01")
    answer = policy.post("/simulations/new", {**FORM, "a-starts": "", "a-file": SimpleUploadedFile("later.yaml", later.encode())})
    run = Run.objects.get()
    assert answer.status_code == 302 and (run.reform["starts"], run.reform["said"]) == (20230301, 20270301)
    assert "2027" not in run.reform["drafts"][0]["text"] and run.title == "居民基层就医草案（自 2023-03-01）"


# ---- the result ----


def test_the_result_shows_every_part_within_25_queries_and_its_figures_open_to_rows_that_sum_to_them(policy, done):
    run = done(orders="all", elasticity="default")
    outcome = queries.outcome_of(run)
    with CaptureQueriesContext(connection) as asked:
        page = text_of(policy.get(f"/simulations/{run.pk}"))
    assert len(asked) <= 25
    for part in ("changes", "payers", "months", "groups", "spread", "why", "cases", "accounts", "behaviour", "cautions"):
        assert f'id="{part}"' in page
    assert page.count(yuan(outcome.totals.fund.change)) >= 3 and "is-bad" not in page
    links = sorted({link.replace("&amp;", "&") for link in re.findall(rf'href="(/simulations/{run.pk}/(?:bills|years)\?[^"]*)"', page)})
    assert len(links) > 10
    for link in links[:: max(len(links) // 6, 1)]:
        assert policy.get(link).status_code == 200
    bills = text_of(policy.get(f"/simulations/{run.pk}/bills"))
    assert "全部单据逐单相减之和" in bills and "is-good" in bills and yuan(outcome.totals.fund.change) in bills
    for dimension in outcome.dimensions:
        assert policy.get(f"/simulations/{run.pk}?by={dimension.key}&measure=person").status_code == 200


def test_the_rows_of_a_group_sum_to_the_groups_figures(policy, done):
    run = done()
    outcome = queries.outcome_of(run)
    for key in ("status", "age", "level", "town"):
        dimension = next(one for one in outcome.dimensions if one.key == key)
        row = max(dimension.rows, key=lambda row: row.gained + row.lost)
        if dimension.by == "person":
            losers = text_of(policy.get(f"/simulations/{run.pk}/years?{key}={row.key}&way=less&export=csv"))
            assert len(losers.strip().splitlines()) - 1 == row.lose
        else:
            found = text_of(policy.get(f"/simulations/{run.pk}/bills?{key}={row.key}"))
            assert yuan(row.fund_after) in found and yuan(row.fund_before) in found


def test_bills_are_turned_page_by_page_in_any_order_without_a_gap(policy, done):
    run = done()
    seen, address = [], f"/simulations/{run.pk}/bills?payer=person&order=-change&size=200"
    for _ in range(200):
        page = text_of(policy.get(address))
        seen += re.findall(r"/bills/(\d+/\d+)\"", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            break
        address = f"/simulations/{run.pk}/bills" + following[1].replace("&amp;", "&") + "&size=200"
    assert len(seen) == len(set(seen)) == run.figures["bills"]


def test_any_bill_opens_to_its_steps_before_and_after_and_so_do_the_hardest(policy, done):
    run = done()
    outcome = queries.outcome_of(run)
    hard = outcome.hardest_bills[0]
    page = text_of(policy.get(f"/simulations/{run.pk}/cases/bill/1"))
    assert str(hard.bill) in page and yuan(hard.bill_change) in page and "differs" in page and "演示草案" in page
    listed = text_of(policy.get(f"/simulations/{run.pk}/bills?bill={hard.bill}"))
    place = re.search(rf"/simulations/{run.pk}/bills/(\d+)/(\d+)", listed)
    opened = text_of(policy.get(place[0]))
    assert yuan(hard.bill_change) in opened and yuan(hard.total) in opened
    assert policy.get(f"/simulations/{run.pk}/bills/0/99999").status_code == 403
    assert policy.get(f"/simulations/{run.pk}/cases/bill/99").status_code == 403


def test_the_same_reform_from_july_stands_beside_it(policy, done):
    run = done()
    answer = policy.post(f"/simulations/{run.pk}/later", {"starts": "2023-07-01"})
    july = Run.objects.get(pk=int(answer["Location"].rsplit("/", 1)[1]))
    run.refresh_from_db()
    assert july.reform["starts"] == 20230701 and july.together == run.together == run.pk
    working.worked(july.pk)
    page = text_of(policy.get(f"/simulations/compare?run={run.pk}&run={july.pk}"))
    july.refresh_from_db()
    for one in (run, july):
        assert yuan(one.figures["cost"]) in page
    assert "2023-07-01" in page and f"/simulations/{july.pk}/bills" in page


def test_a_run_under_way_shows_how_far_it_is_and_reloads_when_it_is_over(policy, asked):
    run = asked()[0]
    page = text_of(policy.get(f"/simulations/{run.pk}"))
    assert "排队中" in page and "没有后台进程" in page and "hx-get" in page
    begun = actions.begun(pk=run.pk, worker="here:1", at=AT)
    Run.objects.filter(pk=run.pk).update(seen_at=connection_now(), phase="compare", done=3, whole=8)
    part = policy.get(f"/simulations/{run.pk}/progress")
    assert "3 / 8" in text_of(part) and "HX-Refresh" not in part.headers
    policy.post(f"/simulations/{run.pk}/stop")
    assert actions.seen(run=begun, phase="compare", done=4, whole=8, at=connection_now()) is False
    actions.broken_off(run=begun, state=Run.STOPPED, zh="停了", en="stopped", at=AT)
    assert policy.get(f"/simulations/{run.pk}/progress").headers["HX-Refresh"] == "true"
    assert "停了" in text_of(policy.get(f"/simulations/{run.pk}"))


def connection_now():
    """The database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


# ---- to be taken along ----


def draft_of(by, starts):
    """A draft of policy that is being written."""
    line = added(books(), "jishou", "inpatient.resident.deductible.L3", starts.year * 10_000 + 101)
    return policymaking.begin(city="jishou", name="起付线", name_en="Deductible", why="减负", starts=starts,
                              changes=[line._replace(value="1200")], by=by, at=AT)


def test_a_run_that_is_done_becomes_the_evidence_of_ones_own_draft_once(policy, done):
    run = done()
    mine, anothers = (draft_of(by, date(2027, 1, 1)) for by in ("policy", "policy-head"))
    page = text_of(policy.get(f"/simulations/{run.pk}"))
    assert f'<option value="{mine.pk}"' in page and f'<option value="{anothers.pk}"' not in page
    for _ in range(2):
        answer = policy.post(f"/simulations/{run.pk}/attach", {"draft": mine.pk})
        assert answer["Location"] == f"/policies/drafts/{mine.pk}"
    mine.refresh_from_db()
    assert mine.evidence == [{"simulation": run.pk, "title": run.title, "title_en": run.title_en}]
    assert f'href="/simulations/{run.pk}"' in text_of(policy.get(f"/policies/drafts/{mine.pk}"))
    assert Act.objects.filter(what="policy.attach", object=f"policy-draft/{mine.pk}").count() == 1


def test_a_run_under_way_and_anothers_draft_take_no_evidence(policy, done, asked):
    over, waiting = done(), asked()[0]
    mine, anothers = (draft_of(by, date(2027, 1, 1)) for by in ("policy", "policy-head"))
    for run, draft in ((waiting, mine.pk), (over, anothers.pk), (over, 10**9)):
        answer = policy.post(f"/simulations/{run.pk}/attach", {"draft": draft})
        assert answer.status_code == 403 and "SIM-14" in text_of(answer), (run.state, draft)
    assert policy.post(f"/simulations/{over.pk}/attach", {"draft": "x"})["Location"] == f"/simulations/{over.pk}"
    assert "附作政策草案的依据" not in text_of(policy.get(f"/simulations/{waiting.pk}"))
    for row in (mine, anothers):
        row.refresh_from_db()
        assert row.evidence == []


def test_a_package_opens_to_the_same_figures_and_a_damaged_one_is_refused(policy, done):
    run = done()
    content = policy.get(f"/simulations/{run.pk}/package.zip").content
    assert content == policy.get(f"/simulations/{run.pk}/package.zip").content
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert {"run.json", "drafts/1.yaml", "outcome.json"} <= set(names) and any(name.endswith(".npz") for name in names)
    answer = policy.post("/simulations/open", {"package": SimpleUploadedFile("p.zip", content)})
    again = Run.objects.get(pk=int(answer["Location"].rsplit("/", 1)[1]))
    working.worked(again.pk)
    again.refresh_from_db()
    assert again.digest == again.expected == run.digest and "完全相同" in text_of(policy.get(f"/simulations/{again.pk}"))
    Run.objects.filter(pk=again.pk).update(expected="0" * 64)
    assert "与方案包里的数字不同" in text_of(policy.get(f"/simulations/{again.pk}"))
    damaged = policy.post("/simulations/open", {"package": SimpleUploadedFile("p.zip", content[:400])})
    assert damaged.status_code == 403 and "SIM-12" in text_of(damaged)


def test_the_paper_is_two_pages_with_the_hash_and_the_same_for_the_same_run(policy, done):
    run = done(orders="all")
    paper = policy.get(f"/simulations/{run.pk}/paper.pdf")
    assert paper.content.startswith(b"%PDF") and "attachment" in paper["Content-Disposition"]
    assert paper.content == policy.get(f"/simulations/{run.pk}/paper.pdf").content
    for name in ("report.html", "report.xlsx"):
        answer = policy.get(f"/simulations/{run.pk}/{name}")
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"] and b"".join(answer.streaming_content)


# ---- who may ----


def test_who_may_only_look_starts_nothing_and_who_may_not_look_sees_nothing(home, done):
    run = done()
    head = client_as("policy-head")
    assert "新建模拟" not in text_of(head.get("/simulations/")) and head.get(f"/simulations/{run.pk}").status_code == 200
    for address in ("new", "open", "export"):
        assert head.get(f"/simulations/{address}").status_code == 403
    for deed in ("stop", "again", "later"):
        assert head.post(f"/simulations/{run.pk}/{deed}", {"starts": "2023-07-01"}).status_code == 403
    guest = client_as("guest")
    for address in ("", f"{run.pk}", f"{run.pk}/bills", f"{run.pk}/years", f"{run.pk}/paper.pdf", "compare"):
        assert guest.get(f"/simulations/{address}").status_code == 403


def test_a_countys_officer_sees_the_rows_of_the_county_and_another_citys_sees_no_run(done):
    run = done()
    outcome = queries.outcome_of(run)
    county = next(one for one in outcome.dimensions if one.key == "county").rows[0]
    mine = client_as("auditor", area=county.key)
    assert 0 < county.persons < outcome.meta.holders
    assert f"共 {county.persons:,} 条" in text_of(mine.get(f"/simulations/{run.pk}/years"))
    other = client_as("auditor", area="4201")
    assert other.get(f"/simulations/{run.pk}").status_code == 403
    assert f"/simulations/{run.pk}" not in text_of(other.get("/simulations/"))


def test_a_run_without_its_files_says_what_to_do(policy, done):
    run = done()
    (folder_of(run.pk) / "outcome.json").unlink()
    answer = policy.get(f"/simulations/{run.pk}")
    assert answer.status_code == 403 and "再次运行" in text_of(answer)


def test_scenarios_are_named_by_their_day():
    assert scenario(starts=20230701).starts == 20230701
