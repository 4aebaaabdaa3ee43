"""What taking a settlement back reads 冲销要素: the settlement with its visit and year, the journal from it on, its layers and moves."""

from typing import Any

from openyibao.bureau.settlement.store.pool import Store

TARGET = """
SELECT s.*, e.version AS visit_version, e.state AS visit_state, e.sort, e.ipt_otp_no, e.begins, e.ends, e.dise_codg, e.dr_code, e.insured,
  p.name, p.certno_cipher, p.psn_cert_type, p.gend, p.naty, p.brdy, i.name AS institution_name, i.hosp_lv,
  y.version AS year_version, y.figures AS year_figures, a.balance AS balance_now,
  w.setl_id AS mirrored_by, w.at AS mirrored_at, m.digest AS said_digest, m.infno AS said_infno, m.answer AS said_answer
FROM settlement_settlement s
JOIN settlement_encounter e ON e.mdtrt_id = s.mdtrt_id
LEFT JOIN enrolment_person p ON p.psn_no = s.psn_no
LEFT JOIN providers_institution i ON i.fixmedins_code = s.fixmedins_code
LEFT JOIN settlement_journal j ON j.setl_id = s.setl_id
LEFT JOIN settlement_year y ON y.psn_no = s.psn_no AND y.insutype = s.insutype AND y.year = j.after[1]
LEFT JOIN enrolment_account a ON a.psn_no = s.psn_no
LEFT JOIN settlement_settlement w ON w.mirror_of = s.setl_id
LEFT JOIN settlement_message m ON m.fixmedins_code = $1 AND m.msgid = $2
WHERE s.setl_id = $3
"""
"""A settlement by its setl_id; `after[1]` is Year.year, the first field of the kernel's Year."""

JOURNAL_OF_YEAR = """
SELECT j.*, EXISTS (SELECT 1 FROM settlement_settlement w WHERE w.mirror_of = j.setl_id) AS taken_back FROM settlement_journal j
WHERE j.psn_no = $1 AND j.insutype = $2 AND j.what IN ('S', 'R')
  AND j.after[1] = (SELECT t.after[1] FROM settlement_journal t WHERE t.setl_id = $3)
ORDER BY j.id
"""

LAYERS = "SELECT fund_pay_type, name, fen FROM settlement_layer WHERE setl_id = $1 ORDER BY id"

MOVES = """
SELECT psn_no, fen FROM enrolment_accountmove WHERE ref = ($1::bigint)::text AND kind = 'pay' AND psn_no = $2
UNION ALL
SELECT w.psn_no, w.fen FROM (SELECT DISTINCT owner FROM enrolment_share WHERE relative = $2) h
  JOIN enrolment_accountmove w ON w.psn_no = h.owner
WHERE w.ref = ($1::bigint)::text AND w.kind = 'pay' AND w.for_psn_no = $2
"""

MESSAGE = "SELECT infno, digest, at, psn_no, ref, answer FROM settlement_message WHERE fixmedins_code = $1 AND msgid = $2"

TOMBSTONE = """
INSERT INTO settlement_message (fixmedins_code, msgid, infno, digest, at, psn_no, ref, answer)
VALUES ($1, $2, $3, '\\x00', $4::timestamptz, $5, NULL, 'null') ON CONFLICT (fixmedins_code, msgid) DO NOTHING
"""


async def target(store: Store, institution: str, msgid: str, setl_id: int) -> Any:
    """The settlement that should be taken back; None when there is none."""
    return await store.row(TARGET, institution, msgid, setl_id)


async def journal_of_year(store: Store, psn_no: str, insutype: str, setl_id: int) -> list[Any]:
    """The person's settlements in a scheme of the year of one, in the order they were settled; `taken_back` are those that fell."""
    return await store.rows(JOURNAL_OF_YEAR, psn_no, insutype, setl_id)


async def layers(store: Store, setl_id: int) -> list[Any]:
    """What each fund paid."""
    return await store.rows(LAYERS, setl_id)


async def moves(store: Store, setl_id: int, psn_no: str) -> list[Any]:
    """What the accounts paid, the person's own and the relatives'."""
    return await store.rows(MOVES, setl_id, psn_no)


async def message(store: Store, institution: str, msgid: str) -> Any:
    """A message that wrote, by its id; None when it never did."""
    return await store.row(MESSAGE, institution, msgid)


async def bury(store: Store, institution: str, msgid: str, infno: str, at: object, psn_no: str) -> None:
    """Keep a message id from ever being carried out: what was reversed before it arrived must not arrive later."""
    await store.pool.execute(TOMBSTONE, institution, msgid, infno, at, psn_no)
