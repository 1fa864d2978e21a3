"""
The server of the demo: the sandbox, or the one of --auth-url.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Collection(NamedTuple):
    """
    A collection over a folder of this machine.
    """

    id: str
    name: str
    root: str


class Server:
    """
    Any Globus Auth server, without the features of the sandbox.

    :param url: its base URL
    :param client_id: the id of a native client there
    """

    is_sandbox = False
    confidential: tuple[str, str] | None = None

    def __init__(self, url: str, client_id: str) -> None:
        self.url = url
        self.client_id = client_id

    def let_tokens_expire(self) -> bool:
        """Make issued tokens expire; False if that is not possible."""
        return False

    def names(self) -> list[str]:
        """Usernames that the server knows."""
        return []

    def identity_requests(self) -> int | None:
        """The number of identity look-ups at the server; None if it is not known."""
        return None

    def transfer_url(self) -> str | None:
        """The base URL of its Transfer; None if there is none."""
        return None

    def collections(self) -> list[Collection]:
        """Collections of the person, over folders of this machine."""
        return []


class SandboxServer(Server):
    """
    The sandbox, whose clock can be moved.

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

    def transfer_url(self) -> str:
        return str(self._sandbox.service_url("transfer"))

    def collections(self) -> list[Collection]:
        known = self._sandbox.state()["services"]["transfer"]["collections"]
        return [Collection(each["id"], each["name"], each["root"]) for each in known]
