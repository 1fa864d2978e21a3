"""
Canned responses: single ones, lists, and sets by the name of the case.
"""

from __future__ import annotations

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from responses import RequestsMock
    from typing_extensions import Self

    Matchers = t.Sequence[t.Callable[..., tuple[bool, str]]]
    Answer: t.TypeAlias = "RegisteredResponse | ResponseList"

#: the addresses of services that have none in particular
_EXAMPLES = {"gcs": "https://abc.xyz.data.globus.org/api/"}


class RegisteredResponse:
    """
    One response, for one method and address.

    :param path: the path at the service, or the whole URL if there is no service
    :param service: the name of the service, such as ``auth``; its URL is looked up when the
        response is activated. None takes ``path`` as a URL
    :param method: the HTTP method
    :param body: the body as text or bytes; None for no body, or for that of ``json``
    :param content_type: the body's type; None derives it from the body
    :param headers: further headers
    :param json: the body as a JSON document, or a function that makes it from the service's URL;
        None if there is none
    :param status: the HTTP status
    :param stream: taken for programs that give it; any response can be read as a stream
    :param match: matchers of the package ``responses``, all of which must match the request
    :param metadata: data for tests, such as the ids in the response; None takes the metadata of the
        list or set that contains it
    """

    def __init__(
        self,
        *,
        path: str,
        service: str | None = None,
        method: str = "GET",
        body: str | bytes | None = None,
        content_type: str | None = None,
        headers: t.Mapping[str, str] | None = None,
        json: t.Any = None,
        status: int = 200,
        stream: bool | None = None,
        match: Matchers | None = None,
        metadata: dict[str, t.Any] | None = None,
    ) -> None:
        self.path = path
        self.service = service
        self.method = method.upper()
        self.body = body
        self.content_type = content_type
        self.headers = headers
        self.json = json
        self.status = status
        self.stream = stream
        self.match = match
        self.parent: ResponseList | ResponseSet | None = None
        self._metadata = metadata

    @safe_repr
    def __repr__(self) -> str:
        address = f"{self.service}:{self.path}" if self.service else self.path
        return f"<RegisteredResponse {self.method} {address} {self.status}>"

    @property
    def metadata(self) -> dict[str, t.Any]:
        """Data about the response for tests."""
        return _metadata_of(self)

    @property
    def full_url(self) -> str:
        """The URL; that of the service can be set by environment variables."""
        return self._url(None)

    def add(
        self, *, requests_mock: RequestsMock | None = None, base_url: str | None = None
    ) -> Self:
        """
        Activate the response: it answers the next matching request.

        :param requests_mock: the mock; None is the default mock of ``responses``
        :param base_url: the URL of the service; None looks it up
        :raises PluginUnavailableError: if ``responses`` is not installed
        """
        mock(requests_mock).add(self.method, self._url(base_url), **self._answer(base_url))
        return self

    def replace(
        self, *, requests_mock: RequestsMock | None = None, base_url: str | None = None
    ) -> Self:
        """
        Replace the response that is active for this method and URL.

        :param requests_mock: see :meth:`add`
        :param base_url: see :meth:`add`
        :raises PluginUnavailableError: if ``responses`` is not installed
        """
        mock(requests_mock).replace(self.method, self._url(base_url), **self._answer(base_url))
        return self

    def _url(self, base_url: str | None) -> str:
        if self.service is None:
            return self.path
        return f"{self._address(base_url)}/{self.path.lstrip('/')}"

    def _address(self, base_url: str | None) -> str:
        if base_url is None:
            from globus_core.config import get_service_url

            service = self.service or ""
            base_url = get_service_url(service, default=_EXAMPLES.get(service))
        return base_url.rstrip("/")

    def _answer(self, base_url: str | None) -> dict[str, t.Any]:
        given = {
            "body": self.body,
            "content_type": self.content_type,
            "headers": self.headers,
            "json": self.json(self._address(base_url)) if callable(self.json) else self.json,
            "match": self.match,
        }
        return {"status": self.status, **{k: v for k, v in given.items() if v is not None}}


