"""The small drawing of a path 路径图 for a cell of the board: baseline, where the path should be, the value, the target."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from openyibao.bureau.planning.board import Row, drawing

LEFT, WIDTH, MIDDLE = 6, 108, 11
"""Of the drawing, whose box is 120 wide and 22 high."""


def path_drawing(row: Row, lang: str) -> SafeString:
    """The drawing with its words for those who do not see it; empty where there is too little to draw."""
    marks = drawing(row)
    if marks is None:
        return SafeString("")
    places = {name: LEFT + round(marks[name] * WIDTH / 100, 1) for name in marks}
    pace = row.standing.pace
    words = {
        "baseline": (_("基期"), row.indicator.baseline), "path": (_("路径应为"), pace.path if pace is not None else None),
        "value": (_("现值"), row.shown), "target": (_("目标"), row.indicator.target.low),
    }  # fmt: skip
    there = ((name, figure) for mark, (name, figure) in words.items() if mark in places and figure is not None)
    said = "；".join(f"{name} {row.printed(figure, lang)}" for name, figure in there)
    pieces = [
        format_html('<line class="path-track" x1="{}" x2="{}" y1="{}" y2="{}"></line>', LEFT, LEFT + WIDTH, MIDDLE, MIDDLE),
    ]  # fmt: skip
    if "baseline" in places and "target" in places:
        pieces.append(format_html('<line class="path-way" x1="{}" x2="{}" y1="{}" y2="{}"></line>', places["baseline"], places["target"],
                                  MIDDLE, MIDDLE))
    if "baseline" in places:
        pieces.append(format_html('<circle class="path-baseline" cx="{}" cy="{}" r="3.5"></circle>', places["baseline"], MIDDLE))
    if "target" in places:
        pieces.append(format_html('<path class="path-target" d="M{} 3v16"></path>', places["target"]))
    if "path" in places:
        pieces.append(format_html('<path class="path-due" d="M{} 6v10"></path>', places["path"]))
    if "value" in places:
        pieces.append(format_html('<circle class="path-value is-{}" cx="{}" cy="{}" r="5"></circle>', row.state, places["value"], MIDDLE))
    return format_html(
        '<svg class="path-drawing" viewBox="0 0 120 22" width="120" height="22" role="img" aria-label="{}"><title>{}</title>{}</svg>',
        said, said, format_html_join("", "{}", ((piece,) for piece in pieces)),
    )  # fmt: skip
