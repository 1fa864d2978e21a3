"""
The label that a login proposes for itself on the consent page.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


def label_for(app_name: str, login_client: t.Any) -> str | None:
    """
    The app's name and the machine's, so that a person can tell logins apart.

    :param app_name: the app's name
    :param login_client: the app's login client; a confidential one has no such label
    """
    return None if is_confidential(login_client) else _named_grant(app_name)


def is_confidential(login_client: t.Any) -> bool:
    """
    Whether a client has a secret, told by what it can do.

    :param login_client: the client
    """
    return hasattr(login_client, "oauth2_client_credentials_tokens")


def _named_grant(app_name: str) -> str:
    import platform

    host = platform.node().removesuffix(".local")
    return f"{app_name} on {host}" if host else app_name
