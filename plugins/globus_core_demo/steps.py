"""
The steps of the demo. Each uses only public names, and returns one line.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from globus_core import (
    AccessTokenAuthorizer,
    AuthClient,
    ConfidentialAppAuthClient,
    IdentityMap,
    IDTokenDecoder,
    NativeAppAuthClient,
    TransferClient,
    TransferData,
    UserApp,
    hookimpl,
)
from globus_core.exc import GlobusAPIError
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import (
    CommandLineLoginFlowManager,
    LocalServerLoginFlowManager,
    LoginFlowManager,
)
from globus_core.plugins import get_plugin_manager
from globus_core.scopes import AuthScopes
from globus_core.services.transfer import TaskOutcome
from globus_core.testing import HeadlessBrowser
from globus_core.transport import RetryConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from typing_extensions import Self

    from globus_core.events import TokenEvent
    from globus_core.gare import GlobusAuthorizationParameters

    from .server import Server

_AUTH = "auth.globus.org"
_THREADS = 8
#: seconds; the demo should soon report that a server is unreachable
_MAX_RETRIES = 2


class NotOffered(Exception):  # noqa: N818 - not an error
    """
    The server does not support the step.
    """


def check(claim: bool, otherwise: str) -> None:
    """
    End the step if what it claims is not so.

    :param claim: what must be true
    :param otherwise: what is wrong if it is not
    """
    if not claim:
        raise RuntimeError(otherwise)


class TokenEvents:
    """
    A plugin of the demo, registered by code: it counts token events.
    """

    def __init__(self) -> None:
        self.kinds: list[str] = []

    @hookimpl
    def globus_token_event(self, event: TokenEvent) -> None:
        """Count the event by its kind."""
        self.kinds.append(event.kind)


class Kept(LoginFlowManager):
    """
    A login flow that keeps its response for a later step.
    """

    response: t.Any = None

    def run_login_flow(self, auth_parameters: GlobusAuthorizationParameters) -> t.Any:
        """Log in, and keep the response."""
        self.response = super().run_login_flow(auth_parameters)
        return self.response


class KeptCommandLine(Kept, CommandLineLoginFlowManager):
    """The person opens the URL anywhere, and enters the code."""


class KeptLocalServer(Kept, LocalServerLoginFlowManager):
    """The browser of this machine opens the URL."""


class Unattended(KeptLocalServer):
    """No one is prompted: the sandbox approves automatically."""

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is no one to show it to."""


class Journey:
    """
    The state that the steps share.

    :param server: the server
    :param folder: a folder for the token file
    :param browser: log in with this machine's browser
    """

    def __init__(self, server: Server, folder: str, *, browser: bool) -> None:
        self.server = server
        self.events = TokenEvents()
        #: the sub of the ID token; None before it was checked
        self.person: str | None = None
        self.login_client = NativeAppAuthClient(
            server.client_id, base_url=server.url, retry_config=RetryConfig(_MAX_RETRIES)
        )
        self.login_flow = self._login_flow(browser)
        self.app = UserApp(
            "globus-core demo",
            login_client=self.login_client,
            config=GlobusAppConfig(
                token_storage=f"sqlite:///{os.path.join(folder, 'tokens.db')}",
                login_flow_manager=self.login_flow,
                request_refresh_tokens=True,
            ),
        )
        self.auth = AuthClient(
            base_url=server.url, app=self.app, retry_config=RetryConfig(_MAX_RETRIES)
        )
        self.identities = IdentityMap(self.auth)
        # None for a server without Transfer; made here, so that one login is for both
        self.transfer = self._transfer_client()

    def _transfer_client(self) -> TransferClient | None:
        url = self.server.transfer_url()
        if url is None:
            return None
        return TransferClient(base_url=url, app=self.app, retry_config=RetryConfig(_MAX_RETRIES))

    def _login_flow(self, browser: bool) -> Kept:
        if browser:
            return KeptLocalServer(self.login_client, request_refresh_tokens=True)
        if not self.server.is_sandbox:
            return KeptCommandLine(self.login_client, request_refresh_tokens=True)
        return Unattended(
            self.login_client, request_refresh_tokens=True, open_browser=HeadlessBrowser().open
        )

    @property
    def logged_in(self) -> bool:
        """Whether the login has succeeded."""
        return self.login_flow.response is not None

    def __enter__(self) -> Self:
        get_plugin_manager().register(self.events, "demo-token-events")
        return self

    def __exit__(self, *exc_info: object) -> None:
        get_plugin_manager().unregister("demo-token-events")
        self.auth.close()
        if self.transfer is not None:
            self.transfer.close()
        self.app.close()
        self.login_client.close()


