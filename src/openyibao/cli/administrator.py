"""`openyibao administrator`: the first two administrators of a new installation 首任系统管理员; others come of these two, at the site."""

from importlib import import_module
from pathlib import Path

import typer

from openyibao.cli import serve
from openyibao.cli.console import fail, out


def administrator(
    login: str = typer.Argument(help="Login, 3 to 40 letters, digits or _ . - 账号."),
    name: str = typer.Argument(help="Name of the person 姓名."),
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
) -> None:
    """Make one of the first two administrators 建立首任系统管理员: prints a password for one use. Later ones are made at the site."""
    with serve.database(home):
        serve.migrate()
        accounts, refused = import_module("openyibao.bureau.staff.accounts"), import_module("openyibao.bureau.refused")
        now = import_module("django.utils.timezone").now()
        try:
            password = accounts.first_administrator(login=login, name=name, at=now)
        except refused.Refused as refusal:
            fail(refusal.sentence("zh"), refusal.sentence("en"))
        out().print(f"{login}  {password}", markup=False)
        out().print("一次性密码，首次登录后修改，并启用二次验证。For one use; change it and set up the second factor.", soft_wrap=True)
