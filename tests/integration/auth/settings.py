"""
How the clients of these tests send.
"""

from __future__ import annotations

import typing as t

#: tests do not wait between attempts
AT_ONCE: dict[str, t.Any] = {"retry_backoff": lambda _: 0.0, "http_timeout": 10}
