from __future__ import annotations

import copy
import json
import logging
import pickle
import typing as t
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc import ErrorInfoContainer, ErrorSubdocument, GlobusAPIError
from tests.unit.exc.helpers import URL, make_response

JSONAPI = "application/vnd.api+json"
TYPE_ZERO = {"code": "UNAUTHORIZED", "message": "call must be authenticated", "request_id": "Xy12"}
AUTH_SHAPE = {
    "errors": [
        {
            "status": "403",
            "id": "6f02e5b9",
            "code": "FORBIDDEN",
            "title": "Forbidden",
            "detail": "login too old",
        }
    ],
    "error": "forbidden",
    "error_description": "Forbidden",
    "authorization_parameters": {
        "session_message": "log in again",
        "session_required_policies": ["88d0b3a7"],
    },
}


def make_error(body: t.Any = b"", **response: t.Any) -> GlobusAPIError:
    return GlobusAPIError(make_response(body, **response))


def test_raw_facts_are_those_of_the_response() -> None:
    """Status, reason, headers and body are told as they came."""
    error = make_error(TYPE_ZERO, status=401, reason="Unauthorized", headers={"X-A": "b"})

    assert (error.http_status, error.http_reason) == (401, "Unauthorized")
    assert (error.content_type, error.headers["x-a"]) == ("application/json", "b")
    assert error.raw_json == TYPE_ZERO
    assert error.binary_content.decode() == error.text


@pytest.mark.parametrize(
    ("body", "content_type", "code", "messages", "request_id", "number_of_errors"),
    [
        (AUTH_SHAPE, None, "FORBIDDEN", ["login too old"], None, 1),
        ({"error": "invalid_grant", "error_description": "d"}, None, None, [], None, 1),
        (TYPE_ZERO, None, "UNAUTHORIZED", [TYPE_ZERO["message"]], "Xy12", 1),
        ({"code": "A", "message": "m", "request_id": 5}, None, "A", ["m"], None, 1),
        ({"code": "A", "message": "m", "errors": [{}, {}]}, None, "A", ["m"], None, 2),
        ({"code": "A", "message": "m", "errors": []}, None, "A", ["m"], None, 0),
        ({"code": "A", "message": "m", "errors": [{}, 3]}, None, "A", ["m"], None, 1),
        ({"errors": [{"code": "x", "detail": "d"}]}, JSONAPI, "x", ["d"], None, 1),
        ({"errors": [{"message": "m", "title": "t"}]}, JSONAPI, None, ["t"], None, 1),
        ({"errors": [], "code": "x", "message": "y"}, JSONAPI, "x", ["y"], None, 0),
        (
            {"errors": [{"code": "x", "detail": "d"}, {"code": "x", "title": "t"}, {}]},
            None,
            "x",
            ["d", "t"],
            None,
            3,
        ),
        ({"errors": [{"code": "x"}, {"code": "y"}]}, None, None, [], None, 2),
        ({"code": "R", "errors": [{"code": "x"}, {"code": "y"}]}, None, "R", [], None, 2),
        ({"code": 3, "message": 4, "detail": "x"}, None, None, ["x"], None, 1),
        ({"code": "A", "message": ["x"], "title": "t"}, None, "A", ["t"], None, 1),
        ({"code": "A", "message": "m"}, "text/plain", None, [], None, 0),
        ([1, 2], None, None, [], None, 0),
        ("text", None, None, [], None, 0),
        (b"\xff\xfe{", None, None, [], None, 0),
        (b"", None, None, [], None, 0),
        (b"[" * 100_000, None, None, [], None, 0),
    ],
)
def test_bodies_are_parsed_by_their_format(
    body: t.Any,
    content_type: str | None,
    code: str | None,
    messages: list[str],
    request_id: str | None,
    number_of_errors: int,
) -> None:
    """JSON:API, type zero and all other objects, in this order; the rest parses to nothing."""
    error = make_error(body, content_type=content_type or "application/json; charset=utf-8")

    assert (error.code, error.messages, error.request_id) == (code, messages, request_id)
    assert error.message == ("; ".join(messages) or None)
    assert len(error.errors) == number_of_errors


@pytest.mark.parametrize(
    ("authorization", "scheme"),
    [
        ("Bearer abcdef123456", "Bearer"),
        ("basic abcdef123456", "basic"),
        ("Globus-Goauthtoken abcdef123456", "Globus-Goauthtoken"),
        ("Other abcdef123456", None),
        ("abcdef123456", None),
        (None, None),
    ],
)
def test_args_name_the_scheme_and_never_the_token(
    authorization: str | None, scheme: str | None
) -> None:
    """Only schemes that are known are named, since an unknown one may be the token itself."""
    error = make_error(TYPE_ZERO, status=401, authorization=authorization)

    message = TYPE_ZERO["message"]
    assert error.args == ("GET", URL, scheme, 401, "UNAUTHORIZED", message, "Xy12")


