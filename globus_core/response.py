"""
Responses: status, headers, and the JSON body, parsed once and only when needed.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    import requests
    from typing_extensions import Self, TypeVar

    from .client import BaseClient

    #: what the JSON body is, and each element of the list in it
    BodyT = TypeVar("BodyT", default=t.Any)
    ItemT = TypeVar("ItemT", default=t.Any)

    class _Body(t.Generic[BodyT]):
        pass

    class _Items(t.Iterable[ItemT]):
        pass

else:
    # subscripts are for type checkers, and typing is not loaded for them

    class _Body:
        __slots__ = ()
        __class_getitem__ = classmethod(type(list[int]))

    class _Items:
        __slots__ = ()
        __class_getitem__ = classmethod(type(list[int]))


_UNPARSED = object()


class GlobusHTTPResponse(_Body["BodyT"]):
    """
    The response to a successful request.

    Indexing, ``in`` and ``bool`` go to the JSON body. For type checkers ``GlobusHTTPResponse[X]``
    is a response whose ``data`` is an ``X``.
    """

    #: the body, once it was read; a response that wraps another leaves it there
    _parsed: t.Any = _UNPARSED

    def __init__(
        self,
        response: requests.Response | GlobusHTTPResponse[t.Any],
        client: BaseClient | None = None,
    ) -> None:
        """
        Make a response, as clients do.

        :param response: the response of requests, or another response to wrap
        :param client: the client that sent the request; required with a response of requests
        """
        if isinstance(response, GlobusHTTPResponse):
            self._wrapped: GlobusHTTPResponse[t.Any] | None = response
            # a stand-in has no more than it was given
            wrapped: t.Any = response
            self._response: requests.Response = getattr(wrapped, "_response", wrapped)
            self.client: BaseClient | None = client or getattr(response, "client", None)
            return
        if client is None:
            from .exc import GlobusSDKUsageError

            raise GlobusSDKUsageError("a response needs the client that sent the request")
        self._wrapped = None
        self._response = response
        self.client = client

    @property
    def data(self) -> BodyT:
        """The parsed JSON body, or None if the body is not JSON."""
        parsed = self._parsed
        return self._parse_once() if parsed is _UNPARSED else parsed  # type: ignore[no-any-return]

    def _parse_once(self) -> t.Any:
        if self._wrapped is not None:
            return self._wrapped.data  # kept there
        self._read()
        try:
            self._parsed = self._parse()
        except (ValueError, RecursionError):
            self._parsed = None
        return self._parsed

    def _parse(self) -> t.Any:
        """Parse the body with the JSON provider of the client's transport."""
        transport = getattr(self.client, "transport", None)
        if hasattr(type(transport), "json_provider"):
            return transport.json_provider.decode_body(self._response)  # type: ignore[union-attr]
        from .transport.json import parse

        return parse(self._response)

    @property
    def http_status(self) -> int:
        """The HTTP status code."""
        return self._response.status_code

    @property
    def http_reason(self) -> str:
        """The HTTP reason phrase, which may be empty."""
        return self._response.reason

    @property
    def urls(self) -> tuple[str, ...]:
        """
        The URL that was requested, and those to which it was redirected; the last one answered.
        """
        history = getattr(self._response, "history", None)
        hops = history if isinstance(history, (list, tuple)) else ()
        return tuple([hop.url for hop in (*hops, self._response)])

    @property
    def headers(self) -> t.Mapping[str, str]:
        """The headers; names are case-insensitive."""
        return getattr(self._response, "headers", None) or {}

    @property
    def content_type(self) -> str | None:
        """The Content-Type header, or None."""
        return self.headers.get("Content-Type")

    @property
    def text(self) -> str:
        """The body as text."""
        from . import http_bodies

        self._read()
        return http_bodies.text(self._response)

    @property
    def is_read(self) -> bool:
        """Whether the body is in memory; False for a streamed one that nobody has read."""
        return getattr(self._response, "_content", None) is not False

    @property
    def binary_content(self) -> bytes:
        """The body as bytes."""
        return self._read()

    def _read(self) -> bytes:
        """The body; reads what a streamed response has not read yet."""
        try:
            read = self._response.content
            if isinstance(read, bytes):
                return read
        except AttributeError:  # of a stand-in
            pass
        except RuntimeError:
            raise _spent() from None
        except OSError as error:  # the base class of the exceptions of requests
            raise self._network_error(error) from error
        from .http_bodies import content

        return content(self._response)

    def iter_bytes(self, chunk_size: int = 64 * 1024) -> t.Iterator[bytes]:
        """
        Iterate over the decompressed body without keeping it; for requests with ``stream=True``.

        The connection is reused after the end of the body. It is closed if the iterator, or the
        response (a context manager), is closed earlier. There is no total deadline, but each read
        must finish within ``http_timeout``.

        :param chunk_size: largest size of a piece in bytes
        :raises NetworkError: if the body breaks off or stalls
        :raises GlobusSDKUsageError: if it was iterated before
        """
        from .transport.streamed_bodies import body_pieces

        try:
            yield from body_pieces(self._response, chunk_size)
        except TypeError as error:  # how requests reports a body that was read before
            if "StreamConsumedError" not in type(error).__name__:
                raise
            raise _spent() from None
        except OSError as error:
            raise self._network_error(error) from error

    def _network_error(self, error: OSError) -> Exception:
        from .exc import convert_request_exception

        timeout = None if self.client is None else self.client.transport.http_timeout
        read = timeout[1] if isinstance(timeout, tuple) else timeout
        error.allowed_seconds = read  # type: ignore[attr-defined]
        return convert_request_exception(error)

    def close(self) -> None:
        """
        Close the connection unless the whole body was read; a body that was read stays available.
        """
        if getattr(self._response, "raw", None) is not None:
            self._response.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def get(self, key: str, default: t.Any = None) -> t.Any:
        """
        One value of a body that is a JSON object.

        :param key: its key
        :param default: what to return if the body is not an object or lacks the key
        """
        data = self.data
        return data.get(key, default) if isinstance(data, dict) else default

    def __getitem__(self, key: str | int | slice) -> t.Any:
        data: t.Any = self.data
        try:
            return data[key]
        except TypeError:
            if data is None and not self._is_null():
                from .printable import quoted

                what = quoted(self.content_type or "unknown")
                raise ValueError(
                    f"the response has no {key!r}: its body is not JSON (content type {what})"
                ) from None
            raise ValueError(
                f"a response whose JSON body is {type(data).__name__} has no {key!r}"
            ) from None

    def _is_null(self) -> bool:
        try:
            return self._parse() is None
        except (ValueError, RecursionError):
            return False

    def __contains__(self, item: t.Any) -> bool:
        data = self.data
        return item in data if isinstance(data, (dict, list, str)) else False

    def __bool__(self) -> bool:
        return bool(self.data)

    def __str__(self) -> str:
        if self.data is None:
            from .printable import printable

            return printable(self.text, keep="\r\n\t")
        import json

        return json.dumps(self.data, indent=2)

    @safe_repr
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.http_status}>"

    def _repr_html_(self) -> str:
        return self._html()

    def _html(self, columns: t.Sequence[str] = ()) -> str:
        """The response in a notebook; what has not been read of a stream stays unread."""
        from . import notebook

        if getattr(self._response, "_content", None) is False:
            return notebook.page(repr(self), notebook.note("the body has not been read yet"))
        return notebook.response(self, self._shown_body(), columns)

    def _shown_body(self) -> t.Any:
        """The body as the text of the response has it, in which subclasses hide secrets."""
        if type(self).__str__ is GlobusHTTPResponse.__str__:
            return self.text if self.data is None else self.data
        import json

        try:
            return json.loads(str(self))
        except ValueError:
            return str(self)

    def __getstate__(self) -> dict[str, t.Any]:
        # Clients and requests hold locks, sockets and secrets, so neither is pickled.
        state = {**self.__dict__, "client": None, "_response": _at_rest(self._response)}
        return state if self._wrapped is not None else {**state, "_parsed": self.data}


