"""A hospital's window in the browser 医院窗口: the national messages, for a hospital without a system of its own."""
