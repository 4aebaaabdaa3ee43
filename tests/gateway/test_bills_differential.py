"""The same facts settled at the door and by the bill files: equal to the fen, field by field, and the year after them too.

What the door reads from its register (CSV files loaded into PostgreSQL), its catalogue and its messages, the bill file states by itself,
taken here from the sandbox's files directly. Two readers of one law that disagree have read the facts differently.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway import playing
from gateway.billing import AMOUNTS, TABLET, TABLET_B, VISIT_FEE, Bill, Charge, amounts, noon, of, purchase
from gateway.playing import Town, items, table
from openyibao.kernel import codes
from openyibao.kernel.refusals import refusal
from openyibao.kernel.year import Year
from openyibao.policybook import national
from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.bills.bill import bill as bill_of_row
from openyibao.warehouse.bills.people import gathered
from openyibao.warehouse.bills.rows import Row
from openyibao.warehouse.bills.settled import Policy, Settled
from openyibao.warehouse.bills.settling import settle_bills

town = playing.town

CITIES = {"jishou": "433101", "ankang": "610900", "jingzhou": "421000", "wuhan": "420100", "yuxi": "530400"}
BEFORE = dict(zip(CITIES, ["yuxi", *list(CITIES)[:-1]], strict=True))
NEXT = dict(zip(CITIES, [*list(CITIES)[1:], "jishou"], strict=True))
EXPENSIVE, SLICES, STENT, BED, CEILED = "XL01XCY148B003010190003", "T900000100", "C01040101190011800010000001", "001109000010000", "XA05AAY012C006010190003"
RESTRICTED, CONSULTATION, DIALYSIS, DIALYSER, LOSARTAN = (
    "XA02BCY003C003010190005", "001102000090000", "003110000010000", "C04010103190031800010000001", "XC09CAY086B004010190002"
)
SINGLE_ROOM, OWN_PAY = "001109000030000", "001102000010000"


@dataclass
class Step:
    """One bill as both sides are told it. `at` institution: h1 h2 h3 p1, or n1 n2 in the next city; `says` more cells of the bill file."""

    at: str
    days: str  # "2025-03-03" or "2025-03-03 2025-03-08"
    charges: tuple[Charge, ...]
    med_type: str = "11"
    disease: str = ""
    account: str = "1"
    more: dict[str, Any] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    third: bool = False


def stay(at: str, days: str, *charges: Charge, med_type: str = "2101", **more: Any) -> Step:
    """A stay."""
    return Step(at, days, charges, med_type, **more)


def visit(at: str, day: str, *charges: Charge, **more: Any) -> Step:
    """A visit or a purchase."""
    return Step(at, day, charges, **more)


BACK = Charge(TABLET_B, Decimal(10), Decimal("33.330000"))
STORIES: dict[str, tuple[str, str, list[Step]]] = {
    "employee": ("01", "310", [
        visit("h3", "2025-01-06", of(TABLET_B, "133.37"), of(CONSULTATION, 10)),
        visit("h1", "2025-01-20", of(TABLET_B, "915.55"), of(VISIT_FEE, 12), Charge(SLICES, Decimal(120), Decimal("0.043333"))),
        visit("p1", "2025-02-02", of(TABLET_B, "86.40"), med_type="41"),
        stay("h2", "2025-03-03 2025-03-10", of(TABLET_B, "9012.34"), Charge(BED, Decimal(7), Decimal("58.5")), of(STENT, 7200)),
        stay("h1", "2025-04-01 2025-04-12", of(TABLET_B, "43210.99"), Charge(CEILED, Decimal(30), Decimal("91.77")), BACK,
             Charge(TABLET_B, Decimal(-3), Decimal("33.330000"), back=BACK.serial)),
        visit("h1", "2025-05-02", of(TABLET, 640), of(RESTRICTED, 300), Charge(RESTRICTED, Decimal(3), Decimal("18.5"), approved="2"), account="0"),
        stay("h1", "2025-06-01 2025-06-30", of(TABLET, 380_000)),
        visit("h1", "2025-12-30", of(TABLET_B, 1500), account="0"),
        visit("h1", "2026-01-05", of(TABLET_B, 1500)),
        stay("h1", "2025-12-28 2026-01-04", of(TABLET_B, 15_000), account="0"),
    ]),
    "retired": ("02", "310", [
        visit("h2", "2025-01-06", of(TABLET_B, "733.37")),
        stay("h3", "2025-02-03 2025-02-06", of(TABLET, "2212.34")),
        stay("h1", "2025-04-01 2025-04-12", of(TABLET_B, "93210.99")),
        visit("h1", "2025-07-02", of(TABLET, 8640)),
    ]),
    "resident": ("03", "390", [
        visit("h3", "2025-01-06", of(TABLET_B, "133.37"), of(CONSULTATION, 10)),
        visit("h1", "2025-01-07", of(TABLET_B, "233.37")),
        stay("h3", "2025-02-03 2025-02-06", of(TABLET, "2212.34")),
        stay("h2", "2025-03-03 2025-03-06", of(TABLET_B, "8212.34"), of(SINGLE_ROOM, 480)),
        stay("h1", "2025-04-01 2025-04-12", of(TABLET_B, "153210.99")),
        stay("h1", "2025-08-01 2025-08-02", of(TABLET_B, "3210.99"), med_type="28"),
        visit("h1", "2025-08-09", of(TABLET_B, 900), med_type="1301"),
        stay("h1", "2025-09-01 2025-12-29", of(TABLET, 60_000), med_type="21303"),
    ]),
    "delivery": ("03", "390", [
        visit("h2", "2025-01-06", of(TABLET, "433.37"), med_type="51", more={"matn_type": "7", "birctrl_matn_date": "2025-06-01"}),
        stay("h2", "2025-06-01 2025-06-05", of(TABLET_B, "5212.34"), med_type="52", more={"matn_type": "1", "fetus_cnt": 1, "birctrl_matn_date": "2025-06-02"}),
    ]),
    "child": ("04", "390", [
        visit("h3", "2025-01-06", of(TABLET_B, "233.37")), stay("h1", "2025-02-03 2025-02-16", of(TABLET_B, "32212.34")),
    ]),
    "low-income": ("05", "390", [
        visit("h3", "2025-01-06", of(TABLET_B, "233.37")),
        stay("h2", "2025-02-03 2025-02-16", of(TABLET_B, "32212.34")),
        stay("h1", "2025-03-03 2025-03-16", of(TABLET_B, "112212.34")),
        stay("h1", "2025-05-03 2025-05-16", of(TABLET_B, "9212.34"), third=True),
    ]),
    "chronic": ("06", "310", [
        visit("h1", "2025-01-06", of(TABLET_B, "733.37"), med_type="14", disease="M04600"),
        visit("h1", "2025-01-16", of(TABLET_B, "533.37"), med_type="14", disease="M01600"),
        visit("h2", "2025-02-16", of(LOSARTAN, "333.33"), med_type="14", disease="M04600"),
        visit("h2", "2025-02-18", of(TABLET, "333.33"), med_type="14", disease="M05300", says={"granted": ""}),
        visit("h2", "2025-03-16", of(TABLET, "6333.33"), med_type="140104", disease="M04600"),
    ]),
    "two-disease": ("07", "390", [
        visit("h3", "2025-01-06", of(TABLET, "133.37"), med_type="9901", disease="M03900"),
        visit("h3", "2025-01-26", of(TABLET, "333.37"), med_type="9901", disease="M01600"),
        visit("h3", "2025-02-26", of(TABLET, "733.37"), med_type="9901", disease="M03900"),
        visit("h2", "2025-03-26", of(TABLET, "733.37"), med_type="9901", disease="M01600"),
    ]),
    "arrears": ("08", "310", [
        visit("h1", "2024-05-20", of(TABLET_B, "733.37"), account="0"), stay("h1", "2024-05-20 2024-06-10", of(TABLET_B, "7233.37"), account="0"),
        visit("h1", "2025-01-06", of(TABLET_B, "233.37")), visit("h1", "2025-01-07", of(TABLET_B, "233.37"), account="0"), stay("h1", "2025-05-20 2025-06-10", of(TABLET_B, "7233.37"), account="0"),
    ]),
    "waiting": ("09", "390", [visit("h1", "2025-04-06", of(TABLET, 100)), visit("h1", "2025-02-06", of(TABLET, 100))]),
    "dead": ("10", "310", [visit("h1", "2024-03-10", of(TABLET_B, 900))]),
    "switched": ("13", "390 310", [
        stay("h1", "2024-05-03 2024-05-12", of(TABLET_B, 9000), account="0"), visit("h1", "2024-05-20", of(TABLET, 300), account="0"),
        visit("h1", "2024-08-20", of(TABLET, 900)), stay("h1", "2024-09-03 2024-09-12", of(TABLET_B, 9000)),
    ]),
    "relative": ("14", "390", [
        visit("h1", "2025-01-06", of(TABLET, 313), account="2"), stay("h1", "2025-02-03 2025-02-12", of(TABLET_B, 9000), account="2"),
        visit("h1", "2025-03-06", of(TABLET, 313), account="2"),
    ]),
    "dialysis": ("15", "390", [
        visit("h2", "2025-01-31", Charge(DIALYSIS, Decimal(12), Decimal(400)), Charge(DIALYSER, Decimal(12), Decimal(92)), med_type="14", disease="M07803",
              says={"kind": "dialysis", "sessions": 12}),
        visit("h2", "2025-02-28", Charge(DIALYSIS, Decimal(15), Decimal(400)), med_type="14", disease="M07803", says={"kind": "dialysis", "sessions": 15}),
        stay("h1", "2025-03-03 2025-03-16", of(TABLET_B, "32212.34")),
    ]),
    "special-drug": ("16", "310", [
        visit("p1", "2025-02-10", Charge(EXPENSIVE, Decimal(2), Decimal(5480)), med_type="18"),
        visit("h1", "2025-03-10", Charge(EXPENSIVE, Decimal(4), Decimal(5480)), of(TABLET_B, 100), med_type="15"),
        visit("p1", "2025-01-05", Charge(EXPENSIVE, Decimal(1), Decimal(5480)), med_type="18", says={"granted": "0"}),
    ]),
    "maternity": ("17", "310", [
        visit("h2", "2025-01-06", of(TABLET, "433.37"), med_type="51", more={"matn_type": "7", "birctrl_matn_date": "2025-06-01"}),
        stay("h2", "2025-06-01 2025-06-05", of(TABLET_B, "7212.34"), med_type="52", more={"matn_type": "3", "fetus_cnt": 2, "birctrl_matn_date": "2025-06-02"}),
        visit("h2", "2025-09-06", of(TABLET, "933.37"), med_type="51", more={"matn_type": "5", "geso_val": 18, "birctrl_matn_date": "2025-09-06"}),
    ]),
    "newborn": ("18", "390", [visit("h1", "2025-06-10", of(TABLET, 300)), stay("h1", "2025-07-01 2025-07-09", of(TABLET_B, 12_000), med_type="2109")]),
    "civil-servant": ("20", "310", [
        visit("h1", "2025-01-06", of(TABLET_B, "3233.37"), account="0"), stay("h1", "2025-02-03 2025-02-16", of(TABLET_B, "42212.34")),
        stay("h2", "2025-03-03 2025-03-16", of(TABLET_B, "112212.34"), account="0"),
    ]),
    "not filed": ("03", "390", [
        stay("n1", "2025-04-01 2025-04-12", of(TABLET_B, "33210.99"), says={"offsite": "self_referred"}),
        visit("n1", "2025-05-01", of(TABLET_B, "310.99"), says={"offsite": "self_referred"}),
        stay("n1", "2025-06-01 2025-06-12", of(TABLET_B, "33210.99"), med_type="24", says={"offsite": "emergency"}),
        visit("n2", "2025-07-01", of(TABLET_B, "310.99"), med_type="13", says={"offsite": "emergency"}),
    ]),
    "employee away": ("01", "310", [
        stay("n1", "2025-04-01 2025-04-12", of(TABLET_B, "53210.99"), says={"offsite": "self_referred"}),
        visit("n1", "2025-05-01", of(TABLET_B, "910.99"), says={"offsite": "self_referred"}),
    ]),
    "referred": ("104", "390", [
        stay("h2", "2025-03-20 2025-04-01", of(TABLET_B, "13210.99")),
        stay("n1", "2025-04-01 2025-04-12", of(TABLET_B, "33210.99"), says={"offsite": "referred", "transferred": 1}),
        stay("n2", "2025-05-01 2025-05-12", of(TABLET_B, "3210.99"), says={"offsite": "referred"}),
        stay("n1", "2025-08-01 2025-08-12", of(TABLET_B, "3210.99"), says={"offsite": "self_referred"}),
    ]),
    "filed": ("offsite", "390", [
        stay("f1", "2025-04-01 2025-04-12", of(TABLET_B, "33210.99"), says={"offsite": "filed"}),
        visit("f1", "2025-05-01", of(TABLET_B, "310.99"), says={"offsite": "filed"}),
        stay("h1", "2025-06-01 2025-06-12", of(TABLET_B, "13210.99")),
        stay("n1", "2025-07-01 2025-07-12", of(TABLET_B, "13210.99"), says={"offsite": "self_referred"}),
    ]),
}  # fmt: skip


def person_of(city: str, role: str) -> str:
    """The sandbox's person of a role: the last digits of the number, or the one that lives away."""
    if role == "offsite":
        (found,) = [row["psn_no"] for row in table("filings") if row["kind"] == "offsite" and row["psn_no"].startswith(CITIES[city])]
        return found
    return f"{CITIES[city]}{int(role):020d}"


