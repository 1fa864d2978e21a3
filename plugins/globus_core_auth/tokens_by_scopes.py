"""
The tokens of a response by scope, secrets hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from globus_core.printable import safe_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from .answer_documents import TokenFields
    from .token_responses import Token

_SECRETS = ("access_token", "refresh_token", "id_token")


def hidden(token: Token) -> dict[str, t.Any]:
    """
    A token's document as it may be shown.

    :param token: the document
    """
    return {k: "(hidden)" if k in _SECRETS and v is not None else v for k, v in token.items()}


class TokensByScopes(Mapping[str, "TokenFields"]):
    """
    Tokens by scope. A key may name several scopes, if one token covers them all.

    :param by_resource_server: the tokens by resource server
    :ivar scope_map: the tokens by single scope, secrets included
    """

    def __init__(self, by_resource_server: dict[str, Token]) -> None:
        self._by_resource_server = by_resource_server
        self.scope_map = {
            scope: token
            for token in by_resource_server.values()
            for scope in token["scope"].split(" ")
            if scope
        }

    def __getitem__(self, key: object) -> TokenFields:
        scopes = key.split() if isinstance(key, str) else []
        found = [self.scope_map[scope] for scope in scopes if scope in self.scope_map]
        if not scopes or len(found) < len(scopes):
            raise KeyError(key)
        if any(token is not found[0] for token in found):
            raise KeyError(f"{key!r} names scopes of different tokens")
        return found[0]  # type: ignore[return-value]

    def __iter__(self) -> Iterator[str]:
        return iter(self.scope_map)

    def __len__(self) -> int:
        return len(self.scope_map)

    def __call__(self, scopes: t.Any) -> dict[str, TokenFields]:
        """
        The tokens that grant any of the given scopes, by resource server.

        :param scopes: a scope, or several
        """
        from globus_core.scopes import ScopeParser

        names = {
            scope.scope_string
            for scope in ScopeParser.parse(ScopeParser.serialize(scopes, reject_empty=False))
        }
        return {
            resource_server: token  # type: ignore[misc]
            for resource_server, token in self._by_resource_server.items()
            if names.intersection(token["scope"].split(" "))
        }

    def _repr_html_(self) -> str:
        from globus_core import notebook

        return notebook.page("tokens by scope", notebook.tokens(self._by_resource_server.values()))

    def __str__(self) -> str:
        from json import dumps

        return dumps({scope: hidden(token) for scope, token in self.scope_map.items()})

    @safe_repr
    def __repr__(self) -> str:
        return str(self)
