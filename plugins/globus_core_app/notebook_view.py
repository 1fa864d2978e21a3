"""
An app as the value of a notebook's cell.
"""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.token_storage import TokenStorageData

    from .app import GlobusApp


def app_html(app: GlobusApp) -> str:
    """
    An app with the tokens that it has and needs; reads the storage, and sends no request.

    :param app: the app
    """
    from globus_core import notebook
    from globus_core.exc import GlobusError

    about = {
        "client id": app.client_id,
        "Globus Auth": app.service_url("auth"),
        "renewed by": app.renews_by or "a new login",
    }
    storage, needed = app.token_storage.token_storage, app.scope_requirements
    try:
        about["tokens in"] = storage.describe().location
        stored = storage.get_token_data_by_resource_server()
    except (GlobusError, NotImplementedError, OSError) as error:
        tokens = notebook.note(f"the tokens cannot be read: {error}")
    else:
        tokens = notebook.table(
            [
                _row(server, stored.get(server), [str(scope) for scope in needed.get(server, ())])
                for server in dict.fromkeys((*needed, *stored))
            ]
        )
    title = f"{type(app).__name__} {app.app_name!r}"
    return notebook.page(title, notebook.fields(about), tokens)


def _row(server: str, data: TokenStorageData | None, needed: list[str]) -> dict[str, t.Any]:
    granted = [] if data is None else data.scope.split()
    return {
        "resource server": server,
        "lasts": "no token" if data is None else _until(data.expires_at_seconds),
        "refreshable": "no" if data is None or data.refresh_token is None else "yes",
        "scopes": " ".join(granted),
        "still needed": " ".join(scope for scope in needed if scope.split("[")[0] not in granted),
    }


def _until(end: int) -> str:
    from globus_core.documents import utc_text

    return f"{'expired' if end <= time.time() else 'until'} {utc_text(end)}"
