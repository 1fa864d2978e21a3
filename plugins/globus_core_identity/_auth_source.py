"""
Asking Globus Auth for identities, and checking its answers.
"""

from __future__ import annotations

import copy
import typing as t

from globus_core.exc import GlobusAPIError, GlobusError, NetworkError, ValidationError
from globus_core.identities import (
    FAILED,
    GLOBUS,
    NOT_VISIBLE,
    UNKNOWN,
    Identity,
    Unresolved,
    normalize_key,
)
from globus_core.transport import RetryConfig

if t.TYPE_CHECKING:
    from ._batches import Batch

    Answer: t.TypeAlias = Identity | Unresolved
    # identities are paired with their usernames in normal form
    Answered: t.TypeAlias = tuple[dict[str, Answer], list[tuple[str, Identity]]]
    Included: t.TypeAlias = dict[str, dict[str, t.Any]]

#: what can be included with identities: the field that refers to it, and the list that has it
INCLUDES = {"identity_provider": "identity_providers"}
_TOO_MANY = 429


class IdentitiesClient(t.Protocol):
    """
    The method of a Globus Auth client that is used here.
    """

    def get_identities(self, *, usernames: t.Any = ..., ids: t.Any = ...) -> t.Iterable[t.Any]:
        """
        Ask for identities by ids or usernames; the response iterates over the documents.
        """
        ...


def without_429_retries(client: IdentitiesClient) -> IdentitiesClient:
    """
    A client with the same connections and tokens that does not retry after a 429.

    Otherwise each request would wait on its own, while the others keep asking.

    :param client: the caller's client, which is not changed
    """
    config = getattr(client, "retry_config", None)
    if not isinstance(config, RetryConfig):
        return client
    ours, retries = copy.copy(client), copy.copy(config)
    for name in ("retry_after_status_codes", "transient_error_status_codes"):
        codes: tuple[int, ...] = getattr(config, name)
        setattr(retries, name, tuple(code for code in codes if code != _TOO_MANY))
    t.cast("t.Any", ours).retry_config = retries
    return ours


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
        documents = list(response)
        included = {name: _by_id(response, INCLUDES[name]) for name in include}
    except GlobusError as error:
        return _all_failed(batch, error), []
    except (KeyError, TypeError, ValueError) as error:
        problem = ValidationError("the response of Globus Auth contains no list of identities")
        problem.__cause__ = error
        return _all_failed(batch, problem), []
    return _read(batch, documents, included)


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


def _read(batch: Batch, documents: list[t.Any], included: Included) -> Answered:
    asked = set(batch.keys)
    answers: dict[str, Answer] = {}
    identities: list[tuple[str, Identity]] = []
    problem: ValidationError | None = None
    for document in documents:
        try:
            along = _along(document, included) if included else None
            identity = Identity(document, source=GLOBUS, included=along)
        except (TypeError, ValueError) as error:
            hidden = _hidden(document, batch)
            if hidden in asked:
                answers.setdefault(hidden, Unresolved(hidden, NOT_VISIBLE, detail="no username"))
            else:
                problem = ValidationError(f"Globus Auth sent an invalid identity: {error}")
            continue
        username = normalize_key(identity.username)
        key = identity.id if batch.kind == "ids" else username
        if key not in asked:
            problem = ValidationError(f"Globus Auth sent {key!r}, which was not requested")
            continue
        identities.append((username, identity))
        known = answers.get(key)
        answers[key] = identity if known is None else _preferred(known, identity)
    for key in batch.keys:
        if key not in answers:
            # An invalid record may have been meant to be this one.
            answers[key] = _missing(key, problem)
    return answers, identities


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


def _missing(key: str, problem: ValidationError | None) -> Unresolved:
    if problem is None:
        return Unresolved(key, UNKNOWN)
    return Unresolved(key, FAILED, error=problem)


def _all_failed(batch: Batch, error: GlobusError) -> dict[str, Answer]:
    # FORBIDDEN from Globus Auth means that the token may not look up identities; a 403 from a
    # proxy says nothing about them.
    forbidden = (
        isinstance(error, GlobusAPIError) and error.http_status == 403 and error.code == "FORBIDDEN"
    )
    reason = NOT_VISIBLE if forbidden else FAILED
    return {key: Unresolved(key, reason, error=error) for key in batch.keys}
