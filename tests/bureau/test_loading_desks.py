"""Loading into the desks' tables, on a real database: what a file says stands afterwards, once, however often it is loaded."""

import csv
import shutil
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from typer.testing import CliRunner

from openyibao.bureau.codes.catalogue import Gone, read_catalogue
from openyibao.bureau.codes.models import Ceiling, Code, Item, Mapping, SelfPay, Version
from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.bureau.enrolment.models import Account, AccountMove, Due, Employer, Person, Relation, Share
from openyibao.bureau.entitlement.models import Filing, Identity
from openyibao.bureau.entitlement.models import Measure as PersonMeasure
from openyibao.bureau.loading.columns import Asked
from openyibao.bureau.loading.problems import LoadProblem
from openyibao.bureau.providers.models import Agreement, Channel, Department, Institution, Measure, Practitioner
from openyibao.bureau.staff.models import Act
from openyibao.cli import loaders
from openyibao.cli.load import load
from openyibao.gateway.channels import channel_of_settings

SANDBOX = Path(__file__).parents[2] / "examples" / "sandbox"
ASKED = Asked(date(2026, 1, 15), training=True)
AT = datetime(2026, 1, 15, 8, tzinfo=UTC)
MODELS = (
    Item, Code, Ceiling, SelfPay, Mapping, Institution, Agreement, Department, Practitioner, Measure, Channel, Employer, Person, Relation,
    Due, Account, AccountMove, Share, Identity, Filing, PersonMeasure,
)  # fmt: skip


def loaded(kind: str, path: Path, **more: bool) -> loaders.Report:
    return loaders.load_file(kind, path, asked=ASKED, at=AT, officer="tester", **more)


