"""The plan's indicators 规划指标: value, path, status, milestones, tasks, yearly report."""
