"""Mapping own items to national codes: 3301, 3302, and what is left unmapped."""

from datetime import date, timedelta

import pytest
from django.db import connection

from gateway.asking import HOSPITAL, NOW, ask
from openyibao.bureau.codes import actions, queries
from openyibao.bureau.codes.catalogue import read_catalogue
from openyibao.bureau.codes.models import Item, Mapping
from openyibao.bureau.refused import Refused
from openyibao.gateway.messages.lists import HANDLERS as LISTS
from openyibao.gateway.messages.mapping import HANDLERS

OLD, NEW, OTHER = "XL02BBA326A001010102180", "XL02BBA326A001010202180", "001101000010000"
TODAY = NOW.date()


@pytest.fixture
def catalogue(django_database):
    fields = {"item_class": 2, "med_chrgitm_type": "09", "list_type": "101"}
    Item.objects.create(hilist_code=OLD, name="旧药", starts=date(2020, 1, 1), ends=TODAY, replaced_by=NEW, **fields)
    Item.objects.create(hilist_code=NEW, name="新药", starts=date(2026, 1, 1), **fields)
    Item.objects.create(hilist_code=OTHER, name="挂号费", starts=date(2026, 4, 1), **{**fields, "list_type": "201"})


def row(**change):
    usual = {
        "fixmedins_hilist_id": "YP1", "fixmedins_hilist_name": "本院药", "list_type": "101", "med_list_codg": NEW,
        "begndate": "2026-01-01", "enddate": "2099-12-31", "spec": "10mg", "prcunt": "盒",
    }
    return {**usual, **change}


def send(*rows, **kwargs):
    return ask(HANDLERS, "3301", {"data": list(rows)}, **kwargs)


def withdraw(**change):
    whole = {"fixmedins_code": HOSPITAL, "fixmedins_hilist_id": "YP1", "list_type": "101", "med_list_codg": NEW, **change}
    at = whole.pop("at", NOW)
    return ask(HANDLERS, "3302", {"data": whole}, at=at)


def mapped(day, own="YP1"):
    connection.ensure_connection()
    return read_catalogue(connection.connection).mapped(HOSPITAL, own, "101", day)


def test_rows_are_mapped_and_read_back(catalogue):
    assert send(row(), row(fixmedins_hilist_id="YP2")) == {}
    assert mapped(TODAY) == mapped(date(2026, 1, 1)) == NEW
    assert mapped(date(2025, 12, 31)) is None
    page = ask(LISTS, "1317", {"data": {"query_date": "2026-03-10", "updt_time": "2020-01-01", "page_num": 1, "page_size": 1}})
    assert (page["recordCounts"], page["pages"], page["firstPage"], page["lastPage"]) == (2, 2, True, False)
    found = page["data"][0]
    assert (found["medins_list_codg"], found["med_list_codg"], found["begndate"], found["enddate"], found["vali_flag"], found["spec"]) == (
        "YP1", NEW, "2026-01-01", None, "1", "10mg"
    )


def test_an_expired_code_is_refused_with_what_replaces_it(catalogue):
    with pytest.raises(Refused) as refused:
        send(row(), row(fixmedins_hilist_id="YP2", med_list_codg=OLD))
    assert (refused.value.code, refused.value.place, refused.value.since) == ("MAP-05", "data[1].med_list_codg", TODAY)
    assert f"请改用 {NEW}（新药）" in str(refused.value)
    assert not Mapping.objects.exists()


@pytest.mark.parametrize(("change", "code"), [
    ({"med_list_codg": "nobody knows"}, "MAP-03"),
    ({"med_list_codg": OTHER, "list_type": "201"}, "MAP-04"),
    ({"list_type": "102"}, "MAP-06"),
    ({"enddate": "2025-12-31"}, "MAP-01"),
])
def test_what_cannot_be_mapped_is_refused(catalogue, change, code):
    with pytest.raises(Refused) as refused:
        send(row(**change))
    assert refused.value.code == code


def test_a_code_of_the_future_is_mapped_from_its_first_day(catalogue):
    send(row(med_list_codg=OTHER, list_type="201", begndate="2026-04-01"))
    assert Mapping.objects.get().starts == date(2026, 4, 1)


