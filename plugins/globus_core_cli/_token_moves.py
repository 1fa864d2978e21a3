"""
Moving tokens from one storage to another, each record in one step that can be repeated.
"""

from __future__ import annotations

from globus_core.exc import GlobusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorage, TokenStorageData

#: what becomes of a record
MOVED, COPIED, REPLACED, THERE, IN_THE_WAY = (
    "moved",
    "copied",
    "replaced",
    "already there",
    "another one is there",
)
_ATTEMPTS = 5


class Move:
    """
    A record that is to be moved.

    :param source: the storage that has it, in its namespace
    :param target: the storage to which it goes, in the same namespace
    :param resource_server: its resource server
    """

    def __init__(self, source: TokenStorage, target: TokenStorage, resource_server: str) -> None:
        self.source = source
        self.target = target
        self.resource_server = resource_server

    def state(self, *, keep: bool, replace: bool) -> str:
        """
        What becomes of the record.

        :param keep: whether it stays in the source too
        :param replace: whether it takes the place of another one
        """
        there = self.target.get_token_data(self.resource_server)
        if there is None:
            return COPIED if keep else MOVED
        if there == self.source.get_token_data(self.resource_server):
            return THERE
        return REPLACED if replace else IN_THE_WAY

    def run(self, *, keep: bool, replace: bool) -> str:
        """
        Move the record while nobody renews it, and return what became of it.

        It is removed from the source only when the target has given it back as it was, and only if
        it has not changed meanwhile. So a move that is interrupted can be repeated.

        :param keep: whether it stays in the source too
        :param replace: whether it takes the place of another one
        :raises GlobusError: if the target does not have what was stored
        """
        server = self.resource_server
        with self.source.renewal_lock(server), self.target.renewal_lock(server):
            for _ in range(_ATTEMPTS):
                data = self.source.get_token_data(server)
                if data is None:  # somebody has logged out
                    return THERE
                state = self.state(keep=keep, replace=replace)
                if state == IN_THE_WAY:
                    return state
                self._store(data)
                if keep or self.source.replace(server, data.revision, None):
                    return state
                replace = True  # what is there is what we have stored
        raise GlobusError(f"the token for {server!r} changes all the time; try again")

    def _store(self, data: TokenStorageData) -> None:
        server = self.resource_server
        if self.target.get_token_data(server) != data:
            self.target.store_token_data_by_resource_server({server: data})
        if self.target.get_token_data(server) != data:
            raise GlobusError(
                f"the token for {server!r} did not come back as it was stored; it was not removed"
            )


def would(state: str) -> str:
    """
    What a dry run says of a record.

    :param state: what would become of it
    """
    return f"would be {state}" if state in (MOVED, COPIED, REPLACED) else state


def moves(
    source: TokenStorage, target: TokenStorage, namespaces: t.Iterable[str]
) -> t.Iterator[Move]:
    """
    A move for each record that can be used.

    :param source: the storage that has them
    :param target: the storage to which they go
    :param namespaces: the namespaces to look at
    """
    for namespace in namespaces:
        here, there = source.in_namespace(namespace), target.in_namespace(namespace)
        for resource_server in sorted(here.get_token_data_by_resource_server()):
            yield Move(here, there, resource_server)
