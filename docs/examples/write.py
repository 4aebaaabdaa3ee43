"""Print an example page from a simulation's outcome, so that no figure on it is typed by hand.

    openyibao city make wuhan --scale 1:10 --years 2021 --seed 1
    openyibao simulate --city wuhan --year 2021 --already examples/drafts/wuhan-outpatient-start.yaml \
        --draft examples/drafts/wuhan-outpatient-pooling.yaml
    python docs/examples/write.py wuhan-outpatient-pooling openyibao-home/warehouse/wuhan/runs/simulate-2021-wuhan-outpatient-pooling

keeps the outcome's figures beside the page (NAME.json: the outcome with few cases and cautions), prints NAME*.md from NAME*.md.jinja, and
takes the pictures where there is a Chromium. Without a folder it prints the pages again from the figures kept.
"""

import argparse
import dataclasses
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from openyibao.warehouse.report import amounts
from openyibao.warehouse.report.bins import bin_words, filled
from openyibao.warehouse.report.headline import counted, headline
from openyibao.warehouse.report.page import page
from openyibao.warehouse.report.words import trust
from openyibao.warehouse.simulate.outcome import Outcome, Words, from_json, to_json

HERE = Path(__file__).parent
SHOWN = {"top": ".head", "months": "#months", "groups": "#groups", "why": "#why", "cases": "#cases"}
"""Pictures: name -> the part of the page that is on it."""
KEPT_DIMENSIONS = ("scheme", "status", "age", "income", "level", "county")
WIDTH, MARGIN, TALLEST = 1180, 24, 1300
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--virtual-time-budget=4000")


def kept(outcome: Outcome) -> Outcome:
    """The outcome without what the page does not tell: few cases, no towns, cautions counted by the page's text."""
    return dataclasses.replace(
        outcome, hardest_bills=outcome.hardest_bills[:1], hardest_years=outcome.hardest_years[:1],
        dimensions=tuple(one for one in outcome.dimensions if one.key in KEPT_DIMENSIONS),
    )  # fmt: skip


def printed(template: Path, outcome: Outcome) -> str:
    """A page from its template."""
    environment = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    lang = "zh" if ".zh-CN." in template.name else "en"

    def told(words: Words) -> str:
        return words.zh if lang == "zh" else words.en

    return environment.get_template(template.name).render(
        o=outcome, w=told, headline=told(headline(outcome)), counted=counted(outcome), trust=lambda mark: told(trust(mark)),
        bins=filled(outcome.distribution), bin_words=bin_words, yuan=amounts.yuan, signed=amounts.signed,
        short=lambda fen: told(amounts.short(fen)),
        percent_signed=amounts.percent_signed, percent=amounts.percent, months=amounts.months, count="{:,}".format,
    )  # fmt: skip


def pages(name: str) -> list[Path]:
    """The templates of an example, one a language."""
    return sorted(HERE.glob(f"{name}*.md.jinja"))


def pictures(name: str, outcome: Outcome, chromium: str) -> None:
    """Photograph parts of the report, in both languages."""
    with tempfile.TemporaryDirectory() as folder:
        for lang in ("zh", "en"):
            whole = page(outcome, lang)
            for picture, part in SHOWN.items():
                style = (f"<style>.bar,footer,main>*:not({part}){{display:none!important}}main>*{{margin:0!important}}"
                         f"main{{padding:{MARGIN}px}}</style>")
                probe = "<script>document.title='height '+Math.ceil(document.querySelector('main').getBoundingClientRect().height)</script>"
                top, _, tail = whole.partition("</head>")
                body, _, end = tail.rpartition("</body>")  # the last: the chart library has one in a string
                text = f"{top}{style}</head>{body}{probe}</body>{end}"
                if picture == "cases":
                    text = text.replace('<details class="case">', '<details class="case" open>', 1)
                file = Path(folder) / "part.html"
                file.write_text(text, encoding="utf-8")
                flags = (*FLAGS, f"--user-data-dir={folder}/profile")
                dom = subprocess.run([chromium, *flags, f"--window-size={WIDTH},900", "--dump-dom", file.as_uri()], capture_output=True,
                                     text=True, check=True).stdout
                found = re.search(r"<title>height (\d+)", dom)
                assert found is not None, f"{picture}: the page has no height"
                to = HERE / "pictures" / f"{name}-{picture}.{lang}.png"
                size = f"--window-size={WIDTH},{min(int(found[1]), TALLEST)}"
                subprocess.run([chromium, *flags, size, f"--screenshot={to}", file.as_uri()], capture_output=True, check=True)


def main() -> None:
    """As the module's head says."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("name")
    options.add_argument("folder", nargs="?", type=Path)
    asked = options.parse_args()
    figures = HERE / f"{asked.name}.json"
    if asked.folder is not None:
        outcome = from_json((asked.folder / "outcome.json").read_text(encoding="utf-8"))
        figures.write_text(to_json(kept(outcome)), encoding="utf-8")
        chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        if chromium:
            (HERE / "pictures").mkdir(exist_ok=True)
            pictures(asked.name, outcome, chromium)
    for template in pages(asked.name):
        template.with_suffix("").write_text(printed(template, from_json(figures.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
