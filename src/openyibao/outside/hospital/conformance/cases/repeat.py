"""The same message again 重发: one effect, one answer; a lost answer is found again; a message can be reversed by its id."""

import threading
import time
from dataclasses import replace

from openyibao.outside.hospital import inputs
from openyibao.outside.hospital.conformance.case import case
from openyibao.outside.hospital.conformance.stage import Stage
from openyibao.outside.hospital.envelope import Exchange, encoded, one
from openyibao.outside.hospital.journeys import afterwards, outpatient
from openyibao.outside.hospital.journeys.outpatient import Visit
from openyibao.outside.hospital.journeys.people import year_so_far
from openyibao.outside.hospital.rawsend import send_and_hang_up

NEEDS = ("clinics.hospital", "people.employee", "items.drug", "items.service", "diagnoses.ordinary")
WINDOWS = 4
"""Windows that send the same message at once."""

WAIT = 10.0
"""Seconds within which a lost message shows what became of it."""


def opened(stage: Stage) -> Visit:
    """An employee's visit with two lines."""
    hospital = stage.hospital()
    return outpatient.opened(hospital, stage.clinic(), stage.patient(), stage.items("drug", "service"), [stage.diagnosis()])


def setl_id(exchange: Exchange) -> str:
    """The settlement's number in a reply."""
    return str(one(exchange.output, "setlinfo").get("setl_id", ""))


@case("repeat.same", "同一报文重发得到同一结果，只记一次账", "the same message twice: one answer, one effect", needs=NEEDS,
      cure=("按机构和 msgid 记住成功结果，重发时原样返回（应答时间可新）。",
            "Remember what was answered by institution and msgid; answer it again (with fresh stamps)."))  # fmt: skip
def same(stage: Stage) -> None:
    """2207 twice with one id."""
    hospital, visit = stage.hospital(), opened(stage)
    msgid = hospital.new_message_id()
    first = outpatient.settled(hospital, visit, msgid=msgid)
    after = year_so_far(hospital, visit.patient)
    second = stage.accepted(hospital.call("2207", visit.bill(), msgid=msgid, home=visit.patient.home))
    stage.require(setl_id(first) == setl_id(second), "重发得到另一个 setl_id", "the repeat has another setl_id", second)
    stage.require(first.output == second.output, "重发的 output 与首次不同", "the repeat's output differs from the first", second)
    stage.same(after, year_so_far(hospital, visit.patient), "重发改变了年度累计", "the repeat changed the year")


@case("repeat.other-content", "同一 msgid 内容不同被拒绝", "one id with other content is refused", needs=NEEDS,
      cure=("记住内容摘要，同号不同内容即拒绝。", "Keep a digest of the content; refuse the same id with another."))  # fmt: skip
def other_content(stage: Stage) -> None:
    """2207 for another visit under a used id."""
    hospital, visit, other = stage.hospital(), opened(stage), opened(stage)
    msgid = hospital.new_message_id()
    outpatient.settled(hospital, visit, msgid=msgid)
    stage.refused(hospital.call("2207", other.bill(), msgid=msgid, home=other.patient.home))
    outpatient.settled(hospital, other)


@case("repeat.corrected", "被拒绝的报文改正后可用原 msgid 再发", "a refused message may be corrected under its id", needs=NEEDS,
      cure=("只有成功的结果才占用 msgid。", "Only what succeeded uses an id up."))  # fmt: skip
def corrected(stage: Stage) -> None:
    """A wrong total, then the right one, under one id."""
    hospital, visit = stage.hospital(), opened(stage)
    msgid = hospital.new_message_id()
    wrong = visit.bill()
    wrong["data"]["medfee_sumamt"] += 1
    stage.refused(hospital.call("2207", wrong, msgid=msgid, home=visit.patient.home))
    outpatient.settled(hospital, visit, msgid=msgid)


@case("repeat.lost-answer", "应答丢失后可查、可重发", "a lost answer can be asked for and sent again", needs=NEEDS,
      cure=("连接断开不影响已受理的交易；Y0001 说明结果；原报文重发返回首次结果。",
            "A closed connection undoes nothing; Y0001 says what happened; the same message gets the first answer."))  # fmt: skip
def lost_answer(stage: Stage) -> None:
    """2207, hung up; Y0001; 2207 again."""
    hospital, visit = stage.hospital(), opened(stage)
    if stage.address.base.startswith("https"):
        return stage.remark("https 地址不作断线测试", "no hanging up is played over https")
    msgid = hospital.new_message_id()
    request = hospital.request("2207", visit.bill(), msgid=msgid, home=visit.patient.home)
    send_and_hang_up(hospital.address.url("2207"), hospital.signed_headers("2207"), encoded(request))
    state = fate_within(stage, msgid, WAIT)
    stage.remark(f"断线后 Y0001 答 {state}", f"Y0001 said {state} after hanging up")
    again = stage.accepted(hospital.call("2207", visit.bill(), msgid=msgid, home=visit.patient.home))
    found = afterwards.fate(hospital, msgid)
    stage.require(found.get("state") == afterwards.COMMITTED, f"Y0001 应答 committed，实为 {found.get('state')}",
                  f"Y0001 should say committed, says {found.get('state')}")  # fmt: skip
    stage.require(str(found.get("infno")) == "2207", "Y0001 没有给出原交易编号", "Y0001 does not name the original number")
    kept = one(one(found.get("answer")), "setlinfo").get("setl_id")
    stage.require(str(kept) == setl_id(again), f"Y0001 保存的结算号 {kept} 与重发所得 {setl_id(again)} 不同",
                  f"the settlement Y0001 keeps, {kept}, is not the repeat's {setl_id(again)}")  # fmt: skip
    return None


