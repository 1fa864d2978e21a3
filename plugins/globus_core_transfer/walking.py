"""
All files and directories below a directory of a collection, or those that match a pattern.
"""

from __future__ import annotations

from globus_core import MISSING
from globus_core.arguments import check_functions
from globus_core.exc import GlobusSDKUsageError

from .errors import TransferAPIError
from .operations import Operations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t
    from collections.abc import Callable, Iterator

    from globus_core import MissingType

    from .endpoints import ID
    from .glob_patterns import GlobPattern
    from .walks import WalkEntry

    OnError: t.TypeAlias = Callable[[str, TransferAPIError], object]

#: as many requests as all of a caller's may run at once
_MOST_AT_ONCE = 8


class Walking(Operations):
    """
    The methods that list directories of directories.
    """

    def walk(
        self,
        collection_id: ID,
        path: str | MissingType = MISSING,
        *,
        max_depth: int | None = None,
        show_hidden: bool = True,
        follow_links: bool = False,
        on_error: OnError | None = None,
        at_once: int = 4,
        local_user: str | MissingType = MISSING,
    ) -> Iterator[WalkEntry]:
        """
        Iterate over all files and directories below a directory.

        Entries come directory by directory, those of one by name, and in the same order each time.
        A few directories are listed ahead, and nothing is kept that was yielded. All methods that
        send many requests for the same caller share one limit. A directory that changes meanwhile
        may be seen partly before and partly after.

        :param collection_id: the collection's id
        :param path: the directory; MISSING is the collection's default
        :param max_depth: 1 lists the directory alone, 2 also those in it; None lists all
        :param show_hidden: whether to list names that begin with a dot
        :param follow_links: whether to list directories behind links, where a circle only ends at
            ``max_depth`` or with an error
        :param on_error: called with the path and the error of a directory further down that cannot
            be listed; None raises a WalkError at the end. The walk goes on in both cases
        :param at_once: how many directories are listed at once, 1 to 8
        :param local_user: see :meth:`operation_ls`
        :return: an iterator; what has begun ends when it is exhausted or closed
        :raises GlobusSDKUsageError: if an argument cannot be used
        :raises TransferAPIError: if the first directory cannot be listed, or an error is not about
            one directory, such as a missing consent
        :raises ValidationError: if a listing has a name that cannot be part of a path
        :raises WalkError: at the end, if directories could not be listed
        """
        check_functions(on_error=on_error)
        if max_depth is not None:
            _check_range(1, None, max_depth=max_depth)
        _check_range(1, _MOST_AT_ONCE, at_once=at_once)

        def entries() -> Iterator[WalkEntry]:
            from .listings import Listings
            from .walks import Walk

            options = {"show_hidden": show_hidden, "local_user": local_user}
            listings = Listings(self, collection_id, at_once, options)
            walk = Walk(listings, at_once, None, max_depth, follow_links, on_error)
            yield from walk.entries(path)

        return entries()

    def glob(
        self,
        collection_id: ID,
        pattern: str,
        *,
        show_hidden: bool = True,
        on_error: OnError | None = None,
        at_once: int = 4,
        local_user: str | MissingType = MISSING,
    ) -> Iterator[WalkEntry]:
        """
        Iterate over the files and directories whose paths match a pattern.

        Only directories that can hold matches are listed. Links are followed where the pattern
        names them or has ``*`` for them, but not for ``**``.

        :param collection_id: the collection's id
        :param pattern: a path in which ``*``, ``?`` and ``[abc]`` stand for parts of a name, as in
            Python's ``glob``, and ``**`` for any number of directories. With a ``/`` at its end
            only directories match; without one at its start it is relative to the collection's
            default directory
        :param show_hidden: whether names that begin with a dot can match
        :param on_error: see :meth:`walk`
        :param at_once: see :meth:`walk`
        :param local_user: see :meth:`operation_ls`
        :return: an iterator, see :meth:`walk`; it is empty if nothing matches
        :raises GlobusSDKUsageError: if an argument cannot be used
        :raises TransferAPIError: if the collection cannot be reached or must not be read
        :raises ValidationError: see :meth:`walk`
        :raises WalkError: at the end, if directories could not be listed
        """
        from .glob_patterns import GlobPattern

        check_functions(on_error=on_error)
        _check_range(1, _MOST_AT_ONCE, at_once=at_once)
        wanted = GlobPattern(pattern)

        def entries() -> Iterator[WalkEntry]:
            from .listings import Listings
            from .walks import Walk

            if wanted.is_fixed:
                yield from self._fixed(collection_id, wanted, local_user)
                return
            options = {"show_hidden": show_hidden, "local_user": local_user}
            listings = Listings(self, collection_id, at_once, options)
            walk = Walk(listings, at_once, wanted, on_error=on_error)
            try:
                yield from walk.entries(wanted.root or MISSING)
            except TransferAPIError as error:
                if not _is_missing(error):
                    raise

        return entries()

    def _fixed(
        self, collection_id: ID, wanted: GlobPattern, local_user: str | MissingType
    ) -> Iterator[WalkEntry]:
        from .walks import WalkEntry

        try:
            found = self.operation_stat(collection_id, wanted.root, local_user=local_user)
        except TransferAPIError as error:
            if not _is_missing(error):
                raise
            return
        entry = WalkEntry(wanted.root, found.data)
        if entry.is_directory or not wanted.wants_directories:
            yield entry


def _is_missing(error: TransferAPIError) -> bool:
    """Whether there is no such path; the codes say so if the collection is there."""
    return str(error.code).endswith(("ClientError.NotFound", ".NotDirectory"))


def _check_range(least: int, most: int | None, **values: t.Any) -> None:
    for name, value in values.items():
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and least <= value and (most is None or value <= most):
            continue
        upper = "" if most is None else f" and at most {most}"
        raise GlobusSDKUsageError(f"{name!r} must be at least {least}{upper}, not {value!r}")
