"""
The label that a login proposes for itself on the consent page.
"""

from __future__ import annotations


def named_grant(app_name: str) -> str:
    """
    The app's name and the machine's, so that a person can tell logins apart.

    :param app_name: the app's name
    """
    import platform

    host = platform.node().removesuffix(".local")
    return f"{app_name} on {host}" if host else app_name
