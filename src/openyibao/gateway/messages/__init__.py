"""What each message does 报文处理: one short function per number, one file per family. Each file ends with its HANDLERS."""
