"""A bill on paper 打印单据: PDF with embedded Chinese type and a code that leads to the public check of the bill."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
from django.utils import timezone
from django.utils.translation import gettext as _

from openyibao.bureau.pages.paper import pdf
from openyibao.bureau.pages.tags import TAGS
from openyibao.bureau.pages.templatetags.parts import yuan
from openyibao.bureau.statement.naming import kind_words, masked_name
from openyibao.bureau.statement.queries import Whole
from openyibao.bureau.statement.telling import lang

SOURCE = Path(__file__).with_name("bill.typ")


def bill_pdf(whole: Whole, told: dict[str, Any], address: str, *, open_person: bool, at: datetime) -> bytes:
    """The PDF of a bill. `told`: what its page tells; `address`: of its public check, as a QR code."""
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=1, dark="#1c2b33")
    printed = content(whole, told, open_person, at)
    made_at = at.astimezone(UTC).replace(microsecond=0)
    return pdf(SOURCE.read_text(encoding="utf-8"), files={"qr.svg": picture.getvalue()}, made_at=made_at, bill=printed)


def content(whole: Whole, told: dict[str, Any], open_person: bool, at: datetime) -> dict[str, Any]:
    """Everything that is printed, in words."""
    bill = whole.bill
    return {
        "lang": lang(), "title": _("医疗保障结算单"), "state": str(TAGS[told["state"]].words), "standing": told["state"] == "settled",
        "subtitle": _("一站式服务、一窗口办理、一单制结算"), "scan": _("扫码核验真伪"), "head": head(whole, told, open_person),
        "figures": [[_("医疗费总额"), yuan(bill.total)], [_("基金支付"), yuan(bill.fund)], [_("个人账户"), yuan(bill.account)],
                    [_("个人现金"), yuan(bill.cash)]],
        "warning": _("重算结果与存档不一致，请勿据此支付，并立即报告结算管理人员。") if told["differences"] else "",
        "layers-title": _("逐层支付"), "layer-heads": [_("层次"), _("进入金额"), _("比例"), _("封顶线余额"), _("支付"), _("依据")],
        "layers": [layer_row(one) for one in told["layers"] if one["layer"].paid is not None],
        "rest": [[step["name"], step["figure"]] for step in told["rest"] if step["told"] or step["key"] in ("fund", "person", "cash")],
        "lines-title": _("费用明细"),
        "line-heads": [_("项目"), _("数量"), _("金额"), _("全自费"), _("超限价"), _("先行自付"), _("范围内"), _("自付比例")],
        "lines": [line_row(line) for line in whole.lines] if told["state"] == "settled" else [],
        "note": _("金额单位为元。标注“示例值”“凭记忆”“第三方汇编”的政策数值尚未核对原文，核对前不得据此付款。"),
        "footer": _("结算单号 %(number)s · 打印时间 %(at)s · 政策包 %(digest)s") % {
            "number": bill.setl_id, "at": f"{timezone.localtime(at):%Y-%m-%d %H:%M}", "digest": bill.digest[:12]},
    }  # fmt: skip


def head(whole: Whole, told: dict[str, Any], open_person: bool) -> list[list[str]]:
    """The head of the paper: who, where, when, under which scheme."""
    bill = whole.bill
    name = whole.person.name if whole.person else ""
    rows = [
        [_("结算单号"), str(bill.setl_id)], [_("结算时间"), f"{timezone.localtime(bill.at):%Y-%m-%d %H:%M}"],
        [_("姓名"), name if open_person else masked_name(name)], [_("人员编号"), bill.psn_no],
        [_("医药机构"), whole.institution.name if whole.institution else bill.fixmedins_code], [_("险种"), str(told["scheme"])],
        [_("就诊类别"), str(kind_words(bill.med_type))], [_("就诊日期"), told["days"]],
    ]  # fmt: skip
    if bill.mirror_of is not None:
        rows.append([_("撤销的单号"), str(bill.mirror_of)])
    if whole.mirror is not None:
        rows.append([_("撤销时间"), f"{timezone.localtime(whole.mirror.at):%Y-%m-%d %H:%M}"])
    return rows


def layer_row(one: dict[str, Any]) -> dict[str, str]:
    """One layer as a row; its clauses each once, with their trust marks."""
    clauses = dict.fromkeys(f"{source['clause']}（{TAGS['trust.' + source['trust']].words}）" for source in one["sources"])
    layer = one["layer"]
    return {"name": one["name"], "base": yuan(layer.base), "ratio": one["ratio"], "room": one["room"], "paid": yuan(layer.paid),
            "clauses": "；".join(clauses)}  # fmt: skip


def line_row(line: Any) -> list[str]:
    """One charge line as a row."""
    split = (line.fee, line.full, line.over, line.pre, line.within)
    return [line.name or line.hilist_code, f"{line.quantity / 10_000:g}", *map(yuan, split), f"{line.rate / 100:g}%"]
