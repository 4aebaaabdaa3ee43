"""The same facts settled at the door and by the bill files: equal to the fen, field by field, and the year after them too.

What the door reads from its register (CSV files loaded into PostgreSQL), its catalogue and its messages, the bill file states by itself,
taken here from the sandbox's files directly. Two readers of one law that disagree have read the facts differently.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from gateway import playing
from gateway.billing import AMOUNTS, Bill, Charge, amounts, noon, purchase
from gateway.playing import Town, items, table
from gateway.stories import BEFORE, CITIES, NEXT, STORIES, Step
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
        "feedetl_sn": charge.serial,
        "cnt": charge.count,
        "pric": charge.cost,
        "det_item_fee_sumamt": charge.fee,
        "chrgitm_lv": item["chrgitm_lv"],
        "selfpay_prop": share,
        "med_chrgitm_type": item["med_chrgitm_type"],
        "lmt_used_flag": item["lmt_used_flag"],
        "hosp_appr_flag": charge.approved,
        "dual_channel": item.get("dual_channel_flag") or "0",
    }
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
    two = (
        " ".join({"M03900": "hypertension", "M01600": "diabetes"}[row["code"]] for row in granted if row["kind"] == "two-disease") or "none"
    )
    aid = next((row["psn_idet_type"] for row in table("identities") if row["psn_no"] == like), "")
    account = next((row["balc"] for row in table("accounts") if row["psn_no"] == like), "0")
    rows = []
    for row in table("relations"):
        if row["psn_no"] != like:
            continue
        ends = min(filter(None, (row["ends"], row["benefit_to"])), default="")
        rows.append(
            {
                "psn_no": number,
                "starts": row["starts"],
                "ends": row["ends"],
                "insutype": row["insutype"],
                "psn_type": row["psn_type"],
                "cvlserv_flag": row["cvlserv_flag"],
                "chronic": chronic,
                "two_registered": two,
                "psn_idet_type": aid,
                "died": died,
                "cover_from": row["benefit_from"],
                "cover_to": str(date.fromordinal(date.fromisoformat(ends).toordinal() - 1)) if ends else "",
                "wait_until": row["wait_until"],
                "suspended": "",
                "account": account,
                "family": "1000.00" if family else "0",
            }
        )
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
        "bill_id": number,
        "psn_no": psn_no,
        "city": city,
        "begndate": first,
        "enddate": rest[0] if rest else first,
        "insutype": insutype,
        "dise_code": step.disease,
        "acct_used_flag": step.account,
        "suspended": int(behind <= first),
        "agreement": 1,
        "feedetail": [line_cells(charge, place, insutype, first) for charge in step.charges],
        **kind,
        **{name: value for name, value in step.more.items() if name in ("matn_type", "geso_val", "fetus_cnt")},
        **says,
    }
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
    made = Bill(
        town,
        psn_no,
        insutype,
        place["fixmedins_code"],
        noon(first),
        noon(rest[0]) if rest else None,
        step.med_type,
        step.disease,
        step.account,
        charges=step.charges,
        more=step.more,
        extra='{"REL_TTP_FLAG":"1"}' if step.third else "",
    )
    if step.at[0] == "p":
        return town.call("2102", purchase(made), made.institution)
    return made.ready().settle()


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
        assert type(found) is Settled
        outcome = found.receipt.outcome
        if not said.fine:
            assert outcome != codes.SETTLED, (place, said.why)
            assert refusal(outcome).code in said.why, (place, said.why, outcome)
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
