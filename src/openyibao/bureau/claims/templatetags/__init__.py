"""Template words of paper claims."""