def where(city: str, at: str) -> dict[str, str]:
    """The institution."""
    base = CITIES[{"n": NEXT, "f": BEFORE}[at[0]][city] if at[0] in "nf" else city]
    letter = "P" if at[0] == "p" else "H"
    code = f"{letter}{base}9900{at[1]}"
    return next(row for row in table("institutions") if row["fixmedins_code"] == code)


def nearest(rows: list[dict[str, str]], area: str, day: str) -> list[dict[str, str]]:
    """The rows in force of the nearest area."""
    standing = [row for row in rows if row["begndate"] <= day <= (row["enddate"] or "9999")]
    for near in (area, area[:4] + "00", ""):
        here = [row for row in standing if row["insu_admdvs"] == near]
        if here:
            return here
    return []


def line_cells(charge: Charge, place: dict[str, str], insutype: str, day: str) -> dict[str, Any]:
    """A line as the bill file states it, by the sandbox's own files."""
    item = next(row for row in items()[charge.code] if row["begndate"] <= day <= (row["enddate"] or "9999"))
    shares = nearest([row for row in table("selfpay") if row["hilist_code"] == charge.code], place["admdvs"], day)
    share = next((row["selfpay_prop"] for kind in (insutype, "99") for row in shares if row["selfpay_prop_psn_type"] == kind), "0")
    grade = {"02": "3", "05": "2", "11": "1"}.get(place["hosp_lv"], "")
    limits = [row for row in table("ceilings") if row["hilist_code"] == charge.code and row["hilist_lmtpric_type"] in ("", grade)]
    ceilings = nearest(limits, place["admdvs"], day)
    own = [row for row in ceilings if row["hilist_lmtpric_type"] == grade] or ceilings
    cells = {
        "feedetl_sn": charge.serial, "cnt": charge.count, "pric": charge.cost, "det_item_fee_sumamt": charge.fee, "chrgitm_lv": item["chrgitm_lv"],
        "selfpay_prop": share, "med_chrgitm_type": item["med_chrgitm_type"], "lmt_used_flag": item["lmt_used_flag"],
        "hosp_appr_flag": charge.approved, "dual_channel": item.get("dual_channel_flag") or "0",
    }  # fmt: skip
    if charge.back:
        cells["init_feedetl_sn"] = charge.back
    if own:
        cells["pric_uplmt_amt"] = min(Decimal(row["hilist_pric_uplmt_amt"]) for row in own)
    return cells


