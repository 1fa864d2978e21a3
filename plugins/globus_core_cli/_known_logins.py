"""
The logins that the storages of this machine have.
"""

from __future__ import annotations

import contextlib
import time

from globus_core import compose, hookspecs
from globus_core.documents import utc_text
from globus_core.exc import GlobusError, PluginUnavailableError

from ._login_end import end_of, session_lifetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorage, TokenStorageData

    Login: t.TypeAlias = dict[str, t.Any]
    Place: t.TypeAlias = tuple[str, str, str, TokenStorage]

_USERNAME = "preferred_username"
_SERVICE_ACCOUNT = "client:"


def known_logins() -> tuple[list[Login], list[str]]:
    """
    The logins, and what could not be read.

    Storages are those whose class has the class method ``stored_by_apps``, as storages in files
    have: it gives the client id, the name of the app, the environment and the storage of each app.
    """
    logins: list[Login] = []
    problems: list[str] = []
    for name in sorted(compose.merged(hookspecs.globus_token_storages)):
        with _noted(problems, name):
            try:
                kind = compose.select(hookspecs.globus_token_storages, name, what="token storage")
            except PluginUnavailableError:
                continue  # what it needs is not installed, so nobody uses it here
            for place in getattr(kind, "stored_by_apps", tuple)():
                with _noted(problems, name):
                    logins += _of_place(name, place)
    return sorted(logins, key=lambda login: (login["server"], login["app"])), problems


@contextlib.contextmanager
def _noted(problems: list[str], name: str) -> t.Iterator[None]:
    """Go on after a storage that cannot be read."""
    try:
        yield
    except GlobusError as error:
        problems.append(f"{name}: {error}")


def _of_place(kind: str, place: Place) -> list[Login]:
    client_id, app_name, environment, storage = place
    with storage:
        found = []
        for namespace in getattr(storage, "iter_namespaces", lambda: (storage.namespace,))():
            tokens = storage.in_namespace(namespace).get_token_data_by_resource_server()
            if tokens:
                about = _about(list(tokens.values()), namespace)
                found.append(
                    {
                        "server": _server(namespace, environment),
                        "environment": environment,
                        "app": app_name,
                        "client_id": client_id,
                        "namespace": namespace,
                        **about,
                        "storage": kind,
                        "location": storage.describe().location,
                    }
                )
        return found


def _about(tokens: list[TokenStorageData], namespace: str) -> Login:
    """Whose login it is, and when the last of its tokens ends."""
    identity = next((data.identity_id for data in tokens if data.identity_id), None)
    names = (data.extra.get(_USERNAME) for data in tokens)
    username = next((name for name in names if isinstance(name, str)), None)
    is_person = not namespace.startswith(_SERVICE_ACCOUNT)
    lifetime = session_lifetime()
    end, by = max(end_of(data, lifetime) for data in tokens)
    return {
        "person": username or identity,
        "identity_id": identity,
        "ends": _ends(end) if is_person else "never: a service account",
        "ends_at_seconds": int(end) if is_person else None,
        "ends_by": by if is_person else "client secret",
        "resource_servers": sorted(data.resource_server for data in tokens),
    }


def _ends(end: float) -> str:
    return utc_text(end) if end > time.time() else f"ended {utc_text(end)}"


def _server(namespace: str, environment: str) -> str:
    """The server in a namespace, or else that of the environment."""
    from globus_core.config import EnvConfig
    from globus_core.origins import origin

    _, at, server = namespace.rpartition("@")
    if at and "://" in server:
        return server
    config = EnvConfig.get_by_name(environment)
    return environment if config is None else origin(config.get_service_url("auth"))