def rows_of(kind: str) -> list[list[str]]:
    with (SANDBOX / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def written(folder: Path, kind: str, rows: list[list[str]]) -> Path:
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def counted() -> dict[str, int]:
    return {model._meta.label: model.objects.count() for model in MODELS}


@pytest.fixture
def sandbox(django_database):
    """The sandbox, loaded."""
    return {report.table.kind: report for report in loaders.load_folder(SANDBOX, asked=ASKED, at=AT, officer="tester")}


def test_the_whole_sandbox_is_loaded_and_loading_it_again_changes_nothing(sandbox):
    assert {kind: report.rejected for kind, report in sandbox.items() if report.rejected} == {}
    assert set(sandbox) == set(loaders.ALL)
    assert all(report.loaded.new for report in sandbox.values())
    before = counted()
    assert all(before.values())
    catalogue = read_catalogue(connection.connection)
    again = loaders.load_folder(SANDBOX, asked=ASKED, at=AT, officer="tester")
    assert [(report.table.kind, report.loaded[:2]) for report in again if report.loaded[:2] != (0, 0)] == []
    assert counted() == before
    assert read_catalogue(connection.connection).epoch == catalogue.epoch, "servers need not read their copy again"
    assert Act.objects.filter(what="load.people").count() == 2

    day = date(2025, 5, 1)
    assert isinstance(catalogue.item_on(code_of("drugs", "重组人粒细胞刺激因子"), day), tuple)
    losartan = code_of("drugs", "氯沙坦钾")
    assert (catalogue.rate_on(losartan, "433101", day, "310"), catalogue.rate_on(losartan, "610902", day, "310")) == (500, 1000)
    glargine = code_of("drugs", "甘精胰岛素")
    assert (catalogue.rate_on(glargine, "420106", day, "310"), catalogue.rate_on(glargine, "420106", day, "390")) == (500, 1000)
    bed = code_of("services", "普通病房床位费")
    assert [catalogue.ceiling_on(bed, "433101", on, "02") for on in (date(2023, 12, 31), date(2024, 1, 1))] == [35_000_000, 40_000_000]
    assert catalogue.ceiling_on(bed, "420106", day, "02") == 50_000_000
    ended = next(row for row in rows_of("drugs")[1:] if row[-1])
    gone = catalogue.item_on(ended[0], date(2023, 1, 1))
    assert isinstance(gone, Gone) and (gone.since, gone.replaced_by) == (date(2023, 1, 1), ended[-1])
    assert catalogue.item_on(ended[0], date(2022, 12, 31)).code == ended[0]
    assert catalogue.item_on(ended[-1], date(2023, 1, 1)).code == ended[-1]


def code_of(kind: str, name: str) -> str:
    """The code of an item that is in force."""
    header, *rows = rows_of(kind)
    return next(row[0] for row in rows if row[1] == name and not row[header.index("enddate")])


def test_identity_numbers_are_sealed_and_found_again(sandbox):
    cipher = Cipher(*settings.CIPHER_KEYS())
    person = Person.objects.get(certno_index=cipher.index("99010119840312011x"))
    assert person.psn_no == "43310100000000000000000001"
    assert cipher.open(person.certno_cipher) == "99010119840312011X"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM enrolment_person p WHERE p::text LIKE '%%99010119840312011X%%'")
        assert cursor.fetchone() == (0,)
    assert Act.objects.filter(detail__icontains="99010119840312011X").count() == 0


def test_openings_raise_the_balance_once(sandbox, tmp_path):
    psn_no = "43310100000000000000000001"
    assert Account.objects.get(psn_no=psn_no).balance == 265_000
    assert [move.fen for move in AccountMove.objects.filter(psn_no=psn_no)] == [265_000]
    header = rows_of("accounts")[0]
    report = loaded("accounts", written(tmp_path, "accounts", [header, [psn_no, "2650.01", "2025-12-31"]]))
    assert [why.code for why in report.rejected] == ["LOAD-14"]
    assert Account.objects.get(psn_no=psn_no).balance == 265_000


def test_channels_are_what_the_door_understands(sandbox):
    schemes = {channel_of_settings(channel.settings).scheme for channel in Channel.objects.all()}
    assert schemes == {"none", "csb", "tif", "apikey", "bearer"}
    assert not any(name.startswith("x_") for channel in Channel.objects.all() for name in channel.settings)


def test_a_channel_without_its_keys_is_set_aside(django_database, tmp_path):
    report = loaded("channels", written(tmp_path, "channels", [["code", "institutions", "scheme"], ["broken", "*", "csb"]]))
    assert [why.code for why in report.rejected] == ["LOAD-15"]
    assert Channel.objects.count() == 0


def test_a_person_of_another_certificate_or_name_is_set_aside(sandbox, tmp_path):
    header, first, second, *_ = rows_of("people")
    number = header.index("psn_no")
    taken = [*first]
    taken[number] = "43310100000000000000009999"
    swapped = [*second]
    swapped[number] = first[number]
    renamed = [*first]
    renamed[header.index("psn_name")] = "另一人"
    for row in (taken, swapped, renamed):
        report = loaded("people", written(tmp_path, "people", [header, row]))
        assert [why.code for why in report.rejected] == ["LOAD-14"], row
        assert report.loaded[:2] == (0, 0)


def test_two_basic_relations_on_one_day_are_set_aside_and_a_switch_is_not(sandbox, tmp_path):
    header = ["psn_no", "insutype", "admdvs", "psn_type", "starts", "ends"]
    psn_no = "43310100000000000000000003"        # a resident since 2020
    clash = [psn_no, "310", "433101", "1101", "2026-01-01", ""]
    assert [why.code for why in loaded("relations", written(tmp_path, "relations", [header, clash])).rejected] == ["LOAD-14"]
    ending = [psn_no, "390", "433101", "151", "2020-01-01", "2026-01-01"]
    report = loaded("relations", written(tmp_path, "relations", [header, clash, ending]))
    assert report.rejected == [] and report.loaded[:2] == (1, 1)
    spans = Relation.objects.filter(psn_no=psn_no).order_by("starts").values_list("insutype", "starts", "ends")
    assert list(spans) == [("390", date(2020, 1, 1), date(2026, 1, 1)), ("310", date(2026, 1, 1), None)]


def test_filings_are_told_apart_by_place_or_by_what_they_are_for(sandbox, tmp_path):
    header = rows_of("filings")[0]
    psn_no, hospital = "43310100000000000000000003", "H43310199001"
    rows = [
        [psn_no, "offsite", "390", "1", "", "610900", "2025-01-01", "", "bureau"],
        [psn_no, "offsite", "390", "1", "", "420100", "2025-01-01", "", "bureau"],              # another place
        [psn_no, "offsite", "390", "2", "", "420100", "2025-01-01", "", "bureau"],              # the same place, another class
        [psn_no, "chronic", "390", "M03900", hospital, "", "2025-01-01", "", "bureau"],
        [psn_no, "chronic", "390", "M03900", "H43310199002", "", "2025-01-01", "", "bureau"],   # the same disease
    ]
    report = loaded("filings", written(tmp_path, "filings", [header, *rows]))
    assert report.loaded.new == 3
    assert [(why.line, why.code) for why in report.rejected] == [(4, "LOAD-14"), (6, "LOAD-14")]


def test_rows_of_nobody_are_set_aside(django_database, tmp_path):
    for kind in ("relations", "dues", "accounts", "identities", "filings", "family", "measures", "departments", "practitioners"):
        report = loaded(kind, SANDBOX / f"{kind}.csv")
        assert {why.code for why in report.rejected} == {"LOAD-13"} and report.loaded.new == 0, kind
        assert report.lines == report.total


def test_a_shorter_catalogue_is_refused_unless_meant(sandbox, tmp_path):
    rows = rows_of("drugs")
    path = written(tmp_path, "drugs", rows[:-20])
    with pytest.raises(LoadProblem, match="LOAD-03"):
        loaded("drugs", path)
    assert Version.objects.filter(code_set="3").count() == 1
    assert loaded("drugs", path, allow_shrink=True).loaded.same == len(rows) - 21
    assert Version.objects.filter(code_set="3").order_by("id").last().rows == len(rows) - 21


def test_an_item_that_ends_is_changed_in_its_place(sandbox, tmp_path):
    header, *rows = rows_of("services")
    rows[0][header.index("enddate")] = "2026-06-30"
    report = loaded("services", written(tmp_path, "services", [header, *rows]))
    assert report.loaded[:3] == (0, 1, len(rows) - 1)
    assert Item.objects.get(hilist_code=rows[0][0]).ends == date(2026, 7, 1)


def test_a_dry_run_says_the_same_and_leaves_nothing(django_database):
    report = loaded("drugs", SANDBOX / "drugs.csv", dry_run=True)
    assert report.loaded.new == report.total
    assert Item.objects.count() == Version.objects.count() == Act.objects.count() == 0


def test_the_command_loads_reports_and_keeps_rejected_rows(django_database, tmp_path):
    app = import_module("typer").Typer()
    app.command()(load)
    for kind in ("institutions", "diagnoses"):
        shutil.copy(SANDBOX / f"{kind}.csv", tmp_path)
    with (tmp_path / "diagnoses.csv").open("a", encoding="utf-8") as file:
        file.write("E11-9,坏编码,4,,,,,,2020-01-01,,\n")
    home = ["--home", str(tmp_path / "home"), "--lang", "en"]
    run = CliRunner().invoke(app, ["all", str(tmp_path), *home])
    assert run.exit_code == 3, run.output
    assert "LOAD-08 diag_code" in run.output
    assert not list(tmp_path.glob("*.rejects.csv")), "the folder loaded from stays as it was"
    assert Code.objects.count() == len(rows_of("diagnoses")) - 1
    assert "E11-9" in (tmp_path / "home" / "rejects" / "diagnoses.rejects.csv").read_text(encoding="utf-8-sig")
    for words, says in ((["nothing", str(tmp_path)], "There is no kind"), (["all", str(tmp_path / "none")], "is no folder"),
                        (["drugs", str(tmp_path / "drugs.csv")], "LOAD-01")):
        refused = CliRunner().invoke(app, [*words, *home])
        assert refused.exit_code == 2 and says in refused.output, refused.output
