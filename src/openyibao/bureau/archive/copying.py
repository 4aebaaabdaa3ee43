"""Rows by COPY 成批写入: each table's columns in one place, rows as lines of text (the journal's as bytes), poured in at once.

The rows of a person are written in one transaction, whole: a chunk of persons is there, or it is not.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from openyibao.bureau.archive.binary import JournalRow, journal_bytes

NULL = "\\N"

COLUMNS = {
    "enrolment_person": "psn_no, psn_cert_type, certno_cipher, certno_index, name, gend, naty, brdy, died_on, admdvs, register_admdvs, "
    "household, merged_into, detail",
    "enrolment_relation": "psn_no, insutype, admdvs, emp_no, psn_type, state, starts, ends, benefit_from, benefit_to, wait_until, "
    "suspended_from, suspended_to, paid_through, civil_servant, maternity, added, source",
    "enrolment_due": "bill_no, psn_no, insutype, emp_no, month, base, employer, person, subsidy, to_account, due_on, relief, paid_on, "
    "receipt_no, corrects",
    "enrolment_account": "psn_no, balance",
    "enrolment_accountmove": "psn_no, at, kind, fen, ref, for_psn_no",
    "enrolment_share": 'owner, relative, relation, starts, ends, place, "limit"',
    "entitlement_identity": "psn_no, psn_idet_type, psn_type_lv, starts, ends, source",
    "entitlement_filing": "psn_no, kind, insutype, code, fixmedins_code, area, starts, ends, state, filed_by, at, detail",
    "settlement_opening": "psn_no, insutype, year, figures, source",
    "settlement_year": "psn_no, insutype, year, version, figures",
    "settlement_encounter": "mdtrt_id, psn_no, insutype, fixmedins_code, treating, insured, sort, med_type, ipt_otp_no, begins, ends, "
    "dise_codg, dr_code, dept_code, state, version, cert_type, at, detail",
    "settlement_diagnosis": "mdtrt_id, psn_no, place, main, code, name, stage, detail",
    "settlement_settlement": "setl_id, mdtrt_id, psn_no, fixmedins_code, poolarea, treating, insutype, med_type, clr_type, chrg_bchno, "
    'day, at, msgid, mirror_of, replay_of, total, "full", "over", pre, within, deductible, pool, fund, hospital, person, account, '
    "family, cash, balance, digest, detail",
    "settlement_layer": "setl_id, fund_pay_type, name, fen",
    "settlement_standing": "mdtrt_id, chrg_bchno, setl_id",
    "settlement_journal": 'poolarea, psn_no, insutype, setl_id, what, "of", at, digest, shape, claim, before, receipt, after, entry',
    "settlement_message": "fixmedins_code, msgid, infno, digest, at, psn_no, ref, answer",
    "fund_entry": "id, poolarea, day, text, setl_id, at",
    "fund_posting": "entry_id, fund, account, fen",
}
"""Columns by table, in the order in which the tables are written: an entry before its postings."""

JOURNAL = "settlement_journal"
"""Its rows wait as values: of their two hundred figures the database reads bytes faster than text."""

BLOCK = 1_000
"""Numbers per step of the sequence document_number (migration fund 0002)."""

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def safe(text: str) -> str:
    """A text that stands in one cell of a line."""
    return text.translate(ESCAPED)


def octets(value: bytes) -> str:
    """Bytes as a cell."""
    return f"\\\\x{value.hex()}"


def figures(values: Any) -> str:
    """Integers as an array."""
    return f"{{{str(tuple(values))[1:-1]}}}"


@lru_cache(maxsize=65_536)
def date_text(day: int) -> str:
    """yyyymmdd as a date; an open end or no day as NULL."""
    return NULL if day <= 0 or day >= 99991231 else f"{day // 10_000}-{day // 100 % 100:02d}-{day % 100:02d}"


def instant(day: int, seconds: int) -> str:
    """A moment of a day in China."""
    return f"{date_text(day)} {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}+08"


class Sheets:
    """Lines that wait to be poured, by table."""

    def __init__(self) -> None:
        """None yet."""
        self.lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self.journal: list[JournalRow] = []

    def add(self, table: str, *values: object) -> None:
        """One row; texts from outside have gone through `safe`, None is given as NULL."""
        self.lines[table].append("\t".join(map(str, values)))

    def pour(self, connection: Any) -> int:
        """Write every line by COPY, in the transaction of the caller; how many rows."""
        count = 0
        with connection.cursor() as cursor:
            for table, columns in COLUMNS.items():
                if table == JOURNAL and self.journal:
                    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as stream:
                        stream.write(journal_bytes(self.journal))
                    count += len(self.journal)
                    self.journal.clear()
                lines = self.lines[table]
                if not lines:
                    continue
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as stream:
                    stream.write("\n".join(lines) + "\n")
                count += len(lines)
                lines.clear()
        return count


def numbers(connection: Any, count: int) -> Iterator[int]:
    """`count` document numbers 单据号 or more, never given twice."""
    firsts = connection.execute("SELECT nextval('document_number') FROM generate_series(1, %s)", [-(-count // BLOCK)]).fetchall()
    return chain.from_iterable(range(first, first + BLOCK) for (first,) in firsts)
