"""
Asking Globus Auth for identities, and checking its answers.
"""

from __future__ import annotations

import logging
import typing as t

from globus_core.exc import (
    GlobusAPIError,
    GlobusError,
    GlobusSDKUsageError,
    NetworkError,
    ValidationError,
)
from globus_core.identities import (
    FAILED,
    GLOBUS,
    NOT_VISIBLE,
    UNKNOWN,
    Identity,
    Unresolved,
    normalize_key,
)
from globus_core.identities.identity import UncheckedIdentity, plain_identity

if t.TYPE_CHECKING:
    from ._batches import Batch

    Answer: t.TypeAlias = Identity | Unresolved
    # the answers to the keys, and the identities received by their keys that were not asked for
    Answered: t.TypeAlias = tuple[dict[str, Answer], dict[str, Identity]]
    Included: t.TypeAlias = dict[str, dict[str, t.Any]]

#: what can be included with identities: the field that refers to it, and the list that has it
INCLUDES = {"identity_provider": "identity_providers"}
_TOO_MANY = 429
#: why a key has no identity, if there was a record in the response that was not asked for
NOT_THIS_ONE = "Globus Auth sent another identity instead"

log = logging.getLogger("globus_core.identities")


class IdentitiesClient(t.Protocol):
    """
    The method of a Globus Auth client that is used here.
    """

    def get_identities(self, *, usernames: t.Any = ..., ids: t.Any = ...) -> t.Iterable[t.Any]:
        """
        Ask for identities by ids or usernames; the response iterates over the documents.
        """
        ...


def ask(client: IdentitiesClient, batch: Batch, include: tuple[str, ...] = ()) -> Answered:
    """
    Send one batch, and return an answer for each of its keys, and all identities received.

    :param client: a client of Globus Auth
    :param batch: the keys of the request
    :param include: what to include with the identities, of ``INCLUDES``
    """
    query: dict[str, t.Any] = {batch.kind: batch.keys}
    if include:
        query["query_params"] = {"include": ",".join(include)}
    try:
        response = client.get_identities(**query)
        documents = _documents(response)
        included = {name: _by_id(response, INCLUDES[name]) for name in include}
    except GlobusError as error:
        return _all_failed(batch, error), {}
    except (KeyError, TypeError, ValueError) as error:
        problem = ValidationError("the response of Globus Auth contains no list of identities")
        problem.__cause__ = error
        return _all_failed(batch, problem), {}
    return _read(batch, documents, included)


def checked_includes(include: t.Iterable[str]) -> tuple[str, ...]:
    """
    The names of what to include.

    :param include: one name or several
    :raises GlobusSDKUsageError: if something cannot be included
    """
    names = (include,) if isinstance(include, str) else tuple(include)
    for name in names:
        if name not in INCLUDES:
            known = ", ".join(INCLUDES)
            raise GlobusSDKUsageError(f"cannot include {name!r:.80}; possible values: {known}")
    return names


def blocks_further_requests(error: GlobusError | None) -> bool:
    """
    Whether further requests of the same client would fail for the same reason.

    :param error: why a request failed; None if it did not
    """
    if error is None or isinstance(error, (NetworkError, ValidationError)):
        return False
    if isinstance(error, GlobusAPIError):
        return error.http_status in (401, 403, _TOO_MANY)
    return True  # no login or no renewal: nothing was sent


def _documents(response: t.Any) -> list[t.Any]:
    """The documents of a response; in the tests of programs it may be a dict, or any response."""
    if hasattr(response, "__iter__") and not isinstance(response, t.Mapping):
        return list(response)
    documents = response["identities"]
    if not isinstance(documents, (list, tuple)):
        raise TypeError("the identities are no list")
    return list(documents)


def _read(batch: Batch, documents: list[t.Any], included: Included) -> Answered:
    asked = set(batch.keys)
    answers: dict[str, Answer] = {}
    others: dict[str, Identity] = {}
    problem: ValidationError | None = None
    odd = False
    for document in documents:
        try:
            identity = _received(document, included)
        except (TypeError, ValueError) as error:
            hidden = _hidden(document, batch)
            if hidden in asked:
                answers.setdefault(hidden, Unresolved(hidden, NOT_VISIBLE, detail="no username"))
            else:
                problem = ValidationError(f"Globus Auth sent an invalid identity: {error}")
            continue
        key, other = identity.id, normalize_key(identity["username"])
        if key not in asked:
            key, other = other, key
        if key not in asked:
            log.warning("Globus Auth sent the identity %.80r, which was not asked for", key)
            odd = True
            continue
        others.setdefault(other, identity)
        known = answers.get(key)
        answers[key] = identity if known is None else _preferred(known, identity)
    for key in batch.keys:
        if key not in answers:
            # An invalid record may have been meant to be this one.
            answers[key] = _missing(key, problem, odd=odd)
    return answers, others


def _received(document: t.Any, included: Included) -> Identity:
    along = _along(document, included) if included else None
    try:
        if along is None:
            return plain_identity(document, GLOBUS)
        return Identity(document, source=GLOBUS, included=along)
    except ValidationError:
        if not _is_stand_in(document):
            raise
    return UncheckedIdentity(document, source=GLOBUS, included=along)


def _is_stand_in(document: t.Any) -> bool:
    """Whether it is a record of a test, whose id need not be a UUID."""
    if not isinstance(document, t.Mapping):
        return False
    texts = [document.get(name) for name in ("id", "username")]
    return all(isinstance(text, str) and text.strip() for text in texts)


def _by_id(response: t.Any, name: str) -> dict[str, t.Any]:
    """The included documents by id; none if the server does not support that."""
    try:
        documents = response["included"][name]
        return {normalize_key(document["id"]): dict(document) for document in documents}
    except (IndexError, KeyError, TypeError, ValueError):
        return {}


def _along(document: t.Any, included: Included) -> dict[str, t.Any]:
    if not isinstance(document, t.Mapping):
        return {}
    return {name: known.get(str(document.get(name)).lower()) for name, known in included.items()}


def _hidden(document: t.Any, batch: Batch) -> str:
    """The id of a record that Globus Auth sent without a username; empty for anything else."""
    if batch.kind != "ids" or not isinstance(document, t.Mapping):
        return ""
    return normalize_key(str(document.get("id"))) if document.get("username") is None else ""


def _preferred(known: Answer, identity: Identity) -> Identity:
    """Of two identities with the same username, the one that has been used for a login."""
    if not isinstance(known, Identity):
        return identity
    if known.get("status") != "used" and identity.get("status") == "used":
        return identity
    return known


def _missing(key: str, problem: ValidationError | None, *, odd: bool) -> Unresolved:
    if problem is None:
        return Unresolved(key, UNKNOWN, detail=NOT_THIS_ONE if odd else None)
    return Unresolved(key, FAILED, error=problem)


def _all_failed(batch: Batch, error: GlobusError) -> dict[str, Answer]:
    # FORBIDDEN from Globus Auth means that the token may not look up identities; a 403 from a
    # proxy says nothing about them.
    forbidden = (
        isinstance(error, GlobusAPIError) and error.http_status == 403 and error.code == "FORBIDDEN"
    )
    reason = NOT_VISIBLE if forbidden else FAILED
    return {key: Unresolved(key, reason, error=error) for key in batch.keys}
