"""Drafts of a city's rules 政策草案, as officers write them, that tests lay over the policy files."""

HEADER = "overlay: {city: jishou, name: 三级门诊少报, name_en: Less at level 3}\n"


def less_at_level_3(since: str) -> str:
    """From a day on, outpatient bills at level-3 hospitals pay a tenth to employees at work in Jishou."""
    return HEADER + _leaf("ratio.active", "三级医院门诊在职支付比例", "Outpatient ratio, active, level 3", "ratio", since, '"0.1"')


def no_deductible_at_level_3(since: str) -> str:
    """The same, and without a deductible."""
    return less_at_level_3(since) + _leaf("deductible", "三级医院门诊起付线", "Outpatient deductible, level 3", "yuan", since, "0")


def _leaf(figure: str, name: str, name_en: str, unit: str, since: str, value: str) -> str:
    """One figure of outpatient care of employees."""
    return (
        f"outpatient.employee.{figure}.L3:\n"
        f'  name: {name}\n  name_en: "{name_en}"\n  unit: {unit}\n'
        f'  values:\n    {since}: {{value: {value}, trust: illustrative, source: "测试"}}\n'
        "  confirmed_on: null\n"
    )