def test_the_last_day_still_counts(catalogue):
    send(row(enddate="2026-03-31"))
    assert (mapped(date(2026, 3, 31)), mapped(date(2026, 4, 1))) == (NEW, None)


def test_the_same_mapping_again_renews_it_and_another_code_is_refused(catalogue):
    send(row(enddate="2026-03-31"))
    send(row(fixmedins_hilist_name="本院新名"))
    assert list(Mapping.objects.values_list("own_name", "ends")) == [("本院新名", None)]
    Item.objects.filter(hilist_code=OLD).update(ends=None)
    with pytest.raises(Refused, match="3302") as refused:
        send(row(med_list_codg=OLD))
    assert refused.value.code == "MAP-02"


def test_a_withdrawn_mapping_keeps_its_past_and_the_next_begins_after_it(catalogue):
    send(row())
    assert withdraw() == {}
    assert (mapped(TODAY - timedelta(days=1)), mapped(TODAY)) == (NEW, None)
    send(row())
    assert sorted(Mapping.objects.values_list("starts", "withdrawn")) == [(date(2026, 1, 1), True), (TODAY, False)]
    assert mapped(TODAY) == NEW


def test_a_mapping_that_ended_by_itself_is_withdrawn_without_growing(catalogue):
    send(row(enddate="2026-01-31"))
    withdraw()
    assert Mapping.objects.get().ends == date(2026, 2, 1)


@pytest.mark.parametrize(("change", "code"), [
    ({"fixmedins_hilist_id": "YP9"}, "MAP-07"), ({"med_list_codg": OLD}, "MAP-08"), ({"fixmedins_code": "H42100099002"}, "MAP-09"),
])
def test_only_what_stands_is_withdrawn(catalogue, change, code):
    send(row())
    with pytest.raises(Refused) as refused:
        withdraw(**change)
    assert refused.value.code == code


def test_unmapped_and_ended_codes_are_listed(catalogue):
    send(row(), row(fixmedins_hilist_id="YP2"))
    actions.end_item(NEW, day=date(2026, 3, 5), replaced_by=OTHER)
    found = queries.unmapped(HOSPITAL, [("101", "YP9"), ("101", "YP1")], TODAY)
    assert [(one.own_code, one.hilist_code, one.since, one.replaced_by) for one in found] == [
        ("YP1", NEW, date(2026, 3, 5), OTHER), ("YP9", "", None, ""),
    ]
    assert [one.own_code for one in queries.mappings_to_renew(HOSPITAL, TODAY)] == ["YP1", "YP2"]
    assert queries.mappings_to_renew(HOSPITAL, date(2026, 3, 4)) == []


def test_a_chain_of_replacements_ends_where_one_stands_and_never_runs_in_a_circle(catalogue):
    actions.end_item(NEW, day=date(2026, 3, 5), replaced_by=OLD)
    assert queries.successor(OLD, TODAY) is None
    Item.objects.filter(hilist_code=NEW).update(replaced_by=OTHER)
    assert queries.successor(OLD, date(2026, 4, 1)).code == OTHER


def test_an_item_that_ended_is_not_ended_again(catalogue):
    with pytest.raises(Item.DoesNotExist):
        actions.end_item(OLD, day=date(2026, 4, 1))


def test_an_area_pays_an_item_by_its_own_ceiling_and_share(catalogue):
    actions.set_ceiling(NEW, "421000", 12_500_000, starts=date(2026, 1, 1))
    actions.set_ceiling(NEW, "421000", 10_000_000, starts=date(2026, 3, 1))
    actions.set_share(NEW, "421000", 1_000, starts=date(2026, 1, 1))
    actions.set_share(NEW, "421000", 2_000, starts=TODAY)
    actions.set_share(NEW, "421000", 1_500, starts=TODAY)
    before, after = (queries.item_on(NEW, day, "421002", "02", "310") for day in (date(2026, 2, 28), TODAY))
    assert (before.ceiling, before.rate, after.ceiling, after.rate) == (12_500_000, 1_000, 10_000_000, 1_500)
    assert queries.item_on(OLD, TODAY, "421002").replaced_by == NEW
