"""Asking a store 查询: DuckDB over the mapped files, and the reviewed questions beside this file.

    with opened(store, [2022, 2023]) as desk:
        table = desk.ask("monthly")
        table = desk.sql("SELECT scheme, sum(paid_fund) FROM settled WHERE month <= $month GROUP BY scheme", {"month": 6})

What a question may name is in `views`. Nothing is copied into DuckDB: it reads the files as they are mapped, column by column, with two
threads and bounded memory; what does not fit is spilled to a folder of its own, which goes with the desk.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from openyibao.warehouse.questions.parquet import parquet_settled, parquet_view
from openyibao.warehouse.questions.views import GATHERED, RUN_TABLES, settled, view
from openyibao.warehouse.questions.written import Question, question
from openyibao.warehouse.tables.schema import TABLES
from openyibao.warehouse.tables.store import APART, PARQUET, Store, StoreProblem

MEMORY = "2GB"
THREADS = 2
WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
PARAMETER = re.compile(r"\$([A-Za-z_][A-Za-z_0-9]*)")
COMMENT = re.compile(r"--[^\n]*")
SETTLED = "settled"
WITH_MONTH = "CREATE OR REPLACE VIEW settled AS SELECT *, CAST(day // 100 % 100 AS TINYINT) AS month FROM settled_rows"


class QuestionProblem(Exception):
    """A question that cannot be asked; says which, and why, in one sentence."""


class Desk:
    """A store opened for questions; made by `opened`."""

    def __init__(self, store: Store, years: Sequence[int], run: Path | None, truth: bool, connection: Any) -> None:
        """See `opened`."""
        self.store = store
        self.years = tuple(years)
        self.run = run
        self.truth = truth
        self.connection = connection
        self.ready: set[str] = set()
        self.gathered: frozenset[str] = frozenset()

    def ask(self, name: str, **given: Any) -> pa.Table:
        """The answer to a reviewed question, by its name; raises QuestionProblem for an unknown one or a parameter it lacks."""
        found = question(name)
        return self.answer(found, given)

    def answer(self, asked: Question, given: Mapping[str, Any]) -> pa.Table:
        """The answer to a question with the parameters given; those it does not know are an error too."""
        known = {parameter.name for parameter in asked.parameters}
        strange = sorted(given.keys() - known)
        if strange:
            raise QuestionProblem(f"{asked.name} takes no {', '.join(strange)} (it takes {', '.join(sorted(known)) or 'nothing'})")
        settings = {parameter.name: parameter.default for parameter in asked.parameters if parameter.default is not None}
        return self.sql(asked.text, {**settings, **given})

    def sql(self, text: str, given: Mapping[str, Any] | None = None) -> pa.Table:
        """The answer to SQL text with `$name` parameters, as an Arrow table. Raises QuestionProblem with DuckDB's reason."""
        bare = COMMENT.sub("", text)
        wanted = set(PARAMETER.findall(bare))
        missing = sorted(wanted - (given or {}).keys())
        if missing:
            raise QuestionProblem(f"the question needs {', '.join(missing)}")
        self.prepare(set(WORD.findall(bare)))
        try:
            return self.connection.sql(bare, params={name: (given or {})[name] for name in wanted} or None).to_arrow_table()
        except duckdb.Error as problem:
            raise QuestionProblem(str(problem).strip()) from None

    def prepare(self, words: set[str]) -> None:
        """Make the views that the words of a question name; `settled` anew where a column is named that it lacks."""
        for table in sorted(TABLES.keys() & words - self.ready):
            if table in APART and not self.truth:
                continue
            if self.store.form == PARQUET:
                self.connection.execute(parquet_view(self.store, table, self.years, self.run))
            else:
                place = self.store if self.run is None or table not in RUN_TABLES else Store(self.run, self.store.form)
                self.connection.register(table, view(place, table, self.years))
            self.ready.add(table)
        if SETTLED not in words:
            return
        if self.store.form == PARQUET:
            if SETTLED not in self.ready:
                self.prepare({"bill", "result", "holder", "person", "institution", "town"})
                self.connection.execute(parquet_settled())
        else:
            named = self.gathered | (words & set(GATHERED))
            if SETTLED not in self.ready or named != self.gathered:
                self.connection.register("settled_rows", settled(self.store, self.years, self.run, named))
                self.connection.execute(WITH_MONTH)
                self.gathered = frozenset(named)
        self.ready.add(SETTLED)


@contextmanager
def opened(store: Store, years: Sequence[int], run: Path | None = None, truth: bool = False) -> Iterator[Desk]:
    """A store opened for questions about some of its years.

    run    a run's folder: `result`, `closing` and `settled` are the run's instead of the recorded ones
    truth  the planted faults may be asked as table `fault`
    Raises StoreProblem for a year that the store does not have.
    """
    has = store.years()
    for year in years:
        if year not in has:
            raise StoreProblem(f"{store.root}: no bills of {year} (years here: {', '.join(map(str, has)) or 'none'})")
    with tempfile.TemporaryDirectory(prefix="openyibao-questions-") as spill:
        connection = duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY, "temp_directory": spill})
        try:
            yield Desk(store, years, run, truth, connection)
        finally:
            connection.close()
