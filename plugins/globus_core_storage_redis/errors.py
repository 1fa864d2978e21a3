"""
Errors of redis-py: whether another attempt may help, and what a person can do.
"""

from __future__ import annotations

import contextlib
import ssl
import typing as t

from redis import exceptions

from globus_core.exc import StorageError

if t.TYPE_CHECKING:
    from .settings import RedisSettings

#: a server that starts, or is being replaced by another one, says so by these
PASSING = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.BusyLoadingError,
    exceptions.ReadOnlyError,
    exceptions.TryAgainError,
)
# Both are connection errors, but another attempt gives the same answer.
_REFUSALS = (exceptions.AuthenticationError, exceptions.AuthorizationError)
# A connection that broke off during the handshake; all other errors of TLS are refusals.
_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class EvictionWarning(UserWarning):
    """
    A Redis server may drop tokens when its memory is full, which ends logins.
    """


def is_passing(error: BaseException | None, settings: RedisSettings) -> bool:
    """
    Whether another attempt may succeed.

    :param error: an error of redis-py
    :param settings: the settings of the connection
    """
    if not isinstance(error, PASSING) or isinstance(error, _REFUSALS):
        return False
    return not _is_refused_by_tls(error) and settings.unreadable_file() is None


def storage_error(what: str, error: Exception, settings: RedisSettings) -> StorageError:
    """
    The error of the storage for one of redis-py.

    :param what: what was done: ``read tokens``
    :param error: the error of redis-py
    :param settings: the settings of the connection
    """
    reason = settings.unreadable_file() or _reason(error)
    raised = StorageError(f"cannot {what} at {settings.location}: {reason}")
    raised.advice = _advice(error, settings)
    return raised


def _is_refused_by_tls(error: Exception) -> bool:
    cause = error.__cause__ or error.__context__
    return isinstance(cause, ssl.SSLError) and not isinstance(cause, _BROKEN_OFF)


def _reason(error: Exception) -> str:
    with contextlib.suppress(IndexError):
        if isinstance(error.args[0], str):
            return error.args[0]
    return str(error) or type(error).__name__


def _advice(error: Exception, settings: RedisSettings) -> str | None:
    if settings.unreadable_file() or _is_refused_by_tls(error):
        return (
            "check ssl_ca_certs (who has signed the server's certificate), ssl_certfile and "
            "ssl_keyfile (this client's certificate and its key), and the host's name in the URL"
        )
    if isinstance(error, _REFUSALS):
        return "check the user and the password in the URL, or the file with the password"
    if isinstance(error, exceptions.NoPermissionError):
        return (
            "let the user run HGET, HGETALL, HSET, HDEL, GET, SET, MGET, SCAN, DEL, UNLINK, PTTL, "
            "PEXPIRE, EVAL and EVALSHA on the keys that begin with the prefix"
        )
    if isinstance(error, exceptions.OutOfMemoryError):
        return "give the server more memory, or let it drop identities (maxmemory-policy volatile)"
    if isinstance(error, exceptions.ReadOnlyError):
        return "give the address of the primary server; this one is a replica"
    if isinstance(error, (exceptions.MovedError, exceptions.ClusterDownError)):
        return "use a server that is not part of a cluster, or a proxy in front of the cluster"
    if isinstance(error, PASSING):
        way = "asks for a client's certificate" if settings.secure else "takes TLS only (rediss://)"
        return f"see that the server runs, that this host can reach it, and whether it {way}"
    return None
