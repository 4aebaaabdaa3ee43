"""Reforms simulated in the background 改革模拟: asked for on a page, run by a worker, compared side by side."""
