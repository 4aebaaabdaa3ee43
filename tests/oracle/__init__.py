"""The second calculator 独立计算器: the same documents read again, sharing no code with the kernel's settlement."""

from oracle.calculator import settle

__all__ = ["settle"]
