"""
Removing secrets from texts that people see or that are logged.

It combines two ways: the secrets of the request (its token, code, client secret ...) are removed
wherever they are echoed, and anything that looks like a credential by its name or form is removed
too. Exceptions of other libraries are cleaned as well, because a traceback shows causes next to our
error, and servers echo what they were sent, some even in the status line.

URLs in the lines that requests log are handled in :mod:`globus_core.transport.instrumentation`.
"""

from __future__ import annotations

import re

from globus_core.origins import split_path
from globus_core.printable import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    E = t.TypeVar("E", bound=BaseException)

HIDDEN = "***"

# Shorter values are not credentials, and would match inside ordinary words.
_SHORTEST = 6
_LONGEST_BODY = 1_000_000
_LONGEST_ARGUMENT = 2000

_PARAMETERS = frozenset(
    ("apikey", "api_key", "authorization", "code", "device_code", "passwd", "sig", "state", "token")
)
_ENDINGS = (
    "token",
    "secret",
    "password",
    "passphrase",
    "signature",
    "assertion",
    "verifier",
    "credential",
    # of storage systems
    "access_key",
    "private_key",
    "privatekey",
    "secret_key",
)
_PAGING = frozenset(("next_token", "page_token", "next_page_token", "continuation_token"))

# The prefix is bounded so that a long run of word characters is not scanned repeatedly.
_NAME = (
    r"(?:[\w-]{0,40}(?:token|secret|password|passphrase|signature|assertion|verifier"
    r"|(?:access|private|secret)_key|privatekey)"
    r"|authorization|api_?key|device_code|passwd)"
)
_QUOTED = re.compile(
    rf"""(["']{_NAME}["']\s*[:=]\s*)(["'])((?:\\.|(?!\2)[^\\])*)""", re.IGNORECASE | re.DOTALL
)
# A document within a document: the value ends at a quote with as many backslashes before it as at
# its start.
_ESCAPED = re.compile(
    rf"""((\\{{1,16}})(["']){_NAME}\2\3\s*[:=]\s*\2\3)(?:(?!(?<!\\)\2\3).){{0,5000}}""",
    re.IGNORECASE | re.DOTALL,
)
# The sign may be percent-encoded, even twice, where a server shows a body within a URL.
_FORM = re.compile(
    rf"""\b((?:{_NAME}|code|state|sig)(?:=|%(?:25)*3d))([^\s&"'<>#;,\\]+)""", re.IGNORECASE
)
_HEADER = re.compile(
    r"\b((?:bearer|basic)\s+)(?=[a-z._~+/=-]{0,200}\d)[\w.~+/=-]{8,}", re.IGNORECASE
)
_JWT = re.compile(r"\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?")
# The value of a parameter in a path, where = and & may be percent-encoded, even twice.
_PARAMETER_VALUE = re.compile(r"(=|%(?:25)*3d)(?:(?!%(?:25)*(?:26|3b))[^&;])*", re.IGNORECASE)
_USER_PART = re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/?#@\"'<>]{1,500}@", re.IGNORECASE)
_TEXTS = (str, bytes, list, tuple, dict)


