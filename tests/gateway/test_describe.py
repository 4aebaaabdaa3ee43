"""The descriptions carry the published shapes unchanged; what is read differently is said in one file and names what is there."""

import pytest
import yaml

from gateway import published
from openyibao.gateway.describe import FOLDER, described, folded_names, known, known_numbers, read, served_numbers
from openyibao.gateway.tables import table

reference = pytest.mark.skipif(not published.present(), reason=published.MISSING)
SPANS = ((1301, 1319), (2101, 2103), (2201, 2208), (2301, 2305), (2401, 2405), (2501, 2506), (3101, 3103), (3201, 3202), (3301, 3302),
         (3401, 3403), (3501, 3507), (5101, 5102), (5201, 5206), (5301, 5304), (9001, 9002), (9101, 9102))  # fmt: skip
PROMISED = {str(number) for first, last in SPANS for number in range(first, last + 1)}
PROMISED |= {"1101", "1201", "1901", "2001", "2203A", "2601", "4101", "4101A", "Y0001"}


def test_every_message_to_be_served_is_described():
    assert set(served_numbers()) >= PROMISED
    for infno in served_numbers():
        message = described(infno)
        assert message is not None
        assert message.zh, infno
        assert message is described(infno)


def test_every_number_has_a_name_in_both_languages():
    for infno, entry in known_numbers().items():
        message = described(infno)
        assert entry.zh or (message is not None and message.zh), infno
        assert entry.en, infno


def test_a_number_known_but_not_served_has_a_name_and_no_description():
    entry = known("7101")
    assert entry is not None
    assert entry.zh == "电子处方上传预核验"
    assert described("7101") is None
    assert known("0000") is None
    assert described("0000") is None


def test_variants_share_the_shape_and_keep_their_number():
    for infno, origin in (("2207A", "2207"), ("2206A", "2206"), ("4101A", "4101")):
        variant, message = described(infno), described(origin)
        assert variant is not None
        assert message is not None
        assert (variant.infno, variant.variant_of, variant.zh) == (infno, origin, message.zh)
        assert [node.name for node in variant.input] == [node.name for node in message.input]


def test_nested_nodes_know_where_they_stand():
    audit, purchase = described("3101"), described("2102")
    assert audit is not None
    assert purchase is not None
    inside = {node.name: node.inside for node in audit.input}
    assert inside["fsi_order_dtos"] == ("fsi_encounter_dtos",)
    assert inside["fsi_encounter_dtos"] == ("patient_dtos",)
    assert {node.name: node.inside for node in purchase.input}["durg_trac_info"] == ("drugdetail",)


def test_no_two_fields_of_a_node_are_one_key_when_case_and_underscores_are_dropped():
    for infno in served_numbers():
        message = described(infno)
        assert message is not None
        for node in message.input:
            names = folded_names(node)
            assert len(set(names)) == len(names), f"{infno} {node.name}"


def test_readings_name_only_what_is_there():
    readings = read("readings")
    for infno, reading in readings["messages"].items():
        message = described(infno)
        assert message is not None, infno
        fields = {field.name for node in message.input for field in node.fields}
        nodes = {node.name for node in message.input}
        unknown = set(reading.get("lenient", ())) | set(reading.get("required", ())) | set(reading.get("whole_day", ()))
        shared = set(message_names_of_anchor(readings, reading))
        assert unknown - fields - {"*"} - shared == set(), infno
        assert set(reading.get("needed", ())) | set(reading.get("many", ())) <= nodes, infno
        assert set(reading.get("nodes", {}).values()) <= nodes, infno
    assert all(table(name) for name in readings["strict"])
    assert all(known(infno) and known(origin) for infno, origin in readings["variants"].items())


def message_names_of_anchor(readings, reading):
    """Fields of the other messages that share one reading: a name need stand in one of them only."""
    for infno, other in readings["messages"].items():
        if other is reading:
            message = described(infno)
            yield from (field.name for node in message.input for field in node.fields)


def test_coded_fields_are_texts_of_known_tables():
    for infno in served_numbers():
        message = described(infno)
        assert message is not None
        for node in (*message.input, *message.output):
            for field in node.fields:
                if field.table and field.table != "local":
                    assert table(field.table) is not None, f"{infno} {field.name}: no table {field.table}"
                    assert field.type in ("字符型", "集合"), f"{infno} {field.name}"


def test_every_condition_is_checked_or_explained():
    meanings = read("readings")["conditions"]
    for infno in served_numbers():
        message = described(infno)
        assert message is not None
        for node in message.input:
            for field in node.fields:
                told = not field.condition or "=" in field.condition or field.condition in meanings
                assert told, f"{infno} {field.name}: {field.condition}"


def test_no_file_holds_remarks_of_the_sources():
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert "hsa-his" not in text
        assert "HNSPEC" not in text
        assert yaml.load(text, Loader=published.LOADER)


@reference
def test_every_published_number_is_known():
    document = published.document("transactions.yaml")
    names = known_numbers()
    assert len(document["transactions"]) == 256
    for infno, entry in document["transactions"].items():
        assert names[infno].zh == entry["zh"] or not entry["zh"]      # numbers of one place have no printed name
        assert names[infno].group == entry.get("group", "")
    for infno in document["names_only"]:
        first, _, last = infno.partition("-")
        for number in range(int(first), int(last) + 1) if last else (infno,):
            assert str(number) in names


@reference
@pytest.mark.parametrize("infno", [infno for infno in served_numbers() if infno not in ("Y0001", "2206A", "2207A", "4101A")])
def test_nodes_and_fields_are_as_published(infno):
    entry = known(infno)
    assert entry is not None
    carried = read(entry.family)[infno]
    source = published.document("transactions.yaml")["transactions"][infno]
    for side in ("input", "output"):
        assert [(node["node"], node["rows"]) for node in carried[side]] == [(node["node"], node["rows"]) for node in source.get(side) or []]
        for ours, theirs in zip(carried[side], source.get(side) or [], strict=True):
            assert ours.get("file_columns") == theirs.get("file_columns")
            for field, printed in zip(ours["fields"], theirs["fields"], strict=True):
                same_field(infno, field, printed)
    for columns in ("uploaded_file_columns", "result_file_columns"):
        for field, printed in zip(carried.get(columns, ()), source.get(columns) or (), strict=True):
            same_field(infno, field, printed)


def same_field(infno, field, printed):
    """One carried field against the published one."""
    for key in ("name", "zh", "type", "req", "dict", "required_if", "format"):
        assert field.get(key) == printed.get(key), f"{infno} {printed['name']} {key}"
    assert str(field.get("len", "")) == str(printed.get("len") or ""), f"{infno} {printed['name']} len"
    if "codes" in field:
        assert set(field["codes"]) == {str(code) for code in printed["codes"]}, f"{infno} {printed['name']} codes"


@reference
def test_code_tables_are_as_published():
    source = published.document("dictionaries.yaml")["dictionaries"]
    carried = read("tables")
    assert list(carried) == list(source)
    for name, entry in source.items():
        assert carried[name]["zh"] == entry["zh"], name
        assert carried[name]["codes"] == {str(code): str(label) for code, label in entry["codes"].items()}, name
        others = {str(code) for place in entry.get("also") or [] for code in place["codes"]} - set(carried[name]["codes"])
        assert set(carried[name].get("also", {})) == others, name
