from __future__ import annotations

import pickle
import subprocess
import sys
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc import ErrorFacts, GlobusAPIError
from globus_core_errors.hooks import globus_translate_error
from tests.unit.exc.helpers import make_response

JSONAPI = "application/vnd.api+json"
PAGE = b"<!DOCTYPE html><html><head><title>502 Bad &amp;\n Gateway</title></head></html>"


def facts_of(body: t.Any = b"", **response: t.Any) -> ErrorFacts:
    facts = globus_translate_error(error=GlobusAPIError(make_response(body, **response)))
    return ErrorFacts() if facts is None else facts


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("access_denied", "allow the requested access"),
        ("invalid_client", "client id and the client secret"),
        ("invalid_grant", "log in again"),
        ("invalid_request", "arguments"),
        ("invalid_scope", "scopes"),
        ("unauthorized_client", "another grant type"),
        ("unsupported_grant_type", "URL"),
        ("temporarily_unavailable", "later"),
        ("a_new_code", "arguments"),
    ],
)
def test_oauth2_bodies_give_code_message_and_advice(code: str, words: str) -> None:
    """The codes of RFC 6749 section 5.2; an unknown one gets the advice of the status."""
    facts = facts_of({"error": code, "error_description": "why"}, status=400)

    assert (facts.code, facts.message) == (code, "why")
    assert words in (facts.advice or "")


def test_passing_oauth2_errors_are_retryable() -> None:
    """The code says more than the status."""
    assert facts_of({"error": "temporarily_unavailable"}).retryable
    assert facts_of({"error": "invalid_grant"}).retryable is None


def test_a_bearer_challenge_is_read() -> None:
    """RFC 6750 puts the error into a header."""
    challenge = 'Bearer realm="x", error="invalid_token", error_description="it expired"'
    facts = facts_of(b"", status=401, headers={"WWW-Authenticate": challenge})

    assert (facts.code, facts.message) == ("invalid_token", "it expired")
    assert facts_of(b"", status=401, headers={"WWW-Authenticate": "Bearer"}).code is None
    assert facts_of(b"", status=401, headers={"WWW-Authenticate": 'Bearer realm="x"'}).code is None


def test_missing_consents_are_named() -> None:
    """The advice says which scopes, in words and as a fact; trying again would not help."""
    body = {"code": "ConsentRequired", "message": "m", "required_scopes": ["a:b[*c]", "d"]}
    facts = facts_of(body, status=502)

    assert facts.advice == "log in again; consent to a:b[*c], d"
    assert facts.required_scopes == ("a:b[*c]", "d")
    assert facts.retryable is False


@pytest.mark.parametrize(
    ("parameters", "advice"),
    [
        ({}, "log in again"),
        ({"session_required_identities": ["a", "b"]}, "log in again with the identity a and b"),
        (
            {"session_required_single_domain": ["example.org", "example.com"]},
            "log in again with an identity of example.org or example.com",
        ),
        (
            {"session_required_mfa": True, "session_required_single_domain": "example.org"},
            "log in again with an identity of example.org, "
            "with a second factor (multi-factor authentication)",
        ),
        (
            {"session_required_policies": "p"},
            "log in again in a way that meets the authentication policy p",
        ),
        (
            {"session_required_policies": ["p", "q"], "prompt": "login"},
            "log in again in a way that meets the authentication policies p and q, "
            "by entering your password again",
        ),
        ({"session_message": "Use MFA."}, 'log in again; the service says: "Use MFA"'),
    ],
)
def test_session_requirements_are_put_in_words(parameters: t.Any, advice: str) -> None:
    """Whoever reads it knows what to do at the login page."""
    facts = facts_of({"authorization_parameters": parameters}, status=403)

    assert facts.advice == advice
    assert facts.authorization_parameters is not None


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("x", None), (None, None)])
def test_rate_limits_say_how_long_to_wait(value: str | None, seconds: float | None) -> None:
    """Status 429 is retryable, after the time that the header says."""
    headers = {} if value is None else {"Retry-After": value}
    facts = facts_of({"code": "TooMany", "message": "m"}, status=429, headers=headers)

    assert (facts.retry_after, facts.retryable) == (seconds, True)
    assert "fewer requests" in (facts.advice or "")


def test_a_date_counts_from_the_date_of_the_response() -> None:
    """An HTTP date is a number of seconds too."""
    headers = {
        "Retry-After": "Wed, 21 Oct 2026 12:00:30 GMT",
        "Date": "Wed, 21 Oct 2026 12:00:00 GMT",
    }

    assert facts_of(status=503, headers=headers).retry_after == 30
    assert facts_of(status=404, headers=headers).retry_after is None


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/json", None])
def test_a_page_of_a_proxy_is_told_as_one(content_type: str | None) -> None:
    """Its title is shown, and that it did not come from Globus."""
    facts = facts_of(PAGE, status=502, content_type=content_type)

    assert facts.message == (
        "the response is a web page titled '502 Bad & Gateway': it did not come from Globus but "
        "from something in between"
    )
    assert "HTTPS_PROXY" in (facts.advice or "")


