"""
The commands ``globus-core ls``, ``stat``, ``transfer`` and ``task``.
"""