def people_rows(number: str, like: str, family: bool) -> list[dict[str, Any]]:
    """The person's rows of a people file, from the sandbox's own files."""
    died = next(row["died_on"] for row in table("people") if row["psn_no"] == like)
    granted = [row for row in table("filings") if row["psn_no"] == like]
    chronic = " ".join(f"{row['code']}@{row['starts']}" for row in granted if row["kind"] == "chronic") or "none"
    two = " ".join({"M03900": "hypertension", "M01600": "diabetes"}[row["code"]] for row in granted if row["kind"] == "two-disease") or "none"
    aid = next((row["psn_idet_type"] for row in table("identities") if row["psn_no"] == like), "")
    account = next((row["balc"] for row in table("accounts") if row["psn_no"] == like), "0")
    rows = []
    for row in table("relations"):
        if row["psn_no"] != like:
            continue
        ends = min(filter(None, (row["ends"], row["benefit_to"])), default="")
        rows.append({
            "psn_no": number, "starts": row["starts"], "ends": row["ends"], "insutype": row["insutype"], "psn_type": row["psn_type"],
            "cvlserv_flag": row["cvlserv_flag"], "chronic": chronic, "two_registered": two, "psn_idet_type": aid, "died": died,
            "cover_from": row["benefit_from"], "cover_to": str(date.fromordinal(date.fromisoformat(ends).toordinal() - 1)) if ends else "",
            "wait_until": row["wait_until"], "suspended": "", "account": account, "family": "1000.00" if family else "0",
        })  # fmt: skip
    return rows