def fate_within(stage: Stage, msgid: str, seconds: float) -> str:
    """Ask until it is committed or the time is over; the last state."""
    hospital, end = stage.hospital(), time.monotonic() + seconds
    while True:
        state = str(afterwards.fate(hospital, msgid).get("state"))
        if state == afterwards.COMMITTED or time.monotonic() > end:
            return state
        time.sleep(0.2)


@case("repeat.unknown-fate", "没发过的报文 Y0001 答 unknown", "Y0001 says unknown of what was never sent", needs=("clinics.hospital",),
      cure=("查不到就答 unknown，不报错；只能查本机构的报文。",
            "Answer unknown, no error; an institution sees its own messages only."))  # fmt: skip
def unknown_fate(stage: Stage) -> None:
    """Y0001 about a fresh id."""
    hospital = stage.hospital()
    state = afterwards.fate(hospital, hospital.new_message_id()).get("state")
    stage.require(state == afterwards.UNKNOWN, f"应为 unknown，实为 {state}", f"should be unknown, is {state}")


@case("repeat.storm", "多个窗口同时发同一报文只结算一次", "one message from several windows at once settles once", needs=NEEDS,
      cure=("同号并发：一个办理，其余等它或回“正在处理”，都不得另结一次。",
            "Of the same id at once one works, the others wait or hear that it is being worked on; none settles again."))  # fmt: skip
def storm(stage: Stage) -> None:
    """The same 2207 from four threads."""
    hospital, visit = stage.hospital(), opened(stage)
    before = year_so_far(hospital, visit.patient)
    request = hospital.request("2207", visit.bill(), home=visit.patient.home)
    found: list[Exchange] = []
    twins = [replace(hospital, wire=type(hospital.wire)(timeout=30.0, trust_env=False), seen=found.append, books=[])
             for _ in range(WINDOWS)]
    threads = [threading.Thread(target=twin.send, args=(request,)) for twin in twins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for twin, exchange in zip(twins, found, strict=True):
        twin.close()
        stage.notice(exchange)
    final = stage.accepted(hospital.send(request))
    numbers = {setl_id(exchange) for exchange in (*found, final) if exchange.ok}
    stage.require(len(numbers) == 1, f"同一报文结算出 {len(numbers)} 个 setl_id", f"one message made {len(numbers)} settlements", final)
    spent = {name: amount for name, amount in year_so_far(hospital, visit.patient).items() if name[2] == "C0000"}
    visits = sum(spent.values()) - sum(amount for name, amount in before.items() if name[2] == "C0000")
    stage.require(visits <= 100, f"就诊次数增加 {visits // 100} 次", f"the visits grew by {visits // 100}")


@case("repeat.reversal-by-id", "2601 按 msgid 冲正，年度累计复原", "2601 reverses by id and restores the year", needs=NEEDS,
      cure=("2601 找到原报文并镜像冲正；Y0001 之后答 reversed；未知 msgid 拒绝。",
            "2601 finds the original and mirrors it; Y0001 says reversed afterwards; an unknown id is refused."))  # fmt: skip
def reversal_by_id(stage: Stage) -> None:
    """2207, 2601, Y0001, 5206."""
    hospital, visit = stage.hospital(), opened(stage)
    before = year_so_far(hospital, visit.patient)
    settlement = outpatient.settled(hospital, visit)
    afterwards.reversed_by_id(hospital, visit.patient, settlement.msgid, "2207")
    stage.same(before, year_so_far(hospital, visit.patient), "冲正后年度累计未复原", "2601 did not restore the year")
    state = afterwards.fate(hospital, settlement.msgid).get("state")
    stage.require(state == afterwards.REVERSED, f"冲正后 Y0001 应答 reversed，实为 {state}", f"Y0001 should say reversed, says {state}")


@case("repeat.reversal-overtakes", "冲正先于原交易到达，原交易不再入账", "a reversal that overtakes its original", needs=NEEDS,
      cure=("2601 未找到原报文时：要么拒绝，要么记下，使原报文之后到达也不入账。",
            "2601 that finds no original is refused, or remembered so that the original has no effect when it comes."))  # fmt: skip
def reversal_overtakes(stage: Stage) -> None:
    """2601 for an id not yet sent; then the 2207 of that id; then a fresh one."""
    hospital, visit = stage.hospital(), opened(stage)
    before, msgid = year_so_far(hospital, visit.patient), hospital.new_message_id()
    reversal = hospital.call("2601", inputs.reverse(visit.patient, msgid, "2207"), home=visit.patient.home)
    if not reversal.ok:
        stage.refused(reversal)
        stage.remark("平台拒绝冲正未收到的报文", "the platform refuses to reverse what it never got")
    else:
        stage.refused(hospital.call("2207", visit.bill(), msgid=msgid, home=visit.patient.home))
        stage.same(before, year_so_far(hospital, visit.patient), "被冲正的报文仍然入账", "the reversed message took effect all the same")
    outpatient.settled(hospital, visit)


CASES = (same, other_content, corrected, lost_answer, unknown_fate, storm, reversal_by_id, reversal_overtakes)
"""In the order of playing."""
