"""An outcome made by hand, every field filled and every sum right, so that the page and the workbook can be looked at and checked."""

from openyibao.warehouse.simulate import outcome as o
from openyibao.warehouse.simulate.outcome import Words


def w(text: str) -> Words:
    """`中文 | English`."""
    zh, _, en = text.partition(" | ")
    return Words(zh, en)


def words(zh: str, en: str) -> Words:
    return Words(zh, en)


OUTPATIENT = o.Amount("pool.outpatient", w("普通门诊 | outpatient"), 812_345_678_90, 1_012_345_678_95)
STAYS = o.Amount("pool.inpatient", w("住院 | inpatient"), 6_123_456_789_01, 6_123_456_789_01)
EMPLOYEE = o.FundTotals("employee_pool", w("职工医保统筹基金 | employee pool"), 6_935_802_467_91, 7_135_802_467_96, (OUTPATIENT, STAYS))
RESIDENT = o.FundTotals(
    "resident_pool",
    w("居民医保基金 | resident pool"),
    3_000_000_000_07,
    3_000_000_000_07,
    (o.Amount("pool.inpatient", w("住院 | inpatient"), 3_000_000_000_07, 3_000_000_000_07),),
)
LARGE = o.FundTotals(
    "large",
    w("职工大额医疗费用补助 | employee large-amount layer"),
    120_000_000_33,
    118_500_000_21,
    (o.Amount("large_first", w("大额第一层 | large-amount layer 1"), 120_000_000_33, 118_500_000_21),),
)
HOSPITAL = o.FundTotals(
    "hospital",
    w("医院负担 | borne by hospitals"),
    1_000_00,
    1_000_00,
    (o.Amount("hospital", w("医院负担 | borne by hospitals"), 1_000_00, 1_000_00),),
)
PERSON = o.FundTotals(
    "person",
    w("个人负担 | borne by the person"),
    4_000_000_000_00,
    3_801_499_999_07 + 1_00,
    (
        o.Amount("account", w("本人个人账户 | own account"), 1_500_000_000_00, 1_200_000_000_00),
        o.Amount("family", w("家庭共济账户 | family's account"), 0, 12_345_67),
        o.Amount("cash", w("现金 | cash"), 2_500_000_000_00, 2_601_499_999_07 + 1_00 - 12_345_67),
    ),
)
FUNDS = (EMPLOYEE, RESIDENT, LARGE, HOSPITAL)
PERSON = o.FundTotals(
    PERSON.key,
    PERSON.words,
    PERSON.before,
    PERSON.before - sum(fund.change for fund in FUNDS),
    (
        *PERSON.layers[:2],
        o.Amount(
            "cash",
            w("现金 | cash"),
            2_500_000_000_00,
            PERSON.before - sum(fund.change for fund in FUNDS) - 1_200_000_000_00 - 12_345_67,
        ),
    ),
)
FEES = sum(fund.before for fund in FUNDS) + PERSON.before
SPENT = sum(fund.before for fund in FUNDS[:3]), sum(fund.after for fund in FUNDS[:3])

SENTENCES = (
    (
        "outpatient.employee.ratio.all.P0",
        w(
            "基层机构门诊支付比例：改革前 50%，改革后 60%，高 10 个百分点"
            " | Outpatient ratio, primary care: before 50%, after 60%, 10 points higher"
        ),
        "seed",
        "武汉规划 专栏1",
        0,
    ),
    (
        "outpatient.employee.retired_add_pp",
        w(
            "退休人员门诊支付比例增加：改革前 未载，改革后 10 个百分点"
            " | Outpatient ratio added for retirees: before does not say, after 10 points"
        ),
        "illustrative",
        "演示草案",
        1,
    ),
    (
        "account.employee.credit.active",
        w(
            "在职职工个人账户划入：改革前 3.1%，改革后 2%，低 1.1 个百分点"
            " | Credit of active employees: before 3.1%, after 2%, 1.1 points lower"
        ),
        "doc",
        "鄂政办发〔2022〕1号 <第三条> & 附件",
        2,
    ),
)


def row(key: str, zh: str, en: str, persons: int, gain: int, lose: int, gained: int, lost: int, before: int) -> o.Row:
    return o.Row(
        key,
        words(zh, en),
        persons,
        persons * 5,
        gain,
        lose,
        persons - gain - lose,
        gained,
        lost,
        before,
        before - gained + lost,
        3 * before,
        3 * before + gained - lost,
        7 * persons,
        6 * persons,
    )


def dimension(key: str, zh: str, en: str, by: str, *rows: o.Row) -> o.Dimension:
    return o.Dimension(
        key, words(zh, en), by, rows, w("收入五等分按月收入排序 | income fifths by monthly income") if key == "income" else w("")
    )


def step(key: str, zh: str, en: str, formula: str, value: int, unit: str = "yuan", trust: str = "doc") -> o.Explained:
    return o.Explained(
        key, words(zh, en), formula, words(f"{zh}算式", f"{en} formula"), value, unit, ("武政规〔2020〕18号 第九条",), (trust,)
    )


