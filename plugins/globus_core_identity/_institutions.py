"""
What the plugins of institutions contribute to a look-up.

No plugin can make a look-up fail: errors, hanging calls and invalid answers are reported and
ignored. Plugins get copies, and their answers are copied as plain JSON data, so that they cannot
change either of them later.
"""

from __future__ import annotations

import copy
import json
import typing as t

from globus_core import compose
from globus_core.arguments import check_numbers
from globus_core.exc import ValidationError
from globus_core.identities import GLOBUS, Identity, is_bare_name, key_problem, normalize_key

from ._deadline_calls import DeadlineCalls, Emit

if t.TYPE_CHECKING:
    Keys = t.Sequence[str]

#: how long a plugin may take for each batch, in seconds
TIMEOUT = 10.0
_AT_ONCE = 100
_NORMALIZE = "globus_normalize_identity"
_RESOLVE = "globus_resolve_identities"
_ENRICH = "globus_enrich_identity"
_FINGERPRINT = "globus_identity_fingerprint"


class _Problem(t.NamedTuple):
    """What is wrong with an answer."""

    error: BaseException | str


class Institutions:
    """
    All plugins that implement the hooks for identities.

    :param timeout: how long a plugin may take for each batch of up to 100 names or identities, and
        for the keys of one look-up, in seconds
    """

    def __init__(self, timeout: float = TIMEOUT) -> None:
        check_numbers(extension_timeout=timeout)
        self._calls = DeadlineCalls(timeout)

    def normalize(self, names: Keys) -> dict[str, str]:
        """
        The usernames or ids, in normal form, that institutions have for bare names.

        :param names: names as the caller spelled them, without surrounding white space
        """
        found: dict[str, str] = {}
        for implementation in compose.implementations(_NORMALIZE):
            left = [name for name in dict.fromkeys(names) if name not in found]
            for part in _parts(left):

                def work(emit: Emit, part: Keys = part, call: t.Any = implementation) -> None:
                    for name in part:
                        emit((name, _tried(_name, call, name)))

                for name, key in self._run(implementation.plugin, _NORMALIZE, work):
                    found[name] = key
        return found

    def resolve(self, keys: Keys) -> dict[str, Identity]:
        """
        The records in institutions' own directories, with the plugin's name as their source.

        Each directory is asked for the keys that those before it did not know.

        :param keys: keys in normal form
        """
        found: dict[str, Identity] = {}
        for implementation in compose.implementations(_RESOLVE):
            left = tuple(key for key in keys if key not in found)
            if not left:
                break

            def work(
                emit: Emit, left: tuple[str, ...] = left, call: t.Any = implementation
            ) -> None:
                answer = call(keys=left)
                if answer is None:
                    return
                if not isinstance(answer, t.Mapping):
                    kind = type(answer).__name__
                    emit((None, _Problem(f"expected a mapping, not {kind}")))
                    return
                for key in left:
                    document = answer.get(key)
                    if document is not None:
                        emit((key, _tried(_assertion, call.plugin, key, document)))

            found.update(self._run(implementation.plugin, _RESOLVE, work))
        return found

    def enrich(self, *answers: dict[str, t.Any]) -> None:
        """
        Replace identities by those with the attributes that plugins add to them, under the plugins'
        names.

        :param answers: mappings whose values are replaced; what is no identity stays
        """
        if not compose.implementations(_ENRICH):
            return
        values = (answer for some in answers for answer in some.values())
        known = {id(answer): answer for answer in values if isinstance(answer, Identity)}
        enriched = dict(zip(known, self._enriched(list(known.values())), strict=True))
        for some in answers:
            for key, answer in some.items():
                some[key] = enriched.get(id(answer), answer)

    def _enriched(self, identities: list[Identity]) -> list[Identity]:
        extensions: list[dict[str, t.Any]] = [{} for _ in identities]
        for implementation in compose.implementations(_ENRICH):
            for part in _parts(range(len(identities))):

                def work(emit: Emit, part: range = part, call: t.Any = implementation) -> None:
                    for number in part:
                        emit((number, _tried(_attributes, call, identities[number])))

                for number, attributes in self._run(implementation.plugin, _ENRICH, work):
                    extensions[number][implementation.plugin] = attributes
        return [
            identity.extended(added) if added else identity
            for identity, added in zip(identities, extensions, strict=True)
        ]

    def fingerprint(self) -> str:
        """
        What tells these plugins, their versions and their settings from others; empty if there are
        none.
        """
        return compose.fingerprint(_NORMALIZE, _RESOLVE, _ENRICH, stated=_FINGERPRINT)

    def vouch_for(self, record: Identity) -> bool:
        """
        Whether all plugins that have a part in a record are in use; for caches without namespaces.

        :param record: a record from a cache
        """
        source = record.source
        asserted = source.startswith("plugin:")
        if not asserted and (source != GLOBUS or not record.extensions):
            return True  # made by no plugin, or by a program that says what it likes
        makers = set(record.extensions)
        if asserted:
            makers.add(source.partition(":")[2])
        in_use = (compose.implementations(hook) for hook in (_RESOLVE, _ENRICH))
        return makers.issubset(one.plugin for found in in_use for one in found)

    def _run(
        self, plugin: str, hook: str, work: t.Callable[[Emit], None]
    ) -> t.Iterator[tuple[t.Any, t.Any]]:
        """Run a plugin's code with the deadline, report problems, and yield the valid answers."""
        results, problem = self._calls.run((plugin, hook), work)
        for key, result in results:
            if isinstance(result, _Problem):
                compose.report(plugin, hook, result.error)
            elif result is not None:
                yield key, result
        if problem is not None:
            compose.report(plugin, hook, problem)


