"""Whole walks of business 业务流程 as a hospital goes them; every step must succeed, or TurnedDown says which did not."""
