"""
nanoidp: a strict OpenID provider with PKCE, refresh rotation and reuse detection.

It knows nothing of Globus. The launcher makes it answer on Globus Auth's paths
as well; on those, and only there, token answers get the fields
``resource_server`` and ``other_tokens``. Its own paths stay as they are.
A subject (``sub``) is the username, not a UUID. ``invalid_grant`` comes with
status 400, a revocation is answered with an empty body.
"""

from __future__ import annotations

import contextlib
import json
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ._browser import call, good, redirect_target
from ._process import Running, running_server

NATIVE_CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"
OPEN_CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"
CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f03"
CLIENT_SECRET = "nanoidp-client-secret"
SCOPES = (
    "openid",
    "profile",
    "email",
    "offline_access",
    "urn:globus:auth:scope:auth.globus.org:view_identities",
    "urn:globus:auth:scope:groups.api.globus.org:all",
    "urn:globus:auth:scope:transfer.api.globus.org:all",
)


@dataclass(frozen=True)
class Nanoidp(Running):
    """
    A running nanoidp.
    """

    # A public client; its redirect URIs hold for any port of 127.0.0.1.
    native_client_id: str = NATIVE_CLIENT_ID
    native_redirect_paths: tuple[str, ...] = ("/v2/web/auth-code", "/callback", "/")
    # A public client without registered redirect URIs, which accepts any.
    open_client_id: str = OPEN_CLIENT_ID
    # A confidential client, by Basic header only.
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uri: str = "https://app.example.org/callback"
    username: str = "ada"
    password: str = "nanoidp-password-of-ada"
    email: str = "ada@mail.example.org"
    scopes: tuple[str, ...] = SCOPES
    authorize_path: str = "/authorize"
    token_path: str = "/token"
    revoke_path: str = "/revoke"
    introspect_path: str = "/introspect"
    userinfo_path: str = "/userinfo"
    jwks_path: str = "/.well-known/jwks.json"
    discovery_path: str = "/.well-known/openid-configuration"

    def sign_in(self, authorize_url: str) -> str:
        """
        Sign the person in and give the URL to which the browser is sent back.

        :param authorize_url: where the client sends the browser, with its parameters
        """
        form = {"username": self.username, "password": self.password}
        return redirect_target(call("POST", authorize_url, data=form))

    def rotate_keys(self) -> None:
        """Sign with a new key from now on; the last two stay published."""
        good("POST", f"{self.base_url}/api/keys/rotate")


@contextlib.contextmanager
def running_nanoidp(folder: Path) -> t.Iterator[Nanoidp]:
    """
    Run a nanoidp of one's own for as long as the block lasts.

    :param folder: an existing, empty folder for its configuration, keys and log
    """
    # JSON is YAML as well, and needs no library here.
    (folder / "settings.yaml").write_text(json.dumps(_settings(folder)), encoding="utf-8")
    (folder / "users.yaml").write_text(json.dumps(_users()), encoding="utf-8")
    log = folder / "nanoidp.log"
    with running_server("nanoidp", str(folder), log=log) as base_url:
        good("GET", f"{base_url}/health")
        yield Nanoidp(base_url, log)


def _settings(folder: Path) -> dict[str, t.Any]:
    return {
        "config_version": 1,
        "config_validation": "strict",
        "oauth": {
            # The port is known only once the server listens.
            "issuer_from_request": True,
            "audience": "resource.example.org",
            "refresh_token_rotation": True,
            "scopes_supported": list(SCOPES),
            "clients": _clients(),
        },
        "jwt": {"keys_dir": str(folder / "keys")},
    }


def _clients() -> list[dict[str, t.Any]]:
    native_uris = [f"http://127.0.0.1{path}" for path in Nanoidp.native_redirect_paths]
    return [
        {
            "client_id": NATIVE_CLIENT_ID,
            "token_endpoint_auth_method": "none",
            "redirect_uris": native_uris,
        },
        {"client_id": OPEN_CLIENT_ID, "token_endpoint_auth_method": "none"},
        {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [Nanoidp.redirect_uri],
        },
    ]


def _users() -> dict[str, t.Any]:
    person = {"password": Nanoidp.password, "email": Nanoidp.email}
    return {"config_version": 1, "users": {Nanoidp.username: person}}
