"""
Every call of the older description of the Auth API binds, and does what it says.

The calls are in ``auth_api.py``; they are made against a sandbox.
"""

from __future__ import annotations

import ast
import functools
import inspect
import typing as t
import warnings
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests

import globus_core
from globus_core.scopes import AuthScopes, TransferScopes
from globus_core.testing import Sandbox
from tests.parity.auth_api import CALLS, SUBJECTS
from tests.parity.sent import NotingAdapter, noted

if t.TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROWS = [pytest.param(*row, id=row[0]) for row in CALLS]


# binding


def _called(node: ast.expr) -> tuple[t.Any, int, tuple[list[ast.expr], list[ast.keyword]]]:
    """What an expression calls, how many arguments come before those written, and these."""
    if isinstance(node, ast.Name):
        return getattr(globus_core, node.id), 0, ([], [])
    if isinstance(node, ast.Attribute):
        return _member(node), 1, ([], [])
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        cls = getattr(globus_core, SUBJECTS[node.value.id])
        return cls.__getitem__, 1, ([node.slice], [])
    assert isinstance(node, ast.Call)
    if isinstance(node.func, ast.Attribute):
        return _member(node.func), 1, (node.args, node.keywords)
    assert isinstance(node.func, ast.Name)
    if node.func.id == "list" and isinstance(node.args[0], ast.Name):
        return getattr(globus_core, SUBJECTS[node.args[0].id]).__iter__, 1, ([], [])
    return getattr(globus_core, node.func.id), 0, (node.args, node.keywords)


def _member(node: ast.Attribute) -> t.Any:
    assert isinstance(node.value, ast.Name)
    return getattr(getattr(globus_core, SUBJECTS[node.value.id]), node.attr)


@pytest.mark.parametrize(("call", "true"), ROWS)
def test_every_call_binds(call: str, true: str) -> None:
    """Each name is there, and each signature takes the arguments."""
    node = ast.parse(call, mode="eval").body
    called, before, (args, keywords) = _called(node)
    if isinstance(called, property):  # its value takes the call, if there is one
        assert called.fget is not None
        return
    if isinstance(node, ast.Subscript):  # the slot of a dict has no signature to look at
        assert callable(called)
    elif isinstance(node, ast.Call):
        named = {str(keyword.arg): None for keyword in keywords}
        inspect.signature(called).bind(*[None] * (before + len(args)), **named)


# behaviour

#: where confidential clients are sent back to
BACK = "http://127.0.0.1:9/callback"
VERIFIER = "v" * 43


#: the answers to calls that a sandbox has none for, by path
CANNED = {
    "/v2/api/identity_providers": {"identity_providers": [{"id": "one"}]},
    "/v2/api/projects": {"projects": []},
    "/v2/api/scopes": {"scopes": []},
}


