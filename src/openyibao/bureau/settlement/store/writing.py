"""What a settlement leaves behind, in one statement 一次写入: everything or nothing, committed when the statement returns.

The year's version and the visit's version are the locks: where another window was first, the statement raises and nothing is written.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from openyibao.bureau.settlement.store.pool import Store


class YearRow(NamedTuple):
    """The year so far after the bill: `version` is the one that was read, 0 where there was no row."""

    psn_no: str
    insutype: str
    year: int
    version: int
    figures: Sequence[int]


class VisitRow(NamedTuple):
    """The visit that moves on: `version` is the one that was read; a negative one means that the visit is made here."""

    mdtrt_id: int
    version: int
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
    detail: str


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
WITH y AS (
  INSERT INTO settlement_year AS t (psn_no, insutype, year, version, figures) VALUES ($1::text, $2::text, $3::smallint, 1, $5)
  ON CONFLICT (psn_no, insutype, year) DO UPDATE SET version = t.version + 1, figures = EXCLUDED.figures WHERE t.version = $4::bigint
  RETURNING 1
), e AS (
  UPDATE settlement_encounter SET version = version + 1, state = $8::smallint WHERE mdtrt_id = $6::bigint AND version = $7::int RETURNING 1
), made AS (
  INSERT INTO settlement_encounter (mdtrt_id, psn_no, insutype, fixmedins_code, treating, insured, sort, med_type, ipt_otp_no, begins, ends,
    dise_codg, dr_code, dept_code, state, version, cert_type, at, detail)
  SELECT $6::bigint, $1::text, $2::text, $9::text, $10::text, $11::text, $12::text, $13::text, $14::text, $15::timestamptz,
    $16::timestamptz, $17::text, $18::text, '', $8::smallint, 1, '', $27::timestamptz, $19::jsonb
  WHERE $7::int < 0 RETURNING 1
), s AS (
  INSERT INTO settlement_settlement (setl_id, mdtrt_id, psn_no, fixmedins_code, poolarea, treating, insutype, med_type,
    clr_type, chrg_bchno,
    day, at, msgid, mirror_of, replay_of, total, "full", "over", pre, within, deductible, pool, fund, hospital, person, account,
      family, cash,
    balance, digest, detail)
  VALUES ($20::bigint, $6::bigint, $1::text, $9::text, $21::text, $10::text, $2::text, $13::text, $22::text, $23::text, $24,
    $27::timestamptz, $25::text, $26::bigint, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
    $40, $41, $42, $43::text, $44::jsonb)
), ly AS (
  INSERT INTO settlement_layer (setl_id, fund_pay_type, name, fen) SELECT $20::bigint, * FROM unnest($45::text[], $46::text[],
    $47::bigint[])
), st AS (
  INSERT INTO settlement_standing (mdtrt_id, chrg_bchno, setl_id) SELECT $6::bigint, $23::text, $20::bigint WHERE $26::bigint IS NULL
), un AS (
  DELETE FROM settlement_standing WHERE mdtrt_id = $6::bigint AND setl_id = $26::bigint RETURNING 1
), j AS (
  INSERT INTO settlement_journal (poolarea, psn_no, insutype, setl_id, what, of, at, digest, shape, claim, before, receipt, after, entry)
  VALUES ($21::text, $1::text, $2::text, $20::bigint, $48::text, $26::bigint, $27::timestamptz, $43::text, $49, $50, $51, $52, $53, $54)
), en AS (
  INSERT INTO fund_entry (id, poolarea, day, text, setl_id, at) SELECT $20::bigint, $21::text, $55::date, $56::text,
    $20::bigint, $27::timestamptz WHERE cardinality($57::text[]) > 0
), po AS (
  INSERT INTO fund_posting (entry_id, fund, account, fen) SELECT $20::bigint, * FROM unnest($57::text[], $58::text[], $59::bigint[])
), a AS (
  UPDATE enrolment_account t SET balance = t.balance + d.fen FROM unnest($60::text[], $61::bigint[]) AS d(owner, fen)
    WHERE t.psn_no = d.owner
  RETURNING 1
), mv AS (
  INSERT INTO enrolment_accountmove (psn_no, at, kind, fen, ref, for_psn_no)
  SELECT owner, $27::timestamptz, CASE WHEN $26::bigint IS NULL THEN 'pay' ELSE 'reverse' END, fen, ($20::bigint)::text,
    CASE WHEN owner = $1::text THEN '' ELSE $1::text END
  FROM unnest($60::text[], $61::bigint[]) AS d(owner, fen)
), ms AS (
  INSERT INTO settlement_message (fixmedins_code, msgid, infno, digest, at, psn_no, ref, answer)
  SELECT $62::text, $25::text, $63::text, $64, $27::timestamptz, $1::text, $20::bigint, $65 WHERE $63::text <> ''
)
SELECT settlement_must(
  (SELECT count(*) FROM y) = 1
  AND (SELECT count(*) FROM e) + (SELECT count(*) FROM made) = 1
  AND (SELECT count(*) FROM a) = cardinality($60::text[])
  AND ($26::bigint IS NULL OR (SELECT count(*) FROM un) = 1),
  'another window was first')
"""
"""The whole of a settlement. $26 mirror_of, $28 replay_of, $7 version of the visit (negative: made here)."""


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


def values_of(rows: Rows) -> tuple[object, ...]:
    """$1 to $65 of WRITE; accounts in one order, so that two windows never wait for each other crosswise."""
    visit, one, journal, message, moves = rows.visit, rows.settlement, rows.journal, rows.message, sorted(rows.moves)
    return (
        *rows.year,
        visit.mdtrt_id,
        visit.version,
        visit.state,
        visit.fixmedins_code,
        visit.treating,
        visit.insured,
        visit.sort,
        visit.med_type,
        visit.ipt_otp_no,
        visit.begins,
        visit.ends,
        visit.dise_codg,
        visit.dr_code,
        visit.detail,
        one.setl_id,
        one.poolarea,
        one.clr_type,
        one.chrg_bchno,
        one.day,
        message.msgid,
        one.mirror_of,
        one.at,
        one.replay_of,
        one.total,
        one.full,
        one.over,
        one.pre,
        one.within,
        one.deductible,
        one.pool,
        one.fund,
        one.hospital,
        one.person,
        one.account,
        one.family,
        one.cash,
        one.balance,
        one.digest,
        one.detail,
        [layer.fund_pay_type for layer in rows.layers],
        [layer.name for layer in rows.layers],
        [layer.fen for layer in rows.layers],
        journal.what,
        journal.shape,
        journal.claim,
        journal.before,
        journal.receipt,
        journal.after,
        [f"{fund}|{account}|{fen}" for fund, account, fen in rows.postings],
        one.at.date(),
        rows.entry_text,
        [part.fund for part in rows.postings],
        [part.account for part in rows.postings],
        [part.fen for part in rows.postings],
        [move.owner for move in moves],
        [move.fen for move in moves],
        message.fixmedins_code,
        message.infno,
        message.digest,
        message.answer,
    )


async def write(store: Store, rows: Rows) -> None:
    """Write one settlement or mirror with everything that belongs to it. Raises Conflict, AlreadyAnswered, Taken."""
    await store.write(WRITE, *values_of(rows))
