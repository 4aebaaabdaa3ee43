"""What a settlement leaves behind, in one statement 一次写入: everything or nothing, committed when the statement returns.

The year's version and the visit's version are the locks: where another window was first, the statement raises and nothing is written.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec

from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.store.pool import Store

ENCODER = msgspec.json.Encoder()


class YearRow(NamedTuple):
    """The year so far after the bill: `year_version` is the one that was read, 0 where there was no row."""

    psn_no: str
    insutype: str
    year: int
    year_version: int
    figures: Sequence[int]


class VisitRow(NamedTuple):
    """The visit that moves on: `visit_version` is the one that was read; a negative one means that the visit is made here."""

    mdtrt_id: int
    visit_version: int
    state: int
    fixmedins_code: str
    treating: str
    insured: str
    sort: str
    med_type: str
    ipt_otp_no: str
    begins: datetime
    ends: datetime | None
    dise_codg: str
    dr_code: str
    visit_detail: str


class Money(NamedTuple):
    """One move of an account: whose, fen into it."""

    owner: str
    fen: int


class LayerRow(NamedTuple):
    """What one fund pays: fund_pay_type, name, fen."""

    fund_pay_type: str
    name: str
    fen: int


class PostingRow(NamedTuple):
    """One posting of the entry."""

    fund: str
    account: str
    fen: int


class SettlementRow(NamedTuple):
    """The settlement's own figures in the order of the statement; fen."""

    setl_id: int
    poolarea: str
    clr_type: str
    chrg_bchno: str
    day: date
    at: datetime
    mirror_of: int | None
    replay_of: int | None
    total: int
    full: int
    over: int
    pre: int
    within: int
    deductible: int
    pool: int
    fund: int
    hospital: int
    person: int
    account: int
    family: int
    cash: int
    balance: int
    digest: str
    detail: str


class JournalRow(NamedTuple):
    """The kernel's own values."""

    what: str
    shape: int
    claim: Sequence[int]
    before: Sequence[int]
    receipt: Sequence[int]
    after: Sequence[int]


class MessageRow(NamedTuple):
    """The message that asked, and its answer."""

    fixmedins_code: str
    msgid: str
    infno: str
    digest: bytes
    answer: bytes


