"""Reference pages of the messages 报文参考页: docs/reference/messages, written from the descriptions and from nothing else.

`python -m openyibao.gateway.pages [folder]` writes one page per served message, one page of the code tables they use, and an index of
every known number. The same descriptions give the same bytes.
"""

import sys
from pathlib import Path

from openyibao.gateway.describe import LOCAL, Field, Message, Node, described, known_numbers, read, served_numbers
from openyibao.gateway.tables import allowed, table

FOLDER = Path("docs/reference/messages")
HEAD = "| 字段 | 名称 | 类型 | 长度 | 必填 | 说明 |\n| --- | --- | --- | --- | --- | --- |"
NOTE = "由报文描述生成（`python -m openyibao.gateway.pages`），请勿手改。"
CONDITIONS = "conditions"


def pages() -> dict[str, str]:
    """Every page: file name -> text."""
    messages = [message for infno in served_numbers() if (message := described(infno)) is not None]
    written = {f"{message.infno}.md": message_page(message) for message in messages}
    return {"README.md": index_page(), "tables.md": tables_page(messages), **written}


def index_page() -> str:
    """The list of all numbers, served ones linked."""
    numbers = known_numbers().values()
    served = [entry for entry in numbers if entry.family]
    lines = [
        "# 报文目录 Messages", "", NOTE, "",
        f"已知交易 {len(numbers)} 个，其中本平台提供 {len(served)} 个；其余编号会得到“已知，本平台暂未提供”的答复。", "",
        "所用码表见 [tables](tables.md)。Code tables: [tables](tables.md).", "",
        f"{len(numbers)} known numbers, {len(served)} of them served here; the others are answered “known, not served here yet”.", "",
        "| 交易 | 名称 | what it does | 分类 | 提供 |", "| --- | --- | --- | --- | --- |",
    ]
    for entry in numbers:
        name = f"[{entry.infno}]({entry.infno}.md)" if entry.family else entry.infno
        zh = entry.zh or (message.zh if (message := described(entry.infno)) else "")
        lines.append(f"| {name} | {zh} | {cell(entry.en)} | {entry.group} | {'是' if entry.family else ''} |")
    return "\n".join(lines) + "\n"


def message_page(message: Message) -> str:
    """One message: what goes in, what comes out."""
    lines = [f"# {message.infno} {message.zh}".rstrip(), "", f"{message.en} · {message.group} · [目录](README.md)", "", NOTE, ""]
    if message.variant_of:
        lines += [f"与 [{message.variant_of}]({message.variant_of}.md) 同形。Same shape as {message.variant_of}.", ""]
    lines += ["## 输入 Input", ""] + side(message.input, incoming=True)
    lines += ["## 输出 Output", ""]
    if message.bare:
        lines += ["列表在文件中没有节点名；默认放在 `data` 下，渠道可设为直接以列表作输出。", ""]
    lines += side(message.output, incoming=False)
    files = (("上传文件各列 Columns of the file sent", message.uploaded), ("结果文件各列 Columns of the file answered", message.answered))
    for title, fields in files:
        if fields:
            lines += [f"## {title}", "", HEAD, *(row(field, incoming=False) for field in fields), ""]
    return "\n".join(lines).rstrip() + "\n"


def side(nodes: tuple[Node, ...], *, incoming: bool) -> list[str]:
    """The nodes of one direction."""
    if not nodes:
        return ["无业务字段。No fields.", ""]
    lines: list[str] = []
    for node in nodes:
        what = ["多行 list" if node.many else "一个对象 object"]
        what += ["必需 needed"] if node.needed else []
        what += [f"在 {'、'.join(f'`{name}`' for name in node.inside)} 之内"] if node.inside else []
        what += [f"也认 {'、'.join(f'`{name}`' for name in node.also)}"] if node.also else []
        title = f"`{node.name}`" if node.name else ("直接在 input 下" if incoming else "直接在 output 下")
        lines += [f"### {title}（{'，'.join(what)}）", "", HEAD, *(row(field, incoming=incoming) for field in node.fields), ""]
        if node.columns:
            lines += ["下载文件（UTF-8，TAB 分隔，空值写 null）各列依次为：" + "、".join(node.columns) + "。", ""]
    return lines


def row(field: Field, *, incoming: bool) -> str:
    """One field as a row of the table."""
    size = f"{field.length},{field.decimals}" if field.decimals else str(field.length or "")
    return f"| `{field.name}` | {cell(field.zh)} | {field.type} | {size} | {asked(field, incoming=incoming)} | {remarks(field)} |"


def asked(field: Field, *, incoming: bool) -> str:
    """Whether a field must be there, as printed and as read here."""
    if not field.required:
        return ""
    if incoming and not field.enforced:
        return "是（此处可缺）"
    return "是"


def remarks(field: Field) -> str:
    """Code table, condition, form, and where the field comes from."""
    found = []
    codes = allowed(field.table)
    if codes is not None:
        found.append(f"码表 [{field.table}](tables.md#{field.table.lower()}){'，表外拒收' if codes.strict else ''}")
    elif field.table == LOCAL:
        found.append("本地码表")
    if field.codes:
        found.append("，".join(f"{code} {label}" for code, label in field.codes))
    if field.condition:
        found.append(f"{condition(field.condition)}必填{'（此处只提示）' if field.lenient else ''}")
    if field.format and field.type not in ("日期型", "日期时间型"):
        found.append(f"格式 {field.format}")
    elif "HH" in field.format and field.type == "日期型":
        found.append("带时间")
    if field.extra:
        found.append("文件未列，程序在用")
    return cell("；".join(found))


def condition(words: str) -> str:
    """A condition of the document in Chinese."""
    other, equals, value = words.partition("=")
    if equals:
        return f"`{other}` 为 {value} 时"
    return str(readings_conditions().get(words, words))


def readings_conditions() -> dict[str, str]:
    """What the printed conditions mean."""
    meanings: dict[str, str] = read("readings")[CONDITIONS]
    return meanings


def tables_page(messages: list[Message]) -> str:
    """The code tables that served messages use."""
    fields = [field for message in messages for node in (*message.input, *message.output) for field in node.fields]
    fields += [field for message in messages for field in (*message.uploaded, *message.answered)]
    names = sorted({field.table for field in fields if table(field.table) is not None}, key=str.lower)
    lines = ["# 码表 Code tables", "", NOTE, ""]
    lines += ["“另见”为其他地区的代码，同样接受。表外代码：严格的表拒收，其余只提示。[目录](README.md)", ""]
    for name in names:
        found, codes = table(name), allowed(name)
        if found is None or codes is None:
            continue
        lines += [f"## {name}", "", f"{found.zh}{' · ' + found.en if found.en else ''}{'（严格）' if codes.strict else ''}", ""]
        lines += [" · ".join(f"`{code}` {label}" for code, label in found.codes.items()), ""]
        if found.also:
            lines += ["另见：" + " · ".join(f"`{code}` {label}" for code, label in found.also.items()), ""]
    return "\n".join(lines).rstrip() + "\n"


def cell(text: str) -> str:
    """Text that stands safely in a table cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def write(folder: Path) -> int:
    """Writes all pages into the folder and removes pages of messages no longer served. Returns how many were written."""
    written = pages()
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.md")) - {folder / name for name in written}:
        stale.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(written)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    sys.stdout.write(f"{write(target)} pages in {target}\n")
