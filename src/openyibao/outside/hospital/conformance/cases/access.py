"""Getting in 接入: sign-in, known and unknown numbers, signatures, clocks, and institutions that may not come in."""

from dataclasses import replace
from datetime import timedelta

from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import Exchange, encoded, one
from openyibao.outside.hospital.inputs import Node
from openyibao.outside.hospital.seals import covered
from openyibao.outside.hospital.signing import Key

SIGNED = ("csb", "tif")
"""Channels of the cast whose signatures are tried."""


def institution(stage: Stage, role: str = "hospital") -> Node:
    """1201 about a clinic itself: the plainest read."""
    return {"medinsinfo": {"fixmedins_type": "1", "fixmedins_name": "", "fixmedins_code": stage.clinic(role).institution.code}}


@case("access.sign-in", "签到、业务、签退", "sign in, work, sign out", needs=("clinics.hospital",),
      cure=("9001 返回 signinoutb.sign_no 与 sign_time；带该流水号的业务可用；9002 返回 sign_time。",
            "9001 answers signinoutb.sign_no and sign_time; messages carrying it work; 9002 answers sign_time."))  # fmt: skip
def sign_in(stage: Stage) -> None:
    """9001, a read, 9002."""
    hospital = stage.hospital()
    number = hospital.sign_in()
    stage.require(number, "9001 没有返回签到流水号", "9001 answered no sign_no")
    answer = hospital.must("1201", institution(stage)).output
    code = one(answer, "medinsinfo").get("fixmedins_code")
    stage.require(code == hospital.institution.code, f"1201 返回的机构是 {code}", f"1201 answered for {code}")
    out = hospital.must("9002", {"signOut": {"sign_no": number, "opter_no": hospital.institution.operator}}).output
    stage.require("sign_time" in str(out), "9002 没有返回 sign_time", "9002 answered no sign_time")
    hospital.sign_in()     # whoever plays next may need it


@case("access.unknown-number", "未知交易编号被拒绝并说明", "an unknown number is refused with a sentence", needs=("clinics.hospital",),
      cure=("未知交易回 infcode -1 与一句中文，HTTP 仍为 200。", "Answer infcode -1 and a sentence, with HTTP 200."))  # fmt: skip
def unknown_number(stage: Stage) -> None:
    """P0001 is nobody's number."""
    exchange = stage.hospital().call("P0001", {"data": {"setlId": "1"}})
    stage.refused(exchange, ["P0001"])
    stage.require(exchange.status == 200, f"HTTP {exchange.status}，应为 200", f"HTTP {exchange.status}, should be 200", exchange)


@case("access.known-not-served", "已知但未开通的交易说得清楚", "a known number that is not served says so", needs=("clinics.hospital",),
      cure=("国家目录内、本地未开通的交易，应与未知编号用不同的说法和代码。",
            "A number of the national list that is not served here gets other words and another code than an unknown one."))  # fmt: skip
def known_not_served(stage: Stage) -> None:
    """5401 is known everywhere; the sentence differs from an unknown number's."""
    hospital = stage.hospital()
    known = stage.refused(hospital.call("5401", {"data": {"psn_no": "1"}}), ["5401"])
    unknown = stage.refused(hospital.call("P0002", {"data": {}}), ["P0002"])
    stage.require(known.replace("5401", "") != unknown.replace("P0002", ""), "未开通与未知编号的说法相同",
                  "not served and unknown are told in the same words")  # fmt: skip


@case("access.every-address", "各地的地址形式都能用", "every province's URL shape works", needs=("clinics.hospital",),
      cure=("单一地址、编号后缀、按交易分路径、/CSB 与城市前缀都应受理同一报文。",
            "One address, prefix and number, path per message, /CSB and the city's prefix accept the same message."))  # fmt: skip
def every_address(stage: Stage) -> None:
    """1201 at each shape."""
    for shape in ("single", "prefix", "rest", "csb", "city", "relay"):
        hospital = stage.elsewhere(Address(stage.address.base, shape, stage.cast.city))
        try:
            exchange = hospital.call("1201", institution(stage))
        finally:
            hospital.close()
        stage.require(exchange.ok, f"地址形式 {shape} 不可用：{exchange.url} {exchange.text or exchange.status}",
                      f"shape {shape} does not work: {exchange.url} {exchange.text or exchange.status}", exchange)  # fmt: skip


