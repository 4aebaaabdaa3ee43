"""Walks through the whole house on real parts 全程走查."""