def connect(journey: Journey) -> str:
    """Read the server's OpenID configuration."""
    configuration = journey.auth.get_openid_configuration()
    check(bool(configuration.get("issuer")), "the configuration names no issuer")
    kind = "sandbox (for development only)" if journey.server.is_sandbox else "server"
    return f"{kind} at {journey.server.url}, issuer {configuration['issuer']}"


def log_in(journey: Journey) -> str:
    """Log a person in with the native flow."""
    journey.app.login()
    granted = journey.login_flow.response.by_resource_server
    check(_AUTH in granted, f"the login brought no tokens for {_AUTH}")
    servers = ", ".join(granted)
    return f"authorization code with PKCE, fresh state and nonce; tokens for {servers}"


def store_tokens(journey: Journey) -> str:
    """Show where the tokens are stored."""
    storage = journey.app.token_storage
    stored = storage.get_token_data_by_resource_server()
    granted = journey.login_flow.response.by_resource_server
    for name, tokens in granted.items():
        same = name in stored and stored[name].access_token == tokens["access_token"]
        check(same, f"the tokens for {name} are not stored")
    where = storage.describe()
    return f"{len(stored)} in {os.path.basename(where.location)}: {where.protection}"


def check_the_ID_token(journey: Journey) -> str:  # noqa: N802 - the line's title
    """Verify the ID token's signature and claims."""
    claims = IDTokenDecoder(journey.login_client).decode(journey.login_flow.response["id_token"])
    check(bool(claims.get("sub")), "the ID token names no person")
    journey.person = claims["sub"]
    shown = {name: claims.get(name) for name in ("sub", "preferred_username", "name", "email")}
    return ", ".join(f"{name}={value}" for name, value in shown.items() if value is not None)


def ask_who_it_is(journey: Journey) -> str:
    """Use the access token."""
    person = journey.auth.userinfo()
    same = person["sub"] == journey.person
    check(same, f"userinfo has sub={person['sub']}, the ID token {journey.person}")
    return f"userinfo has the same sub={person['sub']}"


def resolve_people(journey: Journey) -> str:
    """Resolve identities by name, then by id; the second time from the cache."""
    names = journey.server.names()
    if not names:
        raise NotOffered("no usernames of that server are known")
    before = journey.server.identity_requests() or 0
    journey.identities.prefetch(names)
    ids = [journey.identities[name]["id"] for name in names]
    asked = (journey.server.identity_requests() or 0) - before
    again = [journey.identities[key]["username"] for key in [*ids, *names]]
    repeated = (journey.server.identity_requests() or 0) - before - asked
    check(asked == 1, f"{asked} requests for {len(names)} people")
    check(repeated == 0, f"{repeated} requests for people in the cache")
    check(sorted({*again}) == sorted(names), "the people found are not those asked for")
    return f"{len(ids)} people in {asked} request; by id and name again: {repeated} requests"


def move_files(journey: Journey) -> str:
    """Transfer real files from one folder to another, and wait until they are there."""
    if journey.transfer is None:
        raise NotOffered("no Transfer is known that goes with that server")
    source, target, *_ = journey.server.collections()
    texts = {f"{number}.txt": f"measurement {number}\n" for number in range(1, 4)}
    folder = os.path.join(source.root, "demo")
    os.mkdir(folder)
    for name, text in texts.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    data = TransferData(source.id, target.id, label="globus-core demo")
    data.add_item("/demo/", "/demo/", recursive=True)
    task_id = journey.transfer.submit_transfer(data)["task_id"]
    outcome, task = journey.transfer.wait_for_task(task_id, 60, fail_on="FILE_NOT_FOUND")
    check(outcome is TaskOutcome.SUCCEEDED, f"the task has not succeeded, but {outcome.value}")
    for name, text in texts.items():
        with open(os.path.join(target.root, "demo", name), encoding="utf-8") as file:
            check(file.read() == text, f"{name} is not what it was")
    moved = f"{task.get('files_transferred')} files, {task.get('bytes_transferred')} bytes"
    return f"{moved} from {source.name!r} to {target.name!r}: {outcome.value}"


