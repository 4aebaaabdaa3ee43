"""Whether a store holds what it says 年度库核对: order, keys, and that money adds up; problems are listed, and checking goes on.

Pure sums over columns: nothing here settles a bill (that is what `resettle` under the recorded policy is for).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from openyibao.warehouse.records import RESULTS
from openyibao.warehouse.tables.exchange import File, files_of
from openyibao.warehouse.tables.schema import BUCKET, TABLES
from openyibao.warehouse.tables.store import Store, StoreProblem, arrow_type

FUNDS = ("pool", "large_first", "large_second", "catastrophic", "civil", "aid", "tilt", "topup", "added_1", "added_2", "added_3", "state")
"""The payments of a result that make its `fund`."""
REGISTERS = {"institution": "institution", "practitioner": "practitioner", "diagnosis": "diagnosis", "other_diagnosis": "diagnosis",
             "operation": "operation"}  # fmt: skip
"""Columns of a bill that are rows of a register."""
MAY_BE_NONE = ("practitioner", "diagnosis", "other_diagnosis", "operation")


class Problem(NamedTuple):
    """What is wrong 问题: the file, how many rows, the first of them, and the reason in both languages."""

    file: str
    rows: int
    row: int  # the first row, -1 = the file as a whole
    zh: str
    en: str


Progress = Callable[[int, int], None]


def checked(store: Store, years: Sequence[int] | None = None, progress: Progress = lambda done, total: None) -> Iterator[Problem]:
    """Every problem of a store, or of some of its years."""
    files = list(files_of(store, years))
    sizes = {table: store.read(table).num_rows for table in set(REGISTERS.values()) if store.path(table).exists()}
    for done, file in enumerate(files, 1):
        yield from file_problems(store, file)
        if file.table == "bill":
            yield from bill_problems(store, file, sizes)
        progress(done, len(files))
    yield from missing(store, files)


def of_rows(file: File, wrong: Any, zh: str, en: str) -> Iterator[Problem]:
    """A problem for the rows marked wrong, if any."""
    rows = np.flatnonzero(wrong)
    if len(rows):
        yield Problem(file.name, len(rows), int(rows[0]), zh, en)


def missing(store: Store, files: Sequence[File]) -> Iterator[Problem]:
    """Files that stand beside another one and are not there; other than by a bill's file the year is not known to have been made."""
    there = set(files)
    for file in files:
        if file.table == "bill":
            for table in ("holder", "result", "closing", "line"):
                if File(table, file.year, file.bucket) not in there:
                    yield Problem(File(table, file.year, file.bucket).name, 1, -1, "缺少这个文件", "the file is missing")
            if File("person", None, file.bucket) not in there:
                yield Problem(File("person", None, file.bucket).name, 1, -1, "缺少这个文件", "the file is missing")


def file_problems(store: Store, file: File) -> Iterator[Problem]:
    """Columns, types and order of one file."""
    table = TABLES[file.table]
    try:
        data = store.read(*file)
    except StoreProblem as problem:
        yield Problem(file.name, 1, -1, f"读不出：{problem}", f"cannot be read: {problem}")
        return
    if tuple(data.column_names) != table.names:
        yield Problem(file.name, 1, -1, f"字段不符：{data.column_names}", f"other columns: {data.column_names}")
        return
    for column in table.columns:
        if data.schema.field(column.name).type != arrow_type(column.type):
            yield Problem(file.name, 1, -1, f"{column.name} 的类型不是 {column.type}", f"{column.name} is not {column.type}")
        if data.column(column.name).null_count:
            yield Problem(file.name, data.column(column.name).null_count, -1, f"{column.name} 有空值", f"{column.name} has nulls")
    yield from order_problems(store, file)


