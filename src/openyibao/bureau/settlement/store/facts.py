"""The facts of a bill 结算要素, read in one statement: message, visit, person, relation, year, accounts, entitlements, provider, lines.

A stay is judged on its admission day, another bill on its service day; the year is that of the deciding day.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from openyibao.bureau.settlement.store import within
from openyibao.bureau.settlement.store.pool import Store

ENCODER = msgspec.json.Encoder()


class Sums(NamedTuple):
    """The lines of a bill in sum, fen, and how many there are."""

    lines: int
    fee: int
    full: int
    over: int
    pre: int
    within: int
    bed: int  # in scope, of beds
    off_list: int
    consultation: int
    sessions: int  # 血透次数, from the lines that are sessions
    first_scope: int
    last_scope: int


NO_LINES = Sums(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

VISIT = """
WITH q AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS q(place int, institution text, msgid text, mdtrt_id bigint, at timestamptz, batch text)
), v AS MATERIALIZED (
  SELECT q.place, q.institution, q.msgid, q.at AS asked_at, q.batch,
    e.mdtrt_id, e.psn_no, e.insutype, e.fixmedins_code, e.treating, e.insured, e.sort, e.med_type, e.ipt_otp_no, e.begins, e.ends,
    e.dise_codg, e.dr_code, e.dept_code, e.state AS visit_state, e.version AS visit_version, e.cert_type, e.detail AS visit_detail,
    (e.begins AT TIME ZONE 'Asia/Shanghai')::date AS first_day,
    (coalesce(e.ends, CASE WHEN e.sort = 'I' THEN q.at ELSE e.begins END) AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM q JOIN settlement_encounter e ON e.mdtrt_id = q.mdtrt_id
)
"""
"""The visits that bills belong to, asked by `Asking`."""

PURCHASE = """
WITH v AS MATERIALIZED (
  SELECT 0 AS place, institution, msgid, at AS asked_at, batch, 0::bigint AS mdtrt_id, psn_no, insutype, institution AS fixmedins_code,
    ''::text AS treating, ''::text AS insured, 'P'::text AS sort, med_type, ''::text AS ipt_otp_no, begins, begins AS ends, dise_codg,
    dr_code, ''::text AS dept_code, 0::smallint AS visit_state, 0 AS visit_version, ''::text AS cert_type, '{}'::jsonb AS visit_detail,
    (begins AT TIME ZONE 'Asia/Shanghai')::date AS first_day, (begins AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM json_to_record($1::json) AS q(institution text, msgid text, psn_no text, at timestamptz, batch text, insutype text, med_type text,
    dise_codg text, dr_code text, begins timestamptz)
)
"""
"""A purchase at a pharmacy, which has no visit yet, asked by `Buying`."""

PAPER = """
WITH v AS MATERIALIZED (
  SELECT 0 AS place, institution, msgid, at AS asked_at, '0'::text AS batch, 0::bigint AS mdtrt_id, psn_no, insutype,
    institution AS fixmedins_code, treating, ''::text AS insured, sort, med_type, msgid AS ipt_otp_no, begins, ends, dise_codg,
    ''::text AS dr_code, ''::text AS dept_code, 0::smallint AS visit_state, 0 AS visit_version, ''::text AS cert_type,
    '{}'::jsonb AS visit_detail, (begins AT TIME ZONE 'Asia/Shanghai')::date AS first_day, (ends AT TIME ZONE 'Asia/Shanghai')::date AS day
  FROM json_to_record($1::json) AS q(institution text, msgid text, psn_no text, at timestamptz, insutype text, treating text, sort text,
    med_type text, begins timestamptz, ends timestamptz, dise_codg text)
)
"""
"""A paper claim 零星报销, whose visit is made with its settlement, asked by `Handed`."""

REST = """
SELECT v.*,
  m.digest AS said_digest, m.infno AS said_infno, m.answer AS said_answer,
  p.psn_cert_type, p.certno_cipher, p.name, p.gend, p.naty, p.brdy, p.died_on, p.admdvs AS person_area, p.merged_into,
  r.admdvs AS relation_area, r.psn_type, r.state AS relation_state, r.starts AS relation_starts, r.ends AS relation_ends, r.benefit_from,
  r.benefit_to, r.wait_until, r.suspended_from, r.suspended_to, r.civil_servant, r.maternity, r.added, r.emp_no,
  y.version AS year_version, y.figures AS year_figures, b.figures AS earlier_figures, b.year AS earlier_year,
  a.balance, f.shares, g.filings, i.identities, x.diagnoses,
  q.reason AS person_measure, q.starts AS person_measure_from,
  n.name AS institution_name, n.kind AS institution_kind, n.hosp_lv, n.admdvs AS institution_area, n.agreed,
  k.reason AS institution_measure, k.starts AS institution_measure_from,
  d.reason AS doctor_measure, d.starts AS doctor_measure_from,
  l.*, t.setl_id AS standing
FROM v
LEFT JOIN settlement_message m ON m.fixmedins_code = v.institution AND m.msgid = v.msgid
LEFT JOIN enrolment_person p ON p.psn_no = v.psn_no
LEFT JOIN LATERAL (
  SELECT * FROM enrolment_relation r WHERE r.psn_no = v.psn_no AND r.insutype = v.insutype AND r.state <> '3' AND r.starts <= v.first_day
  ORDER BY r.starts DESC LIMIT 1) r ON true
LEFT JOIN settlement_year y ON y.psn_no = v.psn_no AND y.insutype = v.insutype AND y.year = extract(year FROM v.day)::smallint
LEFT JOIN LATERAL (
  SELECT figures, year FROM settlement_year b WHERE y.version IS NULL AND b.psn_no = v.psn_no AND b.insutype = v.insutype
    AND b.year < extract(year FROM v.day)::smallint ORDER BY b.year DESC LIMIT 1) b ON true
LEFT JOIN enrolment_account a ON a.psn_no = v.psn_no
LEFT JOIN LATERAL (
  SELECT array_agg(h.owner || ' ' || o.balance || ' ' || coalesce(h."limit", -1) || ' ' || coalesce((
      SELECT -sum(w.fen) FROM enrolment_accountmove w WHERE w.psn_no = h.owner AND w.for_psn_no = v.psn_no
        AND w.at >= date_trunc('year', v.day::timestamp) AT TIME ZONE 'Asia/Shanghai'), 0) ORDER BY h.place, h.owner) AS shares
  FROM enrolment_share h JOIN enrolment_account o ON o.psn_no = h.owner
  WHERE h.relative = v.psn_no AND h.starts <= v.day AND (h.ends IS NULL OR h.ends > v.day)) f ON true
LEFT JOIN LATERAL (
  SELECT array_agg(g.kind || ' ' || g.code || ' ' || to_char(g.starts, 'YYYYMMDD') || ' ' || coalesce(nullif(g.fixmedins_code,
    ''), '-') || ' '
                   || coalesce(nullif(g.area, ''), '-') ORDER BY g.starts, g.sn) AS filings
  FROM entitlement_filing g WHERE g.psn_no = v.psn_no AND g.state = 'granted' AND g.starts <= v.day
    AND (g.ends IS NULL OR g.ends > v.first_day)) g ON true
LEFT JOIN LATERAL (
  SELECT array_agg(i.psn_idet_type ORDER BY i.psn_idet_type) AS identities FROM entitlement_identity i
  WHERE i.psn_no = v.psn_no AND i.starts <= v.first_day AND (i.ends IS NULL OR i.ends > v.first_day)) i ON true
LEFT JOIN LATERAL (SELECT array_agg(x.code) AS diagnoses FROM settlement_diagnosis x WHERE x.mdtrt_id = v.mdtrt_id) x ON true
LEFT JOIN LATERAL (
  SELECT q.reason, q.starts FROM entitlement_measure q WHERE q.psn_no = v.psn_no AND q.starts <= v.asked_at
    AND (q.ends IS NULL OR q.ends > v.asked_at)
  ORDER BY q.starts LIMIT 1) q ON true
LEFT JOIN LATERAL (
  SELECT n.name, n.kind, n.hosp_lv, n.admdvs, EXISTS (
      SELECT 1 FROM providers_agreement c WHERE c.institution_id = n.fixmedins_code AND c.starts <= v.day
        AND (c.ends IS NULL OR c.ends > v.day)
    ) AS agreed
  FROM providers_institution n WHERE n.fixmedins_code = v.fixmedins_code) n ON true
LEFT JOIN LATERAL (
  SELECT k.reason, k.starts FROM providers_measure k WHERE k.target = v.fixmedins_code AND k.starts <= v.asked_at
    AND (k.ends IS NULL OR k.ends > v.asked_at)
  ORDER BY k.starts LIMIT 1) k ON true
LEFT JOIN LATERAL (
  SELECT d.reason, d.starts FROM providers_measure d WHERE v.dr_code <> '' AND d.target = v.dr_code AND d.starts <= v.asked_at
    AND (d.ends IS NULL OR d.ends > v.asked_at) ORDER BY d.starts LIMIT 1) d ON true
LEFT JOIN LATERAL (
  SELECT count(*)::bigint AS line_count, coalesce(sum(fee), 0)::bigint AS line_fee, coalesce(sum("full"), 0)::bigint AS line_full,
    coalesce(sum("over"), 0)::bigint AS line_over, coalesce(sum(pre), 0)::bigint AS line_pre, coalesce(sum(within),
      0)::bigint AS line_within,
    coalesce(sum(within) FILTER (WHERE flags & 4 <> 0), 0)::bigint AS line_bed,
    coalesce(sum("full") FILTER (WHERE flags & 10 <> 0), 0)::bigint AS line_off_list,
    coalesce(sum(within) FILTER (WHERE flags & 32 <> 0), 0)::bigint AS line_consultation,
    coalesce(sum(quantity) FILTER (WHERE flags & 128 <> 0), 0)::bigint / 10000 AS line_sessions,
    coalesce(min(scope), 0)::bigint AS line_first_scope, coalesce(max(scope), 0)::bigint AS line_last_scope
  FROM settlement_line l WHERE l.mdtrt_id = v.mdtrt_id AND (v.sort = 'I' OR l.chrg_bchno = v.batch)) l ON true
LEFT JOIN settlement_standing t ON t.mdtrt_id = v.mdtrt_id AND t.chrg_bchno = v.batch
"""

FACTS_OF_VISIT = VISIT + REST
FACTS_OF_PURCHASE = PURCHASE + REST
FACTS_OF_PAPER = PAPER + REST


class Asking(NamedTuple):
    """Which visit's bill is asked for, by whom, when."""

    institution: str
    msgid: str
    mdtrt_id: int
    at: datetime
    batch: str  # chrg_bchno


class Buying(msgspec.Struct, frozen=True):
    """A purchase that is asked for."""

    institution: str
    msgid: str
    psn_no: str
    at: datetime
    batch: str
    insutype: str
    med_type: str
    dise_codg: str
    dr_code: str
    begins: datetime


class Handed(msgspec.Struct, frozen=True):
    """A paper claim that is asked for."""

    institution: str
    msgid: str  # the claim's number
    psn_no: str
    at: datetime
    insutype: str
    treating: str
    sort: str
    med_type: str
    begins: datetime
    ends: datetime
    dise_codg: str


def of_paper(handed: Handed) -> dict[str, Any]:
    """The facts of a paper claim, read within the transaction that is open."""
    return within.first_row(FACTS_OF_PAPER, ENCODER.encode(handed).decode())


async def of_visit(store: Store, institution: str, msgid: str, mdtrt_id: int, now: datetime, batch: str) -> Any:
    """The facts of a visit's bill, None when there is no such visit."""
    return await store.together(FACTS_OF_VISIT, Asking(institution, msgid, mdtrt_id, now, batch)._asdict())


async def of_purchase(store: Store, buying: Buying) -> Any:
    """The facts of a purchase at a pharmacy."""
    return await store.row(FACTS_OF_PURCHASE, ENCODER.encode(buying).decode())


def sums_of(row: Any) -> Sums:
    """The sums of the lines in a row of facts."""
    return Sums(
        row["line_count"],
        row["line_fee"],
        row["line_full"],
        row["line_over"],
        row["line_pre"],
        row["line_within"],
        row["line_bed"],
        row["line_off_list"],
        row["line_consultation"],
        row["line_sessions"],
        row["line_first_scope"],
        row["line_last_scope"],
    )
