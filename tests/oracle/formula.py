"""Formulas written by hand beside a golden case: + - * /, min, max, and r(...) for one rounding to the fen."""

import ast
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Half up to the fen."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b, ast.Div: lambda a, b: a / b,
}
FUNCTIONS: dict[str, Callable[..., Decimal]] = {"min": min, "max": max, "r": rounded}


def value_of(node: ast.AST, source: str) -> Decimal:
    """One node of a formula as an exact decimal."""
    if isinstance(node, ast.Constant):
        return Decimal(ast.get_source_segment(source, node) or "")
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](value_of(node.left, source), value_of(node.right, source))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return FUNCTIONS[node.func.id](*(value_of(argument, source) for argument in node.args))
    raise ValueError(f"{source!r}: only numbers, + - * /, min, max and r() may stand in a formula")


def fen_of(source: str) -> int:
    """The formula's result in fen, rounded half up once at the end."""
    return int(rounded(value_of(ast.parse(source, mode="eval").body, source)) * 100)
