"""A bucket of persons out of the database 分桶归档: standing, contributions, bills with their results, both ends of the year."""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from openyibao.bureau.archive.bills import CARRIED, STAYS
from openyibao.bureau.archive.city import SCHEMES
from openyibao.bureau.archive.collecting import Registers, department, filled
from openyibao.bureau.archive.persons import FLEXIBLE
from openyibao.bureau.settlement.packing import unpack
from openyibao.kernel import codes
from openyibao.kernel.claim import FOREVER, Claim
from openyibao.kernel.dates import days_between
from openyibao.kernel.enrolment import retiree_credit
from openyibao.kernel.receipt import Receipt
from openyibao.kernel.year import Year, opened
from openyibao.policybook import national
from openyibao.policybook.contributions import RetireeTerms, retiree_terms
from openyibao.policybook.national import pooling_area
from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.tables.schema import CLOSING, TABLES

INSUTYPES = {insutype: scheme for scheme, insutype in SCHEMES.items()}
RELIEVED, PAID, UNPAID = 4, 1, 3
ROWS = 20_000

PEOPLE = """
SELECT psn_no, gend, to_char(brdy, 'YYYYMMDD')::int, coalesce(to_char(died_on, 'YYYYMMDD')::int, 0), admdvs, register_admdvs, household
FROM enrolment_person WHERE psn_no = ANY(%s)
"""
RELATIONS = """
SELECT psn_no, insutype, psn_type, emp_no, civil_servant, added, to_char(starts, 'YYYYMMDD')::int,
  coalesce(to_char(ends, 'YYYYMMDD')::int, 99991231), coalesce(to_char(wait_until, 'YYYYMMDD')::int, 0)
FROM enrolment_relation WHERE psn_no = ANY(%s) AND insutype IN ('310', '390') AND state <> '3' ORDER BY psn_no, starts
"""
IDENTITIES = """
SELECT psn_no, psn_idet_type, to_char(starts, 'YYYYMMDD')::int, coalesce(to_char(ends, 'YYYYMMDD')::int, 99991231)
FROM entitlement_identity WHERE psn_no = ANY(%s)
"""
FILINGS = """
SELECT psn_no, kind, code, area, to_char(starts, 'YYYYMMDD')::int FROM entitlement_filing
WHERE psn_no = ANY(%s) AND state = 'granted' ORDER BY psn_no, starts, sn
"""
DUES = """
SELECT psn_no, insutype, emp_no, month, base, employer, person, subsidy, relief, coalesce(to_char(paid_on, 'YYYYMMDD')::int, 0)
FROM enrolment_due WHERE psn_no = ANY(%s) AND month / 100 = %s AND corrects = '' ORDER BY psn_no, insutype, emp_no, month
"""
ACCOUNTS = """
SELECT psn_no,
  coalesce(sum(fen) FILTER (WHERE at < %(first)s::timestamptz
    OR kind IN ('opening', 'adjust') AND at < %(first)s::timestamptz + interval '1 day'), 0)::bigint,
  sum(fen)::bigint,
  array_agg(ref || ' ' || fen ORDER BY at) FILTER (WHERE kind = 'credit' AND ref LIKE 'retired-%%' AND at >= %(first)s::timestamptz)
FROM enrolment_accountmove WHERE psn_no = ANY(%(names)s) AND at < %(next)s::timestamptz GROUP BY psn_no
"""
YEARS = """SELECT psn_no, insutype, year, figures FROM settlement_year WHERE psn_no = ANY(%s) AND year <= %s ORDER BY year"""
BILLS = """
SELECT j.psn_no, j.insutype, j.setl_id, j.shape, j.claim, j.before, j.receipt, s.fixmedins_code, coalesce((s.detail ->> 'direct')::int, 1),
  e.dr_code, e.dept_code, coalesce(e.detail ->> 'oprn_oprt_code', ''), s.mdtrt_id, s.chrg_bchno,
  ARRAY(SELECT d.code FROM settlement_diagnosis d WHERE d.mdtrt_id = s.mdtrt_id ORDER BY d.main DESC, d.place LIMIT 2)
FROM settlement_journal j JOIN settlement_settlement s ON s.setl_id = j.setl_id JOIN settlement_standing t ON t.setl_id = s.setl_id
  JOIN settlement_encounter e ON e.mdtrt_id = s.mdtrt_id
WHERE j.psn_no = ANY(%s) AND j.what IN ('S', 'R') AND s.day >= make_date(%s, 1, 1) AND s.day < make_date(%s, 1, 1)
ORDER BY j.psn_no, j.id
"""
LINES = """
SELECT l.mdtrt_id, l.chrg_bchno, l.hilist_code, to_char(l.at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD')::int, l.quantity, l.price,
  l.flags & 1
FROM settlement_line l WHERE l.mdtrt_id = ANY(%s) ORDER BY l.mdtrt_id, l.chrg_bchno, l.id
"""

