"""Visits, diagnoses and charge lines of the hot path 就诊与明细: each message one statement, guarded by the visit's version."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from openyibao.bureau.settlement.store.pool import Store
from openyibao.bureau.settlement.store.writing import MessageRow
from openyibao.kernel.lines import Scoped

ENCODER = msgspec.json.Encoder()


class LineRow(NamedTuple):
    """A charge line as it is kept, in the order of the statement."""

    feedetl_sn: str
    chrg_bchno: str
    hilist_code: str
    own_code: str
    name: str
    med_chrgitm_type: str
    at: datetime
    quantity: int
    price: int
    item_class: int
    rate: int
    ceiling: int
    flags: int
    takes_back: str
    fee: int
    full: int
    over: int
    pre: int
    within: int
    scope: int
    detail: str


class EncounterRow(NamedTuple):
    """A visit as it is registered."""

    mdtrt_id: int
    psn_no: str
    insutype: str
    fixmedins_code: str
    treating: str
    insured: str
    sort: str
    med_type: str
    ipt_otp_no: str
    begins: datetime
    dise_codg: str
    dr_code: str
    dept_code: str
    cert_type: str
    at: datetime
    detail: str


class DiagnosisRow(NamedTuple):
    """A diagnosis of a visit."""

    place: int
    main: bool
    code: str
    name: str
    stage: str
    detail: str


MESSAGE = """ms AS (
  INSERT INTO settlement_message (fixmedins_code, msgid, infno, digest, at, psn_no, ref, answer)
  VALUES ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8)
)"""
"""The message's own row: $1 institution $2 msgid $3 infno $4 digest $5 at $6 psn_no $7 mdtrt_id $8 answer."""

FOR_LINES = """
SELECT e.mdtrt_id, e.psn_no, e.insutype, e.fixmedins_code, e.insured, e.sort, e.med_type, e.state AS visit_state,
  e.version AS visit_version,
  e.dise_codg, (coalesce(e.ends, CASE WHEN e.sort = 'I' THEN $4::timestamptz ELSE e.begins END) AT TIME ZONE 'Asia/Shanghai')::date AS day,
  e.begins, e.ends, n.hosp_lv, n.admdvs AS institution_area, m.digest AS said_digest, m.infno AS said_infno, m.answer AS said_answer,
  t.batches, d.stopped
FROM settlement_encounter e
LEFT JOIN providers_institution n ON n.fixmedins_code = e.fixmedins_code
LEFT JOIN settlement_message m ON m.fixmedins_code = $1 AND m.msgid = $2
LEFT JOIN LATERAL (SELECT array_agg(chrg_bchno) AS batches FROM settlement_standing t WHERE t.mdtrt_id = e.mdtrt_id) t ON true
LEFT JOIN LATERAL (
  SELECT array_agg(d.target || ' ' || to_char(d.starts AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') || ' ' || d.reason) AS stopped
  FROM providers_measure d WHERE d.target = ANY($5::text[]) AND d.starts <= $4 AND (d.ends IS NULL OR d.ends > $4)) d ON true
WHERE e.mdtrt_id = $3
"""

EARLIER = """
SELECT o.*, o.quantity + coalesce(r.quantity, 0)::bigint AS left_quantity, o.fee + coalesce(r.fee, 0)::bigint AS left_fee,
  o."full" + coalesce(r."full", 0)::bigint AS left_full, o."over" + coalesce(r."over", 0)::bigint AS left_over,
  o.pre + coalesce(r.pre, 0)::bigint AS left_pre, o.within + coalesce(r.within, 0)::bigint AS left_within
FROM settlement_line o
LEFT JOIN LATERAL (
  SELECT sum(quantity) AS quantity, sum(fee) AS fee, sum("full") AS "full", sum("over") AS "over", sum(pre) AS pre, sum(within) AS within
  FROM settlement_line r WHERE r.mdtrt_id = o.mdtrt_id AND r.takes_back = o.feedetl_sn) r ON true
WHERE o.mdtrt_id = $1 AND o.feedetl_sn = ANY($2::text[])
"""

LINES = """SELECT * FROM settlement_line WHERE mdtrt_id = $1 AND ($2::text IS NULL OR chrg_bchno = $2) ORDER BY id"""

LINE_COLUMNS = """feedetl_sn, chrg_bchno, hilist_code, own_code, name, med_chrgitm_type, at, quantity, price, item_class, rate, ceiling,
    flags, takes_back, fee, "full", "over", pre, within, scope, detail"""
