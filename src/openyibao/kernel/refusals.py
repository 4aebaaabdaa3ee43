"""Refusals 不予支付的理由: a stable code, a sentence a cashier can act on, and what it rests on, for every outcome of `settle`."""

from typing import NamedTuple

from openyibao.kernel import codes


class Refusal(NamedTuple):
    """Why no fund pays a bill. `trust` is the source mark of the clause."""

    code: str
    sentence: str
    sentence_en: str
    clause: str
    trust: str


REFUSALS = {
    codes.NOT_COVERED: Refusal(
        "SETTLE-01",
        "就诊日没有参保记录，基金不支付。请到经办窗口核对参保；新生儿在规定期限内参保后可补结算。",
        "Not enrolled on the day of treatment. Check the enrolment at the counter; a newborn enrolled in time is settled again.",
        "社会保险法 第三章",
        "recalled",
    ),
    codes.LAPSED: Refusal(
        "SETTLE-02",
        "就诊日在待遇享受期之后（断保），基金不支付。请核对缴费；补缴后是否恢复待遇，按职工或居民各自的规定办理。",
        "Treatment after the end of cover. Check the contributions; whether paying back restores cover follows the scheme's own rule.",
        "医保办发〔2021〕43号",
        "recalled",
    ),
    codes.WAITING: Refusal(
        "SETTLE-03",
        "就诊日在待遇等待期内，基金不支付；等待期满后的就诊可以结算。",
        "Treatment within the waiting period; bills dated after it can be settled.",
        "国办发〔2024〕38号",
        "doc",
    ),
    codes.SUSPENDED: Refusal(
        "SETTLE-04",
        "欠费，统筹待遇暂停，个人账户仍可使用。补缴到账后可补结算。",
        "Benefits are suspended for arrears; the personal account can be used. Settle again once the arrears are paid.",
        "社会保险法 第八十六条",
        "recalled",
    ),
    codes.NO_PROVIDER: Refusal(
        "SETTLE-05",
        "该机构在就诊日没有有效的医保服务协议，基金不支付。请到定点机构就诊，或向经办机构核对协议状态。",
        "The institution had no valid agreement on the day. Use a designated institution, or check the agreement with the agency.",
        "医疗机构医疗保障定点管理暂行办法",
        "recalled",
    ),
    codes.DECEASED: Refusal(
        "SETTLE-06",
        "就诊日在登记的死亡日期之后，基金不支付。请核对人员身份和日期。",
        "Treatment dated after the registered death. Check the person and the date.",
        "基本医疗保险关系随死亡终止",
        "recalled",
    ),
    codes.NO_POLICY: Refusal(
        "SETTLE-07",
        "该险种在所属日没有有效政策，暂不能由基金支付。请报医保局政策岗核对政策版本后重新结算。",
        "No policy is in force for this scheme on the deciding day. Tell the bureau's policy desk; settle again once the version is there.",
        "政策库缺口",
        "illustrative",
    ),
    codes.NO_BENEFIT: Refusal(
        "SETTLE-08",
        "本险种在该日没有此项待遇（或病种不在目录内），统筹基金不支付；个人账户仍可使用。请核对就诊类别。",
        "The scheme has no such benefit on the day, or the disease is not on its list; the account can be used. Check the kind of visit.",
        "医疗保障待遇清单",
        "recalled",
    ),
    codes.NOT_GRANTED: Refusal(
        "SETTLE-09",
        "参保人在就诊日没有取得该项资格（慢特病、两病或双通道备案），基金不支付。请先申请认定，自认定日起结算。",
        "The person was not granted this entitlement on the day. Apply for it; bills are settled from the day of the grant.",
        "门诊慢特病管理办法",
        "illustrative",
    ),
    codes.OUTSIDE_FUND: Refusal(
        "SETTLE-10",
        "工伤等费用依法不由基本医保基金支付。请由工伤保险或责任方支付。",
        "Outside the fund by law (work injury and the like). Work-injury insurance or the party liable pays.",
        "社会保险法 第三十条",
        "recalled",
    ),
}


def refusal(outcome: int) -> Refusal:
    """The refusal for an outcome other than codes.SETTLED."""
    return REFUSALS[outcome]
