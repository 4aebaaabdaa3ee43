"""The funds by name 基金名称, for pages and sheets."""

from openyibao.kernel.ledger import (
    ACCOUNT,
    ADDED,
    AID,
    CATASTROPHIC,
    CIVIL,
    EMPLOYEE_POOL,
    LARGE,
    MATERNITY,
    RESIDENT_FUND,
    STATE,
)

FUNDS = {
    EMPLOYEE_POOL: ("职工统筹", "employee pool"),
    MATERNITY: ("职工统筹（生育）", "employee pool, maternity"),
    ACCOUNT: ("个人账户", "personal accounts"),
    RESIDENT_FUND: ("居民基金", "resident fund"),
    LARGE: ("职工大额", "large amount"),
    CATASTROPHIC: ("居民大病", "major illness"),
    CIVIL: ("公务员补助", "civil-servant supplement"),
    AID: ("医疗救助", "medical aid"),
    ADDED[0]: ("补充层一", "added layer 1"),
    ADDED[1]: ("补充层二", "added layer 2"),
    ADDED[2]: ("补充层三", "added layer 3"),
    STATE: ("财政", "state"),
}
"""Fund of the kernel's ledger -> words, zh and en, in the order of the sheet."""
