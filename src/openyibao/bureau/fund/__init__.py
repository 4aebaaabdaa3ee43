"""The fund desk 基金财务: accounts, entries and postings of every fund; money moves only as balanced entries."""
