"""What the codes desk writes 编码: mappings of institutions' own items, ceilings and shares, the end of an item. Days are passed in."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import transaction

from openyibao.bureau.codes import models
from openyibao.bureau.codes.catalogue import CatalogueItem
from openyibao.bureau.codes.queries import excerpt, successor
from openyibao.bureau.refused import Refused


class MappingFacts(NamedTuple):
    """What an institution says about one of its own items 目录对照 (3301)."""

    own_code: str
    own_name: str
    list_type: str
    hilist_code: str
    starts: date
    ends: date | None  # as sent: the last day is not in force any more
    detail: Mapping[str, Any]


@transaction.atomic
def map_item(institution: str, facts: MappingFacts, *, day: date, place: str) -> None:
    """Map an own item to a national code 目录对照 (3301). Sent again for the same code it only renews what is said about it.

    day    today in the city: the national code must stand then, or on the mapping's first day when that lies ahead
    place  where in the message
    The mapping begins no earlier than an earlier one of the same item was withdrawn. Raises Refused.
    """
    if facts.ends is not None and facts.ends <= facts.starts:
        raise Refused(
            "MAP-01", f"对照结束日 {facts.ends} 不晚于开始日 {facts.starts}", f"the end {facts.ends} is not after {facts.starts}",
            place=f"{place}.enddate", next_zh="请核对起止日期", next_en="check begndate and enddate",
        )
    item = standing_item(facts, max(day, facts.starts), place)
    rows = models.Mapping.objects.select_for_update().filter(
        fixmedins_code=institution, own_code=facts.own_code, list_type=facts.list_type
    )
    standing = rows.filter(withdrawn=False).first()
    detail = {**facts.detail, "catalogue_name": item.name}
    if standing is None:
        last = rows.order_by("-ends").values_list("ends", flat=True).first()
        starts = max(facts.starts, last) if last is not None else facts.starts
        models.Mapping.objects.create(
            fixmedins_code=institution, own_code=facts.own_code, own_name=facts.own_name, list_type=facts.list_type,
            hilist_code=facts.hilist_code, starts=starts, ends=facts.ends, detail=detail,
        )
        return
    if standing.hilist_code != facts.hilist_code:
        raise Refused(
            "MAP-02", f"本院目录 {facts.own_code} 已对照到 {standing.hilist_code}", f"{facts.own_code} is mapped to {standing.hilist_code}",
            place=f"{place}.fixmedins_hilist_id", since=standing.starts, next_zh="请先用 3302 撤销原对照，再重新上传",
            next_en="withdraw that mapping by 3302 first, then map it again",
        )
    standing.own_name, standing.ends, standing.detail = facts.own_name, facts.ends, detail
    standing.save(update_fields=["own_name", "ends", "detail"])


def standing_item(facts: MappingFacts, day: date, place: str) -> CatalogueItem:
    """The national item of a mapping on a day. Raises Refused when nobody knows it, it has ended or not begun, or it is of another kind."""
    code, found = facts.hilist_code, excerpt([facts.hilist_code]).item_on(facts.hilist_code, day)
    place = f"{place}.med_list_codg"
    if found is None:
        raise Refused(
            "MAP-03", f"医疗目录编码 {code} 不在医保目录内", f"{code} is not in the insurance catalogue", place=place,
            next_zh="请下载最新目录（1301—1306）后核对编码", next_en="download the catalogue (1301 to 1306) and check the code",
        )
    if not isinstance(found, CatalogueItem):
        if found.since is None:
            raise Refused(
                "MAP-04", f"医疗目录编码 {code}（{found.name}）自 {found.begins} 起才启用", f"{code} begins on {found.begins} only",
                place=place, next_zh="请在启用日后对照，或把开始日期改为启用日", next_en="map it from that day on",
            )
        heir = successor(code, day)
        raise Refused(
            "MAP-05", f"医疗目录编码 {code}（{found.name}）已停用", f"{code} is no longer in force", place=place, since=found.since,
            next_zh=f"请改用 {heir.code}（{heir.name}）" if heir else "目录未给出替代编码，请按最新目录重新选择",
            next_en=f"use {heir.code} instead" if heir else "the catalogue names no successor: choose another item",
        )
    if found.list_type != facts.list_type:
        raise Refused(
            "MAP-06", f"{code}（{found.name}）的目录类别是 {found.list_type}，不是 {facts.list_type}",
            f"{code} is of list_type {found.list_type}, not {facts.list_type}", place=place.replace("med_list_codg", "list_type"),
            next_zh="请更正目录类别或编码", next_en="correct list_type or the code",
        )
    return found


@transaction.atomic
def withdraw_mapping(institution: str, own_code: str, list_type: str, hilist_code: str, *, day: date, place: str) -> None:
    """Withdraw a mapping 目录对照撤销 (3302) from a day; bills of earlier days keep it. Raises Refused."""
    row = (
        models.Mapping.objects.select_for_update()
        .filter(fixmedins_code=institution, own_code=own_code, list_type=list_type, withdrawn=False).first()
    )
    if row is None:
        raise Refused(
            "MAP-07", f"本院目录 {own_code} 没有有效的对照", f"{own_code} is not mapped", place=f"{place}.fixmedins_hilist_id",
            next_zh="请核对定点医药机构目录编号与目录类别", next_en="check fixmedins_hilist_id and list_type",
        )
    if row.hilist_code != hilist_code:
        raise Refused(
            "MAP-08", f"本院目录 {own_code} 对照的是 {row.hilist_code}，不是 {hilist_code}", f"{own_code} is mapped to {row.hilist_code}",
            place=f"{place}.med_list_codg", next_zh="请按 1317 查到的对照撤销", next_en="withdraw what 1317 shows",
        )
    row.ends, row.withdrawn = max(row.starts, day if row.ends is None else min(day, row.ends)), True
    row.save(update_fields=["ends", "withdrawn"])


@transaction.atomic
def end_item(hilist_code: str, *, day: date, replaced_by: str = "") -> None:
    """End a catalogue item 目录停用 from a day, with what replaces it. Raises Item.DoesNotExist when none stands on the day before."""
    row = models.Item.objects.select_for_update().filter(hilist_code=hilist_code, starts__lt=day).order_by("-starts").first()
    if row is None or (row.ends is not None and row.ends <= day):
        raise models.Item.DoesNotExist(f"no item {hilist_code} stands before {day}")
    row.ends, row.replaced_by = day, replaced_by
    row.save(update_fields=["ends", "replaced_by"])


@transaction.atomic
def set_ceiling(hilist_code: str, insu_admdvs: str, price: int, *, starts: date, level: str = "", way: str = "1") -> None:
    """Set a price ceiling 限价 from a day: the one in force ends there.

    price  1/1,000,000 yuan, >= 0     level  hilist_lmtpric_type, "" = every grade     way  overlmt_dspo_way
    """
    rows = models.Ceiling.objects.select_for_update().filter(hilist_code=hilist_code, insu_admdvs=insu_admdvs, lmtpric_type=level)
    rows.filter(starts__lt=starts, ends__isnull=True).update(ends=starts)
    rows.update_or_create(
        starts=starts, defaults={"price": price, "overlmt_dspo_way": way},
        create_defaults={
            "hilist_code": hilist_code, "insu_admdvs": insu_admdvs, "lmtpric_type": level, "price": price, "overlmt_dspo_way": way,
        },
    )


@transaction.atomic
def set_share(hilist_code: str, insu_admdvs: str, rate: int, *, starts: date, psn_type: str = "99", prop_type: str = "10") -> None:
    """Set a first-self-pay share 先自付比例 from a day: the one in force ends there. `rate` in parts per 10,000."""
    key = {"hilist_code": hilist_code, "insu_admdvs": insu_admdvs, "psn_type": psn_type, "prop_type": prop_type}
    rows = models.SelfPay.objects.select_for_update().filter(**key)
    rows.filter(starts__lt=starts, ends__isnull=True).update(ends=starts)
    rows.update_or_create(starts=starts, defaults={"rate": rate}, create_defaults={**key, "rate": rate})