def test_args_fall_back_to_the_reason() -> None:
    """Without a message in the body the reason phrase stands in for it."""
    assert make_error(b"", reason="Gone", status=410).args[3:] == (410, None, "Gone")


def test_text_of_the_error_tells_request_status_and_message() -> None:
    """One line says what was asked and what was answered."""
    text = str(make_error(TYPE_ZERO, status=401))

    assert text == (
        f"GET {URL} answered 401 UNAUTHORIZED: call must be authenticated (request id Xy12)"
    )


def test_a_request_for_a_hundred_names_is_shown_in_part() -> None:
    """What went wrong is not hidden behind a page of URL; the arguments have all of it."""
    url = "https://auth.example.org/v2/api/identities?usernames=" + "%2C".join(["ada"] * 500)
    error = make_error({"code": "GONE", "message": "it was here"}, status=404, url=url)
    assert "?usernames=ada%2Cada" in str(error)
    assert "... answered 404 GONE" in str(error)
    assert len(str(error)) < 400
    assert len(error.explain()) < 600
    assert error.args[1] == url


def test_subdocuments_read_codes_and_messages() -> None:
    """A subdocument gives what has the right type, and None for the rest."""
    document = ErrorSubdocument({"code": 5, "title": "t", "detail": 3, "message": "m"})

    assert (document.code, document.message, document.get("detail")) == (None, "t", 3)
    assert ErrorSubdocument({"message": "m"}, message_fields=("message",)).message == "m"
    assert document.get("absent", "default") == "default"


@pytest.mark.parametrize(
    ("body", "scopes"),
    [
        ({"code": "ConsentRequired", "required_scopes": ["a", "b"]}, ["a", "b"]),
        ({"code": "ConsentRequired", "required_scope": "a"}, ["a"]),
        ({"code": "ConsentRequired", "required_scopes": []}, []),
        ({"code": "ConsentRequired", "required_scope": ""}, []),
        ({"code": "ConsentRequired", "required_scopes": [3]}, []),
        ({"code": "Other", "required_scopes": ["a"]}, []),
        ({"errors": [{"code": "ConsentRequired", "required_scopes": ["a"]}]}, []),
        (
            {"code": "ConsentRequired", "authorization_parameters": {"required_scopes": ["a"]}},
            [],
        ),
        ([], []),
    ],
)
def test_required_consents_are_found_at_the_root(body: t.Any, scopes: list[str]) -> None:
    """Only a ConsentRequired body with scopes counts as one."""
    found = make_error(body).info.consent_required

    assert (bool(found), found.required_scopes) == (bool(scopes), scopes)


def test_authorization_parameters_are_read_tolerantly(caplog: pytest.LogCaptureFixture) -> None:
    """A value of a wrong type becomes None, with a warning; comma strings are split."""
    body = {
        "authorization_parameters": {
            "session_message": 5,
            "session_required_identities": ["a"],
            "session_required_policies": "p,q",
            "session_required_single_domain": "example.org",
            "session_required_mfa": True,
        }
    }
    with caplog.at_level(logging.WARNING):
        found = make_error(body).info.authorization_parameters

    assert found
    assert (found.session_message, found.session_required_single_domain) == (None, None)
    assert found.session_required_identities == ["a"]
    assert found.session_required_policies == ["p", "q"]
    assert found.session_required_mfa is True
    assert [r.args[0] for r in caplog.records if isinstance(r.args, tuple)] == [
        "session_message",
        "session_required_single_domain",
    ]


@pytest.mark.parametrize("value", [3, "x", ["y"], None])
def test_authorization_parameters_that_are_no_object_do_not_count(value: t.Any) -> None:
    """Nonsense in their place is no second error."""
    info = make_error({"authorization_parameters": value}).info

    assert not info.authorization_parameters
    assert str(info) == "AuthorizationParameterInfo(:)|ConsentRequiredInfo(:)"
    assert not ErrorInfoContainer(None).consent_required


def test_subclasses_extend_parse_body() -> None:
    """A service reads more out of its bodies in one step."""

    class DetailError(GlobusAPIError):
        detail: t.Any = None

        def parse_body(self, body: dict[str, t.Any]) -> None:
            super().parse_body(body)
            self.detail = body.get("detail")

    assert DetailError(make_response({"code": "x", "detail": [1]})).detail == [1]
    assert DetailError(make_response([])).detail is None


