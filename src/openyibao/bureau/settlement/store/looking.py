"""The read-only queries of the door 查询: visits, diagnoses, settlements and lines of the institution that asks."""

from datetime import datetime
from typing import Any

from openyibao.bureau.settlement.store.pool import Store

PERSON = "p.name, p.certno_cipher, p.psn_cert_type, p.gend, p.naty, p.brdy"

RELATION = """
LEFT JOIN LATERAL (SELECT psn_type, civil_servant, emp_no FROM enrolment_relation r WHERE r.psn_no = e.psn_no AND r.insutype = e.insutype
  AND r.state <> '3' AND r.starts <= (e.begins AT TIME ZONE 'Asia/Shanghai')::date ORDER BY r.starts DESC LIMIT 1) r ON true
"""

VISITS = f"""
SELECT e.*, {PERSON}, r.psn_type, r.civil_servant FROM settlement_encounter e JOIN enrolment_person p ON p.psn_no = e.psn_no {RELATION}
WHERE e.fixmedins_code = $1 AND ($2 = '' OR e.psn_no = $2) AND ($3::timestamptz IS NULL OR e.begins >= $3)
  AND ($4::timestamptz IS NULL OR e.begins <= $4)
  AND ($5::text IS NULL OR e.med_type = $5) AND ($6::bigint IS NULL OR e.mdtrt_id = $6) AND e.state <> 2
ORDER BY e.begins DESC LIMIT $7
"""

DIAGNOSES = """
SELECT d.* FROM settlement_diagnosis d JOIN settlement_encounter e ON e.mdtrt_id = d.mdtrt_id
WHERE d.mdtrt_id = $2 AND e.fixmedins_code = $1 AND ($3 = '' OR e.psn_no = $3) ORDER BY d.stage, d.place
"""

SETTLEMENT = f"""
SELECT s.*, {PERSON}, e.begins, e.dise_codg, e.cert_type, i.name AS institution_name, i.hosp_lv, w.setl_id AS mirrored_by,
  j.claim, j.receipt, j.shape, o.name AS emp_name
FROM settlement_settlement s JOIN settlement_encounter e ON e.mdtrt_id = s.mdtrt_id JOIN settlement_journal j ON j.setl_id = s.setl_id
JOIN enrolment_person p ON p.psn_no = s.psn_no LEFT JOIN providers_institution i ON i.fixmedins_code = s.fixmedins_code
LEFT JOIN settlement_settlement w ON w.mirror_of = s.setl_id {RELATION}
LEFT JOIN enrolment_employer o ON o.emp_no = r.emp_no
WHERE s.setl_id = $2 AND s.fixmedins_code = $1
"""

ITEM = """
LEFT JOIN LATERAL (SELECT list_type, spec, dosform FROM codes_item c WHERE c.hilist_code = l.hilist_code
  ORDER BY starts DESC LIMIT 1) c ON true
"""

LINES = f"""
SELECT l.*, e.med_type, t.setl_id, c.list_type, c.spec, c.dosform FROM settlement_line l
JOIN settlement_encounter e ON e.mdtrt_id = l.mdtrt_id
LEFT JOIN settlement_settlement s ON s.setl_id = $2 AND s.mdtrt_id = l.mdtrt_id
LEFT JOIN settlement_standing t ON t.mdtrt_id = l.mdtrt_id AND t.chrg_bchno = l.chrg_bchno {ITEM}
WHERE e.fixmedins_code = $1 AND l.mdtrt_id = CASE WHEN $3::bigint > 0 THEN $3::bigint ELSE (SELECT mdtrt_id FROM settlement_settlement
  WHERE setl_id = $2) END
  AND ($2::bigint = 0 OR (s.setl_id IS NOT NULL AND l.chrg_bchno = s.chrg_bchno)) ORDER BY l.id
"""

CHRONIC_DRUGS = f"""
SELECT l.*, e.med_type, t.setl_id, c.list_type, c.spec, c.dosform FROM settlement_encounter e
  JOIN settlement_line l ON l.mdtrt_id = e.mdtrt_id
JOIN settlement_standing t ON t.mdtrt_id = l.mdtrt_id AND t.chrg_bchno = l.chrg_bchno {ITEM}
WHERE e.psn_no = $1 AND e.med_type IN ('14', '140104', '140201', '140401', '9901') AND l.flags & 8 <> 0
  AND ($2::timestamptz IS NULL OR l.at >= $2) AND ($3::timestamptz IS NULL OR l.at <= $3) ORDER BY l.at DESC LIMIT $4
"""

LOOKED = "INSERT INTO staff_look (at, officer, psn_no, purpose, what) VALUES ($1, $2, $3, $4, $5)"

IN_HOSPITAL = f"""
SELECT e.*, {PERSON}, r.psn_type, r.civil_servant FROM settlement_encounter e JOIN enrolment_person p ON p.psn_no = e.psn_no {RELATION}
WHERE e.fixmedins_code = $1 AND e.sort = 'I' AND e.state = 0 AND ($2::text IS NULL OR e.psn_no = $2)
  AND ($3::timestamptz IS NULL OR e.begins >= $3) AND ($4::timestamptz IS NULL OR e.begins <= $4) ORDER BY e.begins LIMIT $5
"""


async def visits(
    store: Store,
    institution: str,
    psn_no: str,
    first: datetime | None,
    last: datetime | None,
    med_type: str | None,
    mdtrt_id: int | None,
    most: int,
) -> list[Any]:
    """The institution's visits, newest first."""
    return await store.rows(VISITS, institution, psn_no, first, last, med_type, mdtrt_id, most)


async def diagnoses(store: Store, institution: str, mdtrt_id: int, psn_no: str) -> list[Any]:
    """The diagnoses of a visit."""
    return await store.rows(DIAGNOSES, institution, mdtrt_id, psn_no)


async def settlement(store: Store, institution: str, setl_id: int) -> Any:
    """A settlement with the kernel's own values; None when the institution has none of that number."""
    return await store.row(SETTLEMENT, institution, setl_id)


async def lines(store: Store, institution: str, setl_id: int, mdtrt_id: int) -> list[Any]:
    """The lines of a settlement, or of a visit (setl_id 0)."""
    return await store.rows(LINES, institution, setl_id, mdtrt_id)


async def chronic_drugs(store: Store, psn_no: str, first: datetime | None, last: datetime | None, most: int) -> list[Any]:
    """The drugs of a person's chronic and two-disease bills, newest first."""
    return await store.rows(CHRONIC_DRUGS, psn_no, first, last, most)


async def looked(store: Store, at: datetime, officer: str, psn_no: str, purpose: str, what: str) -> None:
    """Log a look 查询留痕 at a person's history with other institutions; see `staff.actions.looked`."""
    await store.write(LOOKED, at, officer[:60], psn_no, purpose, what)


async def in_hospital(
    store: Store, institution: str, psn_no: str | None, first: datetime | None, last: datetime | None, most: int
) -> list[Any]:
    """Who lies in an institution."""
    return await store.rows(IN_HOSPITAL, institution, psn_no, first, last, most)