class Redactor:
    """
    Removes secrets from texts.

    :param secrets: values to remove wherever they occur
    """

    __slots__ = ("_known",)

    def __init__(self, secrets: t.Iterable[str] = ()) -> None:
        spellings = {form for secret in secrets for form in _spellings(secret)}
        # The longest first, otherwise a secret that is the prefix of another would leave the rest
        # of it.
        ordered = sorted(spellings, key=len, reverse=True)
        either = "|".join(map(re.escape, ordered))
        self._known = re.compile(either, re.IGNORECASE) if ordered else None  # %2f is %2F

    def clean(self, text: str) -> str:
        """The text without secrets; the same object if there were none."""
        cleaned = self._known.sub(HIDDEN, text) if self._known else text
        cleaned = _QUOTED.sub(rf"\1\2{HIDDEN}", cleaned)
        cleaned = _ESCAPED.sub(rf"\1{HIDDEN}", cleaned)
        cleaned = _FORM.sub(rf"\1{HIDDEN}", cleaned)
        cleaned = _HEADER.sub(rf"\1{HIDDEN}", cleaned)
        cleaned = _JWT.sub(HIDDEN, cleaned)
        if "://" in cleaned:
            cleaned = _USER_PART.sub(rf"\1{HIDDEN}@", cleaned)
        return text if cleaned == text else cleaned

    def clean_value(self, value: t.Any) -> t.Any:
        """The value with each string in it cleaned; lists, tuples and mappings are rebuilt."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, bytes):
            return self.clean(value.decode("latin-1")).encode("latin-1")
        if type(value) in (list, tuple):
            return type(value)([self.clean_value(item) for item in value])
        if isinstance(value, dict):
            return {key: self.clean_value(item) for key, item in value.items()}
        return value


def for_request(request: t.Any) -> Redactor:
    """
    A redactor that knows the secrets of a request.

    :param request: an object like requests.PreparedRequest, or None
    """
    return Redactor(_request_secrets(request))


def redacted(text: str, secrets: t.Iterable[str] = ()) -> str:
    """
    A text in which ``***`` stands for anything that looks like a credential.

    :param text: the text, such as one that a server or a plugin wrote
    :param secrets: values to remove in any spelling; shorter ones than 6 characters stay
    """
    return Redactor(secrets).clean(text)


def clean_text(text: str) -> str:
    """Remove anything that looks like a credential."""
    return Redactor().clean(text)


def clean_url(url: str) -> str:
    """
    Remove the values of credentials from a URL's query and fragment, and its user part.

    Parameters in its path, after a ``;`` or behind a ``?`` that was percent-encoded, are shown by
    their names alone.
    """
    address, hash_mark, fragment = url.partition("#")
    address, question_mark, query = address.partition("?")
    scheme, slashes, rest = address.partition("://")
    authority, slash, path = rest.partition("/") if slashes else ("", "", address)
    if "@" in authority:
        authority = HIDDEN + "@" + authority.rpartition("@")[2]
    before, parameters = split_path(path)
    path = before + _PARAMETER_VALUE.sub(rf"\1{HIDDEN}", parameters)
    start = (scheme, slashes, authority, slash) if slashes else ()
    return "".join(
        (*start, path, question_mark, _clean_query(query), hash_mark, _clean_query(fragment))
    )


def is_secret_parameter(name: str) -> bool:
    """Whether a parameter of this name carries a credential."""
    plain = name.lower()
    if plain in _PAGING:
        return False
    return plain in _PARAMETERS or plain.endswith(_ENDINGS)


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
    Remove credentials from an exception and those in it: the secrets of its request, and anything
    that looks like a credential.

    :param exc: the exception, which is changed and returned
    """
    redactor = for_request(getattr(exc, "request", None))
    for item in chain(exc, context=True):
        _hide_in(item, redactor)
    return exc


def hide_secrets_of_url(exc: E, url: str) -> E:
    """
    Remove password and query values of a URL from an exception and those in it.

    :param exc: the exception, which is changed and returned
    :param url: the URL, or a setting like one
    """
    redactor = Redactor(_url_secrets(url))
    for item in chain(exc, context=True):
        _hide_in(item, redactor)
    return exc


def _url_secrets(url: str) -> t.Iterator[str]:
    from urllib.parse import unquote, unquote_plus

    address, _, query = url.partition("?")
    user, at, _ = address.partition(":")[2].lstrip("/").rpartition("@")
    if at:
        secret = user.partition(":")[2] or user
        yield from (secret, unquote(secret))
    for pair in query.partition("#")[0].split("&"):
        value = pair.partition("=")[2]
        yield from (value, unquote_plus(value))


