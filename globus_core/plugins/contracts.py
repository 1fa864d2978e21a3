"""
What plugins make and return, checked where it is used: one error that names the plugin.
"""

from __future__ import annotations

import contextlib

from globus_core.exc.base import GlobusError, PluginError

from .current_manager import get_plugin_manager
from .records import PluginRecord, describe, hide_credentials, raise_interrupt

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    T = t.TypeVar("T")


def plugin_of(thing: object) -> PluginRecord | None:
    """
    See :func:`globus_core.provenance.plugin_of`.

    :param thing: an object or a class
    """
    records = get_plugin_manager().known()
    for cls in class_of(thing).__mro__:
        owners = [record for record in records if _defines(record, cls)]
        if owners:
            return max(owners, key=lambda record: len(record.package))
    return None


def class_of(thing: object) -> type:
    """
    The class of an object; a class itself.

    :param thing: an object or a class
    """
    return thing if isinstance(thing, type) else type(thing)


def expect(value: object, kind: type[T] | tuple[type[T], ...], thing: object, method: str) -> T:
    """
    The value that a method of a plugin's object returned, if it is of the right kind.

    :param value: what was returned
    :param kind: the class of which it must be, or several of them
    :param thing: the object
    :param method: the method's name
    :raises PluginError: if it is of another kind; names the class and the plugin
    """
    if isinstance(value, kind):
        return value
    kinds = kind if isinstance(kind, tuple) else (kind,)
    names = " or ".join("None" if one is type(None) else one.__name__ for one in kinds)
    raise PluginError(
        f"{method}() of {class_of(thing).__name__} ({source_of(thing)}) must return {names}, "
        f"not {type(value).__name__}"
    )


def called(
    kind: type[T] | tuple[type[T], ...], thing: object, method: str, *given: t.Any, **named: t.Any
) -> T:
    """
    What a method of a plugin's object returns, if it is of the right kind.

    :param kind: the class of which it must be, or several of them
    :param thing: the object
    :param method: the method's name
    :param given: its arguments
    :param named: its arguments that are passed by name
    :raises PluginError: if the method fails, unless by an error of ours, or returns something else
    """
    try:
        value = getattr(thing, method)(*given, **named)
    except GlobusError:
        raise
    except BaseException as error:  # foreign code
        raise_interrupt(error)
        hide_credentials(error)
        raise PluginError(
            f"{method}() of {class_of(thing).__name__} ({source_of(thing)}) failed: "
            f"{describe(error)}"
        ) from error
    return expect(value, kind, thing, method)


def source_of(thing: object) -> str:
    """
    The plugin that an object comes from, in words; the module of its class if it is from none.

    :param thing: an object or a class, or the plugin's record
    """
    record = thing if isinstance(thing, PluginRecord) else plugin_of(thing)
    return f"module {class_of(thing).__module__}" if record is None else f"plugin {record.source}"


def made(what: str, maker: object, make: t.Callable[[], T], methods: t.Iterable[str] = ()) -> T:
    """
    An object that a plugin makes.

    :param what: what is made, for the error: ``token storage 'json'``
    :param maker: the plugin's record, or the object that makes it
    :param make: makes it; errors of ours pass
    :param methods: the methods that it must have
    :raises PluginError: if making it fails, or a method is missing; names the plugin
    """
    try:
        thing = make()
    except GlobusError:
        raise
    except BaseException as error:  # foreign code
        raise_interrupt(error)
        hide_credentials(error)
        raise PluginError(
            f"the {what} of the {source_of(maker)} cannot be made: {describe(error)}"
        ) from error
    for method in methods:
        if not callable(getattr(thing, method, None)):
            raise PluginError(
                f"the {what} of the {source_of(maker)} is of type {type(thing).__name__}, "
                f"which has no method {method}()"
            )
    return thing


@contextlib.contextmanager
def hiding(url: str) -> t.Iterator[None]:
    """
    Take what may be secret in a URL out of the texts of exceptions from a ``with`` block.

    :param url: the URL that selects what a plugin makes
    """
    try:
        yield
    except Exception as error:
        from globus_core.exc._redact import hide_secrets_of_url

        hide_secrets_of_url(error, url)
        raise


def _defines(record: PluginRecord, cls: type) -> bool:
    return f"{cls.__module__}.".startswith(f"{record.package}.")
