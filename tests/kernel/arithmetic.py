"""The second calculator: it knows the printed grammar of an explanation and nothing of the law.

Numbers in yuan, percentages, ∞, + − × ÷, parentheses, min(), max(), round() (half up to the fen) and floor() (cut to the fen), in exact
fractions.
"""

import re
from decimal import Decimal
from fractions import Fraction

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)(%?)|(∞)|([a-z]+)|(.))")
INFINITE = Fraction(10) ** 30


def computed(formula: str) -> Fraction:
    """The value of a printed formula."""
    tokens = [match for match in TOKEN.finditer(formula) if match.group().strip()]
    value, rest = _sum(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"left over after {rest} tokens: {formula}")
    return value


def _sum(tokens: list[re.Match[str]], at: int) -> tuple[Fraction, int]:
    value, at = _product(tokens, at)
    while at < len(tokens) and tokens[at][5] in ("+", "-"):
        sign = 1 if tokens[at][5] == "+" else -1
        term, at = _product(tokens, at + 1)
        value += sign * term
    return value, at


def _product(tokens: list[re.Match[str]], at: int) -> tuple[Fraction, int]:
    value, at = _atom(tokens, at)
    while at < len(tokens) and tokens[at][5] in ("×", "÷"):
        factor, after = _atom(tokens, at + 1)
        value = value * factor if tokens[at][5] == "×" else value / factor
        at = after
    return value, at


def _atom(tokens: list[re.Match[str]], at: int) -> tuple[Fraction, int]:
    token = tokens[at]
    if token[1]:
        return Fraction(Decimal(token[1])) / (100 if token[2] else 1), at + 1
    if token[3]:
        return INFINITE, at + 1
    if token[5] == "-":
        value, at = _atom(tokens, at + 1)
        return -value, at
    if token[5] == "(":
        value, at = _sum(tokens, at + 1)
        return value, at + 1
    values, at = [], at + 1
    while tokens[at][5] in ("(", ","):
        value, at = _sum(tokens, at + 1)
        values.append(value)
    return _called(token[4], values), at + 1


def _called(name: str, values: list[Fraction]) -> Fraction:
    if name in ("min", "max"):
        return min(values) if name == "min" else max(values)
    fen = values[0] * 100
    whole = (2 * fen.numerator + fen.denominator) // (2 * fen.denominator) if name == "round" else fen.numerator // fen.denominator
    return Fraction(whole, 100)
