"""
Jobs with a person's login: ``globus-core run`` and ``globus-core outlook``.
"""

from __future__ import annotations

from globus_core import lazy_exports

__getattr__, __all__ = lazy_exports(
    __name__,
    {"leftovers": ("Leftover", "find_leftovers", "remove_leftovers")},
)
