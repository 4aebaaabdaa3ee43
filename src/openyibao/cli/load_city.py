"""`openyibao load city STORE`: a city's store into the database 年度库入库: people, contributions, accounts, settlements, books, seals."""

import getpass
import os
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings

from openyibao.cli.console import bar, err, fail, out
from openyibao.policybook.leaf import PolicyError
from openyibao.warehouse.run.runner import RunnerProblem, processes
from openyibao.warehouse.tables.store import ARROW, PARQUET, Store, StoreProblem

CHINA = ZoneInfo("Asia/Shanghai")
SHOWN = 3
"""Rows set aside whose reason the terminal shows."""

WORDS = {
    "zh": {
        "persons": "入库参保人", "seals": "封存日志",
        "done": "{persons:,} 人、{settled:,} 笔结算入库，共 {rows:,} 行；{seconds:.1f} 秒。",
        "there": "其中 {there:,} 人此前已入库，未再写。", "refused": "{refused:,} 张单据基金和账户均未支付，不成结算，未写。",
        "sealed": "日志封存 {sealed:,} 行。", "unsealed": "日志尚未封存：服务运行时封存。", "aside": "剔除 {count:,} 行：",
    },
    "en": {
        "persons": "loading persons", "seals": "sealing the journal",
        "done": "{persons:,} persons, {settled:,} settlements, {rows:,} rows in {seconds:.1f} s.",
        "there": "{there:,} of the persons were there already and were not written again.",
        "refused": "{refused:,} bills that neither a fund nor an account pays are no settlements; they were left out.",
        "sealed": "{sealed:,} journal rows sealed.", "unsealed": "The journal is not sealed yet: the server does it when it runs.",
        "aside": "{count:,} rows set aside:",
    },
}  # fmt: skip


def store_at(place: Path) -> Store:
    """The store in a folder, in whichever form its files are; exit code 2 when there is none."""
    form = PARQUET if (place / f"town.{PARQUET}").exists() else ARROW
    store = Store(place.resolve(), form)
    try:
        store.card()
    except StoreProblem as problem:
        fail(f"{place} 里没有年度库。", str(problem))
    return store


def load_city(place: Path, years: tuple[int, ...], workers: int, seal: bool, lang: str) -> int:
    """Load a store within an open database; how many rows were set aside. Exit code 2 for what cannot be loaded."""
    actions, arriving = import_module("openyibao.bureau.archive.actions"), import_module("openyibao.bureau.archive.bills")
    store, words, began = store_at(place), WORDS[lang], time.monotonic()
    chosen = years or tuple(store.years())
    missing = sorted(set(chosen) - set(store.years()))
    if missing:
        have = "、".join(map(str, store.years()))
        fail(f"库中没有 {missing[0]} 年；有 {have}。", f"The store has no {missing[0]}; it has {have}.")
    shown: dict[str, Any] = {}
    with bar(words["persons"], 100) as first, bar(words["seals"], 100) as second:
        shown.update(persons=first, seals=second)

        def progress(step: str, done: int, total: int) -> None:
            if step == "seals":
                first.end()
            shown[step].at(100 * done // max(total, 1))

        try:
            done = actions.take_in(
                store=store, years=chosen, url=os.environ["DATABASE_URL"], keys=settings.CIPHER_KEYS(), runner=processes(workers),
                progress=progress, at=datetime.now(CHINA), officer=getpass.getuser(), seal=seal,
            )  # fmt: skip
        except arriving.Differs as differs:
            fail(differs.zh, differs.en)
        except (StoreProblem, PolicyError, RunnerProblem) as problem:
            fail(str(problem))
        except psycopg.errors.UniqueViolation as clash:
            zh, en = "库中已有同号的人或单据：这个年度库的一部分曾以别的方式入库。", "Some of it is there already under the same numbers:"
            fail(zh, en, str(clash))
    say = out().print
    seconds = time.monotonic() - began
    say(words["done"].format(seconds=seconds, **done._asdict()), markup=False)
    for name in ("there", "refused", "sealed"):
        if getattr(done, name):
            say(words[name].format(**{name: getattr(done, name)}), markup=False)
    if not seal:
        say(words["unsealed"], markup=False)
    if done.aside:
        err().print(words["aside"].format(count=len(done.aside)), markup=False)
        for one in done.aside[:SHOWN]:
            err().print(f"  {one.place}: {one.zh if lang == 'zh' else one.en}", markup=False, soft_wrap=True)
    return len(done.aside)
