"""The sandbox's own data: everything in it can be loaded, is invented, and holds together; the README's numbers are true."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

from openyibao.bureau.loading.columns import Asked
from openyibao.bureau.loading.sift import Row, read_table
from openyibao.bureau.loading.tables import ORDER
from openyibao.kernel.codes import CLASS_A, CLASS_B, CLASS_C
from openyibao.kernel.identity import NEVER_GIVEN, unit_doubt
from openyibao.policybook.national import AID, TWO_DISEASES, kind_of, status_of
from openyibao.policybook.tree import city_codes

ROOT = Path(__file__).parents[2]
SANDBOX = ROOT / "examples" / "sandbox"
README = (SANDBOX / "README.md").read_text(encoding="utf-8")
DAY = date(2026, 1, 1)
ROLES = 20

COUNTS = {"drugs": 350, "services": 200, "consumables": 80, "diagnoses": 300, "operations": 200, "people": 300, "institutions": 20}


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    """The sound rows of every table but the channels, which only the gateway can judge."""
    found = {}
    for table in ORDER:
        sifted = read_table(SANDBOX / f"{table.kind}.csv", table, Asked(DAY, training=True))
        assert sifted.rejected == [], f"{table.kind}: {sifted.rejected[:3]}"
        assert sifted.ignored == (), f"{table.kind} has columns that nobody reads: {sifted.ignored}"
        found[table.kind] = sifted.rows
    return found


def column(rows: list[Row], name: str) -> list[object]:
    return [row.values[name] for row in rows]


def in_force(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.values["begndate"] <= DAY and (row.values["enddate"] is None or row.values["enddate"] > DAY)]


def test_there_is_enough_of_everything(tables):
    for kind, least in COUNTS.items():
        assert len(tables[kind]) >= least, kind
    assert sum(len(tables[kind]) for kind in ("drugs", "services", "consumables")) >= 600


def test_the_readme_counts_right():
    for kind, rows in re.findall(r"^\| `(\w+)\.csv` \|.*\| (\d+) \|$", README, flags=re.MULTILINE):
        with (SANDBOX / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
            assert sum(1 for _ in csv.reader(file)) - 1 == int(rows), kind
    named = set(re.findall(r"`(\w+)\.csv`", README))
    assert {path.stem for path in SANDBOX.glob("*.csv")} == named


def test_all_classes_and_flags_occur(tables):
    items = [row for kind in ("drugs", "services", "consumables") for row in tables[kind]]
    assert set(column(items, "chrgitm_lv")) == {CLASS_A, CLASS_B, CLASS_C}
    heads = {head[:2] for head in column(items, "med_chrgitm_type")}
    assert heads == {f"{number:02d}" for number in range(1, 15)}
    flags = [("drugs", "dual_channel_flag"), ("drugs", "hi_nego_drug_flag"), ("drugs", "bas_medn_flag")]
    for kind, flag in [*flags, ("consumables", "highval_mcs_flag"), ("operations", "daysrg_flag")]:
        assert set(column(tables[kind], flag)) == {True, False}, flag
    for row in items:
        assert row.values["lmt_used_flag"] == bool(row.values["lmt_usescp"]), row
    assert {code for codes in column(tables["drugs"], "two_disease_codes") for code in codes.split(";") if code} == set(TWO_DISEASES)


def test_a_code_of_class_b_has_one_share_for_everybody_on_every_day(tables):
    shares = tables["selfpay"]
    for row in (row for kind in ("drugs", "consumables", "services") for row in in_force(tables[kind])):
        mine = [share.values for share in in_force(shares) if share.values["hilist_code"] == row.values["med_list_codg"]]
        of_the_nation = {share["selfpay_prop_psn_type"] for share in mine if not share["insu_admdvs"]}
        wanted = [{"99"}, {"310", "390"}] if row.values["chrgitm_lv"] == CLASS_B else [set()]
        assert of_the_nation in wanted, row


def test_replaced_codes_lead_to_a_code_that_begins_when_they_end(tables):
    replaced = Counter()
    items = dict.fromkeys(("drugs", "services", "consumables"), "med_list_codg")
    names = {**items, "diagnoses": "diag_code", "operations": "oprn_oprt_code"}
    for kind, name in names.items():
        known = {row.values[name]: row.values for row in tables[kind]}
        for row in tables[kind]:
            successor = row.values["repl_codg"]
            if successor:
                replaced[kind] += 1
                assert row.values["enddate"] == date(2023, 1, 1)
                assert known[successor]["begndate"] <= row.values["enddate"] and known[successor]["enddate"] is None
    assert replaced == {"drugs": 8, "services": 3, "consumables": 1, "diagnoses": 5, "operations": 3}


def test_ceilings_and_mappings_name_items_that_there_are(tables):
    codes = {row.values["med_list_codg"] for kind in ("drugs", "services", "consumables") for row in tables[kind]}
    assert set(column(tables["ceilings"], "hilist_code")) <= codes
    assert set(column(tables["selfpay"], "hilist_code")) <= codes
    assert set(column(tables["mappings"], "med_list_codg")) <= codes


def test_chronic_diseases_are_those_of_the_five_cities(tables):
    named = set()
    for path in (ROOT / "policies").glob("*/chronic.yaml"):
        named |= set(re.findall(r"\bM\d{5}\b", "\n".join(yaml.safe_load(path.read_text(encoding="utf-8")) or {})))
    assert set(column(tables["chronic"], "opsp_dise_code")) == named
    diagnoses = set(column(tables["diagnoses"], "diag_code"))
    assert {code for codes in column(tables["chronic"], "diag_codes") for code in codes.split(";")} <= diagnoses


def test_every_city_has_each_kind_of_institution(tables):
    cities = {"433101", "610900", "421000", "420100", "530400"}
    assert len(city_codes(ROOT / "policies")) == len(cities)
    levels = {city: set() for city in cities}
    for row in tables["institutions"]:
        code = row.values["fixmedins_code"]
        assert row.values["admdvs"][:4] == code[1:5]
        levels[code[1:7]].add(row.values["hosp_lv"])
    assert all({"02", "05", "11", ""} <= found for found in levels.values()), levels
    codes = set(column(tables["institutions"], "fixmedins_code"))
    for kind in ("departments", "practitioners", "mappings"):
        assert set(column(tables[kind], "fixmedins_code")) <= codes, kind
    assert len(in_agreement(tables["institutions"])) == len(codes) - 1


def in_agreement(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.values["agreement_ends"] is None or row.values["agreement_ends"] > DAY]


def test_nobody_in_it_can_be_real(tables):
    for row in tables["people"]:
        values = row.values
        assert values["certno"].startswith(NEVER_GIVEN) or values["psn_cert_type"] == "990201", values["psn_no"]
    for kind in ("institutions", "employers"):
        for row in tables[kind]:
            assert row.values["uscc"][2:6] == "9901" and unit_doubt(row.values["uscc"]) is None
    assert all(code[7:9] == "99" for code in column(tables["institutions"], "fixmedins_code"))
    assert all(code[7:9] == "99" for code in column(tables["practitioners"], "prac_psn_code"))


def test_what_is_said_of_people_is_said_of_people_that_there_are(tables):
    people = set(column(tables["people"], "psn_no"))
    for kind in ("relations", "dues", "accounts", "identities", "filings"):
        assert set(column(tables[kind], "psn_no")) <= people, kind
    assert {number for row in tables["family"] for number in (row.values["owner"], row.values["relative"])} <= people
    employers = set(column(tables["employers"], "emp_no")) | {""}
    assert set(column(tables["relations"], "emp_no")) <= employers
    assert {status_of(kind) for kind in column(tables["relations"], "psn_type")} == {0, 1}
    assert set(column(tables["identities"], "psn_idet_type")) <= set(AID)
    assert kind_of("11") is not None


def test_the_roles_stand_in_every_city_and_in_the_readme(tables):
    roles = Counter(row.values["memo"].split("：")[0] for row in tables["people"] if row.values["memo"])
    assert len(roles) == ROLES and set(roles.values()) == {5}
    described = re.findall(r"^\| (\d+) \| ([a-z-]+) \| .* \| (\d{26}) \| (\S+) \| (\S+) \|$", README, flags=re.MULTILINE)
    assert len(described) == ROLES
    by_number = {row.values["psn_no"]: row.values for row in tables["people"]}
    for _, role, psn_no, certno, name in described:
        person = by_number[psn_no]
        assert (person["memo"].split("：")[0], person["certno"], person["psn_name"]) == (role, certno, name)


def test_measures_name_somebody(tables):
    targets = {
        "institution": set(column(tables["institutions"], "fixmedins_code")),
        "practitioner": set(column(tables["practitioners"], "prac_psn_code")),
        "person": set(column(tables["people"], "psn_no")),
    }
    assert {row.values["kind"] for row in tables["measures"]} == set(targets)
    for row in tables["measures"]:
        assert row.values["target"] in targets[row.values["kind"]], row