def order_problems(store: Store, file: File) -> Iterator[Problem]:
    """Rows out of order, and persons of another bucket."""
    table = TABLES[file.table]
    if table.ordered:
        columns = store.arrays(*file, columns=table.ordered)
        keys = [np.asarray(columns[name]) for name in table.ordered]
        before = np.zeros(max(len(keys[0]) - 1, 0), bool)
        level = np.ones_like(before)
        for key in keys:
            before |= level & (key[1:] < key[:-1])
            level &= key[1:] == key[:-1]
        order = "、".join(table.ordered)
        yield from of_rows(file, before, f"没有按 {order} 排序", f"not sorted by {', '.join(table.ordered)}")
    if table.bucketed and any(column.name == "person" and column.unit == "row" for column in table.columns):
        person = store.arrays(*file, columns=["person"])["person"]
        yield from of_rows(file, person // BUCKET != file.bucket, "人员不属于本桶", "a person of another bucket")


def bill_problems(store: Store, file: File, sizes: dict[str, int]) -> Iterator[Problem]:
    """The bills of a bucket: keys, sums, results, lines, closing."""
    try:
        bill = store.arrays("bill", file.year, file.bucket)
        holder = store.arrays("holder", file.year, file.bucket)
        result = store.arrays("result", file.year, file.bucket)
    except StoreProblem:
        return                                  # told of as unreadable or missing
    count, holders = len(bill["bill"]), len(holder["person"])
    outside = (bill["holder"] < 0) | (bill["holder"] >= holders)
    yield from of_rows(file, outside, "holder 超出参保人年度表", "holder is no row of the table holder")
    if not outside.any():
        other = (holder["person"][bill["holder"]] != bill["person"]) | (holder["scheme"][bill["holder"]] != bill["scheme"])
        yield from of_rows(file, other, "holder 行不是该人、该险种", "the row of holder is of another person or scheme")
    for column, register in REGISTERS.items():
        if register in sizes:
            low = -1 if column in MAY_BE_NONE else 0
            wrong = (bill[column] < low) | (bill[column] >= sizes[register])
            yield from of_rows(file, wrong, f"{column} 不在登记表内", f"{column} is no row of {register}")
    parts = sum(bill[name].astype(np.int64) for name in ("full", "over", "pre", "within"))
    yield from of_rows(file, parts != bill["total"], "四部分之和不等于总额", "the four parts are not the total")
    negative = np.any([bill[name] < 0 for name in ("total", "full", "over", "pre", "within")], axis=0)
    yield from of_rows(file, negative, "金额为负", "an amount below zero")
    yield from of_rows(file, bill["day"] // 10_000 != file.year, "结算日不在本年", "the day is of another year")
    if len(result["outcome"]) != count:
        yield Problem(File("result", file.year, file.bucket).name, 1, -1, f"{len(result['outcome'])} 行结果对 {count} 行单据",
                      f"{len(result['outcome'])} results for {count} bills")
        return
    yield from result_problems(File("result", file.year, file.bucket), bill, result)
    yield from line_problems(store, file, bill)
    if not outside.any():
        yield from closing_problems(store, file, bill, result, holders)


def result_problems(file: File, bill: dict[str, Any], result: dict[str, Any]) -> Iterator[Problem]:
    """total = fund + hospital + person; person = account + family + cash; fund = its layers; nothing below zero."""
    wide = {name: result[name].astype(np.int64) for name in RESULTS}
    yield from of_rows(file, bill["total"] != wide["fund"] + wide["hospital"] + wide["person"], "总额不等于基金、医院、个人之和",
                       "the total is not fund + hospital + person")
    yield from of_rows(file, wide["person"] != wide["account"] + wide["family"] + wide["cash"], "个人负担不等于账户、共济、现金之和",
                       "the person's part is not account + family + cash")
    layers = sum(wide[name] for name in FUNDS)
    yield from of_rows(file, wide["fund"] != layers, "基金支付不等于各层之和", "the fund is not the sum of its layers")
    negative = np.any([wide[name] < 0 for name in RESULTS], axis=0)
    yield from of_rows(file, negative, "金额为负", "an amount below zero")
    refused = (wide["outcome"] != 0) & (wide["fund"] - wide["state"] != 0)
    yield from of_rows(file, refused, "拒付的单据有基金支付", "a refused bill that a fund pays")


def line_problems(store: Store, file: File, bill: dict[str, Any]) -> Iterator[Problem]:
    """Lines belong to a bill, as many as it says, and their amounts (quantity times price, rounded line by line) sum to its total."""
    place = File("line", file.year, file.bucket)
    try:
        line = store.arrays(*place, columns=["row", "quantity", "price"])
    except StoreProblem:
        return
    count = len(bill["bill"])
    stray = (line["row"] < 0) | (line["row"] >= count)
    yield from of_rows(place, stray, "row 不是本桶单据的行", "row is no row of the bucket's bills")
    if stray.any() or not len(line["row"]):
        return
    counted = np.bincount(line["row"], minlength=count)
    yield from of_rows(file, counted != bill["lines"], "明细行数不符", "another number of lines than said")
    # quantity in 1/10,000 and price in 1/1,000,000 yuan: the product is in 1/100,000,000 fen; half up
    fen = (2 * line["quantity"].astype(np.int64) * line["price"] + 10**8) // (2 * 10**8)
    total = np.zeros(count, np.int64)
    np.add.at(total, line["row"], fen)
    yield from of_rows(file, (counted > 0) & (total != bill["total"]), "明细之和不等于总额", "the lines do not sum to the total")


def closing_problems(store: Store, file: File, bill: dict[str, Any], result: dict[str, Any], holders: int) -> Iterator[Problem]:
    """The year's end agrees with the results: bills, account and cash paid, account not below zero."""
    place = File("closing", file.year, file.bucket)
    try:
        closing = store.arrays(*place)
    except StoreProblem:
        return
    rows = len(closing["account"])
    if rows != holders:
        yield Problem(place.name, 1, -1, f"{rows} 行对 {holders} 行参保人年度", f"{rows} rows for {holders} of holder")
        return
    for name, columns in (("account_paid", ("account", "family")), ("cash_paid", ("cash",))):
        paid = np.zeros(holders, np.int64)
        for column in columns:
            np.add.at(paid, bill["holder"], result[column].astype(np.int64))
        yield from of_rows(place, closing[name] != paid, f"{name} 不等于结果之和", f"{name} is not the sum of the results")
    yield from of_rows(place, closing["bills"] != np.bincount(bill["holder"], minlength=holders), "单据数不符", "another number of bills")
    yield from of_rows(place, closing["account"] < 0, "账户余额为负", "an account below zero")
