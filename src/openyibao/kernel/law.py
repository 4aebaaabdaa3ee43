"""`@law` marks every function that money passes through: plain Python when called, compilable by Numba as it stands.

Numba is the kernel's only dependency and this the only file that knows it. It is loaded by `compilable` alone, so that one bill
settled in plain Python never waits the second that importing it takes.
"""

import importlib
from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

MARKED: list[Callable[..., Any]] = []
_ready: list[str] = []


def law(function: Function) -> Function:
    """Mark a function as law and return it unchanged: calling it runs the plain Python source."""
    MARKED.append(function)
    return function


def compilable(cache_folder: str) -> Any:
    """Tell Numba about every marked function, once, and return the `numba` module.

    A compiled loop may then call the marked functions: the very same function objects, inlined into the loop.
    cache_folder  where compiled code is kept between starts; a folder of its own for each version of the law's source
    """
    numba = importlib.import_module("numba")
    extending = importlib.import_module("numba.extending")
    for function in MARKED[len(_ready) :]:
        extending.register_jitable(error_model="numpy", forceinline=True)(function)
        _ready.append(function.__qualname__)
    numba.config.CACHE_DIR = cache_folder
    return numba
