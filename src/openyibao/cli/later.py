"""Commands that are loaded when they are asked for 按需载入: none waits for what another needs."""

import importlib
from collections.abc import MutableMapping
from typing import Any

import typer.main
from typer.core import TyperGroup

LATER = {
    "settle": "openyibao.cli.settle:settle",
    "compare": "openyibao.cli.compare:compare_command",
    "estimate": "openyibao.cli.estimate:estimate",
    "allowance": "openyibao.cli.allowance:allowance",
    "demo": "openyibao.cli.demo:demo",
    "policy": "openyibao.cli.policy:app",
    "conformance": "openyibao.cli.conformance:conformance",
    "serve": "openyibao.cli.serve:serve",
    "work": "openyibao.cli.work:work",
    "database": "openyibao.cli.database:app",
    "administrator": "openyibao.cli.administrator:administrator",
    "load": "openyibao.cli.load:load",
    "verify": "openyibao.cli.verify:verify",
    "reconcile": "openyibao.cli.reconcile:reconcile",
    "sandbox": "openyibao.cli.sandbox:sandbox",
    "warehouse": "openyibao.cli.warehouse:app",
    "indicators": "openyibao.cli.indicators:indicators",
    "resettle": "openyibao.cli.resettle:resettle_command",
    "cluster": "openyibao.cli.cluster:app",
    "city": "openyibao.cli.city:app",
    "city-demo": "openyibao.cli.city_demo:city_demo",
    "desks": "openyibao.cli.desks:desks",
    "watch": "openyibao.cli.watch:watch",
    "simulate": "openyibao.cli.simulate:simulate_command",
    "merge-counties": "openyibao.cli.merge:merge_command",
}
"""Command -> module and name in it: a function with typer's options, or a Typer of several commands."""


class Later(TyperGroup):
    """A group of commands, most of which are not loaded yet."""

    def __init__(self, **words: Any) -> None:
        """As typer makes it."""
        self.loaded: dict[str, Any] = {}
        super().__init__(**words)

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """Every command by name; asking for all of them loads all of them."""
        return self.loaded | {name: self._load(name) for name in LATER}

    @commands.setter
    def commands(self, known: MutableMapping[str, Any]) -> None:
        """Those that typer knows already."""
        self.loaded = dict(known)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, for help."""
        return [*LATER, *(name for name in self.loaded if name not in LATER)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """One command."""
        return self._load(cmd_name) if cmd_name in LATER else self.loaded.get(cmd_name)

    def _load(self, name: str) -> Any:
        """One of the later ones, loaded once."""
        if name not in self.loaded:
            module, _, attribute = LATER[name].partition(":")
            found = getattr(importlib.import_module(module), attribute)
            if not isinstance(found, typer.Typer):
                alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
                alone.command(name)(found)
                found = alone
            self.loaded[name] = typer.main.get_command(found)
            self.loaded[name].name = name
        return self.loaded[name]