class ReasonedError(GlobusAPIError):
    """Reads a reason out of bodies in a format of its own, and shows it."""

    reason: str | None = None

    def parse_body(self, body: dict[str, t.Any]) -> None:
        super().parse_body(body)
        if self.body_format is None:
            self.reason = body.get("reason")

    def extra_args(self) -> tuple[t.Any, ...]:
        return (self.reason,)


@pytest.mark.parametrize(
    ("body", "content_type", "body_format"),
    [
        (TYPE_ZERO, "application/json", "type_zero"),
        ({**TYPE_ZERO, "reason": "r"}, "application/problem+json", "type_zero"),
        (TYPE_ZERO, JSONAPI, None),
        (AUTH_SHAPE, f"{JSONAPI}; charset=utf-8", "jsonapi"),
        (AUTH_SHAPE, "application/json", None),
        ({"errors": []}, JSONAPI, None),
        ([TYPE_ZERO], "application/json", None),
        (TYPE_ZERO, "text/plain", None),
        (b"{", "application/json", None),
    ],
)
def test_the_format_of_a_body_is_told(body: t.Any, content_type: str, body_format: t.Any) -> None:
    """So that a subclass can leave alone what the base class has understood."""
    assert make_error(body, content_type=content_type).body_format == body_format


def test_a_subclass_asks_for_the_format_and_adds_to_the_arguments() -> None:
    """Behind the request id, without credentials, and in copies and other processes too."""
    body = {"code": "A", "reason": "opaque-token-1 is old"}
    for error in (ReasonedError(make_response(body)), ReasonedError(make_response(TYPE_ZERO))):
        copied = pickle.loads(pickle.dumps(error))
        assert (copied.args, str(copied)) == (error.args, str(error))
    own, known = ReasonedError(make_response(body)), ReasonedError(make_response(TYPE_ZERO))
    assert own.args[6:] == (None, "*** is old") and "request id" not in str(own)
    assert known.args[6:] == ("Xy12", None) and str(known).endswith("(request id Xy12)")


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_passing_statuses_are_retryable(status: int) -> None:
    """What passes by itself is said to be retryable."""
    assert make_error(status=status).retryable
    assert "again later" in make_error(status=status).explain()


def test_explain_says_what_happened_and_why() -> None:
    """Plain words, one line for each fact."""
    lines = make_error(TYPE_ZERO, status=401, reason="Unauthorized").explain().splitlines()

    assert lines == [
        f"GET {URL} was answered with 401 Unauthorized.",
        "Why: UNAUTHORIZED: call must be authenticated",
        "Support can find this request by its id: Xy12",
    ]


def test_the_body_is_noted_without_credentials() -> None:
    """The traceback shows the body, but nothing that the request sent as a secret."""
    error = make_error(
        {"detail": "code splendid-code-1 for opaque-token-1 is used", "refresh_token": "rrrrrr"},
        method="POST",
        data={"code": "splendid-code-1"},
    )
    notes = "".join(getattr(error, "__notes__", None) or [str(error)])

    assert "is used" in notes
    for secret in ("splendid-code-1", "opaque-token-1", "rrrrrr"):
        assert secret not in notes + str(error) + repr(error) + error.explain()
        assert secret.encode() not in pickle.dumps(error)
    assert "splendid-code-1" in error.text


def test_a_very_long_body_is_noted_in_part() -> None:
    """A traceback stays readable."""
    notes = getattr(make_error(b"x" * 50_000), "__notes__", None)

    assert not notes or "30000 more characters" in notes[0]


@pytest.mark.parametrize("name", ["code", "token", "access_token", "client_secret", "state"])
def test_urls_are_shown_without_credentials(name: str) -> None:
    """The query stays readable, the values of its secrets do not."""
    error = make_error(url=f"{URL}?{name}=hush-hush&filter=x#id_token=hush-hush")

    assert error.args[1] == f"{URL}?{name}=***&filter=x#id_token=***"


def test_a_password_in_a_url_is_hidden() -> None:
    """The user part of a URL goes as a whole."""
    error = make_error(url="https://someone:hush-hush@example.org/x")

    assert "hush-hush" not in str(error)


def test_errors_build_from_anything_like_a_response() -> None:
    """Only the status is needed."""
    error = GlobusAPIError(SimpleNamespace(status_code=500))

    assert (error.http_status, error.args) == (500, (None, None, None, 500, None, ""))
    assert error.explain().startswith("The request was answered with 500.")