def _clean_query(query: str) -> str:
    if "=" not in query:
        return query
    from urllib.parse import unquote_plus

    pairs = []
    for pair in query.split("&"):
        name, equals, _ = pair.partition("=")
        hide = equals and is_secret_parameter(unquote_plus(name))
        pairs.append(f"{name}={HIDDEN}" if hide else pair)
    return "&".join(pairs)


def _request_secrets(request: t.Any) -> t.Iterator[str]:
    headers = getattr(request, "headers", None) or {}
    yield from _header_secrets(str(headers.get("Authorization") or ""))
    url = str(getattr(request, "url", None) or "").partition("#")[0]
    yield from _form_secrets(url.partition("?")[2])
    yield from _path_secrets(url.partition("?")[0])
    body = getattr(request, "body", None)
    if isinstance(body, bytes):
        body = body[:_LONGEST_BODY].decode("utf-8", "replace")
    if isinstance(body, str):
        yield from _body_secrets(body[:_LONGEST_BODY])


def _header_secrets(value: str) -> t.Iterator[str]:
    scheme, _, credential = value.partition(" ")
    if not credential:
        return
    yield credential.strip()
    if scheme.lower() != "basic":
        return
    import base64

    try:
        user_and_secret = base64.b64decode(credential).decode()
    except ValueError:
        return
    yield user_and_secret.partition(":")[2]


def _body_secrets(body: str) -> t.Iterator[str]:
    if not body.lstrip().startswith(("{", "[")):
        yield from _form_secrets(body)
        return
    import json

    try:
        yield from _json_secrets(json.loads(body))
    except (ValueError, RecursionError):
        yield from (match.group(3) for match in _QUOTED.finditer(body))


def _json_secrets(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _json_secrets(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str) and is_secret_parameter(name):
                yield item
            else:
                yield from _json_secrets(item)


def _form_secrets(form: str) -> t.Iterator[str]:
    if "=" not in form:
        return
    from urllib.parse import unquote_plus

    for pair in form.split("&"):
        name, _, value = pair.partition("=")
        if is_secret_parameter(unquote_plus(name)):
            yield unquote_plus(value)


def _path_secrets(address: str) -> t.Iterator[str]:
    """Credentials in parameters of the path, however often these were percent-encoded."""
    from urllib.parse import unquote

    parameters = split_path(address)[1]
    while parameters:
        form = parameters.lstrip("?#;").replace(";", "&")
        yield from _form_secrets(form)
        yield from _form_secrets(form.replace("/", "&"))  # which ends a path's parameter
        decoded = unquote(parameters)
        parameters = "" if decoded == parameters else decoded


def _spellings(secret: str) -> t.Iterator[str]:
    if len(secret) < _SHORTEST:
        return
    import json
    from urllib.parse import quote, quote_plus

    for sent in {secret, json.dumps(secret)[1:-1], quote(secret), quote_plus(secret)}:
        yield from _echoed_forms(sent)


def _echoed_forms(text: str) -> t.Iterator[str]:
    """The forms in which servers echo a text that they were sent."""
    import html
    import json
    from urllib.parse import quote

    yield from (text, html.escape(text), json.dumps(text)[1:-1], repr(text)[1:-1])
    yield from (quote(text), quote(text, safe=""))


def _hide_in(item: BaseException, redactor: Redactor) -> None:
    args = tuple(_fit_to_show(_cleaned(arg, redactor)) for arg in item.args)
    if args != item.args:
        item.args = args
    for name, value in list(vars(item).items()):
        if (clean := _cleaned(value, redactor)) is not value:
            setattr(item, name, clean)


def _fit_to_show(argument: t.Any) -> t.Any:
    """What a server said in place of a status line is in the exception's text."""
    if type(argument) is not str:
        return argument
    return printable(argument[:_LONGEST_ARGUMENT])


def _cleaned(value: t.Any, redactor: Redactor) -> t.Any:
    """The cleaned value; the same object if there was nothing to remove."""
    if type(value) not in _TEXTS:
        return value
    clean = redactor.clean_value(value)
    return value if clean == value else clean
