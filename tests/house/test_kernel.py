"""The kernel stands alone, counts in integers, and keeps to the dialect that Numba compiles as it stands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "src" / "openyibao" / "kernel"
FILES = sorted(KERNEL.rglob("*.py"))
LAW = KERNEL / "law.py"     # the door to Numba: it may also keep the compiled code's folder
ALLOWED = {"__future__", "typing", "collections.abc", "collections", "functools", "itertools"}
ALLOWED_IN_LAW = {"importlib", "hashlib", "inspect", "os", "pathlib"}
NOT_IN_LAW = (
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Dict, ast.Set, ast.List, ast.JoinedStr, ast.Starred, ast.NamedExpr),
    *(ast.Lambda, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Yield, ast.YieldFrom, ast.Await),
    *(ast.Try, ast.With, ast.Raise, ast.Match),
)


def name_of(path: Path) -> str:
    """The file as a test id."""
    return path.relative_to(KERNEL).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def law_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a file that are marked `@law`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(isinstance(mark, ast.Name) and mark.id == "law" for mark in node.decorator_list):
            yield node


def test_there_is_a_kernel():
    assert FILES


def floating(node: ast.AST) -> str:
    """What in a node makes or means a float; empty when nothing does."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"{node.value}: money is fen, a rate is parts per 10,000"
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
        return "`/` makes a float; use kernel.rounding"
    if isinstance(node, ast.Name) and node.id in ("float", "Decimal", "round"):
        return f"{node.id} has no place in the kernel"
    return ""


@pytest.mark.parametrize("path", [path for path in FILES if path != LAW], ids=name_of)
def test_no_float_in_the_kernel(path):
    for node in ast.walk(tree_of(path)):
        found = floating(node)
        assert not found, f"{name_of(path)}:{getattr(node, 'lineno', 0)}: {found}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_kernel_imports_itself_and_typing(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or "."]
        else:
            continue
        for module in modules:
            inside = module.startswith("openyibao.kernel") or module in ALLOWED
            at_the_door = path == LAW and module in ALLOWED_IN_LAW
            assert inside or at_the_door, f"{name_of(path)}:{node.lineno}: imports {module}; what the law needs is an argument"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_public_names_of_the_kernel_have_docstrings(path):
    tree = tree_of(path)
    assert ast.get_docstring(tree), f"{name_of(path)}: no docstring: say why the file exists"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            where = f"{name_of(path)}:{node.lineno}"
            assert ast.get_docstring(node), f"{where}: {node.name} has no docstring: what it is, its Chinese term, its unit"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_law_keeps_to_the_dialect(path):
    for function in law_functions(tree_of(path)):
        for statement in function.body:
            for node in ast.walk(statement):
                where = f"{name_of(path)}:{getattr(node, 'lineno', 0)} in {function.name}"
                assert not isinstance(node, NOT_IN_LAW), f"{where}: {type(node).__name__} is outside the dialect (docs/decisions/0002)"
        more = function.args.defaults or function.args.kw_defaults or function.args.vararg or function.args.kwarg
        assert not more, f"{name_of(path)}: {function.name}: plain arguments only, no defaults"


def test_only_law_py_speaks_of_numba():
    speaking = [name_of(path) for path in FILES if "import_module" in path.read_text(encoding="utf-8")]
    assert speaking == ["law.py"]
