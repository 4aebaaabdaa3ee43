"""Template tags of bills."""