def bill_row(number: str, psn_no: str, like: str, city: str, insutype: str, step: Step) -> dict[str, Any]:
    """The bill as its file states it."""
    place, (first, *rest) = where(city, step.at), step.days.split()
    relation = next((row for row in table("relations") if row["psn_no"] == like and row["insutype"] == insutype), {})
    behind = relation.get("suspended_from") or "9999"
    says = dict(step.says)
    if says.pop("granted", None) == "0":
        says["granted"] = 0
    kind = {} if "kind" in says else {"med_type": step.med_type}
    row = {
        "bill_id": number, "psn_no": psn_no, "city": city, "begndate": first, "enddate": rest[0] if rest else first, "insutype": insutype,
        "dise_code": step.disease, "acct_used_flag": step.account, "suspended": int(behind <= first), "agreement": 1,
        "feedetail": [line_cells(charge, place, insutype, first) for charge in step.charges], **kind,
        **{name: value for name, value in step.more.items() if name in ("matn_type", "geso_val", "fetus_cnt")}, **says,
    }  # fmt: skip
    row |= {"hosp_lv": place["hosp_lv"]} if place["hosp_lv"] else {"level": "P0"}
    if "offsite" in says:
        row["mdtrtarea_admdvs"] = place["admdvs"]
    if step.third:
        row["third_party"] = sum((one.fee for one in step.charges), Decimal(0)) * Decimal("0.9")
        row["third_party"] = row["third_party"].quantize(Decimal("0.01"))
    return row


