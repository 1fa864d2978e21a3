"""
The hook implementations of the plugin ``storage_encrypted``.
"""

from __future__ import annotations
