"""What lies beyond the city: the database server, seals, other offices and hospitals; one module each (floor 3)."""
