"""The operations room 运行监测: bills this minute, latency, errors, queues, funds today, alerts with owners."""