@case("access.foreign-institution", "不存在的机构被拒绝", "an institution nobody knows is refused", needs=("clinics.hospital",),
      cure=("机构编号不在定点名单内，或不归本通道时拒绝。", "Refuse a code that is not designated, or not this channel's."))  # fmt: skip
def foreign_institution(stage: Stage) -> None:
    """A code that is nobody's."""
    code = "H99999999999"
    exchange = stage.hospital().call("1201", institution(stage), changes={"fixmedins_code": code, "msgid": None})
    stage.refused(exchange)
    msgid = f"{code}{stage.clock():%Y%m%d%H%M%S}0001"
    stage.refused(stage.hospital().call("1201", institution(stage), changes={"fixmedins_code": code, "msgid": msgid}), [code])


@case("access.suspended-institution", "暂停协议的机构不能办新业务", "a suspended institution may do no new business",
      needs=("clinics.suspended", "people.employee", "clinics.hospital"),
      cure=("机构协议暂停期间登记与结算一律拒绝，并说明自何日起。",
            "Refuse registration and settlement while the agreement is suspended, and say since when."))  # fmt: skip
def suspended_institution(stage: Stage) -> None:
    """2201 at a clinic whose agreement is suspended."""
    turned_away(stage, "suspended")


@case("access.ended-agreement", "协议到期的机构不能办新业务", "an institution whose agreement ended may do no new business",
      needs=("clinics.ended", "people.employee", "clinics.hospital"),
      cure=("协议到期后登记与结算一律拒绝，并说明到期日。",
            "Refuse registration and settlement after the agreement's end, and say when it ended."))  # fmt: skip
def ended_agreement(stage: Stage) -> None:
    """2201 at a clinic whose agreement has ended."""
    turned_away(stage, "ended")


def turned_away(stage: Stage, role: str) -> None:
    """A person known at the hospital cannot be registered at another institution."""
    patient, clinic = stage.patient("employee"), stage.clinic(role)
    given = {"data": {"psn_no": patient.psn_no, "insutype": patient.insutype, "begntime": f"{stage.clock():%Y-%m-%d %H:%M:%S}",
                      "mdtrt_cert_type": "02", "mdtrt_cert_no": patient.person.certno, "psn_cert_type": "01",
                      "certno": patient.person.certno,
                      "psn_type": patient.psn_type, "psn_name": patient.person.name, "ipt_otp_no": "T1", "atddr_no": clinic.doctor,
                      "dr_name": clinic.doctor_name, "dept_code": clinic.department, "dept_name": clinic.department_name,
                      "caty": clinic.specialty}}  # fmt: skip
    stage.refused(stage.hospital(role).call("2201", given, home=patient.home))


def signature_of(stage: Stage, channel: str, *, key: Key | None = None, minutes: int = 0, infno: str = "1201") -> Exchange:
    """1201 through a signed channel: with another key, or signed some minutes ago."""
    hospital = stage.hospital("hospital", channel)
    request = hospital.request(infno, institution(stage))
    true, hospital.key = hospital.key, key or hospital.key
    try:
        head = hospital.signed_headers(infno, hospital.clock() - timedelta(minutes=minutes))
    finally:
        hospital.key = true
    return hospital.send(request, head=head)


@case("access.signature", "签名正确的通道可用", "signed channels work", needs=("clinics.hospital", "keys.csb", "keys.tif"),
      cure=("按各通道的签名方式验签。", "Check each channel's signature as its scheme says."))  # fmt: skip
def signature(stage: Stage) -> None:
    """1201 through each signed channel of the cast but the one with tokens."""
    for channel, key in stage.cast.keys.items():
        if key.scheme != "bearer":
            stage.accepted(stage.hospital("hospital", channel).call("1201", institution(stage)))


@case("access.bearer", "令牌通道：取令牌、SM2 签名、SM4 加密", "tokens, with SM2 and SM4", needs=("clinics.hospital", "keys.bearer"),
      cure=("/oauth/token 以密码模式发令牌；输入输出为 SM4 密文，cainfo 为 SM2 签名；令牌错误时 401。",
            "/oauth/token grants tokens; input and output under SM4, cainfo an SM2 signature; 401 for a wrong token."))  # fmt: skip
