"""
IdentityMap: identities by id and username, looked up when they are first needed.
"""

from __future__ import annotations

import typing as t
import uuid
from collections.abc import Mapping

from globus_core.arguments import check_has, check_iterables
from globus_core.exc import GlobusSDKUsageError
from globus_core.identities import (
    CALLER,
    Identity,
    IdentityCache,
    Resolution,
    Unresolved,
    normalize_key,
)
from globus_core.printable import safe_repr

from ._announced import AnnouncedKeys, AnnouncedLookUps, failed
from ._auth_source import IdentitiesClient
from ._batches import MOST_KEYS
from ._found import FoundIdentities
from ._institutions import TIMEOUT
from ._settings import check_count
from ._spellings import spelled
from .mapping import MappingIdentityCache, open_cache
from .resolver import CONNECTIONS, MOST_CONNECTIONS, ChainResolver

if t.TYPE_CHECKING:
    Key = str | uuid.UUID
    Answer: t.TypeAlias = Identity | Unresolved

#: how many announced keys are read from a cache together with the key that is looked up
_READ_ALONG = 5000


class IdentityMap(FoundIdentities):
    """
    A mapping from identity ids and usernames to identities, filled on demand.

    Announce keys in the constructor and with :meth:`add`. The first key that is used and not known
    yet is requested together with a batch of announced ones; :meth:`prefetch` requests all of
    them, with several requests at a time. Iterating looks up the announced keys, and then yields
    the ids of all identities found, each once; an identity that only an institution vouches for
    is listed under the key that was looked up. Keys are case-insensitive, and UUIDs may have any
    spelling. Threads can share a map.

    Without ``cache``, the map itself keeps what it finds, and a known key is as fast as in a dict,
    which is why the map is a subclass of it. With a cache, the cache decides what is kept, and
    announced keys are read from it together with the key that is looked up.

    :param auth_client: a Globus Auth client, with ``get_identities(ids=...)`` and
        ``get_identities(usernames=...)``
    :param identity_ids: keys to announce
    :param id_batch_size: the largest number of keys in one request; None means 100, the most
        that Globus Auth accepts
    :param cache: where identities are kept: an IdentityCache, a dict-like object, or the name
        or URL of a cache (``memory``, ``sqlite``); None keeps them in the map
    :param id_list: another name for ``identity_ids``
    :param max_connections: how many requests may run at once, from 1 to 32
    :param include: what to include with identities: ``["identity_provider"]`` puts the
        provider's record into ``identity.included["identity_provider"]``
    :param extension_timeout: how long an institution's plugin may take for each batch, in seconds
    :raises GlobusSDKUsageError: if an argument is invalid, or no plugin offers the cache
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
            raise GlobusSDKUsageError("pass either 'identity_ids' or 'id_list', not both")
        check_iterables(identity_ids=identity_ids, id_list=id_list, include=include)
        batch_size = MOST_KEYS if id_batch_size is None else id_batch_size
        check_count(batch_size, "id_batch_size")
        check_count(max_connections, "max_connections", most=MOST_CONNECTIONS)
        check_has(auth_client, "auth_client", ("get_identities",), "an AuthClient, or alike")
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
        self._cache_is_slow = not isinstance(self._resolver.cache, MappingIdentityCache)
        self._announced = AnnouncedKeys()
        self._look_ups = AnnouncedLookUps(self._announced, self._resolver, batch_size, self._note)
        self._listed: dict[str, None] = {}
        self._ahead: dict[str, Answer] = {}
        # Before the first look-up, announcing is as fast as adding to a set: keys are put into
        # queues when they are needed. A mapping from the caller has to be checked for each key.
        cache_is_asked = type(self._resolver.cache) is MappingIdentityCache
        if not cache_is_asked and type(self).add is IdentityMap.add:
            self.__dict__["add"] = self._announced.quick_add(self._add_checked)
        self._announce(identity_ids if identity_ids is not None else id_list)

    # what globus-sdk has

    def add(
        self,
        identity_id: Key | Mapping[str, t.Any] | None = None,
        *,
        identity_document: Mapping[str, t.Any] | None = None,
    ) -> bool:
        """
        Announce a key, to be requested together with others, or add an identity document.

        The ``source`` of a document is ``caller``; an Identity keeps its own.

        :param identity_id: an identity id, a username, or an identity document
        :param identity_document: a document, by this name; None if ``identity_id`` is given
        :return: whether the key was neither announced nor known before; with a cache that is not
            a mapping, only the keys that this map has found are known
        :raises ValidationError: if a document has no id or no username
        """
        return self._add_checked(identity_id, identity_document)

    def get(
        self, key: Key | None = None, default: t.Any = None, *, identity: Key | None = None
    ) -> t.Any:
        """
        The identity with a key, or the default if there is none.

        :param key: an identity id or a username
        :param default: returned for an unknown key
        :param identity: the key, by this name; None if ``key`` is given
        :raises GlobusError: if the look-up fails
        :raises GlobusSDKUsageError: if both names of the key are given, or none
        """
        if (key is None) == (identity is None):
            raise GlobusSDKUsageError("expected one identity id or username, as key or as identity")
        try:
            return self[key if identity is None else identity]  # type: ignore[index]
        except KeyError:
            return default

    if t.TYPE_CHECKING:

        def __getitem__(self, key: Key) -> Identity: ...

    def __missing__(self, key: Key) -> Identity:
        # dict calls this for keys that it does not have; the common case costs nothing extra.
        if not isinstance(key, (str, uuid.UUID)):
            raise KeyError(key)
        cache = self._resolver.cache
        if type(cache) is MappingIdentityCache:  # the caller's, who may spell keys in any way
            stated = cache.stated(key)
            if stated is None:
                return stated  # type: ignore[return-value]  # as the caller wants it
            if isinstance(stated, Identity) and self._resolver.is_usable(stated):
                self._note({normalize_key(key): stated})
                return stated
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
        Remove one key from the cache, so that it is looked up again when it is used.

        The identity's other key is not removed.

        :param key: an identity id or a username
        :raises KeyError: if the cache does not have the key
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
        Look up many keys; the result has an identity or a reason for each of them.

        A request that fails is part of the result and raises nothing.

        :param keys: identity ids and usernames; they need not be announced
        :param progress: called with the number of answered keys and of all keys
        :raises GlobusSDKUsageError: if one of them is neither text nor a ``uuid.UUID``
        """
        wanted = [keys] if isinstance(keys, (str, uuid.UUID)) else keys
        return self._look_ups.many(spelled(wanted), progress)

    def resolve_iter(
        self,
        keys: t.Iterable[Key],
        *,
        progress: t.Callable[[int, int], None] | None = None,
    ) -> t.Iterator[tuple[str, Identity | Unresolved]]:
        """
        Look up many keys, and yield each answer as it arrives, with the key as it was spelled.

        :param keys: identity ids and usernames; they need not be announced, and are read a few
            batches at a time
        :param progress: called with the number of answered keys, and of all keys if ``keys`` has
            a length, otherwise of those read so far
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
        Look up all announced keys; wait for those that other threads are looking up.

        Keys that fail stay announced.

        :param keys: keys to announce first
        :param progress: called with the number of answered keys and of all keys
        """
        self._announce(keys)
        self._sort_announced()
        return self._look_ups.all(progress)

    @property
    def unresolved_ids(self) -> set[str]:
        """The announced ids that are not answered yet, as they were spelled; a copy."""
        self._sort_announced()
        return self._announced.spellings(names=False)

    @property
    def unresolved_usernames(self) -> set[str]:
        """The announced names that are not answered yet, as they were spelled; a copy."""
        self._sort_announced()
        return self._announced.spellings(names=True)

    @property
    def cache(self) -> IdentityCache:
        """Where identities are kept."""
        return self._resolver.cache

    def clear(self) -> None:
        """
        Remove all identities and announced keys, and empty the cache.
        """
        self._sort_announced()
        self._announced.clear()
        self._listed.clear()
        self._ahead = {}
        self._resolver.clear()

    @safe_repr
    def __repr__(self) -> str:
        return f"<IdentityMap: {len(self._listed)} found, {len(self._announced)} announced>"

    # internals

    def _announce(self, keys: t.Iterable[Key] | None) -> None:
        if keys is None:
            return
        for key in [keys] if isinstance(keys, (str, uuid.UUID)) else keys:
            self.add(key)

    def _add_checked(
        self,
        identity_id: Key | Mapping[str, t.Any] | None,
        document: Mapping[str, t.Any] | None = None,
    ) -> bool:
        if document is not None:
            if identity_id is not None:
                raise GlobusSDKUsageError("expected identity_id or identity_document, not both")
            identity_id = document
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
        """Those of some keys that the map has found, or that the caller's mapping has."""
        if type(self._resolver.cache) is MappingIdentityCache:
            answers = self._resolver.remembered(keys)
            known = {key for key, answer in answers.items() if isinstance(answer, Identity)}
        else:  # asking a file or a server about each key would make announcing slow
            known = {key for key in keys if dict.__contains__(self, key)}
        return known | (self._listed.keys() & keys)

    def _put(self, document: Mapping[str, t.Any] | None) -> bool:
        if not isinstance(document, Mapping):
            raise GlobusSDKUsageError(
                f"expected an identity id, a username or a document, not {document!r:.80}"
            )
        identity = document if isinstance(document, Identity) else Identity(document, source=CALLER)
        new = not self._is_known(identity.id)
        keys = (identity.id, normalize_key(identity.username))
        self._resolver.remember(dict.fromkeys(keys, identity))
        self._note(dict.fromkeys(keys, identity))
        return new

    def _recall(self, key: str) -> Answer | None:
        """The cache's answer for a key; if the cache is slow, announced keys are read too."""
        along: list[str] = []
        if self._cache_is_slow:
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
                # A record from an institution is listed under the key that was looked up: only
                # Globus Auth answers for the id in it.
                by_id = not answer.source.startswith("plugin:")
                self._listed[(by_id and answer.id) or key] = None
            elif failed(answer):
                continue
            else:
                self._listed.pop(key, None)
            answered.append(key)
        # last, so that a key is at no moment neither announced nor listed
        self._announced.discard_many(answered)
