"""The scripts of frontend/ as modules: they are no package, and run by make."""

import importlib.util
from pathlib import Path
from types import ModuleType

FRONTEND = Path(__file__).parents[1] / "frontend"


def tool(name: str) -> ModuleType:
    """One script."""
    spec = importlib.util.spec_from_file_location(f"frontend_{name}", FRONTEND / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
