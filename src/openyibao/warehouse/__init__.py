"""The city's years in columns, and whole-city runs of the law (floor 3)."""
