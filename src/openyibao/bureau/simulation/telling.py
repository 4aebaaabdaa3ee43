"""The paper's words and figures 测算报告内容: what goes into simulation/paper.typ, in one language, every figure already printed.

Two pages: what is tried and what it costs; who gains and loses, why, on what it rests. The footer names policy, bills and figures.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from openyibao.bureau.simulation.drafting import as_date
from openyibao.bureau.simulation.models import Run
from openyibao.warehouse.report.amounts import months, percent_signed, signed, yuan
from openyibao.warehouse.report.headline import counted, headline
from openyibao.warehouse.report.words import trust
from openyibao.warehouse.simulate.outcome import Outcome, Words

SOURCE = Path(__file__).with_name("templates") / "simulation" / "paper.typ"
CHANGES, GROUPS = 8, ("status", "age", "level")
"""Changes that the paper has room for; its dimensions."""
Say = Callable[[Words], str]


def told(run: Run, outcome: Outcome, lang: str) -> dict[str, Any]:
    """Everything the paper says."""
    with translation.override("en" if lang == "en" else "zh-hans"):
        return said(run, outcome, lang)


def said(run: Run, outcome: Outcome, lang: str) -> dict[str, Any]:
    """The same, in the language that is switched on."""
    def w(words: Words) -> str:
        return words.en if lang == "en" else words.zh

    totals, meta = outcome.totals, outcome.meta
    sums = [
        (_("基金合计"), totals.fund), (_("个人负担合计"), totals.person), (_("医疗费总额"), totals.total),
        (_("划入个人账户"), totals.credits),
    ]  # fmt: skip
    rows = [(w(fund.words), fund) for fund in totals.funds if fund.before or fund.after]
    left = len(outcome.changes) - CHANGES
    return {
        "lang": lang, "title": run.title_en if lang == "en" and run.title_en else run.title, "lead": w(headline(outcome)),
        "kicker": _("%(city)s · %(year)s 年单据 · 改革测算") % {"city": w(meta.city_name), "year": meta.year},
        "sections": sections(), "heads": heads(),
        "changes": [w(one.sentence) for one in outcome.changes[:CHANGES]],
        "more": _("另有 %(n)s 项，见方案包。") % {"n": left} if left > 0 else "",
        "payers": [money_row(name, one) for name, one in rows], "sums": [money_row(name, one) for name, one in sums],
        "months": [
            [w(one.words), months(one.months_before), months(one.months_after), w(one.level_words_after), w(trust(one.trust))]
            for one in outcome.months
        ],
        "no_months": "" if outcome.months else _("年度库没有期初结余，不测算可支付月数。"),
        "groups": group_tables(outcome, w), "why": why_rows(outcome, w), "assumptions": assumptions(run, outcome, w),
        "cautions": doubts(outcome, w), "check": check(run, outcome), "again": again(run),
        "foot": foot(run, outcome), "whole_hash": _("政策包 %(hash)s") % {"hash": run.package},
    }  # fmt: skip


def sections() -> dict[str, str]:
    """The paper's headings."""
    return {
        "changes": _("改什么"), "payers": _("谁来付（元）"), "months": _("可支付月数"), "groups": _("谁得谁失"),
        "why": _("为什么（平均归因，元）"), "assumptions": _("假设"), "cautions": _("存疑数字"), "check": _("核对"), "again": _("复算"),
    }  # fmt: skip


def heads() -> dict[str, str]:
    """The heads of its tables."""
    return {
        "payer": _("付款方"), "before": _("改革前"), "after": _("改革后"), "change": _("变化"), "relative": _("变化率"),
        "fund": _("基金"), "level": _("等级（后）"), "trust": _("期初结余依据"), "persons": _("人（单）"), "gain": _("变好"),
        "lose": _("变差"), "own": _("个人负担变化"), "funds": _("基金变化"), "part": _("改动"), "cost": _("基金"), "person": _("个人"),
    }  # fmt: skip


def group_tables(outcome: Outcome, w: Say) -> list[dict[str, Any]]:
    """Who gains and loses, by a few dimensions."""
    return [
        {"title": w(dimension.words), "rows": [
            [w(row.words), f"{row.persons if dimension.by == 'person' else row.bills:,}", f"{row.gain:,}", f"{row.lose:,}",
             signed(row.person_after - row.person_before), signed(row.fund_after - row.fund_before)]
            for row in dimension.rows
        ]}
        for dimension in outcome.dimensions if dimension.key in GROUPS
    ]  # fmt: skip


def assumptions(run: Run, outcome: Outcome, w: Say) -> list[str]:
    """What a reader must know of how it was computed."""
    found = [w(outcome.meta.before), *(w(note) for note in outcome.meta.notes)]
    said, starts = run.reform["said"], run.reform["starts"]
    if said and said != starts:
        days = {"said": as_date(said).isoformat(), "played": as_date(starts).isoformat(), "year": run.year}
        found.insert(0, _("草案自 %(said)s 起；测算时自 %(played)s 起放到 %(year)s 年的单据上，其他参数照该年政策。") % days)
    return found


def doubts(outcome: Outcome, w: Say) -> str:
    """On how many figures without a document of the city it rests."""
    if not outcome.cautions:
        return _("所用数字均有文件依据。")
    marks = "；".join(f"{w(trust(mark))} {count}" for mark, count in counted(outcome))
    words = {"n": len(outcome.cautions), "marks": marks}
    return _("用到 %(n)s 个没有本市文件依据的数字（%(marks)s）：只能用来比较思路，不能据此支付。") % words


def check(run: Run, outcome: Outcome) -> str:
    """That the bills sum to the cost."""
    words = {"bills": f"{run.figures['bills']:,}", "sum": signed(run.figures["cost"]), "paper": signed(outcome.totals.fund.change)}
    return _("%(bills)s 张单据逐张相减再相加，基金支出变化 %(sum)s 元，等于上表合计 %(paper)s 元。") % words


def again(run: Run) -> str:
    """How to get the same figures, and what a second run said."""
    how = _("附件 package.zip 是本方案的草案与政策包；在“改革模拟—打开方案包”中打开，得到相同数字。")
    if run.again_same is None:
        return how
    return how + (_("已重算一次，数字完全相同。") if run.again_same else _("重算一次，数字不同：请勿使用。"))


def foot(run: Run, outcome: Outcome) -> str:
    """What the figures are of: policy, bills, figures, programme."""
    repro = outcome.reproduction
    return f"policy {run.package[:16]} · bills {repro.store_digest[:16]} · figures {run.digest[:16]} · OpenYibao {repro.version}"


def money_row(name: str, one: Any) -> list[str]:
    """Before, after, change, change in per cent."""
    return [name, yuan(one.before), yuan(one.after), signed(one.change), percent_signed(one.change, one.before)]


def why_rows(outcome: Outcome, w: Say) -> list[list[str]]:
    """Each part of the reform with what it adds to the funds' spending and to what persons bear."""
    found = outcome.attribution
    if found is None:
        return []
    fund, person = found.measures.index("fund"), found.measures.index("person")
    rows = [[w(found.parts[share.part].words), signed(share.averaged[fund]), signed(share.averaged[person])] for share in found.shares]
    return [*rows, [_("合计"), signed(found.whole[fund]), signed(found.whole[person])]]
