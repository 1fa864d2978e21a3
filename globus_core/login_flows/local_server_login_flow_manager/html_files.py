"""
Here for programs that import globus-sdk's module of this path, which has no public names.
"""

# Written by tests/layout/sdk_paths.py, from its table.
