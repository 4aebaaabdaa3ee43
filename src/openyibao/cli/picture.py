"""A picture of the terminal 画面: what a command prints, as an SVG in which Chinese takes its two columns whatever fonts the reader has.

rich's own export measures a Chinese letter as one column, and so squeezes it; here every run of letters is set in the room it takes.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

from openyibao.cli.console import WIDTH

CELL, LINE, LETTER, WIDE_LETTER, MARGIN = 9, 20, 15, 17, 18
"""Width of a column, height of a line, size of a Latin and of a Chinese letter, margin: units of the picture."""

INK, PAPER, PALE, FRAME = (31, 35, 40), (255, 255, 255), (101, 109, 118), "#d0d7de"
THEME = TerminalTheme(
    PAPER, INK,
    [INK, (207, 34, 46), (26, 127, 55), (154, 103, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129)],
)  # fmt: skip
"""Dark ink on white, which reads on a light page and on a dark one."""

NAMED = {
    "dark_orange": (188, 76, 0), "dodger_blue1": (9, 105, 218), "green3": (45, 164, 78), "gold3": (212, 167, 44),
    "medium_purple1": (130, 80, 223), "indian_red": (207, 92, 92),
}  # fmt: skip
"""Terminal colours that are too bright for paper."""

FONTS = '"DejaVu Sans Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", monospace'
WIDE = r"\u2e80-\uffef“”‘’"
RUNS = re.compile(rf"█+|─+|[{WIDE}]+|\s+|[^\s█─{WIDE}]+(?: [^\s█─{WIDE}]+)*")
"""Bars, rules, Chinese, gaps, and other letters with single gaps between them: what is drawn in one go."""


def colour(style: Style) -> str:
    """The ink of a style, as #rrggbb."""
    red, green, blue = INK
    if style.color is not None and not style.color.is_default:
        red, green, blue = NAMED.get(style.color.name, style.color.get_truecolor(THEME))
    elif style.dim:
        red, green, blue = PALE
    return f"#{red:02x}{green:02x}{blue:02x}"


def drawn(run: str, column: int, row: int, style: Style) -> str:
    """One run of letters, a rule, or a piece of a bar; nothing for a gap."""
    left, top, wide = MARGIN + column * CELL, MARGIN + row * LINE, cell_len(run) * CELL
    if not run.strip():
        return ""
    if run[0] == "█":
        return f'<rect x="{left}" y="{top + 2}" width="{wide}" height="{LINE - 4}" fill="{colour(style)}"/>'
    if run[0] == "─":
        return f'<rect x="{left}" y="{top + LINE // 2}" width="{wide}" height="1" fill="{FRAME}"/>'
    weight = ' font-weight="bold"' if style.bold else ""
    large = f' font-size="{WIDE_LETTER}"' if cell_len(run) > len(run) else ""
    spread = f'textLength="{wide}"{large}'
    return f'<text x="{left}" y="{top + LINE - 5}" {spread} fill="{colour(style)}"{weight}>{escape(run)}</text>'


def line_of(segments: Iterable[Segment], row: int) -> Iterator[str]:
    """One line of the terminal."""
    column = 0
    for text, style, _ in segments:
        for run in RUNS.findall(text):
            shape = drawn(run, column, row, style or Style())
            column += cell_len(run)
            if shape:
                yield shape


def picture_of(parts: Iterable[RenderableType]) -> str:
    """The parts, printed one under the other, as SVG; the same parts give the same text."""
    console = Console(width=WIDTH, highlight=False, force_terminal=True, color_system="truecolor", legacy_windows=False)
    lines = console.render_lines(Group(*parts), pad=False)
    while lines and not any(segment.text.strip() for segment in lines[-1]):
        lines.pop()
    wide, high = WIDTH * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    shapes = [shape for row, segments in enumerate(lines) for shape in line_of(segments, row)]
    fonts = escape(FONTS, {'"': "&quot;"})
    return "\n".join((
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" font-family="{fonts}" font-size="{LETTER}">',
        f'<rect x="0.5" y="0.5" width="{wide - 1}" height="{high - 1}" rx="8" fill="#ffffff" stroke="{FRAME}"/>',
        *shapes, "</svg>", "",
    ))  # fmt: skip


def save_picture(path: Path, parts: Iterable[RenderableType]) -> None:
    """Write the picture of the parts."""
    path.write_text(picture_of(parts), encoding="utf-8", newline="\n")
