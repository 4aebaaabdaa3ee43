"""Mutation of policy: every figure of the cities' policies is moved a step, and some golden case must notice."""
