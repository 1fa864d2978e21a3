"""Controlling services and counting requests, for the sandbox and its remote control."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t


class Verbs:
    """
    Control verbs of services, and counts of requests; subclasses say where to send them.
    """

    def control(self, service: str, verb: str, /, **arguments: t.Any) -> dict[str, t.Any]:
        """
        Run a control verb of a service.

        :param service: the service's name
        :param verb: the verb, such as ``disconnect``
        :param arguments: the arguments of the verb, serialisable as JSON
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
        The number of requests.

        :param path: only with this path; ``*`` and ``?`` are wildcards
        :param method: only with this method
        :param grant_type: only token requests for this grant
        :param status: only with this response status; 0 for dropped connections
        """
        return self._count(path=path, method=method, grant_type=grant_type, status=status)

    def _count(self, **wanted: t.Any) -> int:
        raise NotImplementedError

    def rotate_keys(self) -> None:
        """
        Sign ID tokens with a new key from now on; the previous key stays published.
        """
        self.control("auth", "keys/rotate")

    def deny_next_login(self, times: int = 1) -> None:
        """
        Deny the next logins as if the person had denied them.

        :param times: how many; 0 cancels it
        """
        self.control("auth", "denials", times=times)

    def configure(self, **settings: t.Any) -> None:
        """
        Change settings until the next :py:meth:`reset`.

        :param settings: ``auto_approve``, ``rotate_refresh_tokens``, ``access_token_lifetime``
        :raises SandboxError: if there is no such setting or the value has the wrong type
        """
        self.control("auth", "settings", **settings)
