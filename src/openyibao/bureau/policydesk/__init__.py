"""The policy desk 待遇政策: which package of policies is in force, and the packages themselves by their hash."""