LINE_RECORD = """feedetl_sn text, chrg_bchno text, hilist_code text, own_code text, name text, med_chrgitm_type text,
    at timestamptz, quantity bigint,
    price bigint, item_class smallint, rate int, ceiling bigint, flags smallint, takes_back text, fee bigint, "full" bigint, "over" bigint,
    pre bigint, within bigint, scope bigint, detail json"""
"""The columns of LineRow, and their types in a JSON row."""

ADD_LINES = f"""
WITH e AS (
  UPDATE settlement_encounter SET version = version + 1 WHERE mdtrt_id = $7 AND version = $9 RETURNING 1
), l AS (
  INSERT INTO settlement_line (mdtrt_id, psn_no, {LINE_COLUMNS})
  SELECT $7, $6, u.* FROM json_to_recordset($10::json) AS u({LINE_RECORD})
), {MESSAGE}
SELECT settlement_must((SELECT count(*) FROM e) = 1, 'the visit changed meanwhile')
"""

DROP_LINES = f"""
WITH e AS (
  UPDATE settlement_encounter SET version = version + 1 WHERE mdtrt_id = $7 AND version = $9 RETURNING 1
), l AS (
  DELETE FROM settlement_line l WHERE l.mdtrt_id = $7 AND ($10::text IS NULL OR l.chrg_bchno = $10)
    AND ($11::text[] IS NULL OR l.feedetl_sn = ANY($11) OR l.takes_back = ANY($11))
    AND NOT EXISTS (SELECT 1 FROM settlement_standing t WHERE t.mdtrt_id = $7 AND t.chrg_bchno = l.chrg_bchno) RETURNING 1
), {MESSAGE}
SELECT settlement_must((SELECT count(*) FROM e) = 1, 'the visit changed meanwhile')
"""

RESPLIT = """
WITH e AS (
  UPDATE settlement_encounter SET version = version + 1 WHERE mdtrt_id = $1 AND version = $2 RETURNING 1
), l AS (
  UPDATE settlement_line l SET "full" = u."full", "over" = u."over", pre = u.pre, within = u.within, scope = $8
  FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) AS u(id, "full", "over", pre, within) WHERE l.id = u.id
)
SELECT settlement_must((SELECT count(*) FROM e) = 1, 'the visit changed meanwhile')
"""

OPEN_VISIT = f"""
WITH e AS (
  INSERT INTO settlement_encounter (mdtrt_id, psn_no, insutype, fixmedins_code, treating, insured, sort, med_type, ipt_otp_no, begins, ends,
    dise_codg, dr_code, dept_code, state, version, cert_type, at, detail)
  VALUES ($7, $6, $9, $1, $10, $11, $12, $13, $14, $15::timestamptz, NULL, $16, $17, $18, 0, 0, $19, $5::timestamptz, $20::jsonb)
), d AS (
  INSERT INTO settlement_diagnosis (mdtrt_id, psn_no, place, main, code, name, stage, detail)
  SELECT $7, $6, u.* FROM unnest($21::smallint[], $22::boolean[], $23::text[], $24::text[], $25::text[], $26::jsonb[]) u
), {MESSAGE}
SELECT 1
"""

CHANGE_VISIT = f"""
WITH e AS (
  UPDATE settlement_encounter SET version = version + 1, state = $10, med_type = $11, begins = $12::timestamptz, ends = $13::timestamptz,
    dise_codg = $14, dr_code = $15, dept_code = $16, detail = $17::jsonb WHERE mdtrt_id = $7 AND version = $9 RETURNING 1
), gone AS (
  DELETE FROM settlement_diagnosis WHERE mdtrt_id = $7 AND (stage, place) IN (
    SELECT * FROM unnest($18::text[], $19::smallint[]) EXCEPT SELECT * FROM unnest($24::text[], $20::smallint[]))
), d AS (
  INSERT INTO settlement_diagnosis (mdtrt_id, psn_no, place, main, code, name, stage, detail)
  SELECT $7, $6, u.* FROM unnest($20::smallint[], $21::boolean[], $22::text[], $23::text[], $24::text[], $25::jsonb[]) u
  ON CONFLICT (mdtrt_id, stage, place) DO UPDATE SET main = EXCLUDED.main, code = EXCLUDED.code, name = EXCLUDED.name,
    detail = EXCLUDED.detail
), {MESSAGE}
SELECT settlement_must((SELECT count(*) FROM e) = 1, 'the visit changed meanwhile')
"""
"""$18, $19: diagnoses to void; the visit's new state and fields."""

