"""Paper claims 零星报销: entered, reviewed by three people, settled by the kernel, paid by a batch file."""
