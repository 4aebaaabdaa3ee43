"""Papers 打印文书: PDF files with Chinese type embedded, made by Typst from a template and plain inputs.

A template is Typst source; what is put into it comes as `sys.inputs` and is never part of the source, so that no name or note of a user is
read as a command. Nothing is fetched: the type lies beside the pages' other files, and packages of Typst are not used.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

TYPE = Path(__file__).resolve().parents[2] / "_vendor" / "@expo-google-fonts" / "noto-sans-sc"
"""Where `make setup` puts the type: NotoSansSC_400Regular.ttf and NotoSansSC_700Bold.ttf; the family is "Noto Sans SC"."""
UNDATED = datetime(2020, 1, 1, tzinfo=UTC)
"""The file's own date where none is given, so that the same inputs give the same bytes."""


def pdf(typst_source: str, *, files: Mapping[str, bytes] | None = None, made_at: datetime = UNDATED, **inputs: Any) -> bytes:
    """A PDF from Typst source.

    files    name -> content, read by the source as "name": pictures, a QR as SVG, what `pdf.attach` attaches
    inputs   what the source reads as sys.inputs.<name>; a string as it is, anything else as JSON (`json(bytes(sys.inputs.<name>))`)
    """
    told = {name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}
    with tempfile.TemporaryDirectory(prefix="openyibao-paper-") as folder:
        root = Path(folder)
        for name, content in (files or {}).items():
            (root / name).write_bytes(content)
        main = root / "main.typ"
        main.write_text(typst_source, encoding="utf-8")
        made: bytes = typst.compile(
            str(main), root=folder, font_paths=[str(TYPE)], ignore_system_fonts=True, format="pdf", sys_inputs=told, timestamp=made_at,
        )  # fmt: skip
    return made