WHO = """
SELECT p.psn_no, p.name, p.died_on, p.merged_into, p.admdvs, m.digest AS said_digest, m.infno AS said_infno, m.answer AS said_answer,
  i.admdvs AS institution_area, i.name AS institution_name, c.ends AS agreement_ends,
  c.starts IS NOT NULL AND (c.ends IS NULL OR c.ends > ($5::timestamptz AT TIME ZONE 'Asia/Shanghai')::date) AS agreed,
  r.admdvs AS relation_area, r.insutype,
  q.reason AS person_measure, q.starts AS person_measure_from, k.reason AS institution_measure, k.starts AS institution_measure_from,
  d.reason AS doctor_measure, d.starts AS doctor_measure_from, o.mdtrt_id AS in_hospital, o.fixmedins_code AS in_hospital_at
FROM (SELECT 1) one
LEFT JOIN enrolment_person p ON p.psn_no = $3
LEFT JOIN settlement_message m ON m.fixmedins_code = $1 AND m.msgid = $2
LEFT JOIN providers_institution i ON i.fixmedins_code = $1
LEFT JOIN LATERAL (SELECT starts, ends FROM providers_agreement c WHERE c.institution_id = $1
  AND c.starts <= ($5::timestamptz AT TIME ZONE 'Asia/Shanghai')::date ORDER BY c.starts DESC LIMIT 1) c ON true
LEFT JOIN LATERAL (SELECT admdvs, insutype FROM enrolment_relation r WHERE r.psn_no = $3 AND r.insutype = $4 AND r.state <> '3'
  ORDER BY r.starts <= ($5::timestamptz AT TIME ZONE 'Asia/Shanghai')::date DESC, r.starts DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT reason, starts FROM entitlement_measure q WHERE q.psn_no = $3 AND q.starts <= $6::timestamptz
  AND (q.ends IS NULL OR q.ends > $6::timestamptz) ORDER BY starts LIMIT 1) q ON true
LEFT JOIN LATERAL (SELECT reason, starts FROM providers_measure k WHERE k.target = $1 AND k.starts <= $6::timestamptz
  AND (k.ends IS NULL OR k.ends > $6::timestamptz) ORDER BY starts LIMIT 1) k ON true
LEFT JOIN LATERAL (SELECT reason, starts FROM providers_measure d WHERE $7::text <> '' AND d.target = $7 AND d.starts <= $6::timestamptz
  AND (d.ends IS NULL OR d.ends > $6::timestamptz) ORDER BY starts LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT mdtrt_id, fixmedins_code FROM settlement_encounter o WHERE $8 = 'I' AND o.psn_no = $3 AND o.sort = 'I'
  AND o.state = 0 ORDER BY begins DESC LIMIT 1) o ON true
"""

STAND_OF_VISIT = """
SELECT e.*, m.digest AS said_digest, m.infno AS said_infno, m.answer AS said_answer,
  EXISTS (SELECT 1 FROM settlement_standing t WHERE t.mdtrt_id = e.mdtrt_id) AS settled,
  EXISTS (SELECT 1 FROM settlement_line l WHERE l.mdtrt_id = e.mdtrt_id) AS charged
FROM settlement_encounter e LEFT JOIN settlement_message m ON m.fixmedins_code = $1 AND m.msgid = $2 WHERE e.mdtrt_id = $3
"""


def message_values(message: MessageRow, at: datetime, psn_no: str, mdtrt_id: int) -> tuple[object, ...]:
    """$1 to $8 of a statement that keeps a message."""
    return (message.fixmedins_code, message.msgid, message.infno, message.digest, at, psn_no, mdtrt_id, message.answer)


async def who(
    store: Store, institution: str, msgid: str, psn_no: str, insutype: str, begins: datetime, at: datetime, doctor: str, sort: str
) -> Any:
    """What registering a visit needs: the person, measures in force, an open stay, and the message's first answer."""
    return await store.row(WHO, institution, msgid, psn_no, insutype, begins, at, doctor, sort)


async def for_lines(store: Store, institution: str, msgid: str, mdtrt_id: int, at: datetime, doctors: Sequence[str]) -> Any:
    """What taking lines needs of a visit; `stopped` are the doctors under a measure."""
    return await store.row(FOR_LINES, institution, msgid, mdtrt_id, at, list(doctors))


async def earlier_lines(store: Store, mdtrt_id: int, numbers: Sequence[str]) -> dict[str, Any]:
    """Lines that returns name, with what is left of each, by feedetl_sn."""
    return {row["feedetl_sn"]: row for row in await store.rows(EARLIER, mdtrt_id, list(numbers))} if numbers else {}


