"""Why a row is set aside, or a whole file refused 导入问题: stable codes LOAD-01 … and a sentence in Chinese and English.

    LOAD-01  the file cannot be read            LOAD-08  a code that has not the form of its set
    LOAD-02  the header does not fit            LOAD-09  an impossible identity number
    LOAD-03  far fewer rows than before         LOAD-10  an impossible credit code
    LOAD-04  the row is no record               LOAD-11  a row that repeats an earlier one
    LOAD-05  a required cell is empty           LOAD-12  cells that cannot be true together
    LOAD-06  a cell that cannot be read         LOAD-13  refers to something that is not there
    LOAD-07  a value outside its list           LOAD-14  contradicts what is stored
    LOAD-15  settings of a channel that do not fit
"""

from typing import NamedTuple

SHOWN = 60
"""How many characters of a value a report repeats."""


class Rejected(NamedTuple):
    """One reason why a row was set aside. `line` counts from 1 with the header; `column` as in our table; `value` as it stood."""

    line: int
    column: str
    value: str
    code: str
    zh: str
    en: str


class LoadProblem(Exception):
    """A file that is refused as a whole: code, and the sentence in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        """Keep the parts."""
        self.code, self.zh, self.en = code, zh, en
        super().__init__(f"{code} {en}")


class BadCell(Exception):
    """A cell that cannot be read as its column's kind. `code` is LOAD-06, -07 or -08; the sentences go on after the column's name."""

    def __init__(self, zh: str, en: str, code: str = "LOAD-06") -> None:
        """Keep the parts."""
        self.code, self.zh, self.en = code, zh, en
        super().__init__(en)


def shown(value: object) -> str:
    """A value as a short printable text."""
    text = "".join(sign if sign.isprintable() else "�" for sign in str(value)[:SHOWN + 1])
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def not_there(line: int, column: str, value: str, zh: str, en: str) -> Rejected:
    """LOAD-13: the row names something that is not stored; `zh`, `en` say what it should be."""
    return Rejected(line, column, shown(value), "LOAD-13", f"没有{zh} {shown(value)}，请先导入或核对。",
                    f"There is no {en} {shown(value)}: load it first, or correct it.")


def contradicts(line: int, column: str, value: str, zh: str, en: str) -> Rejected:
    """LOAD-14: the row contradicts what is stored."""
    return Rejected(line, column, shown(value), "LOAD-14", zh, en)


def impossible(line: int, column: str, value: str, zh: str, en: str) -> Rejected:
    """LOAD-12: cells that cannot be true together."""
    return Rejected(line, column, shown(value), "LOAD-12", zh, en)
