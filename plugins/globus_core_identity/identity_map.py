"""
IdentityMap: identities by id and by username, looked up when they are first needed.
"""

from __future__ import annotations

import typing as t
import uuid
from collections.abc import ItemsView, KeysView, Mapping, ValuesView

from globus_core.exc import GlobusSDKUsageError
from globus_core.identities import (
    CALLER,
    Identity,
    IdentityCache,
    Resolution,
    Unresolved,
    normalize_key,
)

from ._announced import AnnouncedKeys, AnnouncedLookUps, failed
from ._auth_source import IdentitiesClient
from ._batches import MOST_KEYS
from ._institutions import TIMEOUT
from .mapping import MappingIdentityCache, open_cache
from .resolver import CONNECTIONS, MOST_CONNECTIONS, ChainResolver

if t.TYPE_CHECKING:
    Key = str | uuid.UUID
    Answer: t.TypeAlias = Identity | Unresolved

#: announced keys that are read from a cache along with the one that is looked up
_READ_ALONG = 5000


def _refuse(self: t.Any, *args: t.Any, **kwargs: t.Any) -> t.NoReturn:
    raise TypeError("identities are put into an IdentityMap with add(document)")


class IdentityMap(dict[str, Identity]):
    """
    A mapping from identity ids and usernames to identities, filled on demand.

    Announce keys with the constructor and :meth:`add`; the first look-up that is not answered
    yet asks for a batch of them at once. :meth:`prefetch` asks for all of them, several
    requests at a time. Iteration goes over the ids of the identities that the map has found,
    each once, after looking up what is announced; what only an institution asserts is listed
    under the key that it was asked for. Keys are found in any case, and UUIDs in any
    spelling. The map is safe to share between threads.

    Without ``cache`` the map keeps what it finds for as long as it lives, and its look-ups
    are those of a dict: that is why it is one. With a cache, the cache decides what is kept, and
    announced keys are read from it along with the one that is looked up.

    :param auth_client: a client of Globus Auth: has ``get_identities(ids=...)`` and
        ``get_identities(usernames=...)``
    :param identity_ids: keys to announce
    :param id_batch_size: how many keys to ask for in one request; None takes 100, the most
        that Globus Auth accepts
    :param cache: where identities are kept: an IdentityCache, a dict-like object, or the name
        or URL of a cache (``memory``, ``sqlite``); None keeps them in the map
    :param id_list: another name for ``identity_ids``
    :param max_connections: how many requests may be under way at once, from 1 to 32
    :param include: what to ask for along with identities: ``["identity_provider"]`` puts the
        provider's record into ``identity.included["identity_provider"]``
    :param extension_timeout: seconds that an institution's plugin has for each batch
    :raises GlobusSDKUsageError: if an argument makes no sense, or no plugin offers the cache
    """

    def __init__(
        self,
        auth_client: IdentitiesClient,
        identity_ids: t.Iterable[Key] | None = None,
        *,
        id_batch_size: int | None = None,
        cache: IdentityCache | t.MutableMapping[str, t.Any] | str | None = None,
        id_list: t.Iterable[Key] | None = None,
        max_connections: int = CONNECTIONS,
        include: t.Iterable[str] = (),
        extension_timeout: float = TIMEOUT,
    ) -> None:
        super().__init__()
        if identity_ids is not None and id_list is not None:
            raise GlobusSDKUsageError("pass 'identity_ids' or 'id_list', not both")
        batch_size = MOST_KEYS if id_batch_size is None else id_batch_size
        if batch_size < 1:
            raise GlobusSDKUsageError(f"id_batch_size must be at least 1, not {batch_size!r}")
        if not 1 <= max_connections <= MOST_CONNECTIONS:
            raise GlobusSDKUsageError(
                f"max_connections must be from 1 to {MOST_CONNECTIONS}, not {max_connections!r}"
            )
        self.auth_client = auth_client
        self.id_batch_size = batch_size
        self._resolver = ChainResolver(
            auth_client,
            open_cache(cache, self),
            batch_size=batch_size,
            max_connections=max_connections,
            include=include,
            extension_timeout=extension_timeout,
        )
        self._announced = AnnouncedKeys()
        self._look_ups = AnnouncedLookUps(self._announced, self._resolver, batch_size, self._note)
        self._listed: dict[str, None] = {}
        self._ahead: dict[str, Answer] = {}
        # While nothing was looked up, announcing is as quick as a set: keys are put in order
        # when they are needed. Of somebody's mapping it has to be seen what is in it.
        cache_is_asked = type(self._resolver.cache) is MappingIdentityCache
        if not cache_is_asked and type(self).add is IdentityMap.add:
            self.__dict__["add"] = self._announced.quick_add(self._add_checked)
        self._announce(identity_ids if identity_ids is not None else id_list)

    # what globus-sdk has

    def add(self, identity_id: Key | Mapping[str, t.Any]) -> bool:
        """
        Announce a key, to be asked for together with others; or put a document in.

        A document is taken as the caller's word: its ``source`` is ``caller``, unless it is an
        Identity, which keeps its own.

        :param identity_id: an identity id or a username, or an identity document
        :return: whether the key was neither announced nor known before; of a cache other than
            a mapping only what this map has found counts as known
        :raises ValidationError: if a document has no id or no username
        """
        return self._add_checked(identity_id)

    def get(self, key: Key, default: t.Any = None) -> t.Any:
        """
        The identity with a key, or the default if there is none.

        :param key: an identity id or a username
        :param default: what to give for an unknown key
        :raises GlobusError: if the look-up fails
        """
        try:
            return self[key]
        except KeyError:
            return default

    if t.TYPE_CHECKING:

        def __getitem__(self, key: Key) -> Identity: ...

    def __missing__(self, key: Key) -> Identity:
        # dict calls this for what is not in the table: the common case costs nothing.
        if not isinstance(key, (str, uuid.UUID)):
            raise KeyError(key)
        canonical = self._resolver.spellings.canonical(key)
        answer = self._ahead.pop(canonical, None) if self._ahead else None
        if answer is None:
            answer = self._recall(canonical)
        if answer is None:
            self._sort_announced()
            answer = self._look_ups.one(normalize_key(key), canonical)
        if isinstance(answer, Identity):
            return answer
        if answer.error is not None:
            raise answer.error
        raise KeyError(key)

    def __delitem__(self, key: Key) -> None:
        """
        Forget what the cache holds for one key, so that it is asked for again.

        The identity's other key is not touched.

        :param key: an identity id or a username
        :raises KeyError: if nothing is held for it
        """
        canonical = self._resolver.spellings.canonical(key)
        self._listed.pop(canonical, None)
        self._ahead.pop(canonical, None)
        if not self._resolver.forget([canonical]):
            raise KeyError(key)

    # many at once

    def resolve_many(
        self,
        keys: t.Iterable[Key],
        *,
        progress: t.Callable[[int, int], None] | None = None,
    ) -> Resolution:
        """
        Look up many keys, and say of each what was found or why nothing was.

        A request that fails is an entry in the result, not an exception.

        :param keys: identity ids and usernames; they need not be announced
        :param progress: called with the number of keys answered and of all keys
        :raises GlobusSDKUsageError: if one of them is neither text nor a ``uuid.UUID``
        """
        wanted = [keys] if isinstance(keys, (str, uuid.UUID)) else keys
        return self._look_ups.many([(normalize_key(key), str(key)) for key in wanted], progress)

    def resolve_iter(
        self,
        keys: t.Iterable[Key],
        *,
        progress: t.Callable[[int, int], None] | None = None,
    ) -> t.Iterator[tuple[str, Identity | Unresolved]]:
        """
        Look up many keys, and give each answer as it comes, with its key as it was spelled.

        :param keys: identity ids and usernames; they need not be announced, and are read a few
            batches at a time
        :param progress: called with the number of keys answered, and of all keys where ``keys``
            has a length, else of those read so far
        """
        wanted = [keys] if isinstance(keys, (str, uuid.UUID)) else keys
        for spelling, key, answer in self._resolver.answered(wanted, progress=progress):
            self._note({key: answer})
            yield spelling, answer

    def prefetch(
        self,
        keys: t.Iterable[Key] = (),
        *,
        progress: t.Callable[[int, int], None] | None = None,
    ) -> Resolution:
        """
        Look up everything that is announced; what other threads look up just now is waited for.

        What fails stays announced.

        :param keys: keys to announce first
        :param progress: called with the number of keys answered and of all keys
        """
        self._announce(keys)
        self._sort_announced()
        return self._look_ups.all(progress)

    def to_dict(self) -> dict[str, dict[str, t.Any]]:
        """
        Every identity found, as plain data by the keys of iteration: see ``Identity.to_dict``.

        To be written as JSON: encoders read the map itself past the methods that look things up.
        """
        return {key: identity.to_dict() for key, identity in self.items()}

    @property
    def cache(self) -> IdentityCache:
        """Where identities are kept."""
        return self._resolver.cache

    # a mapping of ids to identities

    def __iter__(self) -> t.Iterator[str]:
        self.prefetch().raise_for_failure()
        return iter(list(self._listed))

    def __len__(self) -> int:
        self.prefetch().raise_for_failure()
        return len(self._listed)

    def __contains__(self, key: object) -> bool:
        try:
            self[key]  # type: ignore[index]
        except KeyError:
            return False
        return True

    def __bool__(self) -> bool:
        return True  # a map is not looked up to find out whether there is one

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """
        The ids of the identities found.
        """
        return KeysView(self)

    def values(self) -> ValuesView[Identity]:  # type: ignore[override]
        """
        The identities found, each once.
        """
        return ValuesView(self)

    def items(self) -> ItemsView[str, Identity]:  # type: ignore[override]
        """
        The identities found, each once with its id.
        """
        return ItemsView(self)

    def clear(self) -> None:
        """
        Forget all identities and all announced keys, and empty the cache.
        """
        self._sort_announced()
        self._announced.clear()
        self._listed.clear()
        self._ahead = {}
        self._resolver.clear()

    def copy(self) -> dict[str, Identity]:
        """
        A plain dict of ids and identities.
        """
        return dict(self.items())

    def __reduce_ex__(self, protocol: t.SupportsIndex) -> t.NoReturn:
        raise TypeError(
            "an IdentityMap is tied to its client, and is neither copied nor pickled: take "
            "to_dict() or copy(), or make another map with the same cache"
        )

    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<IdentityMap: {len(self._listed)} found, {len(self._announced)} announced>"

    __setitem__ = _refuse
    __ior__ = _refuse
    __or__ = _refuse
    __ror__ = _refuse
    __reversed__ = None  # type: ignore[assignment]
    pop = _refuse
    popitem = _refuse
    setdefault = _refuse
    update = _refuse

    # how it is done

    def _announce(self, keys: t.Iterable[Key] | None) -> None:
        if keys is None:
            return
        for key in [keys] if isinstance(keys, (str, uuid.UUID)) else keys:
            self.add(key)

    def _add_checked(self, identity_id: Key | Mapping[str, t.Any]) -> bool:
        self._sort_announced()
        if not isinstance(identity_id, (str, uuid.UUID)):
            return self._put(identity_id)
        key = normalize_key(identity_id)
        if key in self._announced or self._is_known(key):
            return False
        return self._announced.add(key, str(identity_id))

    def _sort_announced(self) -> None:
        self.__dict__.pop("add", None)
        self._announced.sort(self._known)

    def _is_known(self, key: str) -> bool:
        return key in self._known([key])

    def _known(self, keys: list[str]) -> set[str]:
        """Those of some keys that the map has found, or that somebody's mapping holds."""
        if type(self._resolver.cache) is MappingIdentityCache:
            answers = self._resolver.remembered(keys)
            known = {key for key, answer in answers.items() if isinstance(answer, Identity)}
        else:  # to ask a file or a server for each key would make announcing slow
            known = {key for key in keys if dict.__contains__(self, key)}
        return known | (self._listed.keys() & keys)

    def _put(self, document: Mapping[str, t.Any]) -> bool:
        if not isinstance(document, Mapping):
            raise GlobusSDKUsageError(
                f"an identity id, a username or a document was expected, not {document!r:.80}"
            )
        identity = document if isinstance(document, Identity) else Identity(document, source=CALLER)
        new = not self._is_known(identity.id)
        keys = (identity.id, normalize_key(identity.username))
        self._resolver.remember(dict.fromkeys(keys, identity))
        self._note(dict.fromkeys(keys, identity))
        return new

    def _recall(self, key: str) -> Answer | None:
        """What the cache holds for a key; of a slow one announced keys are read along."""
        if isinstance(self._resolver.cache, MappingIdentityCache):
            along = []
        else:
            self._sort_announced()
            along = self._announced.oldest(_READ_ALONG)
        known = self._resolver.remembered([key, *along])
        self._note(known)
        answer = known.pop(key, None)
        self._ahead = known
        return answer

    def _note(self, answers: Mapping[str, Answer]) -> None:
        answered = []
        for key, answer in answers.items():
            if isinstance(answer, Identity):
                # An institution's word is listed under the key that it was given for: its id
                # is for Globus Auth to answer.
                by_id = not answer.source.startswith("plugin:")
                self._listed[answer.id if by_id else key] = None
            elif failed(answer):
                continue
            else:
                self._listed.pop(key, None)
            answered.append(key)
        # last, so that no key is for a moment neither announced nor listed
        self._announced.discard_many(answered)
