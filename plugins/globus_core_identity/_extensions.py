"""
The part that institutions take, through the hooks of their plugins.

Nothing that a plugin does or answers can make a look-up fail: what raises or makes no sense is
reported and passed over.
"""

from __future__ import annotations

import copy
import typing as t

from globus_core import compose
from globus_core.exc import ValidationError
from globus_core.identities import Identity, is_bare_name, key_problem, normalize_key

_NORMALIZE = "globus_normalize_identity"
_RESOLVE = "globus_resolve_identities"
_ENRICH = "globus_enrich_identity"


def canonical_name(name: str) -> str | None:
    """
    The username or id, in normal form, that an institution gives a bare name.

    :param name: the name as the caller spelled it, without surrounding blanks
    """
    for implementation in compose.observers(_NORMALIZE):
        value = _call(implementation, _NORMALIZE, key=name)
        if value is None:
            continue
        if isinstance(value, str) and not is_bare_name(value):
            key = normalize_key(value)
            if key_problem(key) is None:
                return key
        expected = f"a username or an id was expected, not {value!r:.80}"
        compose.report(implementation.plugin, _NORMALIZE, expected)
    return None


def asserted(keys: t.Sequence[str]) -> dict[str, Identity]:
    """
    What institutions' own directories say, each record marked with the plugin it came from.

    Each directory is asked for what those before it left open.

    :param keys: keys in normal form
    """
    found: dict[str, Identity] = {}
    for implementation in compose.observers(_RESOLVE):
        left = tuple(key for key in keys if key not in found)
        if not left:
            break
        answer = _call(implementation, _RESOLVE, keys=left)
        if answer is None:
            continue
        if not isinstance(answer, t.Mapping):
            expected = f"a mapping was expected, not {type(answer).__name__}"
            compose.report(implementation.plugin, _RESOLVE, expected)
            continue
        for key in left:
            record = _assertion(implementation.plugin, key, answer)
            if record is not None:
                found[key] = record
    return found


def enriched(identity: Identity) -> Identity:
    """
    The identity with the attributes that plugins have for it, each under its plugin's name.

    :param identity: the identity, which is not changed
    """
    extensions: dict[str, dict[str, t.Any]] = {}
    for implementation in compose.observers(_ENRICH):
        answer = _call(implementation, _ENRICH, identity=copy.deepcopy(identity))
        if answer is None:
            continue
        if isinstance(answer, t.Mapping) and all(isinstance(name, str) for name in answer):
            extensions[implementation.plugin] = dict(answer)
        else:
            expected = f"a mapping with names as keys was expected, not {type(answer).__name__}"
            compose.report(implementation.plugin, _ENRICH, expected)
    return identity.extended(extensions) if extensions else identity


def _call(implementation: t.Any, hook: str, **arguments: t.Any) -> t.Any:
    try:
        # A copy, so that the plugin cannot change its answer after it was looked at.
        return copy.deepcopy(implementation(**arguments))
    except Exception as error:  # the boundary to foreign code
        compose.report(implementation.plugin, hook, error)
        return None


def _assertion(plugin: str, key: str, answer: t.Mapping[str, t.Any]) -> Identity | None:
    """A plugin's record for a key, if it has one that is an identity with that very key."""
    document = answer.get(key)
    if document is None:
        return None
    try:
        identity = Identity(dict(document), source=f"plugin:{plugin}")
    except (TypeError, ValueError) as error:
        problem = str(error) if isinstance(error, ValidationError) else "it is no mapping"
        compose.report(plugin, _RESOLVE, f"the record for {key!r} is of no use: {problem}")
        return None
    if is_bare_name(key) or key in (identity.id, normalize_key(identity.username)):
        return identity
    compose.report(plugin, _RESOLVE, f"the record for {key!r} has another id and username")
    return None
