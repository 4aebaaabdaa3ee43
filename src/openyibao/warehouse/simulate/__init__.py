"""A reform answered on the city's own bills 政策模拟: what it costs, who gains and who loses, and why, exact to the fen."""
