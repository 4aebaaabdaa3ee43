"""The law as pure functions (floor 1): integers in, integers out; see docs/reference/kernel.md."""
