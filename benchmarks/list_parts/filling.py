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
    "window_visit": """INSERT INTO window_visit (fixmedins_code, psn_no, name, cert_type, credential, insutype, psn_type, home, sort,
          med_type, dise_codg, dise_name, dept, dept_name, specialty, doctor, doctor_name, diagnoses, number, msgid, mdtrt_id, state,
          begins, ends, at, by)
        SELECT 'H4331019900' || 1 + g %% 3, 'BENCH' || g %% 100000, '张' || g %% 5000, '02', 'x', '310', '11', '433101', '1', '11',
          '', '', '', '', '', '', '', '[]', 'M' || g, 'X' || g, g, 3, timestamptz '2023-01-01' + g * interval '30 seconds', NULL,
          timestamptz '2023-01-01' + g * interval '30 seconds', 'cashier' FROM generate_series(1, %(rows)s) g""",
    "window_close": """INSERT INTO window_close (fixmedins_code, day, at, by, source, agreed, bills, theirs, ours, booked, broken, detail)
        SELECT 'H4331019900' || 1 + g %% 3, date '2023-01-01' + g %% 900, timestamptz '2023-01-01' + g * interval '30 seconds', 'cashier',
          'file', g %% 50 > 0, 400, g * 100, g * 100, g * 100, 0, '{}' FROM generate_series(1, %(rows)s) g""",
    "settlement_message": """INSERT INTO settlement_message (fixmedins_code, msgid, infno, digest, at, psn_no, ref, answer)
        SELECT 'H4331019900' || 1 + g %% 9, 'H4331019900' || 1 + g %% 9 || 'B' || g, '2204', 'x',
          timestamptz '2023-01-01' + g * interval '3 seconds', 'BENCH' || g %% 100000, g, 'x' FROM generate_series(1, %(rows)s) g""",
    "monitoring_hour": """INSERT INTO monitoring_hour (hour, institution, infno, outcome, count, micros, slowest, last_at)
        SELECT timestamptz '2023-01-01' + g / 60 * interval '1 hour', 'H4331019900' || 1 + g %% 3, (2200 + g %% 20)::text, 'answered', 40,
          200000, 9000, timestamptz '2023-01-01' + g / 60 * interval '1 hour' FROM generate_series(1, %(rows)s) g""",
    "monitoring_alert": """INSERT INTO monitoring_alert (rule, object, severity, text, text_en, figure, bound, raised_at, seen_at,
          gone_at, state, owner, closed_at, closed_by, note)
        SELECT 'SLOW', 'H' || g, (ARRAY['warning','critical'])[1 + g %% 2], '慢', 'slow', 1, 1,
          timestamptz '2023-01-01' + g * interval '30 seconds', timestamptz '2023-01-01' + g * interval '30 seconds', NULL,
          CASE WHEN g %% 1000 = 0 THEN 'open' ELSE 'closed' END, '', NULL, 'duty', '' FROM generate_series(1, %(rows)s) g""",
    "frontdesk_objection": """INSERT INTO frontdesk_objection (psn_no, setl_id, area, what, text, by, at, due, state, answer,
          answered_by, answered_at)
        SELECT 'BENCH' || g %% 100000, g, (ARRAY['433101','433130'])[1 + g %% 2], 'amount', '不对', 'insured',
          timestamptz '2023-01-01' + g * interval '30 seconds', date '2023-01-10' + (g / 3000)::int,
          CASE WHEN g %% 1000 = 0 THEN 'open' ELSE 'answered' END, '', 'clerk', NULL FROM generate_series(1, %(rows)s) g""",
    "staff_change": """INSERT INTO staff_change (kind, key, before, after, by, at, state, decided_by, decided_at)
        SELECT 'officer', 'officer' || g, '{}', '{}', 'admin', timestamptz '2023-01-01' + g * interval '30 seconds', 'approved', 'admin-2',
          NULL
        FROM generate_series(1, %(rows)s) g""",
    "planning_task": """INSERT INTO planning_task (city, code, title, office, owner, due, state, plan, made_by, made_at)
        SELECT 'jishou', 'JS-0' || 1 + g %% 9, '任务 ' || g, '基金科', 'policy', date '2023-01-01' + g %% 1500,
          (ARRAY['open','doing','done','done','done'])[1 + g %% 5], '', 'policy', timestamptz '2023-01-01' + g * interval '30 seconds'
        FROM generate_series(1, %(rows)s) g""",
    "policymaking_draft": """INSERT INTO policymaking_draft (city, name, name_en, why, starts, entries, state, by, at, first_by,
          second_by, evidence)
        SELECT 'jishou', '调整 ' || g, 'Change ' || g, '', date '2023-01-01' + g %% 1500, '[]', (ARRAY['writing','withdrawn'])[1 + g %% 2],
          'policy', timestamptz '2023-01-01' + g * interval '30 seconds', '', '', '[]' FROM generate_series(1, %(rows)s) g""",
    "simulation_run": """INSERT INTO simulation_run (kind, city, admdvs, store, year, title, title_en, reform, together, asked_by,
          asked_at, state, tries, worker, stop_asked, phase, done, whole, problem, problem_en, figures, digest, package, again, expected)
        SELECT 'simulate', 'jishou', '433101', 'jishou', 2021 + g %% 3, '方案 ' || g, 'Reform ' || g, '{}', g, 'policy',
          timestamptz '2023-01-01' + g * interval '30 seconds', (ARRAY['done','done','stopped'])[1 + g %% 3], 1, '', false, '', 1, 1, '',
          '', '{}', '', '', false, '' FROM generate_series(1, %(rows)s) g""",
    "claims_batch": """INSERT INTO claims_batch (number, poolarea, state, count, fen, made_by, made_at, released_by, sha256)
        SELECT 'PB' || g, '433101', (ARRAY['made','released','released'])[1 + g %% 3], 9, g * 100, 'paymaster',
          timestamptz '2023-01-01' + g * interval '30 seconds', '', '' FROM generate_series(1, %(rows)s) g""",
}  # fmt: skip
"""Table -> the statement that draws its rows."""

OWN = {
    "settlement_settlement": "UPDATE settlement_settlement SET psn_no = %(psn_no)s WHERE setl_id %% %(each)s = 0",
    "staff_look": "UPDATE staff_look SET psn_no = %(psn_no)s WHERE id %% %(each)s = 0",
    "claims_claim": "UPDATE claims_claim SET psn_no = %(psn_no)s, own = true WHERE id %% %(each)s = 0",
}
"""Table -> the statement that makes some rows one person's."""
OWN_ROWS = 600


def owned(connection: psycopg.Connection, psn_no: str, rows: int) -> None:
    """Some hundred rows of each table that a person sees, among all the others."""
    connection.execute("SET session_replication_role = replica")
    for sql in OWN.values():
        connection.execute(sql, {"psn_no": psn_no, "each": max(rows // OWN_ROWS, 2)})
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")


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
