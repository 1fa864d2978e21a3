"""
Asking Globus Auth for identities, and checking what it answers.
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
    # identities come with their usernames in normal form
    Answered: t.TypeAlias = tuple[dict[str, Answer], list[tuple[str, Identity]]]
    Included: t.TypeAlias = dict[str, dict[str, t.Any]]

#: what may be asked for along with identities: the field that names it, the list that it is in
INCLUDES = {"identity_provider": "identity_providers"}
_TOO_MANY = 429


class IdentitiesClient(t.Protocol):
    """
    What is needed of a client of Globus Auth.
    """

    def get_identities(self, *, usernames: t.Any = ..., ids: t.Any = ...) -> t.Iterable[t.Any]:
        """
        Ask for identities by ids or usernames, and iterate over the documents.
        """
        ...


def without_429_retries(client: IdentitiesClient) -> IdentitiesClient:
    """
    A client of the same connections and tokens that leaves it to us to wait after a 429.

    Each request would wait for itself otherwise, while the others go on asking.

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
    Send one batch, and give an answer for each of its keys and all identities that came.

    :param client: a client of Globus Auth
    :param batch: the keys of the request
    :param include: what to ask for along with them, of ``INCLUDES``
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
        problem = ValidationError("the answer of Globus Auth holds no list of identities")
        problem.__cause__ = error
        return _all_failed(batch, problem), []
    return _read(batch, documents, included)


def blocks_further_requests(error: GlobusError | None) -> bool:
    """
    Whether further requests of the same client would fail in the same way.

    :param error: how a request failed; None if it did not
    """
    if error is None or isinstance(error, (NetworkError, ValidationError)):
        return False
    if isinstance(error, GlobusAPIError):
        return error.http_status in (401, 403, _TOO_MANY)
    return True  # no login, no renewal: nothing was sent at all


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
                problem = ValidationError(f"Globus Auth answered with something else: {error}")
            continue
        username = normalize_key(identity.username)
        key = identity.id if batch.kind == "ids" else username
        if key not in asked:
            problem = ValidationError(f"Globus Auth answered for {key!r}, which was not asked for")
            continue
        identities.append((username, identity))
        known = answers.get(key)
        answers[key] = identity if known is None else _preferred(known, identity)
    for key in batch.keys:
        if key not in answers:
            # After a faulty answer nobody knows whether the key was meant to be in it.
            answers[key] = _missing(key, problem)
    return answers, identities


def _by_id(response: t.Any, name: str) -> dict[str, t.Any]:
    """The documents that came along, by their ids; none where the server knows no such thing."""
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
    """The id of a record that Globus Auth gave without its username; empty for anything else."""
    if batch.kind != "ids" or not isinstance(document, t.Mapping):
        return ""
    return normalize_key(str(document.get("id"))) if document.get("username") is None else ""


def _preferred(known: Answer, identity: Identity) -> Identity:
    """Of two identities of one name the one that somebody has logged in with."""
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
    # Globus Auth says FORBIDDEN where a token may not look people up; a proxy's 403 says nothing.
    forbidden = (
        isinstance(error, GlobusAPIError) and error.http_status == 403 and error.code == "FORBIDDEN"
    )
    reason = NOT_VISIBLE if forbidden else FAILED
    return {key: Unresolved(key, reason, error=error) for key in batch.keys}
