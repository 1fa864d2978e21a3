"""
Clients of other services that act for a caller.
"""

from __future__ import annotations

import re
import typing as t
from types import SimpleNamespace

from globus_core import config
from globus_core.arguments import check_has, check_scopes
from globus_core.authorizers import GlobusAuthorizer
from globus_core.exc import GlobusSDKUsageError, NotPicklableError
from globus_core.printable import safe_repr
from globus_core.scopes import Scope, ScopeParser
from globus_core.service_clients import client_class
from globus_core.transport import RequestsTransport, RetryCheckResult

from .consents import consent_required, passed_on, required_elsewhere
from .refusals import ForbiddenError

if t.TYPE_CHECKING:
    from globus_core import BaseClient
    from globus_core.gare import GlobusAuthorizationParameters
    from globus_core.token_storage import TokenStorageData
    from globus_core.transport import RetryCheck, RetryContext

    from .dependent_tokens import CallersToken, DependentTokens

    C = t.TypeVar("C")  # a client, awaited or not
    Scopes: t.TypeAlias = str | Scope | t.Iterable[str | Scope]

#: how services are named, which no scope but those of OpenID Connect looks like
_SERVICE = re.compile(r"[a-z_]+(@[A-Za-z0-9_-]+)?")
_OPENID = frozenset(("openid", "email", "profile"))


class DependentTokenAuthorizer(GlobusAuthorizer):
    """
    Authorizes requests to another service with a token that depends on a caller's.

    The token is replaced when it is about to expire, and when the service refuses it.

    :param tokens: the tokens of the service's callers
    :param caller: the caller's token
    :param scopes: the scopes that the token must have, all of one resource server; consents are
        asked for with what they have in brackets
    """

    def __init__(
        self, tokens: DependentTokens, caller: CallersToken, scopes: tuple[Scope, ...]
    ) -> None:
        self._tokens = tokens
        self._caller = caller
        self._wanted = scopes
        self._scopes = frozenset(scope.scope_string for scope in scopes)
        self._refused: str | None = None

    def get_authorization_header(self) -> str:
        """
        The header, with a new token if the last one is about to expire or was refused.

        :raises RefusedError: if there is none, such as without the caller's consent
        """
        try:
            found = self._tokens.get(self._caller, self._scopes, self._refused)
        except ForbiddenError as error:
            if error.code != "ConsentRequired":
                raise
            raise consent_required(self._tokens.service_scope, self._wanted) from error.__cause__
        if len(found) > 1:
            names = " and ".join(sorted(found))
            raise GlobusSDKUsageError(f"the scopes of one client belong to {names}")
        (data,) = found.values()
        return f"Bearer {data.access_token}"

    def handle_refused_header(self, header: str) -> bool:
        """
        After a 401: have the token replaced.

        :param header: the Authorization header of the refused request
        """
        self._refused = header.partition(" ")[2]
        return True

    def __getstate__(self) -> t.NoReturn:
        raise NotPicklableError(
            "the authorizer of a caller holds a token and cannot be pickled; check the caller's "
            "request in the other process"
        )


