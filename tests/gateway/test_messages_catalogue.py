"""Catalogue downloads, files and paged queries: 1301–1319, 1901, 9101, 9102."""

import base64
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gateway.asking import NOW, NotAccepted, ask
from openyibao.bureau.codes.models import Ceiling, Code, CodeSet, Item, SelfPay, Version
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.models import Deposit
from openyibao.gateway.describe import described
from openyibao.gateway.messages.catalogue import HANDLERS as DOWNLOADS
from openyibao.gateway.messages.files import HANDLERS as FILES
from openyibao.gateway.messages.lists import HANDLERS as LISTS

FIRST, SECOND, GONE = "XA02BCY001A001010190001", "XA02BCY001A001020190004", "XA02BCY001A001030190005"


@pytest.fixture
def versions(django_database):
    for number, name in (("3", "药品"), ("1a", "诊断"), ("1c", "中医")):
        CodeSet.objects.create(number=number, name=name, name_en=name, pattern="")
    return [
        Version.objects.create(code_set_id="3", name=name, loaded_at=NOW - timedelta(days=days), rows=1, digest="", source="")
        for name, days in (("2025", 300), ("2026", 3))
    ]


@pytest.fixture
def catalogue(versions):
    first, second = versions
    drug = {"list_type": "101", "med_chrgitm_type": "09", "unit": "盒", "spec": "20mg"}
    Item.objects.create(hilist_code=FIRST, name="奥美拉唑", item_class=1, starts=date(2020, 1, 1), version=first, basic_medicine=True,
                        detail={"drug_prodname": "商品\t名", "prodentp_name": "一厂"}, **drug)
    Item.objects.create(hilist_code=SECOND, name="艾司奥美拉唑", item_class=2, starts=date(2024, 1, 1), version=second, restricted=True,
                        restriction="限二线", **drug)
    Item.objects.create(hilist_code=GONE, name="雷贝拉唑", item_class=2, starts=date(2020, 1, 1), ends=date(2026, 1, 1), version=first,
                        **drug)
    Item.objects.create(hilist_code="001101000010000", name="挂号费", item_class=3, starts=date(2020, 1, 1), list_type="201",
                        med_chrgitm_type="13", unit="次")
    Code.objects.create(code_set_id="1a", code="A01.000", name="伤寒", starts=date(2020, 1, 1), detail={"chpt": "1", "cgy_code": "A01"})
    Code.objects.create(code_set_id="1c", code="BNF050", name="咳嗽病", starts=date(2020, 1, 1), detail={"tcm_type": "病"})
    Code.objects.create(code_set_id="1c", code="ZZ1", name="风寒证", starts=date(2020, 1, 1), detail={"tcm_type": "证"})
    Ceiling.objects.create(hilist_code=FIRST, insu_admdvs="", lmtpric_type="3", price=12_345_678, starts=date(2020, 1, 1))
    Ceiling.objects.create(hilist_code=FIRST, insu_admdvs="421000", lmtpric_type="", price=9_000_000, starts=date(2026, 3, 1))
    Ceiling.objects.create(hilist_code=FIRST, insu_admdvs="530400", lmtpric_type="", price=1, starts=date(2020, 1, 1))
    SelfPay.objects.create(hilist_code=SECOND, insu_admdvs="421000", psn_type="390", prop_type="10", rate=1_500, starts=date(2020, 1, 1))


def download(infno, folder, ver="0", **kwargs):
    return ask(DOWNLOADS, infno, {"data": {"ver": ver}}, files=folder, **kwargs)


def fetched(laid, folder, **kwargs):
    row = {"file_qury_no": laid["file_qury_no"], "filename": laid["filename"], "fixmedins_code": kwargs.get("institution", "H42100099001")}
    return ask(FILES, "9102", {"fsDownloadIn": row}, files=folder, **kwargs)


def lines_of(infno, folder, ver="0", **kwargs):
    laid = download(infno, folder, ver, **kwargs)
    with zipfile.ZipFile(io.BytesIO(fetched(laid, folder, **kwargs).path.read_bytes())) as archive:
        name, = archive.namelist()
        assert f"{name}.zip" == laid["filename"]
        rows = [line.split("\t") for line in archive.read(name).decode().splitlines()]
    assert laid["data_cnt"] == len(rows)
    headings = described(infno).output[0].columns
    assert all(len(row) == len(headings) for row in rows)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_a_download_holds_the_kind_asked_for_in_the_printed_columns(catalogue, tmp_path):
    rows = lines_of("1301", tmp_path)
    assert [row["医疗目录编码"] for row in rows] == [FIRST, SECOND, GONE]
    first, second, gone = rows
    said = [first[heading] for heading in ("药品通用名", "药品商品名", "生产企业名称", "基本药物标志", "药品规格")]
    assert said == ["奥美拉唑", "商品 名", "一厂", "1", "20mg"]
    assert (first["结束日期"], first["有效标志"], gone["结束日期"], gone["有效标志"]) == ("null", "1", "2025-12-31", "0")
    assert (second["限制使用标志"], second["限制使用范围"], second["国家医保药品目录甲乙类标识"]) == ("1", "限二线", "乙类")
    assert [row["医疗服务项目名称"] for row in lines_of("1305", tmp_path)] == ["挂号费"]


