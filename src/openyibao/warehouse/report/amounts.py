"""Figures as they are printed 数字的写法: yuan to the fen in tables, 亿元 or million yuan in sentences.

No float takes part, so that a printed figure is the figure.
"""

from openyibao.warehouse.simulate.outcome import Words

WAN, YI = 10_000, 100_000_000
THOUSAND, MILLION = 1_000, 1_000_000


def yuan(fen: int) -> str:
    """Fen as yuan, to the fen, with thousands marks: -1,234.50."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def signed(fen: int) -> str:
    """Yuan with its sign; zero has none."""
    return ("+" if fen > 0 else "") + yuan(fen)


def rounded(value: int, divisor: int, places: int) -> str:
    """`value / divisor` with so many decimals, half away from zero, thousands marks."""
    scale = 10**places
    tenths = (2 * abs(value) * scale + divisor) // (2 * divisor)
    text = f"{tenths // scale:,}" + (f".{tenths % scale:0{places}d}" if places else "")
    return f"-{text}" if value < 0 and tenths else text


def short(fen: int) -> Words:
    """A sum of money for a sentence: 亿元, 万元 or 元; billion, million or plain yuan. The sign is the caller's: the size is printed."""
    size = abs(fen)
    if size >= 100 * YI:
        zh = f"{rounded(size, 100 * YI, 2)} 亿元"
    elif size >= 100 * WAN:
        zh = f"{rounded(size, 100 * WAN, 2)} 万元"
    else:
        zh = f"{yuan(size)} 元"
    if size >= 100 * THOUSAND * MILLION:
        en = f"{rounded(size, 100 * THOUSAND * MILLION, 2)} billion yuan"
    elif size >= 100 * MILLION:
        en = f"{rounded(size, 100 * MILLION, 2)} million yuan"
    else:
        en = f"{yuan(size)} yuan"
    return Words(zh, en)


def short_signed(fen: int) -> Words:
    """The same with + or −."""
    sign = "+" if fen > 0 else "−" if fen < 0 else ""
    words = short(fen)
    return Words(sign + words.zh, sign + words.en)


def percent(part: int, whole: int, places: int = 2) -> str:
    """`part` of `whole` in percent; `-` where there is no whole."""
    return f"{rounded(100 * part, whole, places)}%" if whole > 0 else "-"


def percent_signed(part: int, whole: int, places: int = 2) -> str:
    """The same with a sign."""
    return ("+" if part > 0 and whole > 0 else "") + percent(part, whole, places)


def parts(rate: int) -> str:
    """Parts per 10,000 as a percentage: 8500 is 85%."""
    whole, rest = divmod(abs(rate), 100)
    return f"{'-' if rate < 0 else ''}{whole}" + (f".{rest:02d}".rstrip("0") if rest else "") + "%"


def months(hundredths: int | None) -> str:
    """Hundredths of a month: 1423 is 14.23; `-` where a fund has no outgo to measure by."""
    if hundredths is None:
        return "-"
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"


def day(yyyymmdd: int) -> str:
    """A day as 2022-03-31."""
    text = f"{yyyymmdd:08d}"
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def figure(value: int, unit: str) -> str:
    """A figure of an explanation in its unit: yuan, percent or count."""
    return yuan(value) if unit == "yuan" else parts(value) if unit == "percent" else f"{value:,}"
