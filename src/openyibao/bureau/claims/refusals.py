"""Why a paper claim is not taken 报销拒绝: every refusal of this desk by its code, in both languages, with the next step."""

from typing import Any, NamedTuple

from openyibao.bureau.refused import Refused


class Text(NamedTuple):
    """The words of a refusal; places in braces are filled in."""

    place: str
    zh: str
    en: str
    next_zh: str
    next_en: str


TEXTS: dict[str, Text] = {
    "CLAIM-01": Text(
        "ends", "就诊日期有误：结束日不能早于开始日，也不能晚于今天。",
        "The days are wrong: the last is before the first or after today.",
        "请核对票据上的日期。", "Check the days on the invoice.",
    ),
    "CLAIM-02": Text(
        "invoices", "没有填写票据。",
        "No invoice is given.",
        "请填写票据代码、号码和金额。", "Give its code, number and amount.",
    ),
    "CLAIM-03": Text(
        "lines", "票据合计 {bills:.2f} 元与费用明细合计 {lines:.2f} 元不一致。",
        "The invoices sum to {bills:.2f} and the lines to {lines:.2f} yuan.",
        "请核对费用清单是否录全。", "Check whether all lines were entered.",
    ),
    "CLAIM-04": Text(
        "diagnosis", "诊断编码 {code} 不在医保版疾病诊断目录。",
        "Diagnosis code {code} is not in the national set.",
        "请核对诊断证明上的编码，或先留空由初审补录。", "Check the code on the certificate.",
    ),
    "CLAIM-06": Text(
        "disease", "门诊慢特病、两病须填写病种编码。",
        "A chronic bill names its disease.",
        "请填写已备案的病种编码，如 M03900。", "Give the code of the disease as filed.",
    ),
    "CLAIM-07": Text(
        "lines", "还没有录入费用明细。",
        "No lines are entered yet.",
        "请按费用清单录入。", "Enter the lines of the fee list.",
    ),
    "CLAIM-08": Text(
        "scans", "缺少材料：{papers}。",
        "Papers are missing: {papers}.",
        "请上传影像后再提交。", "Upload the scans, then send it on.",
    ),
    "CLAIM-09": Text(
        "institution", "请填写就诊机构名称和所在地区划，或正确的机构代码。",
        "Give the institution's name and division, or its code.",
        "机构代码见票据或出院小结。", "The code is on the invoice or the discharge summary.",
    ),
    "CLAIM-10": Text(
        "invoices", "票据 {number} 已用于 {other}，不能重复报销。",
        "Invoice {number} was claimed already.",
        "请核对票据；重复申请的不予受理。", "Check the invoice; it cannot be claimed twice.",
    ),
    "CLAIM-11": Text(
        "invoices", "票据 {number} 已在医院窗口直接结算（结算ID {setl_id}）。",
        "Invoice {number} was settled at a window, {setl_id}.",
        "已直接结算的费用不能再报销。", "What was settled directly cannot be claimed.",
    ),
    "CLAIM-12": Text(
        "invoices", "同一机构同日同金额的费用已直接结算（结算ID {setl_id}）。",
        "The same bill was settled at a window, {setl_id}.",
        "请先核实该结算；确属重复结算的由医院冲销后再申请。", "Check that settlement; if it is wrong the hospital reverses it.",
    ),
    "CLAIM-20": Text(
        "claim", "没有这笔报销申请，或不在您的辖区。",
        "There is no such claim in your area.",
        "请核对受理编号。", "Check its number.",
    ),
    "CLAIM-21": Text(
        "version", "这笔申请刚被他人办理或修改。",
        "Somebody else has just changed this claim.",
        "请刷新页面，看过最新内容再办理。", "Reload the page and look at it again.",
    ),
    "CLAIM-22": Text(
        "psn_no", "只能为本人申请。",
        "One applies for oneself only.",
        "家人请到窗口办理。", "Relatives apply at the counter.",
    ),
    "CLAIM-23": Text(
        "psn_no", "参保人不在您的辖区。",
        "The person is not of your area.",
        "请由参保地经办机构受理。", "The home bureau takes it.",
    ),
    "CLAIM-24": Text(
        "insutype", "就诊时没有参保记录。",
        "There was no cover at the time of care.",
        "请核对参保人和就诊日期。", "Check the person and the days.",
    ),
    "CLAIM-25": Text(
        "state", "已进入审核，不能再修改内容和材料。",
        "It is under review; neither what it says nor its papers can be changed.",
        "需要更正的请审核人员退回补正。", "Ask the reviewer to return it.",
    ),
    "CLAIM-26": Text(
        "state", "这笔申请已经提交。",
        "It was sent on already.",
        "请查看办理进度。", "See how far it is.",
    ),
    "CLAIM-27": Text(
        "state", "这笔申请不在这一审核环节。",
        "The claim is not at this review.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-28": Text(
        "missing", "请写明还缺什么材料、怎样补正。",
        "Say which papers are missing.",
        "例如：缺出院小结。", "Such as: the discharge summary.",
    ),
    "CLAIM-29": Text(
        "because", "不予受理须写明理由和依据。",
        "A rejection names its reason and its ground.",
        "请填写理由和文件条款。", "Give both.",
    ),
    "CLAIM-30": Text(
        "batch", "没有这个拨付批次。",
        "There is no such batch.",
        "请核对批次号。", "Check its number.",
    ),
    "CLAIM-31": Text(
        "claims", "请选择 1 至 {most} 笔已审定的申请。",
        "Choose 1 to {most} approved claims.",
        "请勾选后再制单。", "Tick some.",
    ),
    "CLAIM-32": Text(
        "claims", "{number} 不在待拨付状态。",
        "{number} is not waiting for payment.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-33": Text(
        "claims", "一个批次只能包含您辖区同一统筹区的申请。",
        "A batch is of one pooling area, yours.",
        "请分开制单。", "Make one batch each.",
    ),
    "CLAIM-34": Text(
        "batch", "这个批次已经发放或撤销。",
        "The batch was released or cancelled.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-35": Text(
        "payment", "这笔拨付不能登记退票。",
        "This payment cannot be noted as sent back.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-36": Text(
        "because", "请填写款项退回的原因。",
        "Say why the money came back.",
        "例如：户名不符。", "Such as: another holder.",
    ),
    "CLAIM-37": Text(
        "state", "只有待拨付的申请可以更正账户。",
        "An account is corrected only before payment.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-38": Text(
        "batch", "这个批次还没有发放，没有文件。",
        "The batch is not released and has no file.",
        "请由另一位拨付岗发放。", "Another paymaster releases it.",
    ),
    "CLAIM-39": Text(
        "state", "只有已结算、款项不在个人手中的申请可以撤销结算。",
        "Only a settled claim whose money is not with the person is reversed.",
        "在拨付批次中的先移出批次；已拨付的先收回款项，在拨付批次里登记本人退款。",
        "Take it out of its batch first; of a paid one note in its batch that the person has paid it back.",
    ),
    "CLAIM-40": Text(
        "scan", "没有这份材料。",
        "There is no such paper.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-41": Text(
        "because", "撤销结算须写明原因和依据。",
        "To have a settlement reversed, say why and on which ground.",
        "请填写原因和文件条款。", "Give both.",
    ),
    "CLAIM-42": Text(
        "state", "这笔申请没有待复核的撤销。",
        "Nobody has asked for this settlement to be reversed.",
        "请刷新页面。", "Reload the page.",
    ),
    "CLAIM-43": Text(
        "because", "不予撤销须写明理由。",
        "Say why the settlement stands.",
        "请填写理由。", "Give the reason.",
    ),
}  # fmt: skip


def problem(code: str, /, **said: Any) -> Refused:
    """The refusal of a code, with what was said in its places."""
    text = TEXTS[code]
    return Refused(code, text.zh.format(**said), text.en.format(**said), place=text.place, next_zh=text.next_zh, next_en=text.next_en)
