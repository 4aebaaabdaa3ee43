"""Hand-written SQL of the hot path 结算热路径: one statement reads the facts of a bill, one writes everything it leaves behind.

lanes.py     connections
pool.py      the store: statements, numbers, what an error of the database means
gathering.py what comes together goes in one statement
facts.py     reading what the law needs
writing.py   writing a settlement or its mirror
visits.py    visits, diagnoses and charge lines
looking.py   the read-only queries of the door
"""
