"""
Repeating a request after the login that the service requires (``auto_redrive_gares``).
"""

from __future__ import annotations

import time

from globus_core import gare
from globus_core.exc import GlobusAPIError, GlobusError
from globus_core.transport import (
    RequestsTransport,
    RetryCheckFlags,
    RetryCheckResult,
    pause_deadline,
    set_retry_check_flags,
)

from ._login_gate import SharedFailure
from .config import resolve_by_login_flow

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.transport import RetryCheck, RetryContext

    from ._login_gate import LoginGate
    from .app import GlobusApp


class Redrive:
    """
    Logs in when a service requires more authorization: once for each request (for each
    consent, if it lacks several), and once for all threads with the same requirement at the same
    time.

    :param app: the app to log in with
    :param gate: the app's login gate
    """

    def __init__(self, app: GlobusApp, gate: LoginGate) -> None:
        self._app = app
        self._gate = gate
        self._under_way = False
        self._failed = SharedFailure()
        self._last: tuple[float, dict[str, t.Any]] = (0.0, {})

    def make_check(self) -> RetryCheck:
        """
        A retry check for one request, which starts now.
        """
        begun = time.monotonic()

        @set_retry_check_flags(RetryCheckFlags.RUN_ONCE)
        def redrive_authorization_requirements(context: RetryContext) -> RetryCheckResult:
            requirements = _requirements(context)
            if requirements is None:
                return RetryCheckResult.no_decision
            return self._retry(context, requirements, begun)

        return redrive_authorization_requirements

    def consent_checks(self) -> list[RetryCheck]:
        """
        A retry check for one request, which starts now and only logs in for missing consents.

        None if :meth:`make_check` does it, or if the program does not leave logins to the app.
        """
        config = self._app.config
        is_left_to_app = config.token_validation_error_handler is resolve_by_login_flow
        if config.auto_redrive_gares or self._gate.logins_barred or not is_left_to_app:
            return []
        return [self._make_consent_check()]

    def _make_consent_check(self) -> RetryCheck:
        # Services may name one collection after another: there is a login for each, and no second
        # one for the same.
        begun = time.monotonic()
        asked: list[list[str] | None] = []

        def redrive_missing_consents(context: RetryContext) -> RetryCheckResult:
            requirements = _requirements(context)
            if requirements is None or requirements.code != "ConsentRequired":
                return RetryCheckResult.no_decision
            scopes = requirements.authorization_parameters.required_scopes
            if not scopes or scopes in asked:
                return RetryCheckResult.no_decision
            asked.append(scopes)
            return self._retry(context, requirements, begun)

        return redrive_missing_consents

    def _retry(
        self, context: RetryContext, requirements: gare.GARE, begun: float
    ) -> RetryCheckResult:
        resource_server = context.caller_info.resource_server
        if resource_server is None:
            return RetryCheckResult.no_decision
        try:
            authorizer = self._meet(requirements, resource_server, begun)
        except GlobusError as error:
            say_why(error, context.response)
            raise
        if authorizer is None:
            return RetryCheckResult.no_decision
        context.caller_info.authorizer = authorizer
        context.backoff = 0.0
        return RetryCheckResult.do_retry

    def _meet(
        self, requirements: gare.GARE, resource_server: str, begun: float
    ) -> GlobusAuthorizer | None:
        """Log in and return the authorizer; None inside another such login."""
        parameters = requirements.authorization_parameters
        asked = parameters.to_dict(include_extra=True)
        # A person may need longer to log in than a service to answer.
        with pause_deadline(), self._gate.held():
            if self._under_way:  # by this thread, because it holds the lock
                return None
            when, met = self._last
            if when < begun or met != asked:
                self._failed.raise_if_since(begun, asked)
                self._under_way = True
                try:
                    with self._failed.noting(asked):
                        self._app.login(auth_params=parameters)
                finally:
                    self._under_way = False
                self._last = (time.monotonic(), asked)
            return self._app.get_authorizer(resource_server)


def _requirements(context: RetryContext) -> gare.GARE | None:
    response = context.response
    if response is None or response.status_code != 403:
        return None
    try:
        provider = RequestsTransport.get_current_transport().json_provider
        document = provider.decode_body(response)
    except (ValueError, RecursionError):
        return None
    return gare.to_gare(document) if isinstance(document, dict) else None


def say_why(error: GlobusError, refused: t.Any) -> None:
    """
    Set the cause of a login's failure to the response that required the login.

    :param error: the failure
    :param refused: the response, or the error made from it
    """
    if error.__cause__ is None and refused is not None:
        known = isinstance(refused, GlobusAPIError)
        error.__cause__ = refused if known else GlobusAPIError(refused)