def let_the_token_expire(journey: Journey) -> str:
    """Let many threads use an expired token at once: one renews it for all."""
    expired = journey.server.let_tokens_expire()
    if not expired:
        journey.app.get_authorizer(_AUTH).handle_missing_authorization()
    before = journey.events.kinds.count("refreshed")
    with ThreadPoolExecutor(_THREADS) as pool:
        answers = list(pool.map(lambda _: journey.auth.userinfo()["sub"], range(_THREADS)))
    refreshed = journey.events.kinds.count("refreshed") - before
    check(refreshed == 1, f"{refreshed} refreshes for {_THREADS} threads")
    check({*answers} == {journey.person}, "the new token belongs to another person")
    why = "expired by the sandbox's clock" if expired else "declared stale"
    return f"{why}; {len(answers)} threads, {refreshed} refresh"


def fail_clearly(journey: Journey) -> str:
    """Cause an error with a code that was never issued."""
    flow = journey.login_client.oauth2_start_flow(AuthScopes.openid, state=None)
    try:
        flow.exchange_code_for_tokens("a-code-that-was-never-issued")
    except GlobusAPIError as error:
        seen = f"{type(error).__name__} {error.http_status} {error.code}"
        check(error.code == "invalid_grant", f"the error is {seen}, not invalid_grant")
        check(bool(error.advice), f"{seen} comes without advice")
        return f"{seen}; advice: {error.advice}"
    raise RuntimeError("the server accepted a code that it never issued")


def act_as_a_client(journey: Journey) -> str:
    """Get a token by client credentials, and introspect it."""
    if journey.server.confidential is None:
        raise NotOffered("this needs a confidential client, and none is known at that server")
    with ConfidentialAppAuthClient(
        *journey.server.confidential, base_url=journey.server.url
    ) as client:
        response = client.oauth2_client_credentials_tokens(AuthScopes.view_identities)
        (token,) = response.by_resource_server.values()
        seen = client.oauth2_token_introspect(token["access_token"])
        check(seen["active"] is True, "the new token is not active")
        mine = str(seen["username"]).startswith(journey.server.confidential[0])
        check(mine, f"the token belongs to {seen['username']}, not to the client")
        return f"introspected: active={seen['active']}, username={seen['username']}"


def log_out(journey: Journey) -> str:
    """Log out, and show that the tokens are no longer valid."""
    stored = journey.app.token_storage.token_storage.get_token_data(_AUTH)
    if stored is None:
        raise RuntimeError("there are no tokens to revoke: no one is logged in")
    failures = journey.app.logout()
    if failures:
        raise RuntimeError(f"not everything was revoked: {failures}")
    left = journey.app.token_storage.token_storage.get_token_data_by_resource_server()
    check(not left, f"{len(left)} tokens are left in storage")
    status = _status_with(journey, stored.access_token)
    check(status == 401, f"the old access token gets status {status}, not 401")
    return f"{len(left)} tokens left in storage; the old access token gets status {status}"


def _status_with(journey: Journey, access_token: str) -> int:
    """The response to a revoked token, which must be a refusal."""
    authorizer = AccessTokenAuthorizer(access_token)
    with AuthClient(base_url=journey.server.url, authorizer=authorizer) as client:
        try:
            client.userinfo()
        except GlobusAPIError as error:
            return error.http_status
    raise RuntimeError("the access token still works after the logout")


STEPS = (
    connect,
    log_in,
    store_tokens,
    check_the_ID_token,
    ask_who_it_is,
    resolve_people,
    move_files,
    let_the_token_expire,
    fail_clearly,
    act_as_a_client,
    log_out,
)