def _parts(items: t.Any) -> t.Iterator[t.Any]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _tried(read: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
    """One answer of a plugin; if it is wrong, the others still count."""
    try:
        return read(*arguments)
    except BaseException as error:  # the boundary to foreign code
        compose.raise_interrupt(error)
        return _Problem(error)


def _name(call: t.Any, name: str) -> str | _Problem | None:
    value = call(key=name)
    if value is None:
        return None
    if isinstance(value, str) and not is_bare_name(value):
        key = normalize_key(value)
        if key_problem(key) is None:
            return key
    return _Problem(f"expected a username or an id, not {value!r:.80}")


def _assertion(plugin: str, key: str, document: t.Any) -> Identity | _Problem:
    """A plugin's record for a key, if it is an identity with exactly that key."""
    try:
        identity = Identity(_plain(document), source=f"plugin:{plugin}")
    except (TypeError, ValueError, RecursionError) as error:
        problem = str(error) if isinstance(error, ValidationError) else "it is not a JSON object"
        return _Problem(f"the record for {key!r} cannot be used: {problem}")
    if is_bare_name(key) or key in (identity.id, normalize_key(identity.username)):
        return identity
    return _Problem(f"the record for {key!r} has another id and username")


def _attributes(call: t.Any, identity: Identity) -> dict[str, t.Any] | _Problem | None:
    answer = call(identity=copy.deepcopy(identity))
    if answer is None:
        return None
    if not isinstance(answer, t.Mapping) or not all(isinstance(name, str) for name in answer):
        kind = type(answer).__name__
        return _Problem(f"expected a mapping with names as keys, not {kind}")
    try:
        return _plain(answer)
    except (TypeError, ValueError, RecursionError) as error:
        return _Problem(f"attributes must be JSON data: {type(error).__name__}")


def _plain(document: t.Any) -> dict[str, t.Any]:
    """A copy of a mapping that contains only JSON data."""
    copied: dict[str, t.Any] = json.loads(json.dumps(dict(document), allow_nan=False))
    return copied