def at_door(town: Town, psn_no: str, city: str, insutype: str, step: Step) -> Any:
    """The bill at the door: its reply."""
    place, (first, *rest) = where(city, step.at), step.days.split()
    made = Bill(town, psn_no, insutype, place["fixmedins_code"], noon(first), noon(rest[0]) if rest else None, step.med_type, step.disease,
                step.account, charges=step.charges, more=step.more, extra='{"REL_TTP_FLAG":"1"}' if step.third else "")  # fmt: skip
    if step.at[0] == "p":
        return town.call("2102", purchase(made), made.institution)
    return made.ready().settle()


def refused_with(said: Any, settled: Settled) -> bool:
    """Whether both refused for one reason."""
    return refusal(settled.receipt.outcome).code in said.why


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("story", STORIES)
def test_the_door_and_the_bill_file_agree(town, city, story):
    role, schemes, steps = STORIES[story]
    town.now = noon("2026-03-10")
    like = person_of(city, role)
    psn_no = town.newcomer(like)
    family = story == "relative"
    if family:
        town.share(town.newcomer(person_of(city, "01")), psn_no, limit=100_000)
    policy = Policy(city, load_book_once(city))
    people = gathered(Row(number, row, None, 0) for number, row in enumerate(people_rows(psn_no, like, family), 1))
    assert not people.rejected, people.rejected
    chosen = [schemes.split()[0 if len(schemes.split()) == 1 or place < 2 else 1] for place in range(len(steps))]
    rows = [bill_row(f"B{place}", psn_no, like, city, chosen[place], step) for place, step in enumerate(steps)]
    replies = [at_door(town, psn_no, city, insutype, step) for insutype, step in zip(chosen, steps, strict=True)]
    refused = frozenset(line for line, said in enumerate(replies, 1) if not said.fine)
    ours = list(settle_bills([bill_of_row(row, line) for line, row in enumerate(rows, 1)], lambda _: policy, people, refused))
    last: dict[str, Year] = {}
    for place, (step, found, said) in enumerate(zip(steps, ours, replies, strict=True)):
        assert isinstance(found, Settled), found
        if not said.fine:
            assert found.receipt.outcome != codes.SETTLED, (place, said.why)
            assert refused_with(said, found), (place, said.why, found.receipt.outcome)
            continue
        expected = national.amounts(found.receipt, found.plan)
        got = {name: int(value * 100) for name, value in amounts(said.output["setlinfo"]).items()}
        assert got == {name: expected[name] for name in AMOUNTS}, (place, step)
        last[f"{chosen[place]} {found.after.year}"] = found.after
    for name, after in last.items():
        insutype, year = name.split()
        assert town.year(psn_no, insutype, int(year)) == after._replace(account=0, family=0)


BOOKS: dict[str, Any] = {}


def load_book_once(city: str) -> Any:
    """A city's policies, read once."""
    if city not in BOOKS:
        BOOKS[city] = load_book(policies_root(), city)
    return BOOKS[city]
