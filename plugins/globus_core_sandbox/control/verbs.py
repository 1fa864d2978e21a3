"""Steering services and counting requests: one signature for the sandbox and its remote control."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Verbs:
    """
    Control verbs of services, and counts of requests, for subclasses that know where to ask.
    """

    def control(self, service: str, verb: str, /, **arguments: t.Any) -> dict[str, t.Any]:
        """
        Run a control verb of a service.

        :param service: the service's name
        :param verb: the verb, such as ``disconnect``
        :param arguments: what the verb takes, good for JSON
        :raises SandboxError: if there is no such service or verb, or the service refuses
        """
        raise NotImplementedError

    def count(
        self,
        *,
        path: str | None = None,
        method: str | None = None,
        grant_type: str | None = None,
        status: int | None = None,
    ) -> int:
        """
        How many requests there were.

        :param path: only with this path, ``*`` and ``?`` as in file names
        :param method: only with this method
        :param grant_type: only token requests for this grant
        :param status: only answered with this status, 0 for dropped connections
        """
        return self._count(path=path, method=method, grant_type=grant_type, status=status)

    def _count(self, **wanted: t.Any) -> int:
        raise NotImplementedError

    def rotate_keys(self) -> None:
        """
        Sign ID tokens with a new key from now on; the one before stays published.
        """
        self.control("auth", "keys/rotate")

    def deny_next_login(self, times: int = 1) -> None:
        """
        Refuse the next logins as if the person had.

        :param times: how many, 0 to take it back
        """
        self.control("auth", "denials", times=times)

    def configure(self, **settings: t.Any) -> None:
        """
        Change settings until the next :py:meth:`reset`.

        :param settings: ``auto_approve``, ``rotate_refresh_tokens``, ``access_token_lifetime``
        :raises SandboxError: if there is no such setting or the value has the wrong type
        """
        self.control("auth", "settings", **settings)
