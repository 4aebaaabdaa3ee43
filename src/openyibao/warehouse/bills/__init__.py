"""Bill files 账单文件: reading bills and people, settling them in order, writing results; the format is docs/reference/bills.md."""
