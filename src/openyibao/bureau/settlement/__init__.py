"""The settlement desk 结算: visits, diagnoses, lines, settlements, the year so far, the journal and its seal."""