def side(fund: int, person: int, ratio: int, more: tuple[o.Explained, ...] = ()) -> o.Side:
    return o.Side(
        0,
        w("已结算 | settled"),
        fund,
        person,
        person // 3,
        0,
        person - person // 3,
        (o.Amount("pool", w("基本统筹 | basic pool"), fund, fund),),
        (
            step("eligible", "可报金额", "eligible amount", "2000.00 - 0.00 - 0.00", 2_000_00),
            step("deductible", "实付起付线", "deductible borne", "min(2000.00, 700.00)", 700_00),
            *more,
            step("ratio", "支付比例", "ratio", f"{ratio // 100}%", ratio, "percent", "illustrative"),
            step("pool", "基本统筹支付", "paid by the pool", f"round(1300.00 × {ratio // 100}%)", fund),
        ),
    )


def case(rank: int, by: str, bill: int, loss: int) -> o.Case:
    before = side(1_040_00, 960_00, 8000) if bill >= 0 else None
    cap = (step("cap", "封顶后余额", "left under the cap", "max(1000.00 - 350.00, 0)", 650_00),)
    after = side(650_00, 1_350_00, 5000, cap) if bill >= 0 else None
    return o.Case(
        rank,
        by,
        bill,
        100 + rank,
        20220315 + rank,
        w("职工 | employee"),
        w("普通门诊 | outpatient"),
        w("三级 | level 3"),
        w("60–69 岁，退休，江岸区 | 60 to 69, retired, Jiang'an"),
        2_300_00,
        2_000_00,
        loss,
        loss + 120_00,
        4_000_00,
        4_000_00 + loss,
        1_200_00,
        1_080_00,
        12,
        before,
        after,
    )


