"""3201 and 3202 on a real journal: equal sums are equal, a fen is found, and the answer's file says which bill and what to do."""

import asyncio
import io
import zipfile

import pytest

from bureau.settlement.writer import INSTITUTION, Writer
from gateway.asking import ask
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement import statements
from openyibao.bureau.settlement.models import Settlement, Statement
from openyibao.bureau.settlement.reconcile import grouped, summed
from openyibao.bureau.settlement.store.lanes import open_lanes
from openyibao.bureau.settlement.store.pool import Store
from openyibao.gateway.messages import files, reconciliation

DAY = "2026-01-05"
HANDLERS = {**reconciliation.HANDLERS, **files.HANDLERS}


@pytest.fixture
def bills(django_database):
    """Four settlements and a mirror of one, all on one day; in order."""

    async def write():
        pool = await open_lanes(django_database, 2)
        writer = Writer(Store(pool))
        person = await writer.person("P1", "310", 50_000)
        numbers = [await writer.settles(person, kind=5) for _ in range(4)]
        await writer.takes_back(person, numbers[1])
        await pool.close()

    asyncio.run(write())
    return list(Settlement.objects.order_by("at"))


def yuan(fen):
    return f"{fen / 100:.2f}"


def totals(bills, **changes):
    """What a hospital with these bills sends by 3201."""
    sent = {
        "insutype": "310", "clr_type": "11", "setl_optins": "433100", "stmt_begndate": DAY, "stmt_enddate": DAY,
        "medfee_sumamt": yuan(sum(one.total for one in bills)), "fund_pay_sumamt": yuan(sum(one.fund for one in bills)),
        "acct_pay": yuan(sum(one.account for one in bills)), "fixmedins_setl_cnt": len(bills), "fixmedins_refd_setl_flag": "0",
    }  # fmt: skip
    return ask(HANDLERS, "3201", {"data": {**sent, **changes}}, institution=INSTITUTION)["stmtinfo"]


def test_equal_totals_are_equal_and_kept(bills):
    answer = totals(bills)
    assert (answer["stmt_rslt"], answer["setl_optins"]) == ("0", "433100")
    kept = Statement.objects.get()
    assert (kept.result, kept.said["bills"], kept.ours["fund"]) == ("0", 5, sum(one.fund for one in bills))


@pytest.mark.parametrize("field", ["medfee_sumamt", "fund_pay_sumamt", "acct_pay", "cash_payamt"])
def test_a_fen_more_is_found_and_said(bills, field):
    column = {"medfee_sumamt": "total", "fund_pay_sumamt": "fund", "acct_pay": "account", "cash_payamt": "cash"}[field]
    ours = sum(getattr(one, column) for one in bills)
    answer = totals(bills, **{field: yuan(ours + 1)})
    assert answer["stmt_rslt"] == "1"
    assert f"送 {yuan(ours + 1)} 应 {yuan(ours)}" in answer["stmt_rslt_dscr"]
    assert len(answer["stmt_rslt_dscr"]) <= 200


def test_a_count_another_group_and_another_period_differ(bills):
    assert totals(bills, fixmedins_setl_cnt=4)["stmt_rslt"] == "1"
    assert totals(bills, clr_type="21")["stmt_rslt"] == "1"
    assert totals(bills, insutype="390")["stmt_rslt"] == "1"
    assert totals(bills, stmt_begndate="2026-01-06", stmt_enddate="2026-01-07")["stmt_rslt"] == "1"
    assert totals([], stmt_begndate="2026-01-06", stmt_enddate="2026-01-07")["stmt_rslt"] == "0"


def test_refunds_are_rows_of_their_own_with_negative_amounts(bills):
    forward, back = [one for one in bills if one.mirror_of is None], [one for one in bills if one.mirror_of is not None]
    assert totals(forward, refd_setl_flag="0")["stmt_rslt"] == "0"
    assert totals(back, refd_setl_flag="1")["stmt_rslt"] == "0"
    assert totals(forward)["stmt_rslt"] == "1"


def test_a_period_that_ends_before_it_starts_is_refused(bills):
    with pytest.raises(Refused) as refused:
        totals(bills, stmt_enddate="2026-01-04")
    assert refused.value.code == "STMT-01"


def test_another_institutions_bills_are_not_ours(bills):
    sent = {"insutype": "310", "clr_type": "11", "setl_optins": "433100", "stmt_begndate": DAY, "stmt_enddate": DAY, "medfee_sumamt": "0",
            "fund_pay_sumamt": "0", "acct_pay": "0", "fixmedins_setl_cnt": 0, "fixmedins_refd_setl_flag": "0"}  # fmt: skip
    assert ask(HANDLERS, "3201", {"data": sent}, institution="H99999999999")["stmtinfo"]["stmt_rslt"] == "0"


