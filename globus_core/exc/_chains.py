"""
Exceptions of others that hang together, and taking credentials out of their texts.

A traceback shows the causes next to our own error, and programs that report errors send them
along. Servers say back what they were told, some of them in place of a status line.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from ._redact import Redactor

    E = t.TypeVar("E", bound=BaseException)

_TEXTS = (str, bytes, list, tuple, dict)


def chain(exc: BaseException, *, context: bool = False) -> t.Iterator[BaseException]:
    """
    The exception and those in it: in the arguments, as reason, or as cause.

    The context is left out of a judgement: in a retry loop it is the attempt before.
    """
    seen: set[int] = set()
    waiting: list[object] = [exc]
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting.extend((*item.args, getattr(item, "reason", None), item.__cause__))
        if context:
            waiting.append(item.__context__)


def hide_credentials(exc: E) -> E:
    """
    Take credentials out of an exception and those in it: what its request carried, and what
    looks like one.

    :param exc: the exception, which is changed and returned
    """
    from ._redact import for_request

    redactor = for_request(getattr(exc, "request", None))
    for item in chain(exc, context=True):
        _hide_in(item, redactor)
    return exc


def _hide_in(item: BaseException, redactor: Redactor) -> None:
    args = tuple(_cleaned(arg, redactor) for arg in item.args)
    if args != item.args:
        item.args = args
    for name, value in list(vars(item).items()):
        if (clean := _cleaned(value, redactor)) is not value:
            setattr(item, name, clean)


def _cleaned(value: t.Any, redactor: Redactor) -> t.Any:
    """The value cleaned; the very same object if there was nothing to take out."""
    if type(value) not in _TEXTS:
        return value
    clean = redactor.clean_value(value)
    return value if clean == value else clean
