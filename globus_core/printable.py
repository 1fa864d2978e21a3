"""
Text from servers and other people, made fit to be shown.

A terminal obeys escape sequences, a line break can pass for a line of our own, characters that
change the direction of writing hide what was written, and nobody reads 100,000 characters.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

#: the longest value that a message shows
LONGEST_VALUE = 200
#: the longest sentence of a server that a message shows
LONGEST_SENTENCE = 1000


def printable(text: str, *, keep: str = "\n\t") -> str:
    r"""
    A text whose control characters are escaped as in Python, such as ``\x1b``.

    :param text: the text
    :param keep: control characters that stay
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter in keep or _is_space(letter) else _escaped(letter)
        for letter in text
    )


def one_line(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """
    A text as one printable line of limited length; line breaks are escaped too.

    :param text: the text
    :param longest: how many of its characters are shown
    """
    left = len(text) - longest
    return f"{printable(text[:longest], keep='')}{_more(left) if left > 0 else ''}"


def sentence(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """
    A text as one printable line of limited length; all white space is single spaces.

    :param text: the text, which may have been written for several lines
    :param longest: how many of its characters are shown
    """
    left = len(text) - longest
    return f"{one_line(' '.join(text[:longest].split()), longest)}{_more(left) if left > 0 else ''}"


def quoted(value: object, longest: int = LONGEST_VALUE) -> str:
    """
    The ``repr`` of a value, of limited length.

    :param value: the value
    :param longest: how many characters of a text, or of another value's ``repr``, are shown
    """
    if isinstance(value, (str, bytes)):
        left = len(value) - longest
        return f"{value[:longest]!r}{_more(left) if left > 0 else ''}"
    text = repr(value)
    left = len(text) - longest
    return f"{text[:longest]}{_more(left) if left > 0 else ''}"


def say(text: str, stream: t.TextIO | None) -> None:
    """
    Write a hint to a stream and flush it; a hint that cannot be written is left out.

    Programs without a console have None for a stream, or a closed one.

    :param text: the hint
    :param stream: such as ``sys.stderr``
    """
    try:
        if stream is not None:
            stream.write(encodable(text, stream))
            stream.flush()
    except (OSError, ValueError):  # closed, full, or nobody reads it
        return


def encodable(text: str, stream: t.TextIO | None) -> str:
    r"""
    A text in which what a stream cannot encode is escaped as in Python, such as ``\xe9``.

    :param text: the text
    :param stream: where it is to be written
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except (LookupError, UnicodeError):
        return ascii(text)[1:-1]


def _more(count: int) -> str:
    return f"... ({count} more characters)"


def _is_space(letter: str) -> bool:
    """Whether a letter is a space of another width, such as one at which no line breaks."""
    return letter.isspace() and letter > "\x9f" and letter not in "\u2028\u2029"


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode()


def safe_repr(method: t.Callable[[t.Any], str]) -> t.Callable[[t.Any], str]:
    """
    Decorate a ``__repr__``, so that it also works on an object whose constructor has failed.

    Tracebacks with local variables and debuggers show such objects.

    :param method: the ``__repr__``
    """

    def shown(self: t.Any) -> str:
        try:
            return method(self)
        except (AttributeError, LookupError):
            return f"<{type(self).__name__}, not complete>"

    return shown
