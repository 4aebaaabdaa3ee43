"""Measures 指标测算: the plans' tables (`plans/`), the rows behind every figure (`rows/*.sql`), values, fund sheets, and the board."""
