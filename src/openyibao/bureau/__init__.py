"""The bureau 医保局: one room per desk, each with the same file names; what a room may use stands in the import contracts."""
