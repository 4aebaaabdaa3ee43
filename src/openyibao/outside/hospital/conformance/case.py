"""What a case 用例 is: a name, words, the roles it needs, the cure when it fails, and the play itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from openyibao.outside.hospital.envelope import Exchange

if TYPE_CHECKING:
    from openyibao.outside.hospital.conformance.stage import Stage


class Unmet(Exception):
    """An expectation that was not met 未达到预期, in Chinese and English, with the exchange in which it showed."""

    def __init__(self, zh: str, en: str, exchange: Exchange | None = None) -> None:
        """The two sentences."""
        super().__init__(f"{zh} / {en}")
        self.zh, self.en, self.exchange = zh, en, exchange


class Missing(Exception):
    """A role or an ability that this run does not have 缺少角色: the case is skipped, saying so."""

    def __init__(self, zh: str, en: str) -> None:
        """What is missing."""
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


class Case(NamedTuple):
    """One scripted case. name: `family.what`; needs: roles of the cast; cure: what a door that fails it should do."""

    name: str
    zh: str
    en: str
    cure_zh: str
    cure_en: str
    needs: tuple[str, ...]
    play: "Callable[[Stage], None]"

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]


def case(name: str, zh: str, en: str, *, cure: tuple[str, str], needs: tuple[str, ...] = ()) -> "Callable[[Callable[[Stage], None]], Case]":
    """Make a case of the function below it. cure: zh and en."""

    def made(play: "Callable[[Stage], None]") -> Case:
        """The case."""
        return Case(name, zh, en, *cure, needs, play)

    return made
