"""The command `openyibao`: every command by name; what a command needs is imported when it is asked for."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

import typer

from openyibao.cli.console import out
from openyibao.cli.later import Later

app = typer.Typer(
    name="openyibao",
    cls=Later,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def main() -> None:
    """City medical insurance 医疗保障: settle bills, explain every fen, compare policies."""


@app.command()
def version() -> None:
    """The version of OpenYibao."""
    try:
        out().print(f"openyibao {installed('openyibao')}")
    except PackageNotFoundError:
        out().print("openyibao (source tree 源码)")


if __name__ == "__main__":
    app()
