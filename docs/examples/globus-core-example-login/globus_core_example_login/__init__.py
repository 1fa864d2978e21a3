"""A login that leaves standard output to the program."""
