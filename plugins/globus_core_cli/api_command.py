"""
``globus-core api``: any request to any service.
"""

from __future__ import annotations

import json
import re

import click

from globus_core import hookspecs

from .app_options import complete_offered, with_app
from .output import with_output

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core import BaseClient, GlobusAPIError, GlobusHTTPResponse
    from globus_core.globus_app import GlobusApp

    from .output import Output

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
#: what paths begin with if they do not say which version of the API they want
_VERSIONS = {"groups": "/v2", "transfer": "/v0.10"}
_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain",
}


class _Service(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # since click 8.4
    """
    The name of a service that there is a client for.
    """

    name = "service"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from globus_core.exc import GlobusSDKUsageError
        from globus_core.service_clients import client_class

        try:
            client_class(value)
        except GlobusSDKUsageError as error:
            self.fail(str(error), param, ctx)
        return value


def _pairs(separator: str) -> t.Callable[..., list[tuple[str, str]]]:
    """The callback of an option that names something and gives its value."""

    def split(
        context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
    ) -> list[tuple[str, str]]:
        pairs = []
        for value in values:
            name, found, text = value.partition(separator)
            if not found or not name.strip():
                raise click.BadParameter(
                    f"{value!r} is not NAME{separator}VALUE", context, parameter
                )
            pairs.append((name.strip(), text.strip() if separator == ":" else text))
        return pairs

    return split


@click.command()
@click.argument(
    "service", type=_Service(), shell_complete=complete_offered(hookspecs.globus_clients)
)
@click.argument("method", type=click.Choice(METHODS, case_sensitive=False))
@click.argument("path")
@click.option(
    "-Q",
    "--query-param",
    "query",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_pairs("="),
    help="A query parameter; can be repeated.",
)
@click.option(
    "-H",
    "--header",
    "headers",
    metavar="NAME:VALUE",
    multiple=True,
    callback=_pairs(":"),
    help="A header; can be repeated.",
)
@click.option("--body", metavar="TEXT", help="The body.")
@click.option(
    "--body-file", type=click.File("rb"), help="A file with the body; '-' is standard input."
)
@click.option(
    "--content-type",
    type=click.Choice(("auto", "json", "form", "text", "none")),
    default="auto",
    show_default=True,
    help="The type of the body; 'auto' is JSON if it parses as JSON, else text.",
)
@click.option("--scope", "scopes", multiple=True, help="A scope that the request needs.")
@click.option("--all-pages", is_flag=True, help="Get all pages, and print each one on a line.")
@click.option(
    "--allow-errors", is_flag=True, help="Print the body of an error response, and exit with 0."
)
@click.option("-L", "--allow-redirects", is_flag=True, help="Follow redirects.")
@click.option("--no-retry", is_flag=True, help="Do not send the request again if it fails.")
@with_output("Print JSON with the status, the headers and the body.")
@with_app()
def api(
    app: GlobusApp,
    service: str,
    method: str,
    path: str,
    query: list[tuple[str, str]],
    headers: list[tuple[str, str]],
    body: str | None,
    body_file: t.BinaryIO | None,
    content_type: str,
    scopes: tuple[str, ...],
    all_pages: bool,
    allow_errors: bool,
    allow_redirects: bool,
    no_retry: bool,
    output: Output,
) -> None:
    """Send a request to a SERVICE, such as transfer, and print the body of the response.

    PATH is below the service's URL, and may have a query. For transfer and groups the version of
    the API may be left out: /task_list is /v0.10/task_list.
    """
    from globus_core.exc import GlobusAPIError

    from ._api_pages import pages

    if body is not None and body_file is not None:
        raise click.UsageError("--body and --body-file exclude each other")
    data = body_file.read() if body_file else None if body is None else _encoded(body)
    path, found = _without_query(_in_version(service, path))
    parameters = [*found, *query]
    request: dict[str, t.Any] = {
        "data": data,
        "encoding": "text",
        "headers": {**_type_header(data, content_type), **dict(headers)},
        "allow_redirects": allow_redirects,
    }

    with _client(app, service, scopes, no_retry=no_retry) as client:

        def send(parameters: dict[str, t.Any]) -> GlobusHTTPResponse:
            return client.request(method, path, query_params=parameters, **request)

        try:
            if not all_pages:
                response = send(_query(parameters))
                shown = _headers(response) if method == "HEAD" else response.text
                output.show(_described(response), lambda _: shown)
                return
            for page in pages(send, _query(parameters)):
                click.echo(json.dumps(page))
        except GlobusAPIError as error:
            if not allow_errors:
                raise
            refusal = error.text
            output.show(_described(error), lambda _: refusal)


def _encoded(body: str) -> bytes:
    try:
        return body.encode()
    except UnicodeEncodeError:  # bytes of a command line that are not UTF-8
        raise click.UsageError("--body is not UTF-8; send it with --body-file") from None


def _client(app: GlobusApp, service: str, scopes: tuple[str, ...], *, no_retry: bool) -> BaseClient:
    from globus_core import RetryConfig
    from globus_core.scopes import ScopeParser
    from globus_core.service_clients import client_class

    return client_class(service)(
        app=app,
        app_scopes=list(ScopeParser.parse(" ".join(scopes))) if scopes else None,
        retry_config=RetryConfig(max_retries=0) if no_retry else None,
    )


def _described(answer: GlobusHTTPResponse | GlobusAPIError) -> dict[str, t.Any]:
    """An answer as a document; a body that is no JSON is text."""
    try:
        body = json.loads(answer.text)
    except (ValueError, RecursionError):
        body = answer.text
    return {"status": answer.http_status, "headers": dict(answer.headers), "body": body}


def _headers(response: GlobusHTTPResponse) -> str:
    return "\n".join(f"{name}: {value}" for name, value in response.headers.items())


def _in_version(service: str, path: str) -> str:
    """A path with the version of the API, which is the only part that may be left out."""
    path = f"/{path.lstrip('/')}"
    prefix = _VERSIONS.get(service.partition("@")[0])
    return path if prefix is None or re.match(r"/v\d", path) else f"{prefix}{path}"


def _without_query(path: str) -> tuple[str, list[tuple[str, str]]]:
    from urllib.parse import parse_qsl

    path, _, query = path.partition("?")
    return path, parse_qsl(query, keep_blank_values=True)


def _query(parameters: t.Iterable[tuple[str, str]]) -> dict[str, t.Any]:
    """Parameters by name, with a list for each that is there more than once."""
    query: dict[str, t.Any] = {}
    for name, value in parameters:
        query[name] = [*query[name], value] if name in query else [value]
    return {name: values if len(values) > 1 else values[0] for name, values in query.items()}


def _type_header(data: bytes | None, content_type: str) -> dict[str, str]:
    if data is None or content_type == "none":
        return {}
    if content_type == "auto":
        content_type = "json" if _is_json(data) else "text"
    return {"Content-Type": _TYPES[content_type]}


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True