class ResponseList:
    """
    Several responses that belong together, such as the pages of a list.

    :param data: the responses; those with the same URL are returned in turn
    :param metadata: data for tests; None takes that of the set
    """

    def __init__(self, *data: RegisteredResponse, metadata: dict[str, t.Any] | None = None) -> None:
        self.responses = list(data)
        self.parent: ResponseSet | None = None
        self._metadata = metadata
        for response in data:
            response.parent = self

    @safe_repr
    def __repr__(self) -> str:
        return f"<ResponseList of {len(self.responses)}>"

    @property
    def metadata(self) -> dict[str, t.Any]:
        """Data about the responses for tests."""
        return _metadata_of(self)

    def add(
        self, *, requests_mock: RequestsMock | None = None, base_url: str | None = None
    ) -> Self:
        """
        Activate all of them.

        :param requests_mock: see :meth:`RegisteredResponse.add`
        :param base_url: see :meth:`RegisteredResponse.add`
        """
        for response in self.responses:
            response.add(requests_mock=requests_mock, base_url=base_url)
        return self


class ResponseSet:
    """
    The possible responses to a method, by the name of the case; ``default`` is success.

    :param metadata: metadata for all cases without their own
    :param cases: the responses
    """

    def __init__(self, metadata: dict[str, t.Any] | None = None, **cases: Answer) -> None:
        self.metadata = metadata or {}
        self._cases = dict(cases)
        for answer in cases.values():
            answer.parent = self

    @safe_repr
    def __repr__(self) -> str:
        return f"<ResponseSet {', '.join(self._cases)}>"

    def __bool__(self) -> bool:
        return bool(self._cases)

    def __iter__(self) -> t.Iterator[Answer]:
        return iter(self._cases.values())

    def cases(self) -> t.Iterator[str]:
        """
        The names of the cases.
        """
        return iter(self._cases)

    def register(self, case: str, value: Answer) -> None:
        """
        Add a case, or replace one.

        :param case: its name
        :param value: the response
        """
        self._cases[case] = value

    def lookup(self, case: str) -> Answer:
        """
        The response of a case.

        :param case: its name
        :raises LookupError: if there is none; lists the existing ones
        """
        try:
            return self._cases[case]
        except KeyError:
            known = ", ".join(self._cases)
            raise LookupError(f"there is no case {case!r}; known cases: {known}") from None

    def activate(
        self,
        case: str,
        *,
        requests_mock: RequestsMock | None = None,
        base_url: str | None = None,
    ) -> Answer:
        """
        Activate one case.

        :param case: its name
        :param requests_mock: see :meth:`RegisteredResponse.add`
        :param base_url: see :meth:`RegisteredResponse.add`
        :raises LookupError: if there is no such case
        """
        return self.lookup(case).add(requests_mock=requests_mock, base_url=base_url)

    def activate_all(
        self, *, requests_mock: RequestsMock | None = None, base_url: str | None = None
    ) -> Self:
        """
        Activate all cases; those with the same URL are returned in turn.

        :param requests_mock: see :meth:`RegisteredResponse.add`
        :param base_url: see :meth:`RegisteredResponse.add`
        """
        for answer in self:
            answer.add(requests_mock=requests_mock, base_url=base_url)
        return self

    @classmethod
    def from_dict(
        cls,
        data: t.Mapping[str, dict[str, t.Any] | list[dict[str, t.Any]]],
        metadata: dict[str, t.Any] | None = None,
        **kwargs: dict[str, t.Any] | list[dict[str, t.Any]],
    ) -> Self:
        """
        Create a set from plain dicts.

        :param data: for each case the arguments of :class:`RegisteredResponse`, or a list of such
        :param metadata: metadata for all cases without their own
        :param kwargs: further cases; one that is in ``data`` too takes its place
        """
        cases = {**data, **kwargs}
        return cls(metadata, **{case: _from_plain(plain) for case, plain in cases.items()})


def mock(requests_mock: RequestsMock | None) -> RequestsMock:
    """
    The mock to use: the one passed, or else the default mock of ``responses``.

    :param requests_mock: a mock, or None
    :raises PluginUnavailableError: if ``responses`` is not installed
    """
    if requests_mock is not None:
        return requests_mock
    try:
        import responses
    except ImportError as error:
        from globus_core.exc import PluginUnavailableError

        raise PluginUnavailableError(
            'canned responses need the package responses: pip install "globus-core[testing]"',
            name=error.name,
        ) from error
    return responses.mock


def _metadata_of(answer: Answer) -> dict[str, t.Any]:
    if answer._metadata is not None:
        return answer._metadata
    return {} if answer.parent is None else answer.parent.metadata


def _from_plain(plain: dict[str, t.Any] | list[dict[str, t.Any]]) -> Answer:
    if isinstance(plain, dict):
        return RegisteredResponse(**plain)
    return ResponseList(*(RegisteredResponse(**one) for one in plain))
