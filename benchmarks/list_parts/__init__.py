"""Parts of benchmarks/lists.py: filling the long tables, and the pages that are asked for."""