class World:
    """
    What the calls name: made when it is named, against one sandbox.

    :param sandbox: the sandbox
    """

    USERNAME = "ada@example.org"
    AUTH_SERVER = "auth.globus.org"
    TRANSFER = "transfer.api.globus.org"
    TRANSFER_ALL = str(TransferScopes.all)
    DEFAULT_SCOPES = f"openid profile email {TransferScopes.all}"
    VERIFIER = VERIFIER
    BACK = BACK

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._adapter = NotingAdapter()
        self.URL = sandbox.url
        self.KEYS = f"{sandbox.url}jwk.json"
        self.CLIENT_ID = sandbox.native_client_id
        self.SECRET = sandbox.confidential_client_secret
        self.ID = sandbox.people[0].id
        self.opened: list[t.Any] = []

    def __getitem__(self, name: str) -> t.Any:
        if name in vars(self) or hasattr(type(self), name):
            return getattr(self, name)
        if hasattr(globus_core, name):
            return getattr(globus_core, name)
        raise KeyError(name)

    def close(self) -> None:
        """Close what was opened."""
        for client in self.opened:
            client.close()
        self._adapter.close()

    def _client(self, cls: Callable[..., t.Any], *args: t.Any, **kwargs: t.Any) -> t.Any:
        client = noted(cls(*args, base_url=self.URL, **kwargs), self._adapter)
        self.opened.append(client)
        return client

    def answer(self, path: str, body: t.Any) -> None:
        """Let the sandbox answer one request to a path so."""
        self._sandbox.fail(path=path, status=200, body=body)

    # subjects

    @functools.cached_property
    def auth(self) -> t.Any:
        return self._client(globus_core.AuthClient, authorizer=self.AUTHORIZER)

    @functools.cached_property
    def login(self) -> t.Any:
        cls = globus_core.AuthLoginClient
        return self._client(cls, self.CLIENT_ID, authorizer=self.AUTHORIZER)

    @functools.cached_property
    def native(self) -> t.Any:
        client = self._client(globus_core.NativeAppAuthClient, self.CLIENT_ID)
        client.oauth2_start_flow(refresh_tokens=True)
        return client

    @functools.cached_property
    def confidential(self) -> t.Any:
        cls, client_id = globus_core.ConfidentialAppAuthClient, self._sandbox.confidential_client_id
        client = self._client(cls, client_id, self.SECRET)
        client.oauth2_start_flow(BACK, self._portal_scope)
        return client

    @functools.cached_property
    def tokens(self) -> t.Any:
        return self.native.oauth2_exchange_code_for_tokens(self.CODE)

    @property
    def identities(self) -> t.Any:
        return self.auth.get_identities(ids=self.ID)

    @property
    def consents(self) -> t.Any:
        return self.auth.get_consents(self.ID)

    @functools.cached_property
    def identity_map(self) -> t.Any:
        return globus_core.IdentityMap(self.auth)

    @functools.cached_property
    def decoder(self) -> t.Any:
        return globus_core.IDTokenDecoder(self.native)

    @property
    def spec(self) -> t.Any:
        return self["DependentScopeSpec"](self.TRANSFER_ALL)

    @property
    def error(self) -> t.Any:
        response = requests.Response()
        response.status_code = 403
        response.headers["Content-Type"] = "application/json"
        response._content = b'{"authorization_parameters": {"session_message": "again"}}'
        response.request = requests.Request("GET", self.URL).prepare()
        return globus_core.AuthAPIError(response)

    # arguments

    @property
    def APP(self) -> t.Any:
        config = globus_core.GlobusAppConfig(token_storage="memory")
        app = globus_core.UserApp("parity", client_id=self.CLIENT_ID, config=config)
        self.opened.append(app)
        return app

    @functools.cached_property
    def AUTHORIZER(self) -> t.Any:
        scopes = [AuthScopes.openid, AuthScopes.view_identities, AuthScopes.view_consents]
        self.native.oauth2_start_flow([*scopes, AuthScopes.manage_projects])
        tokens = self.native.oauth2_exchange_code_for_tokens(self.CODE)
        token = tokens.by_resource_server[self.AUTH_SERVER]["access_token"]
        return globus_core.AccessTokenAuthorizer(token)

    @property
    def CODE(self) -> str:
        return self._approved(self.native.oauth2_get_authorize_url())

    @property
    def PORTAL_CODE(self) -> str:
        return self._approved(self.confidential.oauth2_get_authorize_url())

    @property
    def PORTAL_TOKEN(self) -> str:
        tokens = self.confidential.oauth2_exchange_code_for_tokens(self.PORTAL_CODE)
        (token,) = tokens.by_resource_server.values()
        return str(token["access_token"])

    @functools.cached_property
    def _portal_scope(self) -> str:
        return self._sandbox.seeds.scopes[0].scope_string

    @property
    def REFRESH_TOKEN(self) -> str:
        return str(self.tokens.by_resource_server[self.AUTH_SERVER]["refresh_token"])

    @property
    def ID_TOKEN(self) -> str:
        return str(self.tokens["id_token"])

    @property
    def UNSIGNED(self) -> str:
        return self.ID_TOKEN.rpartition(".")[0] + "."

    @property
    def EXPIRED(self) -> str:
        self._sandbox.advance_clock(-1_000_000)
        return self.ID_TOKEN

    @property
    def CONFIGURATION(self) -> t.Any:
        return self.native.get_openid_configuration().data

    def _approved(self, url: str) -> str:
        answer = requests.get(url, allow_redirects=False, timeout=10)
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    # what became of it

    def QUERY(self, flow: t.Any) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(flow.get_authorize_url()).query))

    def SENT(self) -> dict[str, str]:
        return self._adapter.sent[-1].query

    def FORM(self) -> dict[str, str]:
        return self._adapter.sent[-1].form

    def PATH(self) -> str:
        return self._adapter.sent[-1].path


@pytest.fixture
def world(globus_sandbox: Sandbox) -> Iterator[World]:
    """What the calls name."""
    made = World(globus_sandbox)
    yield made
    made.close()


@pytest.mark.parametrize(("call", "true"), ROWS)
def test_every_call_does_what_it_says(world: World, call: str, true: str) -> None:
    """The result of each call is as expected."""
    for path, body in CANNED.items():
        if f"{path.rpartition('/')[2]}(" in call and "domains" not in call:
            world.answer(path, body)
    names: t.Any = world
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="identity providers are looked up by")
        result = eval(call, {}, names)
    if hasattr(result, "close") and not isinstance(result, type):
        world.opened.append(result)
    assert eval(true, {"result": result}, names)
