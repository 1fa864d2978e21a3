"""
The command ``globus-core identities``.
"""
