"""The city's years as documented tables: what each holds (`schema`), where its files lie and how they are read and written (`store`)."""
