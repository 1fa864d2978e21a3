"""
Checking the tokens that an MCP server receives (extra ``mcp``).
"""

from __future__ import annotations

import typing as t

from globus_core.arguments import check_has

from .event_loops import LoopChecks
from .refusals import ForbiddenError, UnauthenticatedError

if t.TYPE_CHECKING:
    from mcp.server.auth.provider import AccessToken  # pyright: ignore[reportMissingImports]

    from .caller import Caller
    from .checker import TokenChecker


class MCPTokenVerifier:
    """
    A token verifier for servers of the package ``mcp``, such as ``MCPServer(token_verifier=...)``.

    A tool gets at its caller by :meth:`caller`. In the package's own ``get_access_token()``,
    ``subject`` is the identity id, and ``claims`` is what Globus Auth says, the username too. Known
    callers are let in without a thread.

    :param checker: checks the tokens
    :param resource: the address of the server, which is stated as the resource of each token; None
        states none
    :raises GlobusSDKUsageError: if it is no checker
    :raises ImportError: if the extra ``mcp`` is not installed
    """

    def __init__(self, checker: TokenChecker, *, resource: str | None = None) -> None:
        check_has(checker, "checker", ("check", "remembered"), "a TokenChecker")
        import mcp.server.auth.provider  # pyright: ignore[reportMissingImports]

        self._access_token = mcp.server.auth.provider.AccessToken
        self._checks = LoopChecks(checker)
        self._resource = resource

    async def verify_token(self, token: str) -> AccessToken | None:
        """
        The facts about a token, or None if it is not to be accepted.

        :param token: the token
        :raises CheckFailedError: if Globus Auth does not answer, and nothing usable is known
        """
        try:
            caller = await self._checks.caller(f"Bearer {token}")
        except (UnauthenticatedError, ForbiddenError):
            return None
        return self._access_token(
            token=token,
            client_id=caller.client_id or caller.id,
            scopes=sorted(caller.scopes),
            expires_at=int(caller.expires_at),
            resource=self._resource,
            subject=caller.id,
            claims=dict(caller.facts),
        )

    async def caller(self) -> Caller:
        """
        Who calls the tool that is running, with what acts for them at other services.

        :raises UnauthenticatedError: if no tool is running, or the token is not valid any more
        :raises ForbiddenError: if the token does not meet what is required any more
        :raises CheckFailedError: if Globus Auth does not answer, and nothing usable is known
        """
        from mcp.server.auth.middleware.auth_context import (  # pyright: ignore[reportMissingImports]
            get_access_token,
        )

        token = get_access_token()
        return await self._checks.caller(None if token is None else f"Bearer {token.token}")
