"""The running site: settings, addresses, the server process (floor 6)."""
