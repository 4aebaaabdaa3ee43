"""What tables must say of one another 表间核验, asked of the database at once: each query returns the rows that differ.

A query answers (place, found, expected, fen).
"""

from collections.abc import Iterator
from typing import Any

from openyibao.bureau.settlement.differences import Difference

QUERIES: tuple[tuple[str, str], ...] = (
    ("settlement.journal", """
        SELECT 'setl_id ' || s.setl_id, count(j.id)::text, '1', s.fund FROM settlement_settlement s
        LEFT JOIN settlement_journal j
          ON j.setl_id = s.setl_id AND j.psn_no = s.psn_no AND j.insutype = s.insutype AND j.poolarea = s.poolarea AND j.what <> 'O'
        GROUP BY s.setl_id, s.fund HAVING count(j.id) <> 1"""),
    ("settlement.standing", """
        SELECT 'mdtrt_id ' || coalesce(t.mdtrt_id, s.mdtrt_id) || ' ' || coalesce(t.chrg_bchno, s.chrg_bchno), t.setl_id::text,
          s.setl_id::text, coalesce(s.fund, 0)
        FROM settlement_standing t FULL JOIN (
          SELECT a.setl_id, a.mdtrt_id, a.chrg_bchno, a.fund FROM settlement_settlement a
          WHERE a.mirror_of IS NULL AND NOT EXISTS (SELECT FROM settlement_settlement b WHERE b.mirror_of = a.setl_id)
        ) s ON s.setl_id = t.setl_id AND s.mdtrt_id = t.mdtrt_id AND s.chrg_bchno = t.chrg_bchno
        WHERE t.setl_id IS NULL OR s.setl_id IS NULL"""),
    ("entry.stray", """
        SELECT 'entry ' || e.id, e.setl_id::text, '-', 0 FROM fund_entry e
        WHERE e.setl_id IS NOT NULL
          AND NOT EXISTS (SELECT FROM settlement_settlement s WHERE s.setl_id = e.setl_id AND s.poolarea = e.poolarea)"""),
    ("entry.unbalanced", """
        SELECT 'entry ' || entry_id || ' ' || fund, sum(fen)::text, '0', sum(fen)::bigint FROM fund_posting
        GROUP BY entry_id, fund HAVING sum(fen) <> 0"""),
    ("entry.posting", """
        SELECT 'posting ' || p.id, p.entry_id::text, '-', p.fen FROM fund_posting p
        WHERE NOT EXISTS (SELECT FROM fund_entry e WHERE e.id = p.entry_id)"""),
    ("fund.unbalanced", """
        SELECT e.poolarea || ' ' || p.fund, sum(p.fen)::text, '0', sum(p.fen)::bigint
        FROM fund_posting p JOIN fund_entry e ON e.id = p.entry_id
        GROUP BY e.poolarea, p.fund HAVING sum(p.fen) <> 0"""),
    ("account.sum", """
        SELECT coalesce(a.psn_no, m.psn_no), a.balance::text, m.fen::text, (coalesce(a.balance, 0) - coalesce(m.fen, 0))::bigint
        FROM enrolment_account a
        FULL JOIN (SELECT psn_no, sum(fen) AS fen FROM enrolment_accountmove GROUP BY psn_no) m ON m.psn_no = a.psn_no
        WHERE coalesce(a.balance, 0) <> coalesce(m.fen, 0)"""),
    ("account.settlement", """
        SELECT 'setl_id ' || coalesce(s.setl_id::text, m.ref), (-coalesce(m.fen, 0))::text || ' / ' || (-coalesce(m.own, 0))::text,
          coalesce(s.account, 0)::text || ' / ' || (coalesce(s.account, 0) - coalesce(s.family, 0))::text,
          (-coalesce(m.fen, 0) - coalesce(s.account, 0))::bigint
        FROM (SELECT setl_id::text AS ref, setl_id, psn_no, account, family FROM settlement_settlement WHERE account <> 0) s FULL JOIN (
          SELECT ref, CASE WHEN for_psn_no = '' THEN psn_no ELSE for_psn_no END AS patient, sum(fen) AS fen,
            coalesce(sum(fen) FILTER (WHERE for_psn_no = ''), 0) AS own
          FROM enrolment_accountmove WHERE kind IN ('pay', 'reverse') GROUP BY 1, 2
        ) m ON m.ref = s.ref AND m.patient = s.psn_no
        WHERE s.setl_id IS NULL OR m.ref IS NULL OR -m.fen <> s.account OR -m.own <> s.account - s.family"""),
    ("message.lost", """
        SELECT m.fixmedins_code || ' ' || m.msgid || ' ' || m.infno, m.ref::text, '-', 0 FROM settlement_message m
        WHERE (m.infno IN ('2102', '2103', '2207', '2207A', '2208', '2304', '2304A', '2305') OR m.infno = '2601' AND m.ref IS NOT NULL)
            AND m.answer <> 'null' -- a message id that was taken back before it came, kept so that it never will
            AND NOT EXISTS (SELECT FROM settlement_settlement s WHERE s.setl_id = m.ref AND s.fixmedins_code = m.fixmedins_code)
          OR m.infno IN ('2201', '2401') AND m.ref IS NOT NULL
            AND NOT EXISTS (SELECT FROM settlement_encounter e WHERE e.mdtrt_id = m.ref)"""),
    ("message.answer", """
        SELECT a.fixmedins_code || ' ' || a.msgid || ' ' || a.infno, a.said, a.ref::text, 0 FROM (
          SELECT m.*, convert_from(m.answer, 'UTF8')::jsonb #>> '{setlinfo,setl_id}' AS said FROM settlement_message m
          WHERE m.infno IN ('2102', '2207', '2207A', '2304', '2304A')
        ) a WHERE a.said <> a.ref::text"""),
    ("message.settlement", """
        SELECT 'setl_id ' || s.setl_id, s.fixmedins_code || ' ' || s.msgid, '-', s.fund FROM settlement_settlement s
        WHERE NOT EXISTS (SELECT FROM settlement_message m WHERE m.fixmedins_code = s.fixmedins_code AND m.msgid = s.msgid)"""),
)  # fmt: skip
"""kind -> query."""


def crosschecked(connection: Any, only: str = "") -> Iterator[Difference]:
    """Every difference between tables, or those of one kind. `connection`: psycopg, in the transaction whose snapshot is looked at."""
    for kind, query in QUERIES:
        if only not in ("", kind):
            continue
        with connection.cursor(name=f"cross_{kind.replace('.', '_')}") as cursor:
            for place, found, expected, fen in cursor.execute(query):
                yield Difference(kind, place, found or "-", expected or "-", int(fen))