class ActingApp:
    """
    What clients take for an app: the tokens are a caller's, and a login is for the caller to make.

    :param tokens: the tokens of the service's callers
    :param caller: the caller's token
    """

    def __init__(self, tokens: DependentTokens, caller: CallersToken) -> None:
        environment = tokens.environment or config.get_environment_name()
        self.config = SimpleNamespace(environment=environment)
        self.app_name = tokens.app_name
        self._tokens = tokens
        self._caller = caller
        self._scopes: dict[str, tuple[Scope, ...]] = {}
        self._authorizers: dict[str, DependentTokenAuthorizer] = {}

    def add_scope_requirements(self, scope_requirements: t.Mapping[str, Scopes]) -> None:
        """
        Ask for further scopes from the next request on.

        :param scope_requirements: scopes by resource server
        """
        for server, scopes in scope_requirements.items():
            before = self._scopes.get(server, ())
            self._scopes[server] = (*before, *_parsed(scopes))
            self._authorizers.pop(server, None)

    def get_authorizer(self, resource_server: str) -> DependentTokenAuthorizer:
        """
        What authorizes requests to a resource server.

        :param resource_server: the resource server
        """
        made = self._authorizers.get(resource_server)
        if made is None:
            scopes = self._scopes.get(resource_server, ())
            made = DependentTokenAuthorizer(self._tokens, self._caller, scopes)
            self._authorizers[resource_server] = made
        return made

    def get_client_retry_checks(self) -> list[RetryCheck]:
        """
        The check that passes on to the caller what another service requires.
        """
        return [self._pass_on_requirements]

    def login(self, *, auth_params: GlobusAuthorizationParameters) -> t.NoReturn:
        """
        Refuse the caller, with the login to make.

        :param auth_params: what the login has to meet
        :raises ForbiddenError: always
        """
        raise passed_on(auth_params, self._tokens.service_scope)

    def _pass_on_requirements(self, context: RetryContext) -> RetryCheckResult:
        response = context.response
        if response is None or response.status_code != 403:
            return RetryCheckResult.no_decision
        provider = RequestsTransport.get_current_transport().json_provider
        try:
            document = provider.decode_body(response)
        except (ValueError, RecursionError):
            return RetryCheckResult.no_decision
        required = required_elsewhere(document, self._tokens.service_scope)
        if required is None:
            return RetryCheckResult.no_decision
        raise required

    @safe_repr
    def __repr__(self) -> str:
        return f"<clients for {self._caller.identity_id}>"


class Acting:
    """
    Acts for the caller of a request at other services.

    :param tokens: the tokens of the service's callers
    :param caller: the caller's token
    """

    __slots__ = ("_caller", "_tokens")

    def __init__(self, tokens: DependentTokens, caller: CallersToken) -> None:
        self._tokens = tokens
        self._caller = caller

    def tokens_for(
        self, wanted: t.Iterable[str | Scope | type[BaseClient]]
    ) -> dict[str, TokenStorageData]:
        """
        See :meth:`Caller.tokens_for`.
        """
        scopes = frozenset(scope for each in wanted for scope in _names(each))
        if not scopes:
            raise GlobusSDKUsageError("tokens_for() needs a scope, a service or a client class")
        return self._tokens.get(self._caller, scopes)

    def client(
        self, kind: t.Callable[..., C], arguments: tuple[t.Any, ...], options: dict[str, t.Any]
    ) -> C:
        """
        See :meth:`Caller.client`.
        """
        check_has(kind, "kind", ("__call__",), "a class of clients")
        if not {"transport", "transport_params"} & options.keys():
            options["transport"] = self._tokens.transport
        app: t.Any = ActingApp(self._tokens, self._caller)
        return kind(*arguments, **{**options, "app": app})

    @safe_repr
    def __repr__(self) -> str:
        return f"<acting for {self._caller.identity_id}>"


def _names(wanted: str | Scope | type[BaseClient]) -> t.Iterable[str]:
    """The scopes that a token has; what is in their brackets is for consents."""
    if isinstance(wanted, str) and _SERVICE.fullmatch(wanted) and wanted not in _OPENID:
        wanted = client_class(wanted)
    if not isinstance(wanted, type):
        return _plain(wanted)
    scopes = getattr(wanted, "default_scope_requirements", None)
    if isinstance(scopes, (list, tuple)):
        return _plain(scopes)
    raise GlobusSDKUsageError(
        f"{wanted.__name__} has no default scopes that do not depend on its arguments; "
        "name the scopes"
    )


def _plain(scopes: Scopes) -> t.Iterable[str]:
    return (scope.scope_string for scope in _parsed(scopes))


def _parsed(scopes: Scopes) -> list[Scope]:
    check_scopes(scopes, "scopes")
    return ScopeParser.parse(ScopeParser.serialize(scopes))
