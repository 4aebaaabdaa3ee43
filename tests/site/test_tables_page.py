"""docs/reference/database.md tells of every table, column and rule, and is what the models and migrations make today."""

from pathlib import Path

import psycopg

from openyibao.site.tables_page import page

FILE = Path(__file__).parents[2] / "docs" / "reference" / "database.md"


def test_the_page_is_what_the_models_make():
    assert FILE.read_text(encoding="utf-8") == page(), "run python -m openyibao.site.tables_page"


def test_every_rule_and_trigger_of_the_database_is_on_the_page(fresh_database):
    """What stands in PostgreSQL, not what Django believes: named checks, exclusions, unique rules and triggers of our tables."""
    text = page()
    with psycopg.connect(fresh_database) as connection:
        rooms = "'^(staff|fund|codes|policydesk|enrolment|providers|entitlement|settlement)_'"
        rules = connection.execute(
            f"SELECT conname FROM pg_constraint WHERE conrelid::regclass::text ~ {rooms} AND contype IN ('c', 'x')"
            f" UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text ~ {rooms}"
            f" UNION SELECT indexrelid::regclass::text FROM pg_index WHERE indisunique AND indpred IS NOT NULL"
            f" AND indrelid::regclass::text ~ {rooms}"
        ).fetchall()
        tables = connection.execute(f"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ {rooms}").fetchall()
    missing = [name for (name,) in rules if f"`{name}`" not in text]
    assert len(rules) > 30 and not missing, missing
    unlisted = [name for (name,) in tables if f"`{name}`" not in text]
    assert all(name.startswith(("staff_officer_", "staff_post_")) for name in unlisted), unlisted
