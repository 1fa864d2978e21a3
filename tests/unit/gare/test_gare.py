from __future__ import annotations

import copy
import pickle
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from globus_core.exc import ErrorSubdocument, GlobusAPIError, ValidationError
from globus_core.gare import (
    GARE,
    GlobusAuthorizationParameters,
    has_gares,
    is_gare,
    to_gare,
    to_gares,
)
from tests.unit.exc.helpers import make_response

CANONICAL = {"code": "X", "authorization_parameters": {"session_message": "m"}}
TRANSFER = {
    "code": "ConsentRequired",
    "message": "Missing consent",
    "request_id": "Xy12",
    "required_scopes": ["urn:example:all[*https://example.org/data_access]"],
}
DEPENDENT = {
    "error": "dependent_consent_required",
    "error_description": "d",
    "errors": [
        {"code": "DEPENDENT_CONSENT_REQUIRED", "id": "i", "unapproved_scopes": ["a"]},
        {"unapproved_scopes": ["b"]},
    ],
}


def consent(scopes: list[str], message: str | None = None, **more: t.Any) -> dict[str, t.Any]:
    parameters: dict[str, t.Any] = {"required_scopes": scopes} if scopes else {}
    if message is not None:
        parameters["session_message"] = message
    return {"code": "ConsentRequired", "authorization_parameters": {**parameters, **more}}


ROWS: list[tuple[t.Any, t.Any]] = [
    # 1: canonical
    (CANONICAL, CANONICAL),
    ({"code": "X", "authorization_parameters": {}}, {"code": "X", "authorization_parameters": {}}),
    ({"code": "X", "authorization_parameters": {"prompt": "none"}}, ...),
    (
        {**TRANSFER, "authorization_parameters": {"prompt": "login"}},
        {
            "code": "ConsentRequired",
            "authorization_parameters": {"prompt": "login"},
        },
    ),
    # 2: comma strings, no code
    (
        {"authorization_parameters": {}},
        {
            "code": "AuthorizationRequired",
            "authorization_parameters": {},
        },
    ),
    (
        {"code": "Y", "authorization_parameters": {"session_required_policies": "p, q", "z": 1}},
        {"code": "Y", "authorization_parameters": {"session_required_policies": ["p", "q"]}},
    ),
    (
        {"authorization_parameters": {"session_required_single_domain": "example.org"}},
        {
            "code": "AuthorizationRequired",
            "authorization_parameters": {"session_required_single_domain": ["example.org"]},
        },
    ),
    (
        {"authorization_parameters": {"required_scopes": ["s"], "prompt": "login"}},
        {
            "code": "AuthorizationRequired",
            "authorization_parameters": {"required_scopes": ["s"], "prompt": "login"},
        },
    ),
    (
        {"authorization_parameters": {"required_scopes": "s"}},
        {"code": "AuthorizationRequired", "authorization_parameters": {"required_scopes": ["s"]}},
    ),
    (
        {"authorization_parameters": {"required_scopes": 5}},
        {
            "code": "AuthorizationRequired",
            "authorization_parameters": {},
        },
    ),
    # 3: Transfer
    (TRANSFER, consent(TRANSFER["required_scopes"], "Missing consent")),  # type: ignore[arg-type]
    ({"code": "ConsentRequired", "required_scopes": []}, consent([])),
    (
        {
            "code": "ConsentRequired",
            "required_scopes": ["a"],
            "authorization_parameters": {"session_required_identities": "x"},
        },
        consent(["a"]),
    ),
    # 4: older action providers
    (
        {"code": "ConsentRequired", "required_scope": "a", "description": "d"},
        consent(["a"], "d"),
    ),
    (
        {
            "code": "ConsentRequired",
            "required_scope": "a",
            "authorization_parameters": {"prompt": "none", "session_required_policies": "p"},
        },
        consent(["a"], prompt="none", session_required_policies=["p"]),
    ),
    # 5: dependent consent
    (DEPENDENT, consent(["a"])),
    ({"error": "dependent_consent_required", "errors": [{}]}, consent([])),
]

NO_MATCH: list[t.Any] = [
    None,
    [],
    "text",
    5,
    {},
    {"code": "X"},
    {"code": 5, "authorization_parameters": {}},
    {"code": "X", "authorization_parameters": "text"},
    {"authorization_parameters": {"session_required_identities": "a"}},
    {"authorization_parameters": {"session_required_mfa": "yes"}},
    {"authorization_parameters": {"prompt": "none"}},
    {"code": "ConsentRequired", "required_scopes": [3]},
    {"code": "ConsentRequired", "required_scopes": "a"},
    {"code": "ConsentRequired", "required_scope": "a", "description": 5},
    {"code": "ConsentRequired", "required_scope": "a", "authorization_parameters": "text"},
    {"code": "Other", "required_scopes": ["a"]},
    {"error": "dependent_consent_required", "errors": []},
    {"error": "dependent_consent_required", "errors": [3]},
    {"error": "dependent_consent_required", "errors": "x"},
    {"error": "dependent_consent_required", "errors": [{"unapproved_scopes": "a"}]},
]