results_of = itemgetter(*(Receipt._fields.index(name) for name in RESULTS))


class Gathered(NamedTuple):
    """A bucket's tables as columns, and how many bills were settled after one of a later day."""

    tables: dict[str, dict[str, Any]]
    late: int


class Sheet:
    """Rows of a table on their way to columns."""

    def __init__(self, table: str) -> None:
        """None yet."""
        self.table, self.names = table, TABLES[table].names
        self.rows: list[dict[str, Any]] = []

    def columns(self) -> dict[str, Any]:
        """The columns; what a row does not say is 0 or empty."""
        said = {name for row in self.rows for name in row}
        return filled(self.table, len(self.rows), **{name: [row[name] for row in self.rows] for name in self.names if name in said})


def gathered(connection: Any, registers: Registers, names: Sequence[str], year: int, first: int) -> Gathered:
    """The tables of some persons for a year.

    names  person numbers in the order of their rows; the first has number `first` of the city
    """
    one = Bucket(connection, registers, names, year, first)
    one.people()
    one.covers()
    one.bills()
    one.contributions()
    late = one.late
    return Gathered({"person": one.person.columns(), "cover": one.cover.columns(), "holder": one.holder_columns(),
                     "contribution": one.contribution.columns(), "bill": one.bill.columns(), "result": one.result.columns(),
                     "line": one.line.columns(), "closing": one.closing()}, late)  # fmt: skip