def test_codes_of_sets_are_downloaded_as_well(catalogue, tmp_path):
    row, = lines_of("1307", tmp_path)
    assert (row["诊断代码"], row["诊断名称"], row["章"], row["类目代码"], row["节名称"]) == ("A01.000", "伤寒", "1", "A01", "null")
    assert [row["疾病分类代码"] for row in lines_of("1314", tmp_path)] == ["BNF050"]
    assert [row["证候分类名称"] for row in lines_of("1315", tmp_path)] == ["风寒证"]


def test_every_download_answers_even_when_nothing_was_loaded(django_database, tmp_path):
    for infno in sorted(DOWNLOADS):
        laid = download(infno, tmp_path)
        assert laid["data_cnt"] == 0, infno
        assert laid["dld_endtime" if infno == "1306A" else "dld_end_time"] == "2026-03-17", infno
        assert fetched(laid, tmp_path).path.exists(), infno


def test_a_version_gets_only_what_came_after_it(catalogue, versions, tmp_path):
    numbers = {row["版本号"] for row in lines_of("1301", tmp_path)}
    assert numbers == {str(version.pk) for version in versions}
    assert [row["医疗目录编码"] for row in lines_of("1301", tmp_path, str(versions[0].pk))] == [SECOND]
    assert lines_of("1301", tmp_path, str(versions[1].pk)) == []


def test_two_hospitals_share_one_file_until_the_catalogue_changes(catalogue, tmp_path):
    one, two = download("1301", tmp_path), download("1301", tmp_path, institution="H42100099002")
    assert one["file_qury_no"] != two["file_qury_no"]
    assert len({row.digest for row in Deposit.objects.all()}) == 1
    Item.objects.filter(hilist_code=FIRST).update(name="改名")
    download("1301", tmp_path)
    assert len({row.digest for row in Deposit.objects.all()}) == 2
    assert len([place for place in tmp_path.rglob("*") if place.is_file()]) == 2


def test_a_lost_file_is_made_again(catalogue, tmp_path):
    laid = download("1301", tmp_path)
    fetched(laid, tmp_path).path.unlink()
    with pytest.raises(Refused) as refused:
        fetched(laid, tmp_path)
    assert refused.value.code == "FILE-03"
    assert fetched(download("1301", tmp_path), tmp_path).path.exists()


def test_a_file_is_fetched_by_its_owner_and_in_time_only(catalogue, tmp_path):
    laid = download("1301", tmp_path)
    assert fetched(laid, tmp_path, at=NOW + timedelta(days=7)).filename == laid["filename"]
    for kwargs, code in (({"institution": "H42100099002"}, "FILE-01"), ({"at": NOW + timedelta(days=8)}, "FILE-02")):
        with pytest.raises(Refused) as refused:
            fetched(laid, tmp_path, **kwargs)
        assert refused.value.code == code


def test_an_upload_comes_back_as_it_was_however_it_was_sent(django_database, tmp_path):
    content = b"\x00\xff text"
    lines = base64.encodebytes(content).decode()
    for sent in (base64.b64encode(content).decode(), lines, [0, 255, *b" text"], [0, -1, *b" text"], content):
        row = {"in": sent, "filename": "C:\\his\\mx.zip", "fixmedins_code": "H42100099001"}
        laid = ask(FILES, "9101", {"fsUploadIn": row}, files=tmp_path)
        assert (laid["filename"], laid["dld_endtime"]) == ("mx.zip", "2026-03-17")
        assert fetched(laid, tmp_path).path.read_bytes() == content


NO_FILES = [
    ({"in": "not base64 %"}, "FILE-05"), ({"in": [256]}, "FILE-05"), ({"in": ["a"]}, "FILE-05"), ({"in": ""}, "FILE-06"),
    ({"in": []}, "FILE-06"), ({"filename": "folder/.."}, "FILE-07"), ({"fixmedins_code": "H42100099002"}, "FILE-04"),
]


def test_an_upload_that_is_no_file_is_refused(django_database, tmp_path):
    for change, code in NO_FILES:
        row = {"in": "AAAA", "filename": "mx.zip", "fixmedins_code": "H42100099001", **change}
        with pytest.raises(Refused) as refused:
            ask(FILES, "9101", {"fsUploadIn": row}, files=tmp_path)
        assert refused.value.code == code, change
    assert not Deposit.objects.exists()


