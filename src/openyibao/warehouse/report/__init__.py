"""What a simulation answers, on paper: one HTML page that needs nothing from anywhere, and a workbook."""
