"""
What error responses mean: translators for the formats that Globus and what stands before it use.

There is nothing to import from here; the translators are asked through the hook
``globus_translate_error``, after those of all other plugins.
"""

from __future__ import annotations
