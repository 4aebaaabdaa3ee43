"""The facts that a city's plan states 规划事实, as facts/<city>.yaml lists them, each with the answer's name or why there is none."""

from pathlib import Path
from typing import Any, NamedTuple

import yaml

FOLDER = Path(__file__).resolve().parent / "facts"
UNITS = {
    "万人": 10_000, "万人次": 10_000, "人": 1, "人次": 1, "家": 1, "%": 0.01, "亿元": 10**10, "万元": 10**6, "元/人年": 100, "元": 100,
    "月": 1, "万元/人次": 10**6, "种": 1,
}  # fmt: skip
"""What one of a unit is in persons, visits, fen or as a share."""

WHY = {
    "policy": ("政策参数，见政策册，不由人和单据得出", "a parameter of the policy book, not an outcome of people and bills"),
    "date": ("日期，不是数量", "a date, no quantity"),
    "year": ("所在年份政策册没有政策，不能合成", "of a year for which the policy book has no policy"),
    "supervision": ("监管处理结果，待监管业务数据", "an outcome of supervision: waits for the supervision desk's feed"),
    "price": ("价格与采购，待采购和价格数据", "prices and procurement: waits for that feed"),
    "finance": ("财政预算或预拨，待财政数据", "the budget's or an advance: waits for the finance feed"),
    "health": ("卫生健康统计，待卫健数据", "a statistic of the health department: waits for its feed"),
    "elsewhere": ("外地参保人或全国名单，库中没有", "of people insured elsewhere or a nation-wide list, not in the store"),
    "system": ("信息系统与经办服务，待经办数据", "of systems and services: waits for the service desk's feed"),
    "context": ("全国或卫生规划的背景数", "context: the nation or the health plan"),
    "picture": ("规划以图或文字表示，没有数", "printed as a picture or in words: no number"),
    "payment": ("付费病种目录，待支付方式数据", "a list of the payment method: waits for that feed"),
    "input": ("画像直接采用", "taken into the profile as it stands"),
    "unclear": ("原文未说是本市还是全省", "the text does not say whether of the city or the province"),
    "allowance": ("生育津贴按用人单位申报，单据中没有", "maternity allowances are claimed by employers, not on bills"),
}  # fmt: skip
"""Why a fact has no answer, in both languages."""


class Fact(NamedTuple):
    """One figure that a plan prints."""

    id: str
    zh: str
    en: str
    value: Any
    unit: str
    year: str
    by: str  # name of the answer; "" = none
    years: int  # of how many years the figure is the sum
    why: str  # key of WHY where there is no answer
    calibrates: str  # figure of the profile that is set so that this fact comes out
    remark: str

    @property
    def target(self) -> float:
        """The yearly figure in persons, visits, fen, or as a share."""
        return float(self.value) * UNITS[self.unit] / self.years


def facts_of(city: str, folder: Path = FOLDER) -> list[Fact]:
    """A plan's facts in its order. Raises ValueError for an entry with neither an answer nor a reason."""
    rows: list[dict[str, Any]] = yaml.safe_load((folder / f"{city}.yaml").read_text(encoding="utf-8"))
    found = []
    for row in rows:
        by, _, years = str(row.get("by", "")).partition("/")
        if not by and row.get("why") not in WHY:
            raise ValueError(f"facts/{city}.yaml: {row['id']} has neither an answer (by) nor a reason (why)")
        found.append(Fact(
            row["id"], row["zh"], row["en"], row["value"], row["unit"], str(row["year"]), by, int(years or 1), row.get("why", ""),
            row.get("calibrates", ""), row.get("remark", ""),
        ))  # fmt: skip
    return found
