"""What every reply owes a hospital 应答规矩: an envelope of the right types, a sentence with a refusal, never a server's insides."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from openyibao.outside.hospital.envelope import Exchange, one
from openyibao.outside.hospital.identities import Breach

INSIDES = ("Traceback (most recent call last)", 'File "', "psycopg", "asyncpg", "django.", "SELECT ", "INSERT INTO", "relation \"",
           "\\site-packages")
"""Pieces of text that belong in a log and never in a reply."""

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LONGEST_TEXT = 200

MONEY = {
    "medfee_sumamt", "fulamt_ownpay_amt", "overlmt_selfpay", "preselfpay_amt", "inscp_scp_amt", "hifp_pay", "cvlserv_pay", "hifes_pay",
    "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay", "fund_pay_sumamt", "acct_pay", "balc", "acct_mulaid_pay",
}  # fmt: skip
"""Amounts that the setlinfo of every settlement and trial holds as a number."""

SETTLEMENT_KEYS = MONEY | {"mdtrt_id", "psn_no", "psn_name", "psn_type", "cvlserv_flag", "med_type", "psn_part_amt", "psn_cash_pay",
                           "medins_setl_id", "clr_type"}  # fmt: skip
"""Keys that the setlinfo of 2102, 2206, 2207, 2303 and 2304 holds."""


def faults(exchange: Exchange) -> list[Breach]:
    """What one reply lacks in manners; empty when nothing."""
    found = list(leaks(exchange))
    if exchange.status >= 500:
        found.append(Breach("HTTP", f"应答 HTTP {exchange.status}：业务错误也应为 200",
                            f"HTTP {exchange.status}: a refusal is no server error"))
    if exchange.is_file or exchange.reply is None or "infcode" not in exchange.reply:
        return found
    return found + list(stamps(exchange)) + list(success(exchange) if exchange.ok else refusal(exchange))


def leaks(exchange: Exchange) -> Iterator[Breach]:
    """Insides of the server in the reply."""
    if exchange.is_file:
        return
    text = exchange.content[:200_000].decode("utf-8", "replace")
    for piece in INSIDES:
        if piece in text:
            yield Breach("LEAK", f"应答泄露内部信息：{piece}", f"the reply leaks the server's insides: {piece}")


def stamps(exchange: Exchange) -> Iterator[Breach]:
    """infcode is 0 or -1 (number or text); message id and times, where given, have their lengths."""
    reply: Mapping[str, Any] = exchange.reply or {}
    if str(reply["infcode"]) not in ("0", "-1"):
        yield Breach("ENV", f"infcode 应为 0 或 -1：{reply['infcode']!r}", f"infcode should be 0 or -1: {reply['infcode']!r}")
    for name, length in (("inf_refmsgid", 30), ("refmsg_time", 17), ("respond_time", 17)):
        value = reply.get(name)
        if value in (None, ""):
            if exchange.ok:
                yield Breach("ENV", f"成功应答缺少 {name}", f"a success without {name}")
        elif len(str(value)) != length:
            yield Breach("ENV", f"{name} 应为 {length} 位：{value!r}", f"{name} should have {length} characters: {value!r}")


def success(exchange: Exchange) -> Iterator[Breach]:
    """A success of a money message holds every amount, as a number."""
    if exchange.infno not in ("2102", "2206", "2207", "2303", "2304"):
        return
    setl = one(exchange.output, "setlinfo")
    for name in sorted(SETTLEMENT_KEYS - set(setl)):
        yield Breach("KEYS", f"setlinfo 缺少 {name}", f"setlinfo lacks {name}")
    for name in sorted(MONEY & set(setl)):
        if isinstance(setl[name], bool) or not isinstance(setl[name], int | Decimal):
            yield Breach("TYPE", f"{name} 应为数值：{setl[name]!r}", f"{name} should be a number: {setl[name]!r}")


def refusal(exchange: Exchange) -> Iterator[Breach]:
    """A refusal says why, in Chinese, within the length of err_msg."""
    if not CHINESE.search(exchange.text):
        yield Breach("TEXT", f"拒绝没有给出中文说明：{exchange.text!r}", f"a refusal without a Chinese sentence: {exchange.text!r}")
    if len(exchange.text) > LONGEST_TEXT:
        yield Breach("TEXT", f"err_msg 超过 {LONGEST_TEXT} 字：{len(exchange.text)}", f"err_msg has {len(exchange.text)} characters")
