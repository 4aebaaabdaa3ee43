"""Catalogues 目录: queries page by page, files, the dictionary, and one's own institution."""

import zipfile

from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import many, one
from openyibao.outside.hospital.journeys import offices

NEEDS = ("clinics.hospital", "items.drug")


@case("catalogue.queries", "目录查询分页返回", "catalogue queries answer in pages", needs=(*NEEDS, "items.drug_b", "items.capped"),
      cure=("1312、1316、1317、1318、1319 按条件和页码返回，页间不重不漏。",
            "1312 and 1316 to 1319 answer by criteria and page; pages neither repeat nor skip."))  # fmt: skip
def queries(stage: Stage) -> None:
    """Each query by code; 1312 in two pages."""
    hospital, drug, capped = stage.hospital(), stage.item("drug"), stage.item("capped")
    for infno, given, field, wanted in (
        ("1312", {"hilist_code": drug.code}, "hilist_code", drug.code),
        ("1316", {"med_list_codg": drug.code}, "med_list_codg", drug.code),
        ("1317", {"fixmedins_code": hospital.institution.code, "med_list_codg": drug.code}, "med_list_codg", drug.code),
        ("1318", {"hilist_code": capped.code}, "hilist_code", capped.code),
        ("1319", {"hilist_code": stage.item("drug_b").code}, "hilist_code", stage.item("drug_b").code),
    ):
        rows = offices.rows_of(hospital.must(infno, offices.page(given)).output)
        stage.require(rows and all(str(row.get(field)) == wanted for row in rows), f"{infno} 没有按 {field} 返回",
                      f"{infno} ignores {field}")
    pages = [offices.rows_of(hospital.must("1312", offices.page({}, number, 10)).output) for number in (1, 2)]
    codes = [str(row.get("hilist_code")) for rows in pages for row in rows]
    stage.require(len(codes) == 20, f"两页应有 20 行，实有 {len(codes)}", f"two pages should hold 20 rows, hold {len(codes)}")
    stage.require(len({str(sorted(row.items(), key=str)) for rows in pages for row in rows}) == 20, "两页之间有重复行",
                  "the pages repeat rows")


@case("catalogue.files", "目录下载：查询号、压缩文件、行", "catalogue download: number, zip, rows", needs=NEEDS,
      cure=("1301 返回 file_qury_no 与 filename；9102 返回 octet-stream 的 zip，内为 UTF-8 制表符分隔文本，空值写 null。",
            "1301 answers file_qury_no and filename; 9102 a zip of one UTF-8 text with tabs, empty values as null."))  # fmt: skip
def files(stage: Stage) -> None:
    """1301, 9102."""
    hospital = stage.hospital()
    found = hospital.must("1301", {"data": {"ver": "v0"}}).output
    found = one(found, "data", "fileinfo") or found
    answer = offices.download(hospital, str(found["file_qury_no"]), str(found["filename"]))
    stage.require(answer.is_file, f"9102 应返回文件，得到 {answer.content_type}", f"9102 should answer a file, is {answer.content_type}",
                  answer)
    try:
        rows = offices.lines_of(answer.content)
    except zipfile.BadZipFile:
        stage.require(False, "9102 的文件不是 zip", "the file of 9102 is no zip", answer)
        return
    stage.require(rows and len({len(row) for row in rows}) == 1, "文件各行列数不一", "rows have different numbers of columns", answer)
    stage.require(any(stage.item("drug").code in row for row in rows), "文件中没有在用的药品", "a drug in use is not in the file", answer)
    stage.refused(hospital.call("9102", {"fsDownloadIn": {"file_qury_no": "0", "filename": "x.zip", "fixmedins_code": "plc"}}))


@case("catalogue.dictionary", "字典查询", "the dictionary", needs=("clinics.hospital",),
      cure=("1901 返回 type、value、label。", "1901 answers type, value, label."))  # fmt: skip
def dictionary(stage: Stage) -> None:
    """1901 of insutype."""
    given = {"data": {"type": "insutype", "parent_value": "0", "admdvs": stage.cast.area, "date": f"{stage.clock():%Y-%m-%d}",
                      "vali_flag": "1"}}
    rows = many(stage.hospital().must("1901", given).output, "list", "data")
    stage.require({"310", "390"} <= {str(row.get("value")) for row in rows}, "1901 没有险种 310、390", "1901 lacks the schemes 310 and 390")


CASES = (queries, files, dictionary)
"""In the order of playing."""
