"""
The server that the demo talks to: the sandbox, or one that was named.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Server:
    """
    Any Globus Auth; what only the sandbox can do is not offered.

    :param url: its base URL
    :param client_id: a native client there
    """

    is_sandbox = False
    confidential: tuple[str, str] | None = None

    def __init__(self, url: str, client_id: str) -> None:
        self.url = url
        self.client_id = client_id

    def let_tokens_expire(self) -> bool:
        """Make the tokens that were issued expire; False where that cannot be done."""
        return False

    def names(self) -> list[str]:
        """Usernames that the server knows."""
        return []

    def identity_requests(self) -> int | None:
        """How many look-ups of identities the server has answered; None where it cannot tell."""
        return None


class SandboxServer(Server):
    """
    The sandbox, whose clock can be set.

    :param sandbox: a running sandbox
    """

    is_sandbox = True

    def __init__(self, sandbox: t.Any) -> None:
        super().__init__(sandbox.url, sandbox.native_client_id)
        self._sandbox = sandbox
        self.confidential = (sandbox.confidential_client_id, sandbox.confidential_client_secret)

    def let_tokens_expire(self) -> bool:
        self._sandbox.advance_clock(self._sandbox.access_token_lifetime + 1)
        return True

    def names(self) -> list[str]:
        return [person.username for person in self._sandbox.people]

    def identity_requests(self) -> int:
        return int(self._sandbox.count(path="/v2/api/identities"))
