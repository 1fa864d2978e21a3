"""
The client id: whether Globus Auth knows it, and what can be told of it without its secret.
"""

from __future__ import annotations

import re
import uuid

from globus_core.exc import GlobusAPIError, NetworkError

from ..examined import LONGEST_ID
from .credential_sources import credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from globus_core import NativeAppAuthClient
    from globus_core.cli import DoctorReport

_TOKEN_PATH = "/v2/oauth2/token"  # noqa: S105
_AUTHORIZE_PATH = "/v2/oauth2/authorize"
_DEVELOPERS = "https://app.globus.org/settings/developers"
_NO_ID = "no client id is known; register a native app, then pass its id with --client-id"
#: in every example; Globus does not know it
_OF_THE_SANDBOX = "6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f7"
#: of the local server of a login; the port may be any
_LOOPBACK = "http://127.0.0.1:49152"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def check_client(report: DoctorReport) -> None:
    """
    Ask Globus Auth about the client.

    :param report: where findings go
    """
    report.doing("reading credentials")
    search = credentials(report)
    client_id = search.client_id
    if client_id is None:
        report.skip(_NO_ID)
    elif report.offline:
        if mistake := misspelling(client_id):
            report.note(f"the client id {client_id} is not one of Globus: {mistake}")
        report.skip(f"whether the client {client_id} exists, since the network is not to be used")
    elif report.unreachable:
        report.skip(f"whether the client {client_id} exists, since Globus Auth does not answer")
    elif search.tokens is not None:
        report.skip("the tokens are given, so that the client is not needed for a login")
    else:
        report.doing(f"asking about the client {client_id}")
        _ask(client_id, search.client_secret, report)


def _ask(client_id: str, secret: str | None, report: DoctorReport) -> None:
    try:
        if secret is not None:
            _check_secret(client_id, secret, report)
        else:
            _check_login_client(client_id, report)
    except NetworkError as error:
        report.problem_of(error)


def _check_secret(client_id: str, secret: str, report: DoctorReport) -> None:
    """Let Globus Auth check the secret, without getting a token for it."""
    from globus_core import ConfidentialAppAuthClient
    from globus_core.transport import RetryConfig

    with ConfidentialAppAuthClient(
        client_id,
        secret,
        environment=report.environment,
        retry_config=RetryConfig(max_retries=0),
    ) as client:
        try:
            client.oauth2_token_introspect("globus-core-doctor")
        except GlobusAPIError as error:
            report.problem(
                f"Globus Auth does not accept the client {client_id} with its secret: {error}",
                f"compare id and secret with those at {_DEVELOPERS}",
            )
        else:
            report.ok(f"Globus Auth accepts the client {client_id} and its secret")


def _check_login_client(client_id: str, report: DoctorReport) -> None:
    from globus_core import NativeAppAuthClient
    from globus_core.transport import RetryConfig

    with NativeAppAuthClient(
        client_id, environment=report.environment, retry_config=RetryConfig(max_retries=0)
    ) as client:
        code = _answer_to_no_code(client)
        paste = f"{(client.base_url or '').rstrip('/')}/v2/web/auth-code"
        refused = {uri: _refusal(client, uri) for uri in (_LOOPBACK, paste)}
        if code == "invalid_grant":
            report.ok(f"the client {client_id} is registered, as one without a secret (native)")
        elif None in refused.values() or any("redirect" in str(text) for text in refused.values()):
            report.problem(
                f"the client {client_id} is registered, but not as a native one, so that it cannot "
                "log people in here",
                f'register a "thick client" at {_DEVELOPERS}, or set GLOBUS_CLIENT_SECRET_FILE',
            )
        else:
            _report_unknown(client_id, client.base_url or "", report)
            return
        if code == "invalid_grant" and None not in refused.values():
            report.problem(
                "none of the redirect URIs of logins here is registered: "
                f"{_shown(_LOOPBACK)}, {paste}",
                f"add one of them to the client at {_DEVELOPERS}",
            )
            return
        for uri, text in refused.items():
            _report_redirect_uri(uri, text, report)


def _report_unknown(client_id: str, url: str, report: DoctorReport) -> None:
    mistake = misspelling(client_id)
    if mistake is not None:
        report.problem(
            f"the client id {client_id} is mistyped: {mistake}",
            f"copy the client's UUID from {_DEVELOPERS}",
        )
    elif client_id == _OF_THE_SANDBOX:
        report.problem(
            f"the client {client_id} is that of the sandbox, which {url} is not",
            "copy the 'export' lines that 'globus-core sandbox' prints, or register a client of "
            f"your own at {_DEVELOPERS}",
        )
    else:
        report.problem(
            f"Globus Auth at {url} does not know the client {client_id}",
            f"compare it with those at {_DEVELOPERS}, and see whether it is of another server",
        )


def misspelling(client_id: str) -> str | None:
    """
    What is wrong with a client id, which is a UUID at Globus; None if it is one.

    :param client_id: the id as it was given
    """
    if _UUID.fullmatch(client_id):
        return None
    if len(client_id) > LONGEST_ID:
        return f"it has {len(client_id)} characters and an id has 36; it may be a secret"
    digits = re.sub(r"[\s{}-]|urn:uuid:", "", client_id.lower())
    if re.fullmatch(r"[0-9a-f]{32}", digits):
        return f"it is written as {uuid.UUID(digits)}"
    if re.fullmatch(r"[0-9a-f]+", digits):
        return f"it has {len(digits)} hexadecimal digits and an id has 32"
    return f"an id looks like {_OF_THE_SANDBOX}"


def _answer_to_no_code(client: NativeAppAuthClient) -> str | None:
    """The error for a code that does not exist: ``invalid_grant`` if no secret is wanted."""
    form = {"grant_type": "authorization_code", "code": "none", "client_id": client.client_id}
    form["redirect_uri"] = _LOOPBACK
    try:
        client.post(_TOKEN_PATH, data=form, encoding="form")
    except GlobusAPIError as error:
        return error.code
    return None


def _refusal(client: NativeAppAuthClient, redirect_uri: str) -> str | None:
    """Why a login with a redirect URI is refused; None if the server goes on with it."""
    query = {
        "client_id": client.client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "openid",
        "state": "globus-core-doctor",
        "prompt": "none",  # no code is given to whom nobody has asked
    }
    try:
        client.request("GET", _AUTHORIZE_PATH, query_params=query, allow_redirects=False)
    except GlobusAPIError as error:
        return (error.text or str(error)) if error.http_status < 500 else None
    return None


def _report_redirect_uri(uri: str, refusal: str | None, report: DoctorReport) -> None:
    what = "of logins by a browser on this machine" if uri == _LOOPBACK else "of codes to paste"
    if refusal is None:
        report.ok(f"the redirect URI {what} is accepted: {_shown(uri)}")
    else:
        report.note(
            f"the redirect URI {what} seems not to be registered: {_shown(uri)}",
            f"add it to the client at {_DEVELOPERS} if you log in that way",
        )


def _shown(uri: str) -> str:
    return uri.rpartition(":")[0] if uri == _LOOPBACK else uri  # the port may be any
