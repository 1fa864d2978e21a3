"""
Whatever a server answers with, one typed exception comes out of a call and nothing else.
"""

from __future__ import annotations

import contextlib
import json
import pickle
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core import AuthAPIError, AuthClient, BaseClient, GlobusAPIError, hookimpl
from globus_core.exc import ErrorFacts, GlobusError
from globus_core.gare import is_gare, to_gare, to_gares
from globus_core.plugins import PluginManager, set_plugin_manager
from globus_core.transport import RetryConfig
from tests.unit.auth import fakes

PATH = "/v2/api/thing"
KEYS = [
    "code",
    "message",
    "detail",
    "title",
    "error",
    "error_description",
    "errors",
    "id",
    "request_id",
    "status",
    "authorization_parameters",
    "session_message",
    "session_required_identities",
    "session_required_policies",
    "session_required_single_domain",
    "session_required_mfa",
    "required_scope",
    "required_scopes",
    "prompt",
    "extra",
]
text = st.text(st.characters(exclude_categories=()), max_size=10)
any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | text
    | st.sampled_from(["ConsentRequired", "AuthorizationRequired", "UNAUTHORIZED", 10**400]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | text, inner, max_size=5)
    ),
    max_leaves=10,
)
bodies = (
    any_json.map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=60)
    | st.sampled_from([b"[" * 100_000, b"{" * 3000, b'{"a":' * 3000, b"\xff\xfe{\x00}\x00"])
)
content_types = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-16",
        "application/json; charset=nonsense",
        "application/vnd.api+json",
        "application/problem+json",
        "text/html; charset=\xff",
        "",
        ";;;",
    ]
) | st.text(max_size=12)
statuses = st.integers(400, 599) | st.sampled_from([100, 199, 600, 999])


class Kernel(BaseClient):
    """A client with the kernel's own error class."""

    service_name = "auth"


CLIENTS: list[type[BaseClient]] = [Kernel, AuthClient]


class Odd:
    """A translator that answers with anything, right or wrong."""

    def __init__(self, answer: t.Any) -> None:
        self._answer = answer

    @hookimpl
    def globus_translate_error(self, error: GlobusAPIError) -> t.Any:
        """Answer, or raise the answer."""
        if isinstance(self._answer, BaseException):
            raise self._answer
        return self._answer


class Fussy(Exception):  # noqa: N818
    """Not to be built from a response."""

    def __init__(self, *, needed: int) -> None:
        super().__init__(needed)


class ServiceError(GlobusAPIError):
    """Of another client."""


ODD_ANSWERS: list[t.Any] = [
    None,
    "a text",
    7,
    {},
    KeyError,
    OSError,
    Fussy,
    ServiceError,
    AuthAPIError,
    BaseException,
    RuntimeError("a translator that breaks"),
    ErrorFacts(code="C", message="m", advice="do it", retryable=True, retry_after=3.0),
    ErrorFacts(code=t.cast("t.Any", 7)),
    ErrorFacts(retry_after=t.cast("t.Any", "soon")),
]


@contextlib.contextmanager
def translators(kind: str, answer: t.Any = None) -> t.Iterator[None]:
    """
    With no plugin, with the usual ones, or with one that answers anything before them.
    """
    manager = PluginManager(None) if kind == "none" else PluginManager()
    if kind == "odd":
        manager.register(Odd(answer), "odd")
    before = set_plugin_manager(manager)
    try:
        yield
    finally:
        set_plugin_manager(before)


def ended(client_class: type[BaseClient], answer: tuple[t.Any, ...]) -> GlobusAPIError:
    """
    The error that a call ends with when the server answers so.
    """
    server = fakes.FakeAuth()
    server.answer(PATH, *answer)
    client = client_class(base_url=fakes.BASE_URL, retry_config=RetryConfig(max_retries=0))
    client.transport.session.mount("https://", server)
    with client, pytest.raises(GlobusError) as caught:
        client.post(PATH, data={"refresh_token": "hush-hush-1"}, encoding="form")
    assert isinstance(caught.value, client_class.error_class)
    return caught.value


def looked_at(error: GlobusAPIError) -> None:
    """
    Use all that an error has; nothing of it fails.
    """
    texts = [error.code, error.message, error.request_id]
    texts += [text for one in error.errors for text in (one.code, one.message)]
    assert all(text is None or isinstance(text, str) for text in texts)
    assert isinstance(error.binary_content, bytes)
    for shown in (str(error), repr(error), error.explain(), str(error.info), error.text):
        assert isinstance(shown, str)
    assert not any(isinstance(part, BaseException) for part in error.args)
    assert isinstance(error.retryable, bool)
    if isinstance(error, AuthAPIError):
        assert isinstance(error.authorization_parameters, (dict, type(None)))
    assert pickle.loads(pickle.dumps(error)).args == error.args
    assert is_gare(error) == (to_gare(error) is not None)
    assert len(to_gares([error])) >= is_gare(error)


@settings(max_examples=60)
@given(
    client_class=st.sampled_from(CLIENTS),
    kind=st.sampled_from(["none", "usual"]),
    body=bodies,
    status=statuses,
    content_type=content_types,
)
def test_any_answer_is_one_typed_exception(
    client_class: type[BaseClient], kind: str, body: bytes, status: int, content_type: str
) -> None:
    """
    Any JSON, any bytes, any content type, any status; with translators and without.
    """
    with translators(kind):
        error = ended(client_class, (body, status, content_type))
        looked_at(error)
    assert type(error) is client_class.error_class
    assert error.http_status == status


@settings(max_examples=30)
@given(
    client_class=st.sampled_from(CLIENTS),
    answer=st.sampled_from(ODD_ANSWERS),
    body=bodies,
)
def test_no_translator_changes_that(
    client_class: type[BaseClient], answer: t.Any, body: bytes
) -> None:
    """
    Whatever a plugin answers or raises, the client's own class comes out.
    """
    with translators("odd", answer):
        looked_at(ended(client_class, (body, 400, "application/json")))


@pytest.mark.parametrize("kind", ["none", "usual"])
def test_parameters_of_an_authorization_are_at_hand(kind: str) -> None:
    """
    As the body states them, where they are an object.
    """
    asked = {"session_required_mfa": True, "session_message": "again"}
    with translators(kind):
        body = {"code": "AuthorizationRequired", "authorization_parameters": asked}
        error = ended(AuthClient, (body, 403))
        assert isinstance(error, AuthAPIError)
        assert error.authorization_parameters == asked
        error = ended(AuthClient, ({**body, "authorization_parameters": ["x"]}, 403))
        assert isinstance(error, AuthAPIError)
        assert error.authorization_parameters is None
