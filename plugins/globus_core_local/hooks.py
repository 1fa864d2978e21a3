"""
This plugin answers no hooks: it gives the names of ``globus_core.local_endpoint``.
"""
