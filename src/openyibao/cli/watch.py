"""`openyibao watch`: the check of the alert rules 巡检, once or every minute; for a timer beside servers that serve pages alone."""

import os
import time
from importlib import import_module
from pathlib import Path

import django
import typer

from openyibao.cli import serve
from openyibao.cli.console import check_lang, out

EVERY = 60.0
WORDS = {
    "zh": ("巡检完成：{open} 个告警未关闭，本次新增 {new} 个。", "  {severity} {text}"),
    "en": ("Checked: {open} alerts are open, {new} of them new.", "  {severity} {text}"),
}


def watch(
    home: Path = typer.Option(Path("openyibao-home"), "--home", envvar="OPENYIBAO_HOME", help="Home folder 运行目录."),
    keep_on: bool = typer.Option(False, "--keep-on", help="Go on every minute until told to stop 持续巡检."),
    lang: str = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en."),
) -> None:
    """Check the alert rules now 巡检: raise what is wrong, close what is gone, list what is open."""
    check_lang(lang)
    with serve.database(home):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openyibao.site.settings")
        django.setup()
        watching, queries = (import_module(f"openyibao.bureau.monitoring.{name}") for name in ("watching", "queries"))
        clock = import_module("django.utils.timezone")
        while True:
            fresh = watching.watched(at=clock.now(), now=True)
            told(queries.open_alerts(), len(fresh), lang)
            if not keep_on:
                return
            time.sleep(EVERY)


def told(alerts: list, new: int, lang: str) -> None:
    """Print what is open."""
    summary, line = WORDS[lang]
    out().print(summary.format(open=len(alerts), new=new))
    for row in alerts:
        out().print(line.format(severity=row.severity, text=row.text if lang == "zh" else row.text_en), markup=False, soft_wrap=True)