async def lines_of(store: Store, mdtrt_id: int, batch: str | None) -> list[Any]:
    """A visit's lines in the order they came; of one batch, or all."""
    return await store.rows(LINES, mdtrt_id, batch)


async def add_lines(
    store: Store, message: MessageRow, at: datetime, psn_no: str, mdtrt_id: int, version: int, lines: Sequence[LineRow]
) -> None:
    """Keep lines and their message. Raises Conflict, AlreadyAnswered, Taken (settlement_line_once: a number stands already)."""
    await store.write(ADD_LINES, *message_values(message, at, psn_no, mdtrt_id), version, as_json(lines))


KEEP_LINES = f"""
INSERT INTO settlement_line (mdtrt_id, psn_no, {LINE_COLUMNS})
SELECT $1, $2, u.* FROM json_to_recordset($3::json) AS u({LINE_RECORD})
"""
"""The lines of a purchase, whose visit is made with its settlement."""


def as_json(lines: Sequence[LineRow]) -> str:
    """Lines as one JSON parameter: the driver takes longer to encode twenty arrays than the database to read a text."""
    return ENCODER.encode([{**line._asdict(), "detail": msgspec.Raw(line.detail.encode())} for line in lines]).decode()


def purchase_lines(mdtrt_id: int, psn_no: str, lines: Sequence[LineRow]) -> tuple[str, tuple[object, ...]]:
    """The statement that keeps a purchase's lines, and its values."""
    return KEEP_LINES, (mdtrt_id, psn_no, as_json(lines))


async def drop_lines(
    store: Store,
    message: MessageRow,
    at: datetime,
    psn_no: str,
    mdtrt_id: int,
    version: int,
    batch: str | None,
    numbers: Sequence[str] | None,
) -> None:
    """Take unsettled lines away 撤销明细 (2205, 2302): of a batch, of named numbers, or all. Raises Conflict, AlreadyAnswered."""
    named = list(numbers) if numbers is not None else None
    await store.write(DROP_LINES, *message_values(message, at, psn_no, mdtrt_id), version, batch, named)


async def write_splits(store: Store, mdtrt_id: int, version: int, ids: Sequence[int], parts: Sequence[Scoped], name: int) -> None:
    """Write lines' splits again under other rules. Raises Conflict."""
    await store.write(
        RESPLIT,
        mdtrt_id,
        version,
        list(ids),
        [part.full for part in parts],
        [part.over for part in parts],
        [part.pre for part in parts],
        [part.within for part in parts],
        name,
    )


def diagnosis_columns(rows: Sequence[DiagnosisRow]) -> tuple[list[Any], ...]:
    """Diagnoses column by column."""
    return tuple([row[place] for row in rows] for place in range(len(DiagnosisRow._fields)))


async def open_visit(store: Store, message: MessageRow, visit: EncounterRow, diagnoses: Sequence[DiagnosisRow]) -> None:
    """Register a visit or admission (2201, 2401). Raises AlreadyAnswered."""
    await store.write(
        OPEN_VISIT,
        *message_values(message, visit.at, visit.psn_no, visit.mdtrt_id),
        visit.insutype,
        visit.treating,
        visit.insured,
        visit.sort,
        visit.med_type,
        visit.ipt_otp_no,
        visit.begins,
        visit.dise_codg,
        visit.dr_code,
        visit.dept_code,
        visit.cert_type,
        visit.detail,
        *diagnosis_columns(diagnoses),
    )


async def stand_of(store: Store, institution: str, msgid: str, mdtrt_id: int) -> Any:
    """A visit as it stands, whether it is settled or charged, and the message's first answer."""
    return await store.row(STAND_OF_VISIT, institution, msgid, mdtrt_id)


async def change_visit(
    store: Store,
    message: MessageRow,
    at: datetime,
    row: Any,
    changes: dict[str, Any],
    voided: Sequence[tuple[str, int]],
    diagnoses: Sequence[DiagnosisRow],
) -> None:
    """Change a visit (2202, 2203, 2402–2405): the named fields, diagnoses added, changed and voided. Raises Conflict, AlreadyAnswered."""
    now = {
        name: changes.get(name, row[name])
        for name in ("state", "med_type", "begins", "ends", "dise_codg", "dr_code", "dept_code", "detail")
    }
    await store.write(
        CHANGE_VISIT,
        *message_values(message, at, row["psn_no"], row["mdtrt_id"]),
        row["version"],
        *now.values(),
        [stage for stage, _ in voided],
        [place for _, place in voided],
        *diagnosis_columns(diagnoses),
    )