@pytest.mark.parametrize(("document", "expected"), ROWS)
def test_every_form_becomes_canonical(document: t.Any, expected: t.Any) -> None:
    """The rows of the table, in their order."""
    before = copy.deepcopy(document)
    gare = to_gare(document)

    assert gare is not None
    assert gare.to_dict() == (document if expected is ... else expected)
    assert document == before
    assert is_gare(document)


@pytest.mark.parametrize("document", NO_MATCH)
def test_what_no_form_forgives_is_no_requirement(document: t.Any) -> None:
    """Nonsense gives None, and no other exception."""
    assert to_gare(document) is None
    assert not has_gares([document])


def test_unknown_keys_are_kept_on_both_levels() -> None:
    """What is not understood can be passed on."""
    document = {"code": "X", "authorization_parameters": {"a": 1, "prompt": "login"}, "b": 2}
    gare = GARE.from_dict(document)

    assert gare.to_dict() == {"code": "X", "authorization_parameters": {"prompt": "login"}}
    assert gare.to_dict(include_extra=True) == document
    assert (gare.extra, gare.authorization_parameters.extra) == ({"b": 2}, {"a": 1})


def test_older_forms_keep_what_they_do_not_use() -> None:
    """The text and the request id of a Transfer error are in extra."""
    gare = to_gare(TRANSFER)

    assert gare is not None
    assert gare.extra == {"message": "Missing consent", "request_id": "Xy12"}


def test_parameters_that_cannot_be_read_are_kept_as_extra() -> None:
    """An older form with broken parameters beside it loses nothing."""
    document = {
        "code": "ConsentRequired",
        "required_scope": "a",
        "authorization_parameters": {"prompt": 5, "session_required_policies": {"p": 1}},
    }
    gare = to_gare(document)

    assert gare is not None
    assert gare.authorization_parameters.extra == document["authorization_parameters"]
    assert gare.to_dict(include_extra=True)["authorization_parameters"] == {
        "required_scopes": ["a"],
        "prompt": 5,
        "session_required_policies": {"p": 1},
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("session_message", 5),
        ("session_required_identities", "a"),
        ("session_required_policies", ["a", 5]),
        ("session_required_single_domain", ("a",)),
        ("session_required_mfa", "yes"),
        ("required_scopes", "a"),
        ("prompt", ["login"]),
    ],
)
def test_wrong_types_are_refused_by_name(field: str, value: t.Any) -> None:
    """The error says which field it is."""
    with pytest.raises(ValidationError, match=f"^'{field}' must be "):
        GlobusAuthorizationParameters(**{field: value})


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((5, {}), "'code' must be a string, not int"),
        (("X", None), "'authorization_parameters' must be an instance of"),
        (("X", "text"), "'authorization_parameters' must be an instance of"),
        (("X", {"prompt": 5}), "'prompt' must be a string"),
    ],
)
def test_a_gare_checks_its_fields(arguments: tuple[t.Any, ...], text: str) -> None:
    """Code and parameters are required."""
    with pytest.raises(ValidationError, match=text):
        GARE(*arguments)


@pytest.mark.parametrize("data", [None, [], "text", 5])
def test_from_dict_refuses_what_is_no_mapping(data: t.Any) -> None:
    """A list from a server is a validation error like any other."""
    with pytest.raises(ValidationError, match="made from a mapping"):
        GARE.from_dict(data)


def test_repr_shows_what_is_required() -> None:
    """Enough to see what is asked for, without the unknown keys."""
    gare = GARE("X", GlobusAuthorizationParameters(prompt="login", extra={"a": 1}), extra={"b": 2})

    assert repr(gare) == (
        "GARE(code='X', authorization_parameters=GlobusAuthorizationParameters(prompt='login'))"
    )


def api_error(body: t.Any) -> GlobusAPIError:
    return GlobusAPIError(make_response(body, status=403))


def test_api_errors_are_searched_from_the_root_down() -> None:
    """The body as a whole comes first, then each subdocument."""
    both = api_error({**CANONICAL, "errors": [TRANSFER]})
    below = api_error({"errors": [{"code": "Q"}, TRANSFER]})

    assert (found := to_gare(both)) is not None
    assert found.code == "X"
    assert (found := to_gare(below)) is not None
    assert found.code == "ConsentRequired"
    assert to_gare(api_error({"code": "Q"})) is None


