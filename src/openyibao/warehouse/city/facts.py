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
    "payer": ("原文未说由谁补偿，无从对应某一层待遇", "the text does not say who paid, so no layer of benefit answers it"),
    "unclear": ("原文未说是本市还是全省", "the text does not say whether of the city or the province"),
    "allowance": ("生育津贴按用人单位申报，单据中没有", "maternity allowances are claimed by employers, not on bills"),
}  # fmt: skip
"""Why a fact has no answer, in both languages."""

CONFLICT, POLICY, RARE = "conflict", "policy", "rare"
APART = {
    CONFLICT: ("与规划另一数不能同时成立", "in conflict with another figure of the plan"),
    POLICY: ("由政策册的比例、起付线得出，不作校准", "an outcome of the policy book's ratios and deductibles, not solved for"),
    RARE: ("样本中例数过少", "of too few cases in a sample of this size"),
}
"""Why an answer may stand apart from the plan's figure, in both languages."""


class Apart(NamedTuple):
    """Why an answer stands apart from the plan's figure: a key of APART, the facts that were kept instead, and the argument."""

    kind: str
    kept: tuple[str, ...]
    zh: str
    en: str

    @property
    def words(self) -> str:
        """The reason as a page prints it."""
        zh, en = APART[self.kind]
        kept = f" ({', '.join(self.kept)}; 取 kept: {', '.join(self.kept)})" if self.kept else ""
        return f"{zh} {en}{kept}. {self.zh} {self.en}".strip()


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
    apart: Apart | None = None
    at_least: bool = False  # the plan prints a lower bound 以上

    @property
    def target(self) -> float:
        """The yearly figure in persons, visits, fen, or as a share."""
        return float(self.value) * UNITS[self.unit] / self.years


def facts_of(city: str, folder: Path = FOLDER) -> list[Fact]:
    """A plan's facts in its order. Raises ValueError for an entry with neither an answer nor a reason, or with a reason not understood."""
    rows: list[dict[str, Any]] = yaml.safe_load((folder / f"{city}.yaml").read_text(encoding="utf-8"))
    found = []
    for row in rows:
        by, _, years = str(row.get("by", "")).partition("/")
        if not by and row.get("why") not in WHY:
            raise ValueError(f"facts/{city}.yaml: {row['id']} has neither an answer (by) nor a reason (why)")
        found.append(Fact(
            row["id"], row["zh"], row["en"], row["value"], row["unit"], str(row["year"]), by, int(years or 1), row.get("why", ""),
            row.get("calibrates", ""), row.get("remark", ""), apart_of(city, row),
            bool(row.get("at_least", False)),
        ))  # fmt: skip
    return found


def apart_of(city: str, row: dict[str, Any]) -> Apart | None:
    """Why a fact's answer may stand apart, if the list says so. Raises ValueError for an unknown kind, or a conflict with no fact named."""
    told = row.get("apart")
    if told is None:
        return None
    found = Apart(str(told.get("kind")), tuple(told.get("with", ())), str(told.get("zh", "")), str(told.get("en", "")))
    if found.kind not in APART or (found.kind == CONFLICT) != bool(found.kept):
        raise ValueError(f"facts/{city}.yaml: {row['id']}: apart is one of {', '.join(APART)}, and a conflict names the facts kept")
    return found
