"""The door's figures 运行指标, for Prometheus. No person, institution or message id is ever a label: labels stay few."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
"""Ours alone, so that importing this module twice in one test process, or another library's figures, never clash with it."""

SECONDS = Histogram(
    "openyibao_door_seconds", "Time from the last byte of a request to its reply, by number and outcome (ok, refused, repeated, failed).",
    ("infno", "outcome"), registry=REGISTRY,
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)
"""`SECONDS.labels(infno, outcome).observe(seconds)`. An unknown number is labelled `unknown`."""

REFUSALS = Counter("openyibao_door_refusals", "Refusals by their code.", ("code",), registry=REGISTRY)
"""`REFUSALS.labels(code).inc()`."""

IN_FLIGHT = Gauge("openyibao_door_in_flight", "Requests that are being answered.", registry=REGISTRY)
QUEUE = Gauge("openyibao_door_queue", "Statements that wait for a database connection.", registry=REGISTRY)
SEAL_LAG = Gauge("openyibao_seal_lag_seconds", "Age of the oldest journal row that is not sealed yet 未封账时长.", registry=REGISTRY)
SEAL_PENDING = Gauge("openyibao_seal_pending_rows", "Journal rows that are not sealed yet.", registry=REGISTRY)
POOL_IN_USE = Gauge("openyibao_pool_in_use", "Database connections in use.", registry=REGISTRY)