class Bucket:
    """A bucket while it is read."""

    def __init__(self, connection: Any, registers: Registers, names: Sequence[str], year: int, first: int) -> None:
        """Nothing read yet."""
        self.connection, self.registers, self.names, self.year = connection, registers, list(names), year
        self.number = {psn_no: first + row for row, psn_no in enumerate(names)}
        self.person, self.cover, self.bill, self.result, self.line, self.contribution = map(
            Sheet, ("person", "cover", "bill", "result", "line", "contribution")
        )
        self.holders: dict[tuple[int, int], dict[str, Any]] = {}  # (person, scheme) -> row of `holder`
        self.spans: dict[str, list[Any]] = defaultdict(list)
        self.aids: dict[str, list[Any]] = defaultdict(list)
        self.born: dict[str, dict[str, Any]] = {}
        self.before: dict[tuple[int, int], Year] = {}
        self.retirees: dict[int, RetireeTerms] = {}
        self.late = 0

    def grouped(self, query: str, *more: object) -> dict[str, list[Any]]:
        """The rows of a query by person."""
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self.connection.execute(query, [self.names, *more]):
            found[row[0]].append(row)
        return found

    def people(self) -> None:
        """`person`: the register, with grants and identities."""
        book, town = self.registers.book, self.registers.rows["town"]
        filings, self.aids = self.grouped(FILINGS), self.grouped(IDENTITIES)
        rows = {row[0]: row for row in self.connection.execute(PEOPLE, [self.names])}
        households = {name: place for place, name in enumerate(sorted({row[6] for row in rows.values()}))}
        home = pooling_area(f"{book.admdvs:06d}")
        for psn_no in self.names:
            _, gend, born, died, admdvs, register, household = rows[psn_no]
            found: dict[str, Any] = {
                "person": self.number[psn_no], "psn_no": psn_no, "sex": int(gend) if gend in "12" else 0, "born": born, "died": died,
                "town": town.get(admdvs, 0), "register": 1 if register and pooling_area(register) == home else 3,
                "household": int(household) if household.isdecimal() else households[household], "resident": 1, "disease": -1,
                "other_disease": -1, "two_registered": 0, "grant": 0, "other_grant": 0, "offsite": 0, "place": 0,
                "registered_poor": int(any(row[1] in national.REGISTERED_POOR for row in self.aids[psn_no])),
            }  # fmt: skip
            for _, kind, code, area, starts in filings[psn_no]:
                if kind == "chronic" and code in book.diseases:
                    slot = ("disease", "grant") if found["disease"] < 0 else ("other_disease", "other_grant")
                    found.update(zip(slot, (book.diseases.index(code), starts), strict=True))
                elif kind == "two-disease":
                    found["two_registered"] |= national.TWO_DISEASES.get(code, 0)
                elif kind == "offsite":
                    found.update(offsite=codes.FILED, place=int(area or 0))
            self.born[psn_no] = found
            self.person.rows.append(found)

    def aid_on(self, psn_no: str, day: int) -> int:
        """The aid category on a day."""
        found = [national.aid_of(code) for _, code, starts, ends in self.aids[psn_no] if starts <= day < ends]
        return min((category for category in found if category), default=codes.NO_AID)

    def covers(self) -> None:
        """`cover`, and a holder for every relation that touches the year."""
        employer = self.registers.rows["employer"]
        relations = self.grouped(RELATIONS)
        first, last = self.year * 10_000 + 101, self.year * 10_000 + 1231
        for psn_no in self.names:
            for row in relations[psn_no]:
                _, insutype, psn_type, emp_no, civil, added, starts, ends, wait_until = row
                span = {
                    "person": self.number[psn_no], "scheme": INSUTYPES[insutype], "status": national.status_of(psn_type) or codes.ACTIVE,
                    "aid": self.aid_on(psn_no, starts), "civil_servant": int(civil), "flexible": int(psn_type == FLEXIBLE),
                    "employer": employer.get(emp_no, -1), "added": added, "starts": starts, "ends": min(ends, FOREVER),
                    "wait_until": wait_until, "reason": 5,
                }  # fmt: skip
                self.cover.rows.append(span)
                if starts <= last and ends > first:
                    self.hold(psn_no, span, max(starts, first) // 100 % 100, 12 if ends > last else max((ends - 1) // 100 % 100, 1))

    def hold(self, psn_no: str, span: dict[str, Any], first_month: int, last_month: int) -> None:
        """Make or widen the holder of a person and scheme."""
        key = (span["person"], span["scheme"])
        said = self.born[psn_no]
        before = self.holders.get(key)
        self.holders[key] = {
            "person": span["person"], "scheme": span["scheme"], "status": span["status"], "sex": said["sex"],
            "age": self.year - said["born"] // 10_000, "town": said["town"], "aid": self.aid_on(psn_no, self.year * 10_000 + 1231),
            "registered_poor": said["registered_poor"], "civil_servant": span["civil_servant"], "employer": span["employer"],
            "flexible": span["flexible"], "first_month": min(first_month, before["first_month"] if before else 12),
            "last_month": max(last_month, before["last_month"] if before else 1), "enrolled": int(last_month == 12), "resident": 1,
            "base": 0, "pension": 0, "account": 0, "family": 0, **dict.fromkeys(CARRIED, 0),
        }  # fmt: skip

    def bills(self) -> None:
        """`bill`, `result` and `line`: what stands, sorted by person, day and number."""
        found: list[tuple[Any, ...]] = []
        with self.connection.cursor(name="bills") as cursor:
            cursor.itersize = ROWS
            last: tuple[str, int] = ("", 0)
            for row in cursor.execute(BILLS, [self.names, self.year, self.year + 1]):
                claim, receipt = unpack(Claim, row[4], row[3]), unpack(Receipt, row[6], row[3])
                key = (self.number[row[0]], INSUTYPES[row[1]])
                if key not in self.holders:
                    self.hold(row[0], standing_of(claim, key), 1, 12)
                self.before.setdefault(key, unpack(Year, row[5], row[3]))
                self.late += int(last[0] == row[0] and claim.day < last[1])
                last = (row[0], claim.day)
                found.append((key[0], claim.day, row[2], key, claim, receipt, row))
        found.sort(key=itemgetter(0, 1, 2))
        self.opened()
        place = {key: number for number, key in enumerate(sorted(self.holders))}
        lines = self.lines_of([one[6] for one in found])
        for number, (_, _, setl_id, key, claim, receipt, row) in enumerate(found):
            mine = lines.get((row[12], row[13]), [])
            self.bill.rows.append(self.bill_row(setl_id, key, place[key], claim, row, len(mine)))
            self.result.rows.append(dict(zip(RESULTS, results_of(receipt), strict=True)))
            for _, _, code, day, quantity, price, restricted in mine:
                self.line.rows.append({
                    "row": number, "item": self.registers.rows["item"][code], "day": day, "quantity": quantity, "price": price,
                    "restricted": restricted,
                })  # fmt: skip

    def bill_row(self, setl_id: int, key: tuple[int, int], holder: int, claim: Claim, row: Any, lines: int) -> dict[str, Any]:
        """A row of `bill`."""
        rows = self.registers.rows
        diagnoses = [rows["diagnosis"].get(code, -1) for code in row[14]]
        stay = claim.kind in STAYS and claim.admitted > 0
        return {
            "bill": setl_id, "person": key[0], "holder": holder, "institution": rows["institution"][row[7]],
            "practitioner": rows["practitioner"].get(row[9], -1), "department": department(row[10]),
            "diagnosis": diagnoses[0] if diagnoses else -1, "other_diagnosis": diagnoses[1] if len(diagnoses) > 1 else -1,
            "operation": rows["operation"].get(row[11], -1), "days": max(days_between(claim.admitted, claim.day), 1) if stay else 0,
            "direct": row[8], "lines": lines, **claim._asdict(),
        }  # fmt: skip

    def lines_of(self, rows: list[Any]) -> dict[tuple[int, str], list[Any]]:
        """The charge lines of visits by visit and batch."""
        found: dict[tuple[int, str], list[Any]] = defaultdict(list)
        for start in range(0, len(rows), ROWS):
            for line in self.connection.execute(LINES, [[row[12] for row in rows[start : start + ROWS]]]):
                found[line[0], line[1]].append(line)
        return found

    def opened(self) -> None:
        """The opening figures of every holder: accounts on 1 January, what was carried over, the family's money."""
        first = f"{self.year}-01-01 00:00:00+08"
        asked = {"names": self.names, "first": first, "next": f"{self.year + 1}-01-01 00:00:00+08"}
        accounts = {row[0]: row for row in self.connection.execute(ACCOUNTS, asked)}
        self.ends: dict[tuple[int, int], int] = {}
        self.years: dict[tuple[int, int], dict[int, Year]] = defaultdict(dict)
        for psn_no, insutype, year, figures in self.connection.execute(YEARS, [self.names, self.year]):
            if insutype in INSUTYPES:
                self.years[self.number[psn_no], INSUTYPES[insutype]][year] = Year(*figures)
        name = {number: psn_no for psn_no, number in self.number.items()}
        for key, holder in self.holders.items():
            if key[1] == codes.EMPLOYEE and name[key[0]] in accounts:
                _, holder["account"], self.ends[key], credited = accounts[name[key[0]]]
                holder["pension"] = self.pension(credited or ()) if holder["status"] == codes.RETIRED else 0
            holder.update((field, getattr(self.start_of(key), field)) for field in ("family", *CARRIED))

    def start_of(self, key: tuple[int, int]) -> Year:
        """A holder's figures on 1 January: those before the first bill, else what the year before left."""
        if key in self.before:
            return self.before[key]
        years = self.years[key]
        return opened(years[max(years)], self.year) if years else Year(year=self.year)

    def pension(self, credited: Sequence[str]) -> int:
        """The lowest monthly pension that gives the first credit by a share of it; 0 where every credit is a fixed sum.

        credited  "retired-yyyymm fen" of each month
        """
        for text in credited:
            month, fen = text.removeprefix("retired-").split(" ")
            terms, credit = self.terms(int(month)), int(fen)
            if terms.amount < 0 and terms.share > 0:
                found = max((credit - 1) * codes.WHOLE // terms.share, 0)
                while retiree_credit(found, terms.amount, terms.share) < credit:
                    found += 1
                return found
        return 0

    def terms(self, month: int) -> RetireeTerms:
        """The retirees' rule in a month."""
        if month not in self.retirees:
            self.retirees[month] = retiree_terms(self.registers.book, month * 100 + 1)
        return self.retirees[month]

    def contributions(self) -> None:
        """`contribution`: runs of months with one base; and the holders' bases."""
        place = {key: number for number, key in enumerate(sorted(self.holders))}
        employer = self.registers.rows["employer"]
        for psn_no, dues in sorted(self.grouped(DUES, self.year).items(), key=lambda pair: self.number[pair[0]]):
            runs: list[dict[str, Any]] = []
            for _, insutype, emp_no, month, base, of_employer, of_person, subsidy, relief, paid_on in dues:
                key = (self.number[psn_no], INSUTYPES.get(insutype, 0))
                if key not in place:
                    continue
                number, yearly = month % 100, month % 100 == 0
                state = UNPAID if paid_on == 0 else RELIEVED if relief else PAID
                run = {"person": key[0], "holder": place[key], "scheme": key[1], "employer": employer.get(emp_no, -1), "base": base,
                       "state": state}  # fmt: skip
                last = runs[-1] if runs else None
                same = last is not None and all(last[name] == value for name, value in run.items())
                if last is not None and same and last["first_month"] + last["months"] == number:
                    last["months"] += 1
                else:
                    holder = self.holders[key]
                    first = holder["first_month"] if yearly else number
                    months = holder["last_month"] - first + 1 if yearly else 1
                    last = {**run, "first_month": first, "months": max(months, 1), "employer_part": 0, "person_part": 0, "subsidy": 0,
                            "paid_on": 0}  # fmt: skip
                    runs.append(last)
                last["employer_part"] += of_employer
                last["person_part"] += of_person
                last["subsidy"] += subsidy
                last["paid_on"] = max(last["paid_on"], paid_on)
                if key[1] == codes.EMPLOYEE:
                    self.holders[key]["base"] = base
            self.contribution.rows.extend(sorted(runs, key=itemgetter("first_month")))

    def holder_columns(self) -> dict[str, Any]:
        """`holder`, in order of person and scheme."""
        sheet = Sheet("holder")
        sheet.rows = [self.holders[key] for key in sorted(self.holders)]
        return sheet.columns()

    def closing(self) -> dict[str, Any]:
        """`closing`: the year as it stands, and the account at its end."""
        sheet = Sheet("closing")
        for key in sorted(self.holders):
            holder, years = self.holders[key], self.years[key]
            figures = years.get(self.year) or Year(year=self.year, family=holder["family"], **{name: holder[name] for name in CARRIED})
            row = {column.name: getattr(figures, column.name) for column in CLOSING.columns}
            sheet.rows.append({**row, "account": self.ends.get(key, 0)})
        return {name: np.asarray(values) for name, values in sheet.columns().items()}


def standing_of(claim: Claim, key: tuple[int, int]) -> dict[str, Any]:
    """What a bill says of a person whose relation the register does not have in the year."""
    return {"person": key[0], "scheme": key[1], "status": claim.status, "civil_servant": claim.civil_servant, "flexible": 0, "employer": -1}
