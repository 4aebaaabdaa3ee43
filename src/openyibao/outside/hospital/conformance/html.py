"""The report as one HTML page 测试报告: no file beside it, Chinese first, fit for printing; a failure shows request, reply and cure.

Identity numbers and names of persons are masked: a report is passed around.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from html import escape
from typing import Any

from openyibao.outside.hospital.conformance.run import FAILED, PASSED, SKIPPED, Result, by_family
from openyibao.outside.hospital.envelope import Exchange

MASKED = {"certno", "mdtrt_cert_no", "psn_name", "cert_no", "agnter_certno"}
LONGEST = 6_000
"""Characters of a request or reply that are shown."""

FAMILIES = {
    "access": "接入", "wire": "异常报文", "catalogue": "目录", "outpatient": "门诊", "inpatient": "住院", "pharmacy": "药店",
    "repeat": "重发与冲正", "refusals": "拒付", "filings": "备案", "office": "医保办",
}  # fmt: skip
WORDS = {PASSED: "通过", FAILED: "未通过", SKIPPED: "跳过"}

STYLE = """
:root{--ok:#1a7f37;--bad:#b42318;--skip:#8a6d1a;--line:#d8dee4;--soft:#f6f8fa}
*{box-sizing:border-box}body{font:15px/1.6 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif;color:#1f2328;
max-width:1040px;margin:0 auto;padding:24px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:32px 0 8px;border-bottom:2px solid var(--line);padding-bottom:4px}
.en{color:#57606a;font-size:13px}.sum{display:flex;gap:12px;flex-wrap:wrap;margin:16px 0}
.tile{border:1px solid var(--line);border-radius:8px;padding:8px 18px;min-width:110px}.tile b{display:block;font-size:26px;line-height:1.2}
.passed b,.passed>.mark{color:var(--ok)}.failed b,.failed>.mark{color:var(--bad)}.skipped b,.skipped>.mark{color:var(--skip)}
.case{border:1px solid var(--line);border-left-width:5px;border-radius:6px;padding:8px 14px;margin:8px 0}
.case.passed{border-left-color:var(--ok)}
.case.failed{border-left-color:var(--bad);background:#fff8f7}.case.skipped{border-left-color:var(--skip)}
.mark{float:right;font-weight:600}.why{font-weight:600;color:var(--bad);margin:4px 0}
.cure{background:#eef6ff;border-radius:6px;padding:6px 12px;margin:6px 0}
code{font-family:ui-monospace,Consolas,monospace;font-size:13px}
pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:8px;font:12px/1.5 ui-monospace,Consolas,monospace;
white-space:pre-wrap;word-break:break-all;max-height:420px;overflow:auto}
details{margin:4px 0}summary{cursor:pointer;color:#57606a}table{border-collapse:collapse;width:100%;font-size:13px}
td,th{border-bottom:1px solid var(--line);padding:3px 8px;text-align:left;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
@media print{body{max-width:none;padding:0;font-size:11pt}.case{break-inside:avoid}.case.passed details,.case.skipped details{display:none}
pre{max-height:none;font-size:8pt}}
"""


def page(results: Sequence[Result], url: str, city: str, at: datetime) -> str:
    """The whole report."""
    count = {outcome: sum(1 for row in results if row.outcome == outcome) for outcome in WORDS}
    said = sum(len(row.said) for row in results)
    verdict = "全部通过" if not count[FAILED] else f"{count[FAILED]} 个用例未通过"
    tiles = "".join(f'<div class="tile {outcome}"><b>{count[outcome]}</b>{word} <span class="en">{outcome}</span></div>'
                    for outcome, word in WORDS.items())  # fmt: skip
    body = "".join(family(name, rows) for name, rows in by_family(results))
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>接口符合性测试：{escape(verdict)}</title><style>{STYLE}</style></head><body>"
        f'<h1>接口符合性测试：{escape(verdict)}</h1><div class="en">Conformance of <code>{escape(url)}</code> · {escape(city)} · '
        f"{at:%Y-%m-%d %H:%M:%S} · {said} 笔交互 exchanges · {sum(row.seconds for row in results):.1f} s</div>"
        f'<div class="sum">{tiles}</div>{failures(results)}{body}</body></html>'
    )


def failures(results: Sequence[Result]) -> str:
    """The failures first, each a link."""
    rows = [row for row in results if row.outcome == FAILED]
    if not rows:
        return ""
    lines = "".join(f'<tr><td><a href="#{escape(row.case.name)}">{escape(row.case.zh)}</a></td><td>{escape(row.zh)}</td></tr>'
                    for row in rows)
    return f"<h2>要改的 <span class='en'>to be cured</span></h2><table>{lines}</table>"


def family(name: str, rows: Sequence[Result]) -> str:
    """One family's cases."""
    passed = sum(1 for row in rows if row.outcome == PASSED)
    title = f"{FAMILIES.get(name, name)} <span class='en'>{escape(name)} · {passed}/{len(rows)}</span>"
    return f"<h2>{title}</h2>" + "".join(shown(row) for row in rows)


def shown(row: Result) -> str:
    """One case: what it is, how it went, why, the cure, and what was said."""
    case = row.case
    mark = f'<span class="mark">{WORDS[row.outcome]} · {row.seconds:.2f} s</span>'
    parts = [f'<div class="case {row.outcome}" id="{escape(case.name)}">{mark}',
             f'<div>{escape(case.zh)}</div><div class="en">{escape(case.en)} · <code>{escape(case.name)}</code></div>']  # fmt: skip
    if row.outcome == FAILED:
        parts.append(f'<div class="why">{escape(row.zh)}</div><div class="en">{escape(row.en)}</div>')
        parts.append(f'<div class="cure"><b>怎么改：</b>{escape(case.cure_zh)}<div class="en">{escape(case.cure_en)}</div></div>')
        if row.shown is not None:
            parts.append(exchange(row.shown, opened=True))
        if row.trace:
            parts.append(f"<details><summary>测试程序的读取错误 where the kit stumbled</summary><pre>{escape(row.trace)}</pre></details>")
    elif row.outcome == SKIPPED:
        parts.append(f"<div>{escape(row.zh)}</div><div class='en'>{escape(row.en)}</div>")
    parts += [f"<div>注：{escape(zh)} <span class='en'>{escape(en)}</span></div>" for zh, en in row.remarks]
    if row.said:
        parts.append(f"<details><summary>{len(row.said)} 笔交互 exchanges</summary>{steps(row.said)}</details>")
    return "".join(parts) + "</div>"


def steps(said: Sequence[Exchange]) -> str:
    """The exchanges of a case, a line each."""
    rows = []
    for number, one in enumerate(said, 1):
        result = "成功 ok" if one.ok else escape(one.text[:120] or f"HTTP {one.status}")
        rows.append(f"<tr><td class='n'>{number}</td><td><code>{escape(one.infno)}</code></td><td>{result}</td>"
                    f"<td class='n'>{one.seconds * 1000:.0f} ms</td><td><code>{escape(one.msgid)}</code></td></tr>")  # fmt: skip
    return f"<table>{''.join(rows)}</table>"


def exchange(one: Exchange, *, opened: bool = False) -> str:
    """Request and reply in full."""
    reply = written(one.reply) if one.reply is not None else one.content[:LONGEST].decode("utf-8", "replace")
    state = " open" if opened else ""
    return (
        f"<details{state}><summary>请求 request <code>{escape(one.infno)}</code> → {escape(one.url)}</summary>"
        f"<pre>{escape(written(one.request))}</pre></details>"
        f"<details{state}><summary>应答 reply HTTP {one.status} · {one.seconds * 1000:.0f} ms {escape(one.note)}</summary>"
        f"<pre>{escape(reply)}</pre></details>"
    )


def written(message: Any) -> str:
    """A message as indented JSON, persons masked, cut when long."""
    text = json.dumps(masked(message), ensure_ascii=False, indent=1, default=plain)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n…（共 {len(text)} 字 characters）"


def plain(value: Any) -> Any:
    """Decimal as it was written; anything else as text."""
    return float(value) if isinstance(value, Decimal) else str(value)


def masked(value: Any) -> Any:
    """A message with identity numbers and names of persons masked."""
    if isinstance(value, Mapping):
        return {name: mask(str(inner)) if name in MASKED and inner else masked(inner) for name, inner in value.items()}
    return [masked(inner) for inner in value] if isinstance(value, list | tuple) else value


def mask(text: str) -> str:
    """The ends of a number, the family name of a person."""
    return f"{text[:6]}{'*' * (len(text) - 8)}{text[-2:]}" if len(text) > 8 else f"{text[:1]}{'*' * (len(text) - 1)}"


def lines(results: Sequence[Result]) -> Iterator[str]:
    """The results in plain words, for a terminal: failures with their cure."""
    for row in results:
        if row.outcome == FAILED:
            yield f"✗ {row.case.name} {row.case.zh}\n    {row.zh}\n    怎么改：{row.case.cure_zh}"