def attribution() -> o.Attribution:
    funds, person = SPENT[1] - SPENT[0], PERSON.change
    parts = (
        o.Part("ratio", w("门诊支付比例 | outpatient ratio"), (SENTENCES[0][0],), w("")),
        o.Part("retired", w("退休倾斜 | tilt to retirees"), (SENTENCES[1][0],), w("")),
        o.Part("credit", w("个人账户划入 | account credits"), (SENTENCES[2][0],), w("两项须一起变动 | two must move together")),
    )
    first, second = funds // 2, funds // 3
    shares = (
        o.Share(0, (first, -second), (first + 1, -second)),
        o.Share(1, (second, person // 2), (second - 1, person // 2)),
        o.Share(2, (funds - first - second, person + second - person // 2), (funds - first - second, person + second - person // 2)),
    )
    return o.Attribution(
        ("fund", "person"),
        (w("基金支出 | funds' spending"), w("个人负担 | what persons bear")),
        parts,
        shares,
        (funds, person),
        True,
        6,
        0,
        8,
        w("余数给最大的几项。 | The remainder goes to the largest parts."),
        (w("第 3 项含两个参数。 | Part 3 holds two."),),
    )


def made_outcome(
    title_zh: str = "职工门诊共济改革", title_en: str = "Employee outpatient pooling", behaviour: bool = True
) -> o.Outcome:
    """The whole of it."""
    months = tuple(
        o.Months(
            key,
            words(zh, en),
            opening,
            800_000_000_000,
            830_000_000_000,
            693_580_246_791,
            713_580_246_796,
            opening + 106_419_753_209,
            opening + 116_419_753_204,
            before,
            after,
            first,
            second,
            words(*level_before),
            words(*level_after),
            "compiled",
            "年度决算（转引）",
            (1, 3, 6, 9, 15),
            "illustrative",
        )
        for key, zh, en, opening, before, after, first, second, level_before, level_after in (
            (
                "employee_pool",
                "职工医保统筹基金",
                "employee pool",
                712_345_678_901,
                1416,
                1393,
                "ample",
                "ample",
                ("充裕", "ample"),
                ("充裕", "ample"),
            ),
            (
                "resident_pool",
                "居民医保基金",
                "resident pool",
                20_000_000_000,
                506,
                207,
                "watch",
                "insufficient",
                ("关注", "watch"),
                ("不足", "insufficient"),
            ),
        )
    )
    dimensions = (
        dimension(
            "scheme",
            "险种",
            "scheme",
            "person",
            row("employee", "职工", "employee", 400_000, 200_000, 100_000, 9_000_000_00, 4_000_000_05, 11_00),
            row("resident", "居民", "resident", 560_000, 0, 0, 0, 0, 22_00),
        ),
        dimension(
            "age",
            "年龄段",
            "age band",
            "person",
            *(
                row(
                    f"{low}",
                    f"{low}–{low + 9} 岁",
                    f"{low} to {low + 9}",
                    1000 + low,
                    200 + low,
                    300,
                    1_000_00 * (low + 1),
                    2_000_00 + low,
                    9_999_00,
                )
                for low in range(0, 90, 10)
            ),
        ),
        dimension(
            "level",
            "机构等级",
            "level",
            "bill",
            row("P0", "基层医疗机构", "primary care", 90_000, 80_000, 10, 555_00, 66_00, 1),
            row("L3", "三级医院", "level 3", 80_000, 40_000, 30_000, 777_00, 888_00, 2),
        ),
        dimension("income", "收入五等分", "income fifth", "person", row("1", "最低", "lowest", 20_000, 8_000, 100, 31_00, 21_00, 3)),
    )
    bins = (
        o.Bin(None, -1_000_00, 321, -654_321_00),
        o.Bin(-1_000_00, -100_00, 4_321, -1_654_321_00),
        o.Bin(-100_00, 0, 54_321, -254_321_00),
        o.Bin(0, 1, 654_321, 0),
        o.Bin(1, 100_01, 123_456, 3_254_321_00),
        o.Bin(100_01, 1_000_01, 23_456, 7_254_321_00),
        o.Bin(1_000_01, None, 456, 1_254_321_00),
    )
    accounts = o.Accounts(
        (
            o.AccountRow(
                "active",
                w("在职 | active"),
                300_000,
                3_500_000,
                8_888_00,
                5_555_00,
                44_00,
                33_00,
                99_00,
                88_00,
                12,
                299_988,
                1_23,
                45_67,
            ),
            o.AccountRow(
                "retired",
                w("退休 | retired"),
                100_000,
                1_200_000,
                7_777_00,
                7_776_00,
                43_00,
                32_00,
                98_00,
                87_00,
                60_000,
                40_000,
                10_11,
                9_87,
            ),
        ),
        30_000_000_000,
        4_321_00,
        5_432_10,
        3_210_98,
    )
    response = o.Behaviour(
        w("单据数变化 = 弹性 × 个人负担比例的相对变化 | change of bills = elasticity x relative change of the person's share"),
        "illustrative",
        (o.Response(w("职工 | employee"), w("普通门诊 | outpatient"), -2000, 512_345, 398_765, 44_338, 6_001, 7_002, 8_003, 9_004),),
        (o.Amount("fund", w("基金支出 | funds' spending"), SPENT[1], SPENT[1] + 77_777_77),),
    )
    return o.Outcome(
        o.Meta(
            "wuhan",
            w("武汉市 | Wuhan"),
            2022,
            words(title_zh, title_en),
            w("2022 年记录的结算 | as recorded in 2022"),
            words(title_zh, title_en),
            983_000,
            960_000,
            4_712_345,
            "1:10",
            7,
            behaviour,
            (w("家庭共济额度按年初核定 | family sharing is fixed on 1 January"),),
        ),
        tuple(
            o.Change(key, w("门诊 | outpatient"), w("职工 | employee"), sentence, trust, source, part)
            for key, sentence, trust, source, part in SENTENCES
        ),
        o.Totals(
            FUNDS,
            PERSON,
            o.Amount("total", w("医疗费总额 | medical fees"), FEES, FEES),
            o.Amount("within", w("政策范围内费用 | in-scope fees"), FEES - 123_00, FEES - 123_00),
            o.Amount("fund", w("各项基金合计 | all funds"), *SPENT),
            o.Amount("credits", w("划入个人账户 | credited"), 9_000_000_000_00, 7_999_999_999_99),
            2_345_678,
            2_000_001,
            300_003,
            251_413,
            151_414,
            557_173,
        ),
        months,
        dimensions,
        o.Distribution(bins, -5_432_10, 4_321_09, 87_65, 251_413 + 151_414),
        attribution(),
        tuple(case(rank, "bill", 9_000 + rank, 390_00 - rank) for rank in range(1, 21)),
        (*(case(rank, "year", 8_000 + rank, 380_00 - rank) for rank in range(1, 4)), case(4, "year", -1, 0)),
        accounts,
        response if behaviour else None,
        (
            o.Caution(
                "illustrative",
                w("本项目设定 | illustrative"),
                SENTENCES[1][0],
                w("退休人员门诊支付比例增加 | outpatient ratio added for retirees"),
            ),
            o.Caution(
                "compiled", w("转引 | compiled"), "balances.employee_pool", w("职工统筹期初结余 | employee pool's opening balance")
            ),
        ),
        o.Reproduction(
            "0.1.0",
            "a" * 64,
            "b" * 64,
            "c" * 64,
            (("wuhan-outpatient-pooling.yaml", "d" * 64),),
            (),
            "",
            "",
            "openyibao simulate --city wuhan --year 2022",
        ),
        tuple(
            o.County(
                code, w(name), 1_234 + place,
                (o.Amount("employee_pool", w("职工医保统筹基金 | employee pool"), 98_76 + place, 87_65 - place),),
                o.Amount("fund", w("各项基金合计 | all funds"), 98_76 + place, 87_65 - place),
                o.Amount("person", w("个人负担 | borne by the person"), 55_44 + place, 66_55 + place), w("旧规则 | old rules"),
            )
            for place, (code, name) in enumerate((("420102", "江岸区 | Jiang'an"), ("420103", "江汉区 | Jianghan")))
        ),
    )