def test_what_was_said_is_compared_in_the_daily_check(bills):
    totals(bills)
    totals(bills, fund_pay_sumamt="1.00")
    ours = sums(bills)
    (found,) = statements.totals_differ(statements.said_totals(bills[0].at.date()), ours)
    assert (found.kind, found.fen) == ("totals", 100 - sum(one.fund for one in bills))
    totals(bills)
    assert not statements.totals_differ(statements.said_totals(bills[0].at.date()), ours)


def sums(bills):
    """Our sums by group."""
    span = statements.period(bills[0].at.date(), bills[0].at.date())
    return {group: summed(rows) for group, rows in grouped(statements.bills(*span)).items()}


def listed(bills, *, heading=False, zipped=True):
    """The list of bills as a hospital uploads it."""
    lines = [[one.setl_id, one.mdtrt_id, one.psn_no, yuan(one.total), yuan(one.fund), yuan(one.account), int(one.mirror_of is not None)]
             for one in bills]  # fmt: skip
    text = "\n".join("\t".join(map(str, line)) for line in ([list(reconciliation.UPLOADED)] if heading else []) + lines)
    if not zipped:
        return text.encode("utf-8-sig")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("list.txt", text)
    return stream.getvalue()


def compared(folder, content, **changes):
    """Upload, compare, and fetch the answer's rows."""
    sent = {"fsUploadIn": {"in": list(content), "filename": "list.zip", "fixmedins_code": INSTITUTION}}
    number = ask(HANDLERS, "9101", sent, institution=INSTITUTION, files=folder)["file_qury_no"]
    data = {"setl_optins": "433100", "file_qury_no": number, "stmt_begndate": DAY, "stmt_enddate": DAY, "medfee_sumamt": "0",
            "fund_pay_sumamt": "0", "cash_payamt": "0", "fixmedins_setl_cnt": 1, "clr_type": "11",
            "fixmedins_refd_setl_flag": "0"}  # fmt: skip
    (row,) = ask(HANDLERS, "3202", {"data": {**data, **changes}}, institution=INSTITUTION, files=folder)["fileinfo"]
    fetch = {"fsDownloadIn": {"file_qury_no": row["file_qury_no"], "filename": row["filename"], "fixmedins_code": INSTITUTION}}
    file = ask(HANDLERS, "9102", fetch, institution=INSTITUTION, files=folder)
    with zipfile.ZipFile(file.path) as archive:
        lines = archive.read(archive.namelist()[0]).decode().splitlines()
    return [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]


@pytest.mark.parametrize(("heading", "zipped"), [(False, True), (True, True), (False, False), (True, False)])
def test_a_list_that_agrees_has_an_empty_answer(bills, tmp_path, heading, zipped):
    assert compared(tmp_path, listed(bills, heading=heading, zipped=zipped)) == []
    assert Statement.objects.get().result == "0"


def test_the_answer_names_each_bill_that_differs_and_the_repair(bills, tmp_path):
    first, taken_back, third, fourth, mirror = bills
    theirs = [Settlement(setl_id=1, mdtrt_id=2, psn_no="P9", total=5, fund=5, account=0), first, taken_back, fourth]
    wrong = Settlement(setl_id=third.setl_id, mdtrt_id=third.mdtrt_id, psn_no="P1", total=third.total + 1, fund=third.fund, account=0)
    rows = {row["setl_id"]: row for row in compared(tmp_path, listed([*theirs, wrong]))}
    assert set(rows) == {"1", str(third.setl_id), str(mirror.setl_id)}
    assert rows["1"]["msgid"] == "null"
    assert "Y0001" in rows["1"]["memo"]
    assert rows[str(third.setl_id)]["medfee_sumamt"] == yuan(third.total)
    assert rows[str(third.setl_id)]["msgid"] == third.msgid
    assert (rows[str(mirror.setl_id)]["refd_setl_flag"], rows[str(mirror.setl_id)]["medfee_sumamt"]) == ("1", yuan(mirror.total))
    assert all(row["stmt_rslt"] == "1" for row in rows.values())


@pytest.mark.parametrize(("content", "code"), [
    (b"PK\x03\x04 no zip", "STMT-02"), ("中".encode("gbk"), "STMT-02"), (b"1\t2\tP1\tten\t0\t0\t0", "STMT-03"),
])  # fmt: skip
def test_a_list_that_cannot_be_read_is_refused_with_its_line(bills, tmp_path, content, code):
    with pytest.raises(Refused) as refused:
        compared(tmp_path, content)
    assert refused.value.code == code


def test_a_file_that_was_not_uploaded_is_refused(bills, tmp_path):
    with pytest.raises(Refused):
        compared(tmp_path, listed(bills), file_qury_no="nothing")