@pytest.mark.parametrize("body", [b"", b"<title", b"<title>", b"<title>x", b"<TITLE> </TITLE>"])
def test_a_page_without_a_title_is_told_all_the_same(body: bytes) -> None:
    """Pages come in all states."""
    message = facts_of(body, content_type="text/html").message

    assert (message or "").startswith("the response is a web page: it did not come")


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"error": {"code": "C", "detail": "d", "title": "t"}}, "C", "d"),
        ({"error": {"detail": [{"msg": "m", "loc": ["a", 1]}], "title": "t"}}, None, "m: a.1"),
        ({"error": {"message": "m"}}, None, "m"),
        ({"error": {"title": "t", "detail": {}}}, None, "t"),
        ({"error": {}}, None, None),
        ({"detail": [{"msg": "m", "loc": ["body", "x"]}, {"msg": "n"}]}, None, "m: body.x; n"),
        ({"detail": [3, {"loc": []}]}, None, None),
    ],
)
def test_formats_of_globus_services_are_read(
    body: t.Any, code: str | None, message: str | None
) -> None:
    """Bodies of Flows and Timers, which have their error one level down or in a list."""
    facts = facts_of(body, status=422)

    assert (facts.code, facts.message) == (code, message)


def test_json_api_errors_name_the_places_to_correct() -> None:
    """Pointer, parameter and header; the id is the request's."""
    errors = [
        {"source": {"pointer": "/data/x"}, "id": "i"},
        {"source": {"parameter": "filter"}},
        {"source": {"header": "X-A"}},
        {"source": "nonsense"},
        3,
    ]
    facts = facts_of({"errors": errors}, content_type=JSONAPI, status=422)

    assert facts.advice == (
        "correct the field /data/x, the parameter 'filter', the header X-A and try again"
    )
    assert facts.request_id == "i"
    assert facts_of({"errors": 3}, content_type=JSONAPI).request_id is None


def test_a_request_id_is_found_where_it_can_stand() -> None:
    """In a body of another format, or in a header."""
    assert facts_of({"request_id": "i", "detail": "d"}).request_id == "i"
    assert facts_of(b"", headers={"X-Request-Id": "i"}).request_id == "i"


def test_a_short_text_is_the_message() -> None:
    """A gateway's one line is worth showing, a long text is not."""
    assert facts_of(b"upstream is\ndown", content_type="text/plain").message == "upstream is down"
    assert facts_of(b"x" * 1000, content_type="text/plain").message is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "log in again"),
        (403, "request access"),
        (404, "check the id"),
        (409, "current state"),
        (500, "status.globus.org"),
        (599, "status.globus.org"),
    ],
)
def test_the_status_gives_the_advice_of_last_resort(status: int, words: str) -> None:
    """Even an empty body leads somewhere."""
    assert words in (facts_of(status=status).advice or "")


def test_a_refused_client_secret_is_not_called_a_token() -> None:
    """Basic authorization carries a client secret."""
    facts = facts_of(status=401, authorization="Basic aWQ6c2VjcmV0MTIz")

    assert facts.advice == "check the client id and the client secret"


def test_a_401_without_a_token_says_that_the_client_has_nobody_to_act_for() -> None:
    """Logging in again would not help: the client was given neither an app nor an authorizer."""
    facts = facts_of(status=401, authorization=None)

    assert "app or an authorizer" in (facts.advice or "")
    assert "log in again" not in (facts.advice or "")


def test_an_error_about_which_nothing_is_known_has_no_facts() -> None:
    """The hook then leaves it to others."""
    assert globus_translate_error(error=GlobusAPIError(make_response(b"", status=418))) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "error",
                    "error_description",
                    "errors",
                    "detail",
                    "msg",
                    "loc",
                    "source",
                    "pointer",
                ]
            )
            | st.sampled_from(["code", "message", "title", "authorization_parameters", "id"]),
            children,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=80)
@given(
    body=json_values | st.binary(max_size=60),
    content_type=st.sampled_from(["application/json", JSONAPI, "text/html", "text/plain", None]),
    status=st.sampled_from([400, 401, 403, 404, 418, 429, 502]),
)
def test_any_answer_is_translated_without_an_error(
    body: t.Any, content_type: str | None, status: int
) -> None:
    """Facts are of the right types, whatever the server sent."""
    facts = facts_of(body, content_type=content_type, status=status)
    pickle.dumps(facts)

    texts = (facts.code, facts.message, facts.advice, facts.request_id)
    assert all(text is None or isinstance(text, str) for text in texts)


def test_the_hooks_module_stays_light() -> None:
    """Registering the plugin imports no translator."""
    code = (
        "import sys, globus_core_errors.hooks\n"
        "heavy = ('requests', 'json', 're', 'logging', 'globus_core.exc.api')\n"
        "print([m for m in sys.modules if '_translators' in m or m in heavy])"
    )
    path = [p for p in sys.path if p]
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {path!r}\n{code}"],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.stdout.strip(), done.stderr) == ("[]", "")