WRITE = """
WITH g AS MATERIALIZED (
  SELECT * FROM json_to_recordset($1::json) AS g(
    psn_no text, insutype text, year smallint, year_version bigint, figures text,
    mdtrt_id bigint, visit_version int, state smallint, fixmedins_code text, treating text, insured text, sort text, med_type text,
    ipt_otp_no text, begins timestamptz, ends timestamptz, dise_codg text, dr_code text, visit_detail json,
    setl_id bigint, poolarea text, clr_type text, chrg_bchno text, day date, at timestamptz, mirror_of bigint, replay_of bigint,
    total bigint, "full" bigint, "over" bigint, pre bigint, within bigint, deductible bigint, pool bigint, fund bigint, hospital bigint,
    person bigint, account bigint, family bigint, cash bigint, balance bigint, digest text, detail json,
    what text, shape bigint, claim text, before text, receipt text, after text,
    layers json, postings json, moves json, entry_text text, booked_on date, msgid text, infno text,
    content text, answer json)
), y AS (
  INSERT INTO settlement_year AS t (psn_no, insutype, year, version, figures)
  SELECT psn_no, insutype, year, year_version + 1, figures::bigint[] FROM g ORDER BY psn_no
  ON CONFLICT (psn_no, insutype, year) DO UPDATE SET version = EXCLUDED.version, figures = EXCLUDED.figures
    WHERE t.version = EXCLUDED.version - 1
  RETURNING 1
), e AS (
  UPDATE settlement_encounter e SET version = e.version + 1, state = g.state FROM g
  WHERE e.mdtrt_id = g.mdtrt_id AND e.version = g.visit_version RETURNING 1
), made AS (
  INSERT INTO settlement_encounter (mdtrt_id, psn_no, insutype, fixmedins_code, treating, insured, sort, med_type, ipt_otp_no, begins, ends,
    dise_codg, dr_code, dept_code, state, version, cert_type, at, detail)
  SELECT mdtrt_id, psn_no, insutype, fixmedins_code, treating, insured, sort, med_type, ipt_otp_no, begins, ends, dise_codg, dr_code, '',
    state, 1, '', at, visit_detail FROM g WHERE visit_version < 0 RETURNING 1
), s AS (
  INSERT INTO settlement_settlement (setl_id, mdtrt_id, psn_no, fixmedins_code, poolarea, treating, insutype, med_type, clr_type,
    chrg_bchno, day, at, msgid, mirror_of, replay_of, total, "full", "over", pre, within, deductible, pool, fund, hospital, person, account,
    family, cash, balance, digest, detail)
  SELECT setl_id, mdtrt_id, psn_no, fixmedins_code, poolarea, treating, insutype, med_type, clr_type, chrg_bchno, day, at, msgid, mirror_of,
    replay_of, total, "full", "over", pre, within, deductible, pool, fund, hospital, person, account, family, cash, balance, digest, detail
  FROM g
), ly AS (
  INSERT INTO settlement_layer (setl_id, fund_pay_type, name, fen)
  SELECT g.setl_id, u ->> 0, u ->> 1, (u ->> 2)::bigint FROM g, json_array_elements(g.layers) u
), st AS (
  INSERT INTO settlement_standing (mdtrt_id, chrg_bchno, setl_id) SELECT mdtrt_id, chrg_bchno, setl_id FROM g WHERE mirror_of IS NULL
), un AS (
  DELETE FROM settlement_standing t USING g WHERE t.mdtrt_id = g.mdtrt_id AND t.setl_id = g.mirror_of RETURNING 1
), j AS (
  INSERT INTO settlement_journal (poolarea, psn_no, insutype, setl_id, what, of, at, digest, shape, claim, before, receipt, after, entry)
  SELECT poolarea, psn_no, insutype, setl_id, what, mirror_of, at, digest, shape, claim::bigint[], before::bigint[], receipt::bigint[],
    after::bigint[], coalesce((
      SELECT array_agg((u ->> 0) || '|' || (u ->> 1) || '|' || (u ->> 2)) FROM json_array_elements(g.postings) u), '{}')
  FROM g
), en AS (
  INSERT INTO fund_entry (id, poolarea, day, text, setl_id, at)
  SELECT setl_id, poolarea, booked_on, entry_text, setl_id, at FROM g WHERE json_array_length(postings) > 0
), po AS (
  INSERT INTO fund_posting (entry_id, fund, account, fen)
  SELECT g.setl_id, u ->> 0, u ->> 1, (u ->> 2)::bigint FROM g, json_array_elements(g.postings) u
), m AS MATERIALIZED (
  SELECT u ->> 0 AS owner, (u ->> 1)::bigint AS fen, g.psn_no, g.at, g.mirror_of, g.setl_id FROM g, json_array_elements(g.moves) u
), o AS MATERIALIZED (
  SELECT owner, sum(fen)::bigint AS fen FROM m GROUP BY owner ORDER BY owner
), a AS (
  UPDATE enrolment_account t SET balance = t.balance + o.fen FROM o WHERE t.psn_no = o.owner RETURNING 1
), mv AS (
  INSERT INTO enrolment_accountmove (psn_no, at, kind, fen, ref, for_psn_no)
  SELECT owner, at, CASE WHEN mirror_of IS NULL THEN 'pay' ELSE 'reverse' END, fen, setl_id::text,
    CASE WHEN owner = psn_no THEN '' ELSE psn_no END FROM m
), ms AS (
  INSERT INTO settlement_message (fixmedins_code, msgid, infno, digest, at, psn_no, ref, answer)
  SELECT fixmedins_code, msgid, infno, decode(content, 'hex'), at, psn_no, setl_id, convert_to(answer::text, 'UTF8') FROM g
  WHERE infno <> ''
)
SELECT settlement_must(
  (SELECT count(*) FROM y) = (SELECT count(*) FROM g)
  AND (SELECT count(*) FROM e) + (SELECT count(*) FROM made) = (SELECT count(*) FROM g)
  AND (SELECT count(*) FROM a) = (SELECT count(*) FROM o)
  AND (SELECT count(*) FROM un) = (SELECT count(*) FROM g WHERE mirror_of IS NOT NULL),
  'another window was first')
"""
"""The whole of one settlement or of several. $1 is a JSON list of `Written`.

One JSON parameter: the driver takes longer to encode forty numbers and ten arrays than the database to read them from a text.
A negative `visit_version` makes the visit here; `mirror_of` says that this takes a settlement back; an answer is kept to the letter.
"""


class Rows(NamedTuple):
    """Everything that one settlement or mirror leaves behind."""

    year: YearRow
    visit: VisitRow
    settlement: SettlementRow
    layers: Sequence[LayerRow]
    journal: JournalRow
    entry_text: str
    postings: Sequence[PostingRow]
    moves: Sequence[Money]
    message: MessageRow


Written = msgspec.defstruct(
    "Written",
    [
        *YearRow._fields, *VisitRow._fields, *SettlementRow._fields, *JournalRow._fields,
        "layers", "postings", "moves", "entry_text", "booked_on", "msgid", "infno", "content", "answer",
    ],
    frozen=True,
    gc=False,
)  # fmt: skip
"""A row of $1 of WRITE: the fields of the four rows one after the other, then the lists; named as WRITE names them."""


def array(values: Sequence[int]) -> str:
    """Integers as the database writes an array: {1,2,3}."""
    return f"{{{ENCODER.encode(values)[1:-1].decode()}}}"


def raw(text: str) -> msgspec.Raw:
    """A JSON text as it stands."""
    return msgspec.Raw(text.encode())


def document(rows: Rows) -> Any:
    """One settlement as a row of $1."""
    year, visit, one, journal, message = rows.year, rows.visit, rows.settlement, rows.journal, rows.message
    return Written(
        *year[:-1], array(year.figures),
        *visit[:-1], raw(visit.visit_detail),
        *one[:-1], raw(one.detail),
        journal.what, journal.shape, array(journal.claim), array(journal.before), array(journal.receipt), array(journal.after),
        rows.layers, rows.postings, rows.moves, rows.entry_text, day_of(one.at), message.msgid, message.infno,
        message.digest.hex(), msgspec.Raw(message.answer),
    )  # fmt: skip


def alone(rows: Rows) -> tuple[str, tuple[object, ...]]:
    """The statement for one settlement and its values, for a transaction with others."""
    return WRITE, (ENCODER.encode([document(rows)]).decode(),)


async def write(store: Store, rows: Rows) -> None:
    """Write one settlement or mirror with everything that belongs to it. Raises Conflict, AlreadyAnswered, Taken."""
    await store.written(WRITE, document(rows))
