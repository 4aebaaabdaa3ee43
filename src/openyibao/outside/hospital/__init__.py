"""A hospital's own program 医院信息系统: an outside reading of the national interface, sharing no code with the door it talks to."""
