"""Patterns of planted faults 植入的违规类型: numbers that the slips and lines carry while a bucket is made, and their names.

The names stand in truth/fault alone; whatever looks for faults must not open it. Patterns follow the frauds named in the plans (F18) and
the commonest rules of supervision; how often each is planted is illustrative.
"""

(NONE, EMPTY_BED, INDUCED, FALSE_TREATMENT, FALSE_DRUGS, FORGED_PAPERS, RESOLD_DRUGS, FALSE_IDENTITY, OVER_EXAMINATION, SPLIT_STAY,
 BEYOND_LISTING, DOUBLE_CHARGE, SWAPPED, EXCESS_QUANTITY, AFTER_DEATH, OVERLAPPING_STAYS, VISIT_DURING_STAY, UNCOVERED,
 DUPLICATE_BENEFIT, CARD_BUNDLE, STOCK_MISMATCH) = range(21)  # fmt: skip

NAMES = (
    "", "empty_bed", "induced", "false_treatment", "false_drugs", "forged_papers", "resold_drugs", "false_identity", "over_examination",
    "split_stay", "beyond_listing", "double_charge", "swapped", "excess_quantity", "after_death", "overlapping_stays",
    "visit_during_stay", "uncovered", "duplicate_benefit", "card_bundle", "stock_mismatch",
)  # fmt: skip
"""The name of each pattern, as in truth/fault."""
ZH = (
    "", "挂床住院", "诱导住院", "虚假诊治", "虚开药品", "伪造票据", "倒卖药品", "虚构身份、冒名就医", "过度检查、过度医疗", "分解住院",
    "超限制支付", "重复收费", "串换项目", "超量开药", "死亡后就医", "重叠住院", "住院期间门诊或购药",
    "断保期就医", "重复参保享受", "敛卡套刷", "进销存不符",
)  # fmt: skip
OF_STAYS = (EMPTY_BED, INDUCED, FALSE_TREATMENT, OVER_EXAMINATION, SPLIT_STAY, DOUBLE_CHARGE, SWAPPED, BEYOND_LISTING)
"""What a hospital with bad habits does to its stays; each such hospital has one of them as its habit."""
OF_VISITS = (FALSE_DRUGS, OVER_EXAMINATION, EXCESS_QUANTITY, DOUBLE_CHARGE, FALSE_TREATMENT)
"""What an institution with bad habits does to its outpatients."""
OF_PHARMACIES = (CARD_BUNDLE, SWAPPED)
OF_PERSONS = (RESOLD_DRUGS, FORGED_PAPERS, FALSE_IDENTITY)
ON_LINES = (FALSE_DRUGS, OVER_EXAMINATION, BEYOND_LISTING, DOUBLE_CHARGE, SWAPPED, EXCESS_QUANTITY, CARD_BUNDLE)
"""Patterns whose truth is a line, not the whole bill."""
