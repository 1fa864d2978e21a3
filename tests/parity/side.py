"""
One program, two SDKs: what a case has at hand, and what is left of its outcome to compare.
"""

from __future__ import annotations

import contextlib
import functools
import typing as t
import warnings
from importlib import import_module
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests

from tests.parity.sent import NotingAdapter, Sent, noted

if t.TYPE_CHECKING:
    import pathlib
    from collections.abc import Callable

    from globus_core.testing import Sandbox

    Case = Callable[["Side"], t.Any]

#: fields whose values are new in each login
_FRESH = {
    "access_token",
    "at_hash",
    "auth_time",
    "code",
    "code_challenge",
    "code_verifier",
    "created",
    "exp",
    "expires_at_seconds",
    "iat",
    "id_token",
    "jti",
    "last_authentication",
    "last_used",
    "nbf",
    "refresh_token",
    "session_id",
    "token",
    "updated",
}

BACK = "http://127.0.0.1:9/callback"


class Caught(frozenset[str]):
    """
    The classes of an exception; as good as another if it has all of the other's classes.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Caught) and self >= other

    __hash__ = frozenset.__hash__


class Side:
    """
    One of the two SDKs, and its clients of a sandbox.

    :param name: the SDK's import name
    :param sandbox: the sandbox, in its first state
    :param folder: an empty folder
    """

    def __init__(self, name: str, sandbox: Sandbox, folder: pathlib.Path) -> None:
        self.name = name
        self.sdk: t.Any = import_module(name)
        self.sandbox = sandbox
        self.folder = folder
        self.adapter = NotingAdapter()
        self.me = sandbox.people[0].id
        self._opened = contextlib.ExitStack()

    def namespace(self, name: str) -> t.Any:
        """A namespace of the SDK, such as ``scopes``."""
        return import_module(f"{self.name}.{name}")

    def close(self) -> None:
        """Close what the case has opened."""
        self._opened.close()
        self.adapter.close()

    def opened(self, thing: t.Any) -> t.Any:
        """A thing that is closed at the end."""
        self._opened.callback(thing.close)
        return thing

    def client(self, name: str, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """A client of the sandbox whose requests are noted."""
        made = getattr(self.sdk, name)(*args, base_url=self.sandbox.url, **kwargs)
        return self.opened(noted(made, self.adapter))

    @functools.cached_property
    def native(self) -> t.Any:
        return self.client("NativeAppAuthClient", self.sandbox.native_client_id)

    @functools.cached_property
    def confidential(self) -> t.Any:
        client_id = self.sandbox.confidential_client_id
        secret = self.sandbox.confidential_client_secret
        return self.client("ConfidentialAppAuthClient", client_id, secret)

    @functools.cached_property
    def auth(self) -> t.Any:
        """A client with a token for everything that Globus Auth has to tell."""
        scopes = self.namespace("scopes").AuthScopes
        tokens = self.login([scopes.openid, scopes.profile, scopes.email, scopes.view_identities])
        token = tokens.by_resource_server["auth.globus.org"]["access_token"]
        return self.client("AuthClient", authorizer=self.sdk.AccessTokenAuthorizer(token))

    def login(self, scopes: t.Any, **flow: t.Any) -> t.Any:
        """Tokens of a native login, which is approved at once."""
        self.native.oauth2_start_flow(scopes, **flow)
        code = self.code(self.native.oauth2_get_authorize_url())
        return self.native.oauth2_exchange_code_for_tokens(code)

    def portal_login(self, scopes: t.Any, **flow: t.Any) -> t.Any:
        """Tokens of a login through the confidential client."""
        self.confidential.oauth2_start_flow(BACK, scopes, **flow)
        code = self.code(self.confidential.oauth2_get_authorize_url())
        return self.confidential.oauth2_exchange_code_for_tokens(code)

    def login_for_portal(self) -> t.Any:
        """A token of a login for the confidential client's own service."""
        return self.portal_login(self.sandbox.seeds.scopes[0].scope_string)

    def code(self, url: str) -> str:
        """The code that the person brings back from an authorize URL."""
        answer = requests.get(url, allow_redirects=False, timeout=30)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def typed_login(self) -> tuple[t.Any, list[str]]:
        """A login flow in which the code is typed, and the URLs that it has printed so far."""
        seen: list[str] = []
        base = self.namespace("login_flows").CommandLineLoginFlowManager

        class Typed(base):  # type: ignore[misc,valid-type]
            def print_authorize_url(manager, authorize_url: str) -> None:  # noqa: N805
                seen.append(authorize_url)

            def prompt_for_code(manager) -> str:  # noqa: N805
                return self.code(seen[-1])

        return Typed(self.native), seen

    def refused(self, call: Callable[[], t.Any]) -> t.Any:
        """What a call raises, by the names of its classes: all that ``except`` can name."""
        try:
            call()
        except Exception as error:
            return Caught(cls.__name__ for cls in type(error).__mro__)
        return "no error"

    def api_error(self, call: Callable[[], t.Any]) -> t.Any:
        """The API error of a call."""
        try:
            call()
        except self.sdk.GlobusAPIError as error:
            return error
        raise AssertionError("the call has not failed")

    def warned(self, call: Callable[[], t.Any]) -> int:
        """How many warnings a call gives, whether it fails or not."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with contextlib.suppress(self.sdk.GlobusError):
                call()
        return len(caught)


def query(url: str) -> dict[str, str]:
    """The query of a URL, without what is new each time."""
    return t.cast("dict[str, str]", plain(dict(parse_qsl(urlsplit(url).query))))


def plain(value: t.Any) -> t.Any:
    """A value as it is compared: what is new each time only counts as being there."""
    if isinstance(value, dict):
        return {
            key: ("..." if each else each) if key in _FRESH else plain(each)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def wire(sent: Sent) -> dict[str, t.Any]:
    """A request as it is compared."""
    scheme = (sent.authorization or "").partition(" ")[0]
    return {
        "request": f"{sent.method} {sent.path}",
        "query": plain(sent.query),
        "form": plain(sent.form),
        "json": sent.json,
        "authorization": sent.authorization if scheme == "Basic" else scheme,
    }


def token(data: t.Any) -> dict[str, t.Any]:
    """A stored token as it is compared."""
    found = plain(data.to_dict())
    return {**found, "scope": sorted(found["scope"].split())}


def tokens(response: t.Any) -> dict[str, t.Any]:
    """A token response as it is compared."""
    return {
        server: {**plain(each), "scope": sorted(each["scope"].split())}
        for server, each in response.by_resource_server.items()
    }


def consent(id: int, path: list[int], scope: str) -> dict[str, t.Any]:
    """A consent's document."""
    day = "2026-01-02T03:04:05.678901+00:00"
    return {
        "id": id,
        "client": "5d0c",
        "scope": f"id-{scope}",
        "scope_name": scope,
        "effective_identity": "7a11",
        "dependency_path": path,
        "status": "approved",
        "allows_refresh": True,
        "auto_approved": False,
        "atomically_revocable": False,
        "created": day,
        "updated": day,
        "last_used": day,
    }