def bearer(stage: Stage) -> None:
    """1201 by token and seals; without seals; with another token; with a spoilt signature."""
    hospital = stage.hospital("hospital", "bearer")
    stage.accepted(hospital.call("1201", institution(stage)))
    sealed, bare = hospital.key, replace(hospital.key, sm4_key="", sm2_private="")
    hospital.key = bare
    stage.accepted(hospital.call("1201", institution(stage)))
    token, hospital.token = hospital.token, "nobody"
    stage.refused(hospital.call("1201", institution(stage)))
    hospital.token, hospital.key = token, sealed
    spoilt = {**covered(sealed, hospital.request("1201", institution(stage))), "cainfo": "AAAA"}
    stage.refused(hospital.post("1201", spoilt, hospital.signed_headers("1201"), encoded(spoilt)))


@case("access.wrong-signature", "签名错误被拒绝", "a wrong signature is refused", needs=("clinics.hospital", "keys.csb", "keys.tif"),
      cure=("签名不符或密钥未知时拒绝；网关式拒绝为 {code:401, message}。",
            "Refuse a wrong signature and an unknown key; a gateway's refusal is {code:401, message}."))  # fmt: skip
def wrong_signature(stage: Stage) -> None:
    """The right key id, another secret; then an unknown key id."""
    for channel in SIGNED:
        true = stage.cast.keys[channel]
        stage.refused(signature_of(stage, channel, key=Key(true.scheme, true.key_id, "not-the-secret", true.api_name, true.seconds)))
        stage.refused(signature_of(stage, channel, key=Key(true.scheme, "nobody", true.secret, true.api_name, true.seconds)))


@case("access.clock-skew", "时钟偏差过大的签名被拒绝", "a signature from a clock far off is refused",
      needs=("clinics.hospital", "keys.csb", "keys.tif"),
      cure=("签名时间戳超出允许偏差（常见 30 分钟）时拒绝，偏差在内时受理。",
            "Refuse a signature stamped outside the window (30 minutes as a rule), accept one inside."))  # fmt: skip
def clock_skew(stage: Stage) -> None:
    """Two minutes off is fine, a day is not, neither way."""
    for channel in SIGNED:
        stage.accepted(signature_of(stage, channel, minutes=2))
        stage.refused(signature_of(stage, channel, minutes=24 * 60))
        stage.refused(signature_of(stage, channel, minutes=-24 * 60))


@case("access.replay", "截获的签名不能另作他用", "a captured signature serves for nothing else", needs=("clinics.hospital", "keys.tif"),
      cure=("一次性随机数用过即废：同一签名配另一报文应拒绝；同一报文原样重发按报文ID返回首次结果。",
            "A one-time word is used up: refused with another message; the same message sent again gets the first answer."))  # fmt: skip
def replay(stage: Stage) -> None:
    """The same headers with another body."""
    hospital = stage.hospital("hospital", "tif")
    first, second = (hospital.request("1201", institution(stage)) for _ in range(2))
    head = hospital.signed_headers("1201")
    stage.accepted(hospital.send(first, head=head))
    stage.refused(hospital.send(second, head=head))
    again = hospital.send(first, head=head)
    stage.require(again.status < 500, f"原样重发得到 HTTP {again.status}", f"the same request again got HTTP {again.status}", again)


@case("access.missing-envelope-field", "缺少报文必填项时指出是哪一项", "a missing envelope field is named", needs=("clinics.hospital",),
      cure=("拒绝并写出缺少的字段名。", "Refuse and name the field."))  # fmt: skip
def missing_envelope_field(stage: Stage) -> None:
    """Each of three fields left out."""
    for name in ("msgid", "fixmedins_code", "infno"):
        hospital = stage.hospital()
        request = hospital.request("1201", institution(stage), changes={name: None})
        exchange = hospital.post("1201", request, hospital.signed_headers("1201"), encoded(request))
        stage.refused(exchange, [name])


CASES = (sign_in, unknown_number, known_not_served, every_address, foreign_institution, suspended_institution, ended_agreement,
         signature, bearer, wrong_signature, clock_skew, replay, missing_envelope_field)  # fmt: skip
"""In the order of playing."""
