"""
The hook implementations of the plugin ``resource_server``: none, it only has names to import.
"""

from __future__ import annotations