@pytest.mark.parametrize("body", [b"", b"\xff", [], "text", [TRANSFER]])
def test_api_errors_of_other_bodies_state_nothing(body: t.Any) -> None:
    """An array or a text as body is no second error."""
    assert to_gare(api_error(body)) is None
    assert to_gares([api_error(body)]) == []


def test_all_requirements_of_several_errors_are_found() -> None:
    """Subdocuments, then the root if it has a list of them; each once."""
    errors: list[t.Any] = [
        api_error({**CANONICAL, "errors": [TRANSFER, {"code": "Q"}]}),
        api_error(CANONICAL),
        ErrorSubdocument(TRANSFER),
        {"code": "Q"},
        CANONICAL,
    ]

    found = [gare.code for gare in to_gares(errors)]
    assert found == ["ConsentRequired", "X", "X", "ConsentRequired", "X"]
    assert has_gares(errors)
    assert not has_gares([])


texts = st.text(max_size=8)
lists = st.lists(texts, max_size=3)
parameters = st.fixed_dictionaries(
    {},
    optional={
        "session_message": texts,
        "session_required_identities": lists,
        "session_required_policies": lists,
        "session_required_single_domain": lists,
        "session_required_mfa": st.booleans(),
        "required_scopes": lists,
        "prompt": texts,
        "unknown": st.integers(),
    },
)


@settings(max_examples=60)
@given(code=texts, parameters=parameters, other=texts)
def test_canonical_documents_make_the_round_trip(
    code: str, parameters: dict[str, t.Any], other: str
) -> None:
    """Reading and writing again gives the same document."""
    document = {"code": code, "authorization_parameters": parameters, "other": other}
    gare = to_gare(document)
    stated = {key: value for key, value in parameters.items() if value not in ([], "")}
    document = {**document, "authorization_parameters": stated}

    assert gare is not None
    assert gare.to_dict(include_extra=True) == document
    again = to_gare(gare.to_dict())
    assert again is not None
    assert again.to_dict() == gare.to_dict()
    assert pickle.loads(pickle.dumps(gare)).to_dict(include_extra=True) == document


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["a", "a,b", "login", ""]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "code",
                    "authorization_parameters",
                    "required_scopes",
                    "required_scope",
                    "errors",
                    "unapproved_scopes",
                    "session_required_policies",
                    "prompt",
                    "message",
                ]
            ),
            children | st.just("ConsentRequired"),
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(anything, st.booleans())
def test_any_document_gives_a_requirement_or_none(document: t.Any, dependent: bool) -> None:
    """No document raises, and what is found is canonical."""
    if dependent and isinstance(document, dict):
        document["error"] = "dependent_consent_required"
    gare = to_gare(document)

    assert gare is None or GARE.from_dict(gare.to_dict()).to_dict() == gare.to_dict()


@pytest.mark.parametrize("code", [None, "AuthorizationRequired", "ConsentRequired"])
@pytest.mark.parametrize(
    ("wrong", "value"),
    [("prompt", 5), ("session_required_mfa", "yes"), ("session_required_identities", ["a", 1])],
)
def test_of_requirements_with_one_wrong_field_the_others_are_kept(
    code: str | None, wrong: str, value: object
) -> None:
    """The wrong field goes to ``extra``, and to_dict() without extra is what can be asked for."""
    parameters = {"session_required_policies": ["p"], "new": 1, wrong: value}
    document = {"authorization_parameters": parameters, "more": 2}
    gare = to_gare(document if code is None else {"code": code, **document})
    assert gare is not None
    assert gare.authorization_parameters.to_dict() == {"session_required_policies": ["p"]}
    assert gare.authorization_parameters.extra == {"new": 1, wrong: value}
    assert gare.extra == {"more": 2}


@pytest.mark.parametrize(
    ("scopes", "key", "text"),
    [(["s"], "required_scopes", "message"), ("s", "required_scope", "description")],
)
def test_a_consent_keeps_the_readable_part_of_its_parameters(
    scopes: object, key: str, text: str
) -> None:
    """The scopes and the message of the document are asked for, and of the parameters the rest."""
    found = {"prompt": 5, "session_required_policies": "p,q", "required_scopes": ["s", "t"]}
    document = {
        "code": "ConsentRequired",
        key: scopes,
        text: "m",
        "authorization_parameters": found,
    }
    gare = to_gare(document)
    assert gare is not None
    assert gare.authorization_parameters.to_dict() == {
        "required_scopes": ["s", "t"],
        "session_message": "m",
        "session_required_policies": ["p", "q"],
    }
    assert gare.authorization_parameters.extra == {"prompt": 5}


def test_requirements_that_cannot_be_read_at_all_are_none() -> None:
    """A login for nothing would change nothing, and be asked for again."""
    assert to_gare({"code": "x", "authorization_parameters": {"prompt": 5}}) is None