def _at_rest(response: requests.Response) -> requests.Response:
    """A copy with its body, without the request and its credentials."""
    import copy

    from .exc._redact import clean_url

    copied = copy.copy(response)
    copied.request = None  # type: ignore[assignment]
    copied.history = []
    copied.url = clean_url(copied.url)
    return copied


def _spent() -> Exception:
    from .exc import GlobusSDKUsageError

    return GlobusSDKUsageError("the body was read with iter_bytes() and is not kept")


class IterableResponse(_Items["ItemT"], GlobusHTTPResponse["BodyT"]):
    """
    A response that is iterated over the list under one key of its body.

    For type checkers ``IterableResponse[X]`` yields an ``X`` after another.
    """

    default_iter_key: t.ClassVar[str]
    iter_key: str

    def __init__(
        self,
        response: requests.Response | GlobusHTTPResponse[t.Any],
        client: BaseClient | None = None,
        *,
        iter_key: str | None = None,
    ) -> None:
        """
        Make a response, as clients do.

        :param response: the response of requests, or another response to wrap
        :param client: the client that sent the request; required with a response of requests
        :param iter_key: the key; None takes the class's ``default_iter_key``
        """
        chosen = getattr(self, "default_iter_key", None) if iter_key is None else iter_key
        if chosen is None:
            from .exc import GlobusSDKUsageError

            raise GlobusSDKUsageError(f"{type(self).__name__} needs an iter_key")
        self.iter_key = chosen
        super().__init__(response, client)

    def __iter__(self) -> t.Iterator[ItemT]:
        if not isinstance(self.data, dict):
            raise TypeError(f"the body is {_kind(self)}, not a JSON object")
        items = self.data[self.iter_key]
        if isinstance(items, str) or not hasattr(items, "__iter__"):
            raise TypeError(
                f"{self.iter_key!r} in the body is {type(items).__name__}, not an array"
            )
        return iter(items)


class IterableJSONAPIResponse(IterableResponse["ItemT", "BodyT"]):
    """
    A JSON:API response, which is iterated over ``data``.
    """

    default_iter_key = "data"


class ArrayResponse(_Items["ItemT"], GlobusHTTPResponse["list[ItemT]"]):
    """
    A response whose body is a JSON array.

    For type checkers ``ArrayResponse[X]`` is a list of ``X``.
    """

    if TYPE_CHECKING:

        @t.overload  # type: ignore[override]
        def __getitem__(self, key: int) -> ItemT: ...
        @t.overload
        def __getitem__(self, key: slice) -> list[ItemT]: ...
        def __getitem__(self, key: t.Any) -> t.Any: ...

    def __iter__(self) -> t.Iterator[ItemT]:
        return iter(self._array())

    def __len__(self) -> int:
        return len(self._array())

    def _array(self) -> list[ItemT]:
        if not isinstance(self.data, list):
            raise TypeError(f"the body is {_kind(self)}, not a JSON array")
        return self.data


def _kind(response: GlobusHTTPResponse) -> str:
    data = response.data
    return "null or no JSON" if data is None else type(data).__name__
