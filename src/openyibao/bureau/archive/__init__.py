"""Between the database and the city's years 归档与入库: a store's people and bills into the server, the server's years into a store."""
