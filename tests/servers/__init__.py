"""
Servers that somebody else wrote, started for the tests which want to meet them.

Each one lives in a virtual environment of its own, made on first use and kept
in a cache, so that nothing of it is installed beside the code under test.
"""
