"""
What error responses mean: translators for the formats of Globus and of proxies in front of it.

It has no public names; the translators are called through the hook ``globus_translate_error``,
after those of all other plugins.
"""

from __future__ import annotations
