"""Properties of the law: what holds whatever the figures of a policy."""
