"""Commands (floor 6): read arguments, call what decides, show the answer; nothing is decided here."""
