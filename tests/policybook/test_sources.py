"""Every figure of a plan that is not neutral leads to the parameters that decided it."""

import pytest

from openyibao.kernel import codes
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.units import TRUST

ROOT = policies_root()
NEEDS_NO_SOURCE = {"scheme", "readings_mask", "chronic.diseases"}


def figures(value, path=""):
    """Every integer of a plan with its path."""
    if isinstance(value, int):
        yield path, value
    elif hasattr(value, "_fields"):
        for name in value._fields:
            yield from figures(getattr(value, name), f"{path}.{name}" if path else name)
    else:
        for index, item in enumerate(value):
            yield from figures(item, f"{path}[{index}]")


def neutral(plan, path, figure):
    """Zero, none, padding of unused bands and slots, and what an absent benefit holds."""
    group = path.split(".")[0]
    if path in NEEDS_NO_SOURCE or figure in (0, -1):
        return True
    if hasattr(getattr(plan, group), "present") and not getattr(plan, group).present:
        return True
    if ".band_low[" in path:
        return int(path.split("[")[1][:-1]) >= getattr(plan, group).bands
    if path.startswith("chronic.period["):
        return int(path.split("[")[1][:-1]) >= plan.chronic.diseases
    return False


@pytest.mark.parametrize("city", ["ankang", "jingzhou", "jishou", "wuhan", "yuxi"])
def test_every_figure_has_a_source(city):
    book = load_book(ROOT, city, overlays=[ROOT / "overlays" / "employer-plan.yaml"], rule_sets=[("covid-2020", 20200125, 20210101)])
    for scheme in (codes.EMPLOYEE, codes.RESIDENT):
        for since, _, plan in book.spans(scheme):
            sources = book.sources(scheme, since)
            bare = [path for path, figure in figures(plan) if not neutral(plan, path, figure) and not sources.get(path)]
            assert bare == [], (city, scheme, since)
            for cited in sources.values():
                assert all(source.clause and source.name and source.trust in TRUST and source.since <= since for source in cited)


def test_a_source_tells_value_days_clause_and_mark():
    book = load_book(ROOT, "ankang")
    (source,) = book.sources(codes.EMPLOYEE, 20230510)["pool.deductible[4]"]
    assert source.path == "inpatient.employee.deductible.L3"
    assert (source.name, source.value, source.unit, source.since) == ("三级医院住院起付线", "800", "yuan", 20220401)
    assert (source.clause, source.trust) == ("安医保发〔2022〕12号", "compiled")


def test_a_level_that_falls_back_and_points_added_cite_what_decided_them():
    sources = load_book(ROOT, "ankang").sources(codes.EMPLOYEE, 20230510)
    assert [source.path for source in sources["pool.deductible[5]"]] == ["inpatient.employee.deductible.L3"]
    assert [source.path for source in sources["pool.ratio_retired[16]"]] == [
        "inpatient.employee.ratio.active.L3", "inpatient.employee.retired_add_pp"]


def test_sources_follow_the_mark_even_where_the_figure_stays():
    book = load_book(ROOT, "ankang")
    marks = [book.sources(codes.EMPLOYEE, day)["pool.deductible[4]"][0].trust for day in (20220331, 20220401)]
    assert marks == ["illustrative", "compiled"]