def test_a_body_that_breaks_off_is_an_empty_one() -> None:
    """The status is known, and worth more than the reason why its body is not."""

    class Broken:
        status_code = 500

        @property
        def content(self) -> bytes:
            raise ConnectionResetError

    assert GlobusAPIError(Broken()).binary_content == b""


def test_the_declared_charset_is_honoured() -> None:
    """A body is decoded as it says, else as UTF-8, else somehow."""
    latin = {"content_type": "text/plain; charset=ISO-8859-1"}

    assert make_error("né".encode("latin-1"), **latin).text == "né"
    assert make_error("né".encode(), content_type=None).text == "né"
    assert make_error(b"\xff", content_type="text/plain; charset=nonsense").text == "\xff"


@pytest.mark.parametrize(
    "copier", [copy.copy, copy.deepcopy, lambda e: pickle.loads(pickle.dumps(e))]
)
def test_copies_are_like_the_original(copier: t.Callable[[GlobusAPIError], GlobusAPIError]) -> None:
    """A copy has the same class, arguments, notes and parsed facts."""
    error = make_error(AUTH_SHAPE, headers={"X-A": "b", "Set-Cookie": "hush-hush"})
    error.campus = "north"
    twin = copier(error)

    assert type(twin) is GlobusAPIError
    assert (twin.args, twin.raw_json, twin.code) == (error.args, error.raw_json, error.code)
    assert getattr(twin, "__notes__", None) == getattr(error, "__notes__", None)
    assert (twin.headers["x-a"], twin.headers.get("SET-COOKIE")) == ("b", "***")
    assert "X-a" in twin.headers
    assert twin.campus == "north"  # type: ignore[attr-defined]
    assert str(twin.info) == str(error.info)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(["code", "message", "errors", "error", "detail", "title", "request_id"])
            | st.sampled_from(["authorization_parameters", "required_scopes", "required_scope"])
            | st.text(max_size=5),
            children,
            max_size=5,
        )
    ),
    max_leaves=12,
)
content_types = st.sampled_from(["application/json", JSONAPI, "text/html", "", None])


@settings(max_examples=60)
@given(body=json_values | st.binary(max_size=80), content_type=content_types)
def test_any_body_gives_one_typed_error(body: t.Any, content_type: str | None) -> None:
    """No body whatsoever raises a second error."""
    error = make_error(body, content_type=content_type)
    twin = pickle.loads(pickle.dumps(error))

    assert error.code is None or isinstance(error.code, str)
    assert all(isinstance(message, str) for message in error.messages)
    assert (twin.args, str(twin.info), twin.explain()) == (
        error.args,
        str(error.info),
        error.explain(),
    )


secrets = st.text(alphabet="abcXYZ0189+/=_-.~ %&\"'<é", min_size=8, max_size=30)


@settings(max_examples=60)
@given(
    secret=secrets.map(str.strip).filter(lambda s: len(s) > 7),
    field=st.sampled_from(["code", "message", "detail", "x"]),
)
def test_an_echoed_secret_is_never_shown(secret: str, field: str) -> None:
    """Whatever the request sent as a secret stays out of all texts, in any spelling."""
    error = GlobusAPIError(
        make_response(
            {field: f"you sent {secret} here", "errors": [{"detail": secret}]},
            method="POST",
            data={"client_secret": secret},
            authorization=None,
        )
    )
    shown = [str(error), repr(error), error.explain(), str(error.info), repr(error.errors)]
    shown += getattr(error, "__notes__", [])

    assert all(secret not in text.replace(URL, "") for text in shown)
    assert secret.encode() not in pickle.dumps(error)


@pytest.mark.parametrize("body", [b"", {"code": "a", "message": "b", "request_id": "c"}])
def test_a_reason_phrase_that_says_back_a_token_is_cleaned(body: t.Any) -> None:
    """Nowhere in what the error shows, nor in what travels with it."""
    error = GlobusAPIError(make_response(body, reason="opaque-token-1 is no good"))

    assert error.http_reason == "*** is no good"
    assert "opaque-token-1" not in f"{error} {error!r} {error.explain()}"
    assert b"opaque-token-1" not in pickle.dumps(error)


def test_a_secret_within_a_document_within_a_body_is_cleaned() -> None:
    """Escaped twice in the body, it is found after the body was parsed."""
    secret = 'one"two&three'
    echo = json.dumps({"client_secret": secret, "note": secret})
    body = {"code": "a", "message": json.dumps({"echo": echo}), "errors": [{"echo": secret}]}
    error = GlobusAPIError(make_response(body, data={"client_secret": secret}))

    assert "two" not in f"{error} {error.errors[0].raw} {error.info.consent_required}"
