"""Whole-city runs of the law 全市重新结算: a policy as arrays, a bucket of persons as a task, the city as tasks on any cores."""
