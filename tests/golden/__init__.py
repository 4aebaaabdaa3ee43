"""Golden cases 金标准案例: what a policy officer expects of a settlement, one per clause and on both sides of every boundary."""
