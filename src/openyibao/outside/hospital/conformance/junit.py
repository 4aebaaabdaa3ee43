"""The results as JUnit XML, for a vendor's own build."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from openyibao.outside.hospital.conformance.run import FAILED, SKIPPED, Result, by_family


def junit(results: Sequence[Result], title: str) -> bytes:
    """One test suite per family, one test case per case; failures carry both sentences and the cure."""
    root = ET.Element("testsuites", {"name": title, **counts(results)})
    for family, rows in by_family(results):
        suite = ET.SubElement(root, "testsuite", {"name": family, **counts(rows)})
        for row in rows:
            entry = ET.SubElement(suite, "testcase", {"classname": family, "name": row.case.name, "time": f"{row.seconds:.3f}"})
            if row.outcome == FAILED:
                failure = ET.SubElement(entry, "failure", {"message": clean(row.zh)})
                failure.text = clean(f"{row.en}\n{row.case.cure_zh}\n{row.case.cure_en}\n{row.trace}".strip())
            elif row.outcome == SKIPPED:
                ET.SubElement(entry, "skipped", {"message": clean(f"{row.zh} / {row.en}")})
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def counts(rows: Sequence[Result]) -> dict[str, str]:
    """The attributes that count."""
    return {
        "tests": str(len(rows)), "failures": str(sum(1 for row in rows if row.outcome == FAILED)),
        "skipped": str(sum(1 for row in rows if row.outcome == SKIPPED)), "time": f"{sum(row.seconds for row in rows):.3f}",
    }  # fmt: skip


def clean(text: str) -> str:
    """Text without the control characters that XML forbids."""
    return "".join(sign for sign in text if sign in "\t\n" or (" " <= sign <= "\ud7ff") or ("\ue000" <= sign <= "\ufffd")
                   or sign > "\uffff")