def test_a_query_number_is_needed(django_database, tmp_path):
    with pytest.raises(NotAccepted, match="文件查询号"):
        ask(FILES, "9102", {"fsDownloadIn": {"file_qury_no": "", "filename": "x"}}, files=tmp_path)


def items(**row):
    return ask(LISTS, "1312", {"data": {"updt_time": "2000-01-01", "page_num": 1, "page_size": 10, **row}})


FILTERS = [
    ({}, ["001101000010000", FIRST, SECOND, GONE]),
    ({"query_date": "2026-03-01", "list_type": "101"}, [FIRST, SECOND]),
    ({"query_date": "2023-03-01", "list_type": "101"}, [FIRST, GONE]),
    ({"vali_flag": "0"}, [GONE]),
    ({"vali_flag": "1", "chrgitm_lv": "02"}, [SECOND]),
    ({"hilist_code": FIRST}, [FIRST]),
    ({"hilist_name": "奥美拉唑"}, [FIRST, SECOND]),
    ({"lmt_used_flag": "1"}, [SECOND]),
    ({"begndate": "2024-01-01"}, [SECOND]),
    ({"updt_time": "2026-03-01"}, ["001101000010000", SECOND]),
    ({"med_chrgitm_type": "13"}, ["001101000010000"]),
]


def test_items_are_found_by_every_filter(catalogue):
    for row, codes in FILTERS:
        assert [one["hilist_code"] for one in items(**row)["data"]] == codes, row


def test_an_item_is_told_in_the_wires_codes(catalogue):
    row, = items(hilist_code=SECOND)["data"]
    said = [row[name] for name in ("chrgitm_lv", "lmt_used_flag", "vali_flag", "memo", "insu_admdvs")]
    assert said == ["02", "1", "1", "限二线", "421002"]
    assert (row["begndate"], row["enddate"], row["crte_time"]) == ("2024-01-01", None, "2026-03-07")
    assert isinstance(row["rid"], str)


def test_pages_hold_each_row_once(catalogue):
    pages = [items(page_num=number, page_size=3) for number in (1, 2, 3)]
    assert [[one["hilist_code"] for one in page["data"]] for page in pages] == [["001101000010000", FIRST, SECOND], [GONE], []]
    assert [(page["recordCounts"], page["pages"], page["size"], page["startRow"], page["lastPage"]) for page in pages] == [
        (4, 2, 3, 1, False), (4, 2, 1, 4, True), (4, 2, 0, 0, True),
    ]


def test_ceilings_and_shares_hold_in_their_area(catalogue):
    page = ask(LISTS, "1318", {"data": {"hilist_code": FIRST, "insu_admdvs": "421002", "updt_time": "2000-01-01"}})
    assert [(row["insu_admdvs"], row["hilist_pric_uplmt_amt"]) for row in page["data"]] == [
        ("100000", Decimal("12.345678")), ("421000", Decimal("9.000000")),
    ]
    page = ask(LISTS, "1318", {"data": {"updt_time": "2026-01-01"}})
    assert [row["insu_admdvs"] for row in page["data"]] == ["421000"]
    row, = ask(LISTS, "1319", {"data": {"hilist_code": SECOND, "selfpay_prop_psn_type": "390", "updt_time": "2000-01-01"}})["data"]
    assert (row["selfpay_prop"], row["selfpay_prop_psn_type"]) == (Decimal("0.1500"), "390")


def test_a_national_item_is_matched_to_itself(catalogue):
    row, = ask(LISTS, "1316", {"data": {"med_list_codg": FIRST, "updt_time": "2000-01-01"}})["data"]
    assert row["med_list_codg"] == row["hilist_code"] == FIRST


def test_ethnic_drugs_are_a_list_of_their_own(catalogue):
    assert ask(LISTS, "1304", {"data": {}})["data"] == []
    Item.objects.filter(hilist_code=FIRST).update(list_type="104")
    row, = ask(LISTS, "1304", {"data": {"drug_genname": "奥美"}})["data"]
    assert (row["med_list_codg"], row["drug_genname"], row["drug_prodname"]) == (FIRST, "奥美拉唑", "商品\t名")


def test_another_institutions_mappings_are_not_shown(django_database):
    with pytest.raises(Refused, match="本机构"):
        ask(LISTS, "1317", {"data": {"fixmedins_code": "H42100099002"}})


def test_a_code_table_is_told_by_name(django_database):
    rows = ask(LISTS, "1901", {"data": {"type": "INSUTYPE"}})["list"]
    assert {"310": "职工基本医疗保险", "390": "城乡居民基本医疗保险"}.items() <= {row["value"]: row["label"] for row in rows}.items()
    assert [row["sort"] for row in rows] == list(range(1, len(rows) + 1))
    assert ask(LISTS, "1901", {"data": {"type": "insutype", "Vali_Flag": "0"}})["list"] == []
    with pytest.raises(Refused, match="med_type"):
        ask(LISTS, "1901", {"data": {"type": "med_typ"}})
