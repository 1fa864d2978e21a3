"""
Logging in again when the server says that a login has ended.
"""

from __future__ import annotations

import time

from globus_core.authorizers import AccessTokenAuthorizer
from globus_core.exc import GlobusError, LoginRequiredError
from globus_core.transport import RetryCheckResult, pause_deadline

from .gare_redrive import say_why

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.authorizers import GlobusAuthorizer
    from globus_core.transport import RetryCheck, RetryContext

    from .user_app import UserApp


class LoginAgain:
    """
    Runs the app's error handler, which logs in, after a definite no of a server: at most once for
    each call, and once for all threads that are told so at the same time.

    A service that also refuses the new token is not a reason for further logins.

    :param app: the app to log in with
    """

    def __init__(self, app: UserApp) -> None:
        self._app = app
        self._in_vain: set[str] = set()  # access tokens of such logins that were refused at once

    @property
    def possible(self) -> bool:
        """Whether a login may start here: the program wants it, and none is under way."""
        handler = self._app.config.token_validation_error_handler
        return handler is not None and not self._app._gate.logins_barred

    def make_check(self) -> RetryCheck:
        """
        A retry check for one request, which starts now.
        """
        begun = time.monotonic()
        renewed: list[GlobusAuthorizer] = []

        def log_in_after_refusal(context: RetryContext) -> RetryCheckResult:
            authorizer, caller = context.caller_info.authorizer, context.caller_info
            if not isinstance(authorizer, AccessTokenAuthorizer) or not _refused(context):
                return RetryCheckResult.no_decision
            token, resource_server = authorizer.access_token, caller.resource_server
            if renewed:
                self._in_vain.add(token)
                return RetryCheckResult.no_decision
            if resource_server is None or token in self._in_vain:
                return RetryCheckResult.no_decision
            self._app._refuse_token(token)
            if not self.possible:
                return RetryCheckResult.no_decision
            caller.authorizer = self.authorizer(resource_server, context.response, begun)
            renewed.append(caller.authorizer)
            context.backoff = 0.0
            return RetryCheckResult.do_retry

        return log_in_after_refusal

    def authorizer(self, resource_server: str, refusal: t.Any, begun: float) -> GlobusAuthorizer:
        """
        Log in, unless another thread has, and return the new authorizer.

        :param resource_server: whose token was refused
        :param refusal: the response that refused it, or the error made from it
        :param begun: when the call began, by the monotonic clock
        :raises LoginRequiredError: if no one can be prompted
        """
        app = self._app
        try:
            # A person may need longer to log in than a service to answer.
            with pause_deadline(), app._gate.held():
                app._failed_login.raise_if_since(begun)
                return app.get_authorizer(resource_server)
        except LoginRequiredError as error:
            # The response is not chained: its body says nothing that helps.
            message = f"the server no longer accepts the login of {app.app_name!r}; {error}"
            raise LoginRequiredError(message, command=error.command) from None
        except GlobusError as error:
            say_why(error, refusal)
            raise


def _refused(context: RetryContext) -> bool:
    """Whether the service itself refused the token that was sent."""
    response, config = context.response, context.caller_info.retry_config
    if response is None or response.status_code not in config.expired_authorization_status_codes:
        return False
    # another origin, to which a redirect led, did not receive the token
    return "Authorization" in response.request.headers
