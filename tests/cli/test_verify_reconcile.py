"""`openyibao verify` and `openyibao reconcile` on a real journal: what they print, write, and end with."""

import asyncio
import csv
from datetime import UTC, datetime

import psycopg
import pytest
from typer.testing import CliRunner

from bureau.settlement.writer import INSTITUTION, Writer, jishou
from openyibao.bureau.fund import actions
from openyibao.bureau.policydesk.models import Package
from openyibao.bureau.policydesk.queries import files_of
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.settlement.store.lanes import open_lanes
from openyibao.bureau.settlement.store.pool import Store
from openyibao.cli.main import app
from openyibao.policybook.book import policies_root

DAY, AT = "2026-01-05", datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def bills(django_database):
    """Three settlements and a mirror of the second, with the policies that settled them kept."""

    async def write():
        pool = await open_lanes(django_database, 2)
        writer = Writer(Store(pool))
        person = await writer.person("P1", "310", 50_000)
        numbers = [await writer.settles(person, kind=5) for _ in range(3)]
        await writer.takes_back(person, numbers[1])
        await pool.close()

    asyncio.run(write())
    files = files_of(policies_root(), "jishou")
    Package.objects.create(digest=jishou().digest, city="jishou", files=files, taken_at=AT)
    return list(Settlement.objects.order_by("at"))


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_verify_says_that_nothing_differs_and_prints_no_heads_before_sealing(bills):
    done = run("verify", "--lang", "en")
    assert done.exit_code == 0, done.output
    assert "4 rows settled" in done.output
    assert "Nothing differs." in done.output


def test_verify_ends_with_1_and_says_where_and_how_much(bills, django_database):
    change(django_database, f"UPDATE settlement_settlement SET pool = pool + 300 WHERE setl_id = {bills[0].setl_id}")
    done = run("verify", "--lang", "en")
    assert done.exit_code == 1
    assert "settlement.figure" in done.output
    assert str(bills[0].setl_id) in done.output
    assert "3.00" in done.output


def test_verify_refuses_what_is_no_day_and_no_head(bills):
    assert run("verify", "--since", "yesterday").exit_code == 2
    assert run("verify", "--head", "433100").exit_code == 2
    assert run("verify", "--head", "433100:5:00").exit_code == 1


def change(url, statement):
    """Do what a thief with the owner's rights would."""

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE settlement_settlement DISABLE TRIGGER USER")
        connection.execute(statement)


def written(path, heads, rows):
    """A CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([heads, *rows])
    return str(path)


HEADS = ("fixmedins_code", "setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "fund_pay_sumamt", "acct_pay", "refd_setl_flag")


def hospital_file(path, bills, wrong=0):
    """The hospital's bills, the first a few fen wrong."""
    rows = [
        (INSTITUTION, one.setl_id, one.mdtrt_id, one.psn_no, one.total / 100, (one.fund + (wrong if one is bills[0] else 0)) / 100,
         one.account / 100, int(one.mirror_of is not None))
        for one in bills
    ]  # fmt: skip
    return written(path, HEADS, [[f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row] for row in rows])


def test_four_sides_that_agree_end_with_0(bills, tmp_path):
    number = actions.pay_institution(poolarea="433100", institution=INSTITUTION, pays=[("employee-pool", 500)], day=20260105, at=AT)
    bank = written(tmp_path / "bank.csv", ("number", "fixmedins_code", "day", "amount"), [(number, INSTITUTION, DAY, "5.00")])
    done = run("reconcile", "--day", DAY, "--hospital", hospital_file(tmp_path / "h.csv", bills), "--bank", bank)
    assert done.exit_code == 0, done.output
    assert "四方一致" in done.output


def test_every_mismatch_is_in_the_report_with_its_repair(bills, tmp_path):
    bank = written(tmp_path / "bank.csv", ("number", "fixmedins_code", "day", "amount"), [(77, INSTITUTION, DAY, "-5.00")])
    out = tmp_path / "report.csv"
    done = run("reconcile", "--day", DAY, "--hospital", hospital_file(tmp_path / "h.csv", bills[1:], 0), "--bank", bank, "--out", str(out),
               "--lang", "en")  # fmt: skip
    assert done.exit_code == 3, done.output
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    assert sorted(row[2].rsplit("[", 1)[1].rstrip("]") for row in rows) == ["bank-unknown", "only-here"]
    assert all(row[-1] for row in rows)


def test_a_page_is_written_without_letting_the_files_words_become_markup(bills, tmp_path):
    hospital = written(tmp_path / "h.csv", HEADS, [(INSTITUTION, "<b>1</b>", "", "P1", "1", "1", "0", "0")])
    out = tmp_path / "report.html"
    assert run("reconcile", "--day", DAY, "--hospital", hospital, "--out", str(out)).exit_code == 3
    page = out.read_text(encoding="utf-8")
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert "<b>1" not in page


@pytest.mark.parametrize(("content", "said"), [("a,b\n1,2\n", "缺少列"), (",".join(HEADS) + "\nH,1,2,P1,ten,0,0,0\n", "不是金额")])
def test_a_file_that_cannot_be_read_is_said_with_its_line(bills, tmp_path, content, said):
    file = tmp_path / "h.csv"
    file.write_text(content, encoding="utf-8")
    done = run("reconcile", "--day", DAY, "--hospital", str(file))
    assert done.exit_code == 2
    assert said in done.output


def test_options_that_make_no_sense_are_refused(bills, tmp_path):
    assert run("reconcile", "--day", "today").exit_code == 2
    assert run("reconcile", "--day", DAY, "--out", str(tmp_path / "report.pdf")).exit_code == 2
