"""Long tables 存量: drawn by the database itself, with triggers and foreign keys aside. The size of a city's years, and not their truth."""

import psycopg

PEOPLE = 100_000
FAR = 10_000_000_000_000
"""First number of a copied settlement: beyond any that the server gives out."""

SETTLEMENTS = """
INSERT INTO settlement_settlement ({columns})
SELECT {values} FROM settlement_settlement t CROSS JOIN generate_series(1, %(copies)s) g LIMIT %(rows)s
"""
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'settlement_settlement' ORDER BY ordinal_position"
FRESH = {
    "setl_id": f"{FAR} + row_number() OVER ()", "mdtrt_id": f"{FAR} + row_number() OVER ()", "msgid": "'X' || row_number() OVER ()",
    "psn_no": f"'BENCH' || (row_number() OVER () %% {PEOPLE})", "at": "t.at + (g * 37 %% 1500) * interval '1 hour'",
    "mirror_of": f"CASE WHEN g %% 200 = 0 THEN {FAR} + row_number() OVER () - 1 END",
}  # fmt: skip
"""Columns that differ from copy to copy."""

DRAWN = {
    "staff_act": """INSERT INTO staff_act (at, officer, what, object, detail)
        SELECT timestamptz '2023-01-01' + g * interval '30 seconds', 'officer' || g %% 300,
          (ARRAY['claim.first','claim.pay','policy.draft','person.see','day.close'])[1 + g %% 5], 'claim/' || g, '{"step": 1}'
        FROM generate_series(1, %(rows)s) g""",
    "staff_look": """INSERT INTO staff_look (at, officer, psn_no, purpose, what)
        SELECT timestamptz '2023-01-01' + g * interval '30 seconds', 'officer' || g %% 300, 'BENCH' || g %% 100000, '窗口业务', '/bills'
        FROM generate_series(1, %(rows)s) g""",
    "staff_signin": """INSERT INTO staff_signin (at, login, address, outcome)
        SELECT timestamptz '2023-01-01' + g * interval '30 seconds', 'officer' || g %% 300, '10.0.' || g %% 200 || '.1',
          (ARRAY['in','in','in','out','wrong'])[1 + g %% 5] FROM generate_series(1, %(rows)s) g""",
    "staff_work": """INSERT INTO staff_work (act, area, institution, kind, object, title, title_en, link, opened_at, due, not_for, taken_by,
          closed_at, closed_by, outcome)
        SELECT 'claim.first', '433101', '', 'claim.first', 'claim/' || g, '初审 ' || g, 'Review ' || g, '/claims/' || g,
          timestamptz '2023-01-01' + g * interval '30 seconds', date '2023-01-10' + (g / 3000)::int, '[]', '',
          CASE WHEN g %% 100 > 0 THEN timestamptz '2023-01-02' + g * interval '30 seconds' END, '', ''
        FROM generate_series(1, %(rows)s) g""",
    "claims_claim": """INSERT INTO claims_claim (number, psn_no, insutype, area, institution, institution_name, treating, hosp_lv,
          designated, med_type, because, begins, ends, diagnosis, diagnosis_name, disease, total, holder, bank,
          account_cipher, account_tail, own, state, version, entered_by, entered_at, submitted_at, due, missing, refused, clause, pays)
        SELECT 'LB' || g, 'BENCH' || g %% 100000, '310', (ARRAY['433101','433130','433101001'])[1 + g %% 3], 'H43310199001', '样例医院',
          (ARRAY['433101','430100'])[1 + g %% 2], '07', true, '21', 'offsite', date '2022-01-01' + g %% 700, date '2022-01-05' + g %% 700,
          '', '', '', (g * 7919::bigint) %% 5000000, '张', '银行', 'x', '0000', false,
          coalesce((ARRAY['first','second','final','draft','rejected','rejected'])[1 + g %% 100], 'paid'), 0, 'clerk',
          timestamptz '2022-01-05' + g * interval '1 minute', NULL, date '2022-02-05' + g %% 700, '', '', '', '[]'
        FROM generate_series(1, %(rows)s) g""",
    "monitoring_refusal": """INSERT INTO monitoring_refusal (at, institution, infno, outcome, code, trace, micros)
        SELECT timestamptz '2023-01-01' + g * interval '3 seconds', 'H4331019900' || g %% 9, '2207', 'refused',
          (ARRAY['SETTLE-03','LINE-01','DOOR-13','VISIT-03'])[1 + g %% 4], md5(g::text)::char(16), 4000 + g %% 9000
        FROM generate_series(1, %(rows)s) g""",
}  # fmt: skip
"""Table -> the statement that draws its rows."""


def filled(connection: psycopg.Connection, rows: int) -> None:
    """Fill every long table to about `rows` rows, and let the database count what it has."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    found = connection.execute("SELECT count(*) FROM settlement_settlement").fetchone()
    held = int(found[0]) if found else 0
    named = connection.execute(COLUMNS).fetchall()
    columns = [str(name) for (name,) in named]
    statement = SETTLEMENTS.format(columns=", ".join(f'"{name}"' for name in columns),
                                   values=", ".join(FRESH.get(name, f't."{name}"') for name in columns))
    connection.execute(statement, {"copies": rows // max(held, 1) + 1, "rows": max(rows - held, 0)})
    for sql in DRAWN.values():
        connection.execute(sql, {"rows": rows})
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")
