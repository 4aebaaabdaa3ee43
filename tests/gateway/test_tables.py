"""Code tables: what is accepted, what is strict, what a code is called."""

import pytest

from openyibao.gateway.tables import allowed, label, table, table_names


def test_a_label_is_found_in_the_table_or_in_the_codes_of_other_places():
    assert label("insutype", "310") == "职工基本医疗保险"
    assert label("med_type", "21") == "普通住院"
    assert label("med_type", "zz") == "zz"
    assert label("no_such_table", "1") == "1"


def test_leading_zeros_and_texts_stay():
    for name in table_names():
        found = table(name)
        assert found is not None
        assert all(isinstance(code, str) and isinstance(words, str) for code, words in (found.codes | found.also).items()), name
        assert not set(found.codes) & set(found.also), name
    assert "01" in table("mdtrt_cert_type").codes


@pytest.mark.parametrize("name", ["insutype", "med_type", "psn_setlway", "acct_used_flag", "mdtrt_cert_type"])
def test_codes_that_decide_money_are_strict(name):
    assert allowed(name).strict


def test_other_tables_only_warn_and_local_ones_are_not_checked():
    assert not allowed("gend").strict
    assert allowed("local") is None
    assert allowed("") is None
    assert table("local") is None
