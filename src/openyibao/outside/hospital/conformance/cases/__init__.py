"""The cases 用例, one file per family of messages."""
