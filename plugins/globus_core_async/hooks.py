"""
The hook implementations of the plugin ``async``: none, it only has names to import.
"""

from __future__ import annotations

EXTRA = "async"
