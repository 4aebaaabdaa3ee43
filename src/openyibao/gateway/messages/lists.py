"""Paged queries of the codes desk 目录查询: 1304, 1312, 1316–1319; and the code tables themselves, 1901.

Where a query names a day, it gets what stands on it; without one, rows of all days, which is what a program that keeps a copy needs.
"""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from openyibao.bureau.codes import queries
from openyibao.bureau.codes.catalogue import widening
from openyibao.bureau.refused import Refused
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.columns import is_valid
from openyibao.gateway.messages.kept import clock, first_day_after, last_day
from openyibao.gateway.tables import table, table_names
from openyibao.gateway.wire import wire_price, wire_rate

USUAL, LARGEST = 100, 1_000
"""Rows of a page when none or too many are asked for."""

NATION = "100000"
"""insu_admdvs of a row for the whole country, at the wire."""

ALL_KINDS = "1"
"""med_use_flag, matn_used_flag, lmt_cpnd_type where the catalogue says nothing: usable, no limit."""

Row = dict[str, Any]


def paged(row: Row, rows: QuerySet[Any], written: Any) -> Row:
    """One page of rows, and where it stands. Pages count from 1; one beyond the last is empty."""
    size = min(max(int(row.get("page_size") or USUAL), 1), LARGEST)
    number = max(int(row.get("page_num") or 1), 1)
    total = rows.count()
    start = (number - 1) * size
    shown = [written(entry) for entry in rows[start : start + size]]
    pages = -(-total // size)
    return {
        "data": shown, "recordCounts": total, "pages": pages, "size": len(shown), "startRow": start + 1 if shown else 0,
        "firstPage": number == 1, "lastPage": number >= pages, "pageNum": number, "pageSize": size,
    }


def chosen(rows: QuerySet[Any], row: Row, request: Request, **columns: str) -> QuerySet[Any]:
    """The rows that fit what was asked: columns (our name = national name), 有效标志, 开始日期, 结束日期, 唯一记录号."""
    wanted = {ours: row[national] for ours, national in columns.items() if row.get(national)}
    if row.get("begndate"):
        wanted["starts__gte"] = row["begndate"]
    if row.get("enddate") and (until := first_day_after(row["enddate"])) is not None:
        wanted["ends__lte"] = until
    if row.get("rid"):
        wanted["pk"] = int(row["rid"]) if row["rid"].isascii() and row["rid"].isdigit() and len(row["rid"]) <= 18 else 0
    rows = rows.filter(**wanted)
    standing = queries.on_day(row.get("query_date") or request.day)
    if row.get("vali_flag") == "1":
        return rows.filter(standing)
    return rows.exclude(standing) if row.get("vali_flag") == "0" else rows


def loaded_since(rows: QuerySet[Any], day: date | None) -> QuerySet[Any]:
    """Rows of versions loaded on or after a day; rows that came without a version always."""
    rows = rows.annotate(loaded_at=F("version__loaded_at"))
    return rows if day is None else rows.filter(Q(version__loaded_at__date__gte=day) | Q(version__isnull=True))


def moved_since(rows: QuerySet[Any], day: date | None) -> QuerySet[Any]:
    """Rows that began or ended on or after a day, where no version says when they came."""
    return rows if day is None else rows.filter(Q(starts__gte=day) | Q(ends__gte=day))


def of_area(rows: QuerySet[Any], row: Row) -> QuerySet[Any]:
    """Rows that hold in an area: its own and those of the wider ones around it."""
    return rows.filter(insu_admdvs__in=widening(row["insu_admdvs"])) if row.get("insu_admdvs") else rows


def stamped(one: Any, request: Request, day: date) -> Row:
    """What every row of these lists ends with."""
    at = getattr(one, "loaded_at", None)
    created = clock(at).date() if at is not None else one.starts
    return {
        "begndate": one.starts, "enddate": last_day(one.ends), "vali_flag": "1" if is_valid(one, day) else "0", "rid": str(one.pk),
        "crte_time": created, "updt_time": created if at is not None else one.ends or one.starts,
        "poolarea_no": f"{request.envelope.mdtrtarea_admvs[:4]}00" if request.envelope.mdtrtarea_admvs else None,
    }


def ethnic_drugs(request: Request, desk: Desk) -> Row:
    """1304 民族药品目录查询."""
    row = request.input["data"]
    rows = loaded_since(queries.items().filter(list_type="104"), row.get("updt_time"))
    rows = chosen(
        rows, row, request, hilist_code="med_list_codg", name__contains="drug_genname", detail__genname_codg="genname_codg",
        detail__drug_prodname__contains="drug_prodname",
    )
    return paged(row, rows, lambda one: {
        **one.detail, **stamped(one, request, request.day), "med_list_codg": one.hilist_code, "drug_genname": one.name,
        "dosform": one.dosform, "drug_spec": one.spec, "min_prcunt": one.unit, "ver": str(one.version_id or 0),
    })


def items(request: Request, desk: Desk) -> Row:
    """1312 医保目录信息查询."""
    row = request.input["data"]
    rows = loaded_since(queries.items(row.get("query_date")), row.get("updt_time"))
    rows = chosen(
        rows, row, request, hilist_code="hilist_code", name__contains="hilist_name", med_chrgitm_type="med_chrgitm_type",
        list_type="list_type", detail__wubi="wubi", detail__pinyin="pinyin",
    )
    if row.get("chrgitm_lv"):
        rows = rows.filter(item_class=int(row["chrgitm_lv"]))
    if row.get("lmt_used_flag"):
        rows = rows.filter(restricted=row["lmt_used_flag"] == "1")
    area = row.get("insu_admdvs") or request.envelope.mdtrtarea_admvs or NATION
    return paged(row, rows, lambda one: {
        **stamped(one, request, row.get("query_date") or request.day), "hilist_code": one.hilist_code, "hilist_name": one.name,
        "insu_admdvs": area, "med_chrgitm_type": one.med_chrgitm_type, "chrgitm_lv": f"{one.item_class:02d}",
        "lmt_used_flag": "1" if one.restricted else "0", "list_type": one.list_type,
        "med_use_flag": one.detail.get("med_use_flag", ALL_KINDS), "matn_used_flag": one.detail.get("matn_used_flag", ALL_KINDS),
        "hilist_use_type": one.detail.get("hilist_use_type", ""), "lmt_cpnd_type": one.detail.get("lmt_cpnd_type", ALL_KINDS),
        "wubi": one.detail.get("wubi"), "pinyin": one.detail.get("pinyin"), "memo": one.restriction,
    })


def medical_to_insurance(request: Request, desk: Desk) -> Row:
    """1316 医疗目录与医保目录匹配信息查询. National items carry one code in both catalogues, so each is matched to itself."""
    row = request.input["data"]
    rows = loaded_since(queries.items(row.get("query_date")), row.get("updt_time"))
    rows = chosen(rows, row, request, hilist_code="hilist_code", hilist_code__exact="med_list_codg", list_type="list_type")
    area = row.get("insu_admdvs") or request.envelope.mdtrtarea_admvs or NATION
    return paged(row, rows, lambda one: {
        **stamped(one, request, row.get("query_date") or request.day), "med_list_codg": one.hilist_code, "hilist_code": one.hilist_code,
        "list_type": one.list_type, "insu_admdvs": area, "memo": one.restriction,
    })


def own_items(request: Request, desk: Desk) -> Row:
    """1317 医药机构目录匹配信息查询: the sender's own mappings, whatever institution it names."""
    row = request.input["data"]
    if row.get("fixmedins_code", request.institution) != request.institution:
        raise Refused(
            "MAP-09", f"只能查询本机构的对照，{row['fixmedins_code']} 不是本机构", "only the sender's own mappings can be read",
            place="data.fixmedins_code", next_zh="请核对定点医药机构编号", next_en="check fixmedins_code",
        )
    rows = moved_since(queries.mappings(request.institution, row.get("query_date")), row.get("updt_time"))
    rows = chosen(
        rows, row, request, own_code="medins_list_codg", own_name__contains="medins_list_name", list_type="list_type",
        hilist_code="med_list_codg",
    )
    area = row.get("insu_admdvs") or request.envelope.mdtrtarea_admvs or NATION
    return paged(row, rows, lambda one: {
        **{name: one.detail.get(name) for name in ("aprvno", "dosform", "exct_cont", "item_cont", "prcunt", "spec", "pacspec", "memo")},
        **stamped(one, request, row.get("query_date") or request.day), "fixmedins_code": one.fixmedins_code,
        "medins_list_codg": one.own_code, "medins_list_name": one.own_name, "insu_admdvs": area, "list_type": one.list_type,
        "med_list_codg": one.hilist_code,
    })


def ceilings(request: Request, desk: Desk) -> Row:
    """1318 医保目录限价信息查询."""
    row = request.input["data"]
    rows = of_area(moved_since(queries.ceilings(row.get("query_date")), row.get("updt_time")), row)
    rows = chosen(
        rows, row, request, hilist_code="hilist_code", lmtpric_type="hilist_lmtpric_type", overlmt_dspo_way="overlmt_dspo_way",
    )
    return paged(row, rows, lambda one: {
        **stamped(one, request, row.get("query_date") or request.day), "hilist_code": one.hilist_code,
        "hilist_lmtpric_type": one.lmtpric_type, "overlmt_dspo_way": one.overlmt_dspo_way, "insu_admdvs": one.insu_admdvs or NATION,
        "hilist_pric_uplmt_amt": wire_price(one.price), "tabname": "codes_ceiling",
    })


def shares(request: Request, desk: Desk) -> Row:
    """1319 医保目录先自付比例信息查询."""
    row = request.input["data"]
    rows = of_area(moved_since(queries.shares(row.get("query_date")), row.get("updt_time")), row)
    rows = chosen(rows, row, request, hilist_code="hilist_code", psn_type="selfpay_prop_psn_type", prop_type="selfpay_prop_type")
    return paged(row, rows, lambda one: {
        **stamped(one, request, row.get("query_date") or request.day), "hilist_code": one.hilist_code,
        "selfpay_prop_psn_type": one.psn_type or "99", "selfpay_prop_type": one.prop_type or "10", "insu_admdvs": one.insu_admdvs or NATION,
        "selfpay_prop": wire_rate(one.rate), "tabname": "codes_selfpay",
    })


def code_table(request: Request, desk: Desk) -> Row:
    """1901 字典表查询: a table by name, in any letter case; codes met in other places stand behind the published ones."""
    row = request.input["data"]
    name = row["type"].lower()
    found = table(name)
    if found is None:
        near = [other for other in table_names() if name in other or other in name][:5]
        raise Refused(
            "LIST-01", f"没有名为 {row['type']} 的字典{'，相近的有 ' + '、'.join(near) if near else ''}",
            f"there is no table {row['type']}", place="data.type", next_zh="请用字段名作为字典类型，例如 med_type",
            next_en="give a field's name, such as med_type",
        )
    labels = {} if row.get("Vali_Flag") == "0" else {**found.codes, **found.also}  # every code we carry is in force
    return {
        "list": [
            {
                "type": found.name, "label": text, "value": code, "parentValue": "", "sort": number, "valiFlag": "1", "createUser": "",
                "version": 1,
            }
            for number, (code, text) in enumerate(labels.items(), 1)
        ]
    }


HANDLERS = {
    "1304": Handler(ethnic_drugs, "read"), "1312": Handler(items, "read"), "1316": Handler(medical_to_insurance, "read"),
    "1317": Handler(own_items, "read"), "1318": Handler(ceilings, "read"), "1319": Handler(shares, "read"),
    "1901": Handler(code_table, "read"),
}
