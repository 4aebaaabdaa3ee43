"""The database's registers as a store's 登记表归档: institutions, practitioners, employers, items, diagnoses, places; numbered by code."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from openyibao.kernel import codes
from openyibao.kernel.claim import FOREVER
from openyibao.policybook.book import Book
from openyibao.policybook.national import CHARGE_HEADS, CITY, pooling_area
from openyibao.warehouse.tables.schema import TABLES

INSTITUTIONS = """
SELECT i.fixmedins_code, i.name, i.kind, i.hosp_lv, i.admdvs, coalesce(to_char(min(a.starts), 'YYYYMMDD')::int, 0),
  coalesce(CASE WHEN bool_or(a.ends IS NULL) THEN 99991231 ELSE to_char(max(a.ends), 'YYYYMMDD')::int END, 0)
FROM providers_institution i LEFT JOIN providers_agreement a ON a.institution_id = i.fixmedins_code
GROUP BY i.fixmedins_code ORDER BY i.fixmedins_code COLLATE "C"
"""
PRACTITIONERS = """
SELECT DISTINCT ON (code COLLATE "C") code, fixmedins_code, hosp_dept_codg, to_char(starts, 'YYYYMMDD')::int,
  coalesce(to_char(ends, 'YYYYMMDD')::int, 99991231) FROM providers_practitioner ORDER BY code COLLATE "C", starts
"""
EMPLOYERS = """SELECT emp_no, name, admdvs FROM enrolment_employer ORDER BY emp_no COLLATE "C\""""
DIVISIONS = """SELECT DISTINCT admdvs FROM enrolment_person WHERE admdvs LIKE %s ORDER BY admdvs"""
DIAGNOSES = """SELECT code, max(name) FROM settlement_diagnosis GROUP BY code ORDER BY code COLLATE "C\""""
OPERATIONS = """SELECT DISTINCT detail ->> 'oprn_oprt_code' AS code FROM settlement_encounter WHERE detail ? 'oprn_oprt_code' ORDER BY 1"""
ITEMS = """
SELECT DISTINCT ON (hilist_code COLLATE "C") hilist_code, name, med_chrgitm_type, item_class, rate, ceiling, price, flags
FROM settlement_line ORDER BY hilist_code COLLATE "C", id DESC
"""

CONSUMABLE, BED, DRUG, DUAL_CHANNEL, CONSULTATION, SLICES = 2, 4, 8, 16, 32, 64
"""Bits of settlement_line.flags (settlement.splitting says the same)."""


class Registers(NamedTuple):
    """The registers as tables, and each one's rows by code."""

    book: Book
    tables: dict[str, dict[str, Any]]
    rows: dict[str, dict[str, int]]  # table -> code -> row


def filled(table: str, count: int, **given: Any) -> dict[str, Any]:
    """Every column of a table: the given ones; zeros and empty texts elsewhere."""
    columns: dict[str, Any] = {}
    for column in TABLES[table].columns:
        if column.name in given:
            values = given[column.name]
            columns[column.name] = list(values) if column.type == "utf8" else np.asarray(values, np.int64)
        else:
            columns[column.name] = [""] * count if column.type == "utf8" else np.zeros(count, column.type)
    return columns


def registers_of(connection: Any, book: Book) -> Registers:
    """Every register of the database."""
    places = connection.execute(INSTITUTIONS).fetchall()
    home = pooling_area(f"{book.admdvs:06d}")
    divisions = {division for (division,) in connection.execute(DIVISIONS, [home[:CITY] + "%"])}
    divisions |= {row[4] for row in places if pooling_area(row[4]) == home}
    towns = sorted(divisions) or [f"{book.admdvs:06d}"]
    town = {code: row for row, code in enumerate(towns)}
    number = np.arange(len(towns))
    tables = {"town": filled("town", len(towns), town=number, name=towns, county=[int(code) for code in towns], county_name=towns)}
    tables["institution"] = institutions(places, town, home, book)
    by_code = {code: row for row, code in enumerate(tables["institution"]["code"])}
    practitioners = connection.execute(PRACTITIONERS).fetchall()
    tables["practitioner"] = filled(
        "practitioner", len(practitioners), practitioner=np.arange(len(practitioners)), code=[row[0] for row in practitioners],
        institution=[by_code.get(row[1], 0) for row in practitioners], department=[department(row[2]) for row in practitioners],
        starts=[row[3] for row in practitioners], ends=[row[4] for row in practitioners],
    )  # fmt: skip
    employers = connection.execute(EMPLOYERS).fetchall()
    tables["employer"] = filled(
        "employer", len(employers), employer=np.arange(len(employers)), code=[row[0] for row in employers],
        name=[row[1] for row in employers], town=[town.get(row[2], 0) for row in employers],
    )  # fmt: skip
    diagnoses, operations = connection.execute(DIAGNOSES).fetchall(), connection.execute(OPERATIONS).fetchall()
    tables["diagnosis"] = filled("diagnosis", len(diagnoses), diagnosis=np.arange(len(diagnoses)), code=[row[0] for row in diagnoses],
                                 name=[row[1] for row in diagnoses])
    tables["operation"] = filled("operation", len(operations), operation=np.arange(len(operations)), code=[row[0] for row in operations],
                                 name=[row[0] for row in operations])
    tables["item"] = items(connection.execute(ITEMS).fetchall())
    rows = {table: {str(code): row for row, code in enumerate(columns["code"])} for table, columns in tables.items() if table != "town"}
    return Registers(book, tables, {**rows, "town": town})


def institutions(places: Sequence[Any], town: dict[str, int], home: str, book: Book) -> dict[str, Any]:
    """Institutions at home and elsewhere."""
    away = [pooling_area(row[4]) != home for row in places]
    return filled(
        "institution", len(places), institution=np.arange(len(places)), code=[row[0] for row in places], name=[row[1] for row in places],
        pharmacy=[int(row[2] == "2") for row in places], level=[book.level_of(row[3]) if row[3] else codes.P0 for row in places],
        town=[-1 if gone else town[row[4]] for row, gone in zip(places, away, strict=True)],
        place=[int(row[4]) if gone else 0 for row, gone in zip(places, away, strict=True)],
        starts=[row[5] for row in places], ends=[row[6] or FOREVER for row in places],
    )  # fmt: skip


def items(found: Sequence[Any]) -> dict[str, Any]:
    """What was charged, as it was charged last."""
    def bit(mask: int) -> list[int]:
        return [int(bool(row[7] & mask)) for row in found]

    return filled(
        "item", len(found), item=np.arange(len(found)), code=[row[0] for row in found], name=[row[1] for row in found],
        kind=[item_kind(row[2], row[7]) for row in found], fee=[department(row[2][:2]) for row in found],
        item_class=[row[3] for row in found], self_pay=[row[4] for row in found], ceiling=[row[5] for row in found],
        price=[row[6] for row in found], consumable=bit(CONSUMABLE), bed=bit(BED), drug=bit(DRUG), dual_channel=bit(DUAL_CHANNEL),
        consultation=bit(CONSULTATION), slices=bit(SLICES),
    )  # fmt: skip


def item_kind(charge: str, flags: int) -> int:
    """1 drug, 2 consumable, 3 service, 4 herbal slices."""
    if flags & SLICES:
        return 4
    heads = CHARGE_HEADS.get(charge[:2], ())
    return 2 if flags & CONSUMABLE or "consumable" in heads else 1 if flags & DRUG or "drug" in heads else 3


def department(code: str) -> int:
    """A code of digits as a number; 0 for any other."""
    return int(code) if code.isdecimal() and len(code) < 5 else 0
