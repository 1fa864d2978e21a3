"""
Asking Globus Auth, and reading what it answers with distrust.
"""

from __future__ import annotations

import typing as t

from globus_core.exc import GlobusAPIError, GlobusError, NetworkError, ValidationError
from globus_core.identities import FAILED, UNKNOWN, Identity, Unresolved, normalize_key

if t.TYPE_CHECKING:
    from ._batches import Batch

    Answer: t.TypeAlias = Identity | Unresolved


class IdentitiesClient(t.Protocol):
    """
    What is needed of a client of Globus Auth.
    """

    def get_identities(self, *, usernames: t.Any = ..., ids: t.Any = ...) -> t.Iterable[t.Any]:
        """
        Ask for identities by ids or usernames, and iterate over the documents.
        """
        ...


def ask(client: IdentitiesClient, batch: Batch) -> tuple[dict[str, Answer], list[Identity]]:
    """
    Send one batch, and give an answer for each of its keys and all identities that came.

    :param client: a client of Globus Auth
    :param batch: the keys of the request
    """
    try:
        if batch.kind == "ids":
            documents = list(client.get_identities(ids=batch.keys))
        else:
            documents = list(client.get_identities(usernames=batch.keys))
    except GlobusError as error:
        return _all_failed(batch, error), []
    except (KeyError, TypeError, ValueError) as error:
        problem = ValidationError("the answer of Globus Auth holds no list of identities")
        problem.__cause__ = error
        return _all_failed(batch, problem), []
    return _read(batch, documents)


def is_hopeless(error: GlobusError | None) -> bool:
    """
    Whether further requests of the same client would fail in the same way.

    :param error: how a request failed; None if it did not
    """
    if error is None or isinstance(error, (NetworkError, ValidationError)):
        return False
    if isinstance(error, GlobusAPIError):
        return error.http_status in (401, 403)
    return True  # no login, no renewal: nothing was sent at all


def _read(batch: Batch, documents: list[t.Any]) -> tuple[dict[str, Answer], list[Identity]]:
    asked = set(batch.keys)
    answers: dict[str, Answer] = {}
    identities: list[Identity] = []
    problem: ValidationError | None = None
    for document in documents:
        try:
            identity = Identity(document)
        except (TypeError, ValueError) as error:
            problem = ValidationError(f"Globus Auth answered with something else: {error}")
            continue
        key = identity.id if batch.kind == "ids" else normalize_key(identity.username)
        if key not in asked:
            problem = ValidationError(f"Globus Auth answered for {key!r}, which was not asked for")
            continue
        identities.append(identity)
        answers[key] = _preferred(answers.get(key), identity)
    for key in batch.keys:
        if key not in answers:
            # After a faulty answer nobody knows whether the key was meant to be in it.
            answers[key] = _missing(key, problem)
    return answers, identities


def _preferred(known: Answer | None, identity: Identity) -> Identity:
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
    return {key: Unresolved(key, FAILED, error=error) for key in batch.keys}
