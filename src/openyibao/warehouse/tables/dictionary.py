"""The data dictionary 数据字典: docs/reference/warehouse.md, printed from the schema.

    python -m openyibao.warehouse.tables.dictionary docs/reference/warehouse.md
"""

import sys
from pathlib import Path

from openyibao.warehouse.tables.schema import BUCKET, TABLES, Table
from openyibao.warehouse.tables.store import APART

UNITS = {
    "fen": "分 fen", "day": "日 yyyymmdd, 0 = 无 none", "rate": "万分之一 1/10,000", "code": "代码 code", "row": "行号 row number",
    "yes": "0/1", "bits": "按位 bits", "month": "月 month", "year": "年 year", "millionth": "百万分之一元 1/1,000,000 yuan",
    "tenthousandth": "万分之一 1/10,000 of a unit", "": "",
}  # fmt: skip

HEAD = f"""# 年度库数据字典 · The warehouse's tables

本页由 `src/openyibao/warehouse/tables/schema.py` 生成，请勿手工修改。This page is printed from the schema; do not edit it.

一个年度库（store）存放一座城市若干年的全部数据，文件形式为内存映射的 Arrow，或交换用的 Parquet，两者内容相同。
A store holds one city's years as memory-mapped Arrow files, or as Parquet for exchange; the contents are the same.

    <store>/city.json                              城市、年份、来源 what it is and what it was made from
    <store>/institution.arrow                      全库一份的登记表 a whole register
    <store>/person/bucket=00007.arrow              按人分桶的登记表 a register by bucket
    <store>/bill/year=2023/bucket=00007.arrow      按年、按桶的表 a year's table
    <store>/truth/fault/year=2023/bucket=00007.arrow   真值，另放 ground truth, kept apart
    <store>/policy/year=2023.npz                   当年结算所用的政策包 the package the year was settled under

每 {BUCKET:,} 个相邻编号的人为一桶；一个人的全部行都在同一桶内，桶与桶互不相关。
A bucket is {BUCKET:,} persons with consecutive numbers; all rows of a person are in one bucket, and buckets need nothing of one another.

金额单位为分，日期为 yyyymmdd 整数，区间左闭右开，99991231 表示未终止；代码含义见 `kernel/codes.py`。没有空值。
Money is in fen, days are yyyymmdd integers, spans are half-open with 99991231 for an open end; codes as in `kernel/codes.py`. Nothing
is null.

`openyibao warehouse ask` 用 SQL 查询时，每张表另有 `year`、`bucket`、`row`（文件内行号）三列（以该表有年、有桶为限），
并有一个视图 `settled`：单据与结算结果逐行并列，结果金额列名加 `paid_` 前缀，另有人员、机构、区划的列。
Asked by SQL, every table has `year`, `bucket` and `row` besides, as far as it lies by them, and there is a view `settled`: each bill with
its result, the result's amounts as `paid_…`, and columns of the person, the institution and the places.
"""


def page() -> str:
    """The whole page."""
    rows = [f"| [{table.name}](#{table.name}) | {table.zh} | {table.en} | {table.grain} | {lies(table)} |" for table in TABLES.values()]
    overview = ["## 总表 · Overview", "", "| 表 table | 中文 | English | 一行 grain | 文件 files |", "|---|---|---|---|---|", *rows, ""]
    return "\n".join([HEAD, *overview, *(part for table in TABLES.values() for part in section(table))])


def lies(table: Table) -> str:
    """How a table's files lie."""
    words = (["按年 by year"] if table.yearly else []) + (["按桶 by bucket"] if table.bucketed else [])
    return "，".join(words) if words else "全库一份 whole"


def section(table: Table) -> list[str]:
    """One table."""
    order = "、".join(f"`{name}`" for name in table.ordered) if table.ordered else table.grain
    apart = ["", "真值：查找违规的程序不得读取。Ground truth: nothing that is to find faults may open it."] if table.name in APART else []
    return [
        f"## {table.name}", "", f"{table.zh} · {table.en}. {table.grain}; 排序 sorted by {order}; {lies(table)}.", *apart, "",
        "| 字段 column | 类型 type | 单位 unit | 中文 | English |", "|---|---|---|---|---|",
        *(f"| {column.name} | {column.type} | {UNITS.get(column.unit, column.unit)} | {column.zh} | {column.en} |"
          for column in table.columns),
        "",
    ]  # fmt: skip


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8")
