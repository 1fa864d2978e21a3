"""
A storage around another one, which checks the tokens that are stored and read.
"""

from __future__ import annotations

from collections.abc import Mapping

from globus_core._log import LazyLogger
from globus_core.arguments import check_has, check_iterables
from globus_core.plugins.contracts import expect

from ..base import TokenStorage, check_same_identity
from ..data import (
    UNUSED_SECONDS,
    TokenStorageData,
    can_be_sent,
    check_bearer,
    check_records,
    why_not_of,
)
from .context import TokenValidationContext
from .errors import MissingTokenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import contextlib
    import typing as t

    from typing_extensions import Self

    from ..base import StorageDescription
    from .validators import TokenDataValidator

log = LazyLogger("globus_core.token_storage")

#: the claim, and the key in ``extra`` of a record, with the time of the sign-in; the end of a
#: session cannot be computed without it
SIGNED_IN = "last_authentication"
#: the key in ``extra`` with the times of all sign-ins of the session, by identity id
SIGN_INS = "authentications"
#: the claim, and the key in ``extra``, with the username, so that it can be shown without a request
USERNAME = "preferred_username"
#: identities of a session that are kept; a person has a handful
_MOST_SIGN_INS = 50


class ValidatingTokenStorage(TokenStorage):
    """
    Checks tokens before they are stored and after they are read; removing them is not checked.

    :param token_storage: the storage that keeps the tokens
    :param validators: the checks, in order
    :raises ValueError: if tokens of several identities are stored in the namespace
    """

    namespaces_have_slashes = True  # the storage that it wraps decides

    def __init__(
        self, token_storage: TokenStorage, *, validators: t.Iterable[TokenDataValidator] = ()
    ) -> None:
        check_has(token_storage, "token_storage", ("get_token_data", "namespace"), "a TokenStorage")
        check_iterables(validators=validators)
        super().__init__(token_storage.namespace)
        self.token_storage = token_storage
        self.validators = list(validators)
        self.id_token_decoder = token_storage.id_token_decoder
        self.identity_id = _one_identity(_all_of(token_storage))

    def in_namespace(self, namespace: str) -> Self:
        if namespace == self.namespace:
            return self
        other = type(self)(self.token_storage.in_namespace(namespace), validators=self.validators)
        other.id_token_decoder = self.id_token_decoder
        return other

    def for_namespace(self, namespace: str) -> Self:
        inner = self.token_storage.for_namespace(namespace)
        other = type(self)(inner, validators=self.validators)
        other.id_token_decoder = self.id_token_decoder
        return other

    def namespaces(self) -> t.Iterator[str]:
        return self.token_storage.namespaces()

    def sweep(self, *, unused_seconds: float = UNUSED_SECONDS) -> int:
        return self.token_storage.sweep(unused_seconds=unused_seconds)

    def _use_namespace(self, namespace: str) -> None:
        self.namespace = namespace
        self.token_storage._use_namespace(namespace)
        self.forget_identity()

    def store_token_data_by_resource_server(
        self, token_data_by_resource_server: t.Mapping[str, TokenStorageData]
    ) -> None:
        # another process may have stored another person's since, for more resource servers
        stored = {data.identity_id for data in _all_of(self.token_storage).values()}
        for other in filter(None, stored - {self.identity_id}):
            self._check_new(token_data_by_resource_server, prior=other)
        context = self._check_new(token_data_by_resource_server, prior=self.identity_id)
        self.token_storage.store_token_data_by_resource_server(token_data_by_resource_server)
        self.identity_id = self.identity_id or context.token_data_identity_id

    def replace(self, resource_server: str, expected: str, new: TokenStorageData | None) -> bool:
        if new is not None:
            self._check_new({resource_server: new}, prior=self.identity_id)
        done = self.token_storage.replace(resource_server, expected, new)
        return expect(done, bool, self.token_storage, "replace")

    def get_token_data_by_resource_server(self) -> dict[str, TokenStorageData]:
        stored = _all_of(self.token_storage)
        tokens = {server: data for server, data in stored.items() if can_be_sent(data)}
        self.check_retrieved(tokens)
        return tokens

    def get_token_data(self, resource_server: str) -> TokenStorageData:
        """
        The tokens of one resource server.

        :param resource_server: the resource server
        :raises MissingTokenError: if there are none
        :raises TokenValidationError: if they do not pass the checks
        """
        data = one_of(self.token_storage, resource_server)
        if data is None or not can_be_sent(data):
            raise MissingTokenError(f"there is no token for {resource_server!r}", resource_server)
        self.check_retrieved({resource_server: data})
        return data

    def remove_token_data(self, resource_server: str) -> bool:
        return self.token_storage.remove_token_data(resource_server)

    def describe(self) -> StorageDescription:
        return self.token_storage.describe()

    def renewal_lock(
        self, resource_server: str, *, timeout: float | None = None
    ) -> contextlib.AbstractContextManager[t.Any]:
        if timeout is None:
            return self.token_storage.renewal_lock(resource_server)
        return self.token_storage.renewal_lock(resource_server, timeout=timeout)

    def forget_identity(self) -> None:
        """
        Forget the known identity after a logout, unless tokens of it are still stored.
        """
        self.identity_id = _one_identity(_all_of(self.token_storage))

    def close(self) -> None:
        self.token_storage.close()

    def _identity_and_extra(
        self, token_response: t.Any, replaced: TokenStorageData | None
    ) -> tuple[str | None, dict[str, t.Any]]:
        if getattr(token_response, "keeps_identity", False):
            identity_id, extra = self.token_storage._identity_and_extra(token_response, replaced)
            check_same_identity(token_response, self.identity_id)
            return self.identity_id or identity_id, extra
        return super()._identity_and_extra(token_response, replaced)

    def _kept_claims(self, claims: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        signed_in = claims.get(SIGNED_IN)
        kept: dict[str, t.Any] = {SIGNED_IN: signed_in} if isinstance(signed_in, int) else {}
        if isinstance(username := claims.get(USERNAME), str):
            kept[USERNAME] = username
        if session := _sign_ins(claims.get("identity_set")):
            kept[SIGN_INS] = session
        return kept

    def _check_new(
        self, tokens: t.Mapping[str, TokenStorageData], *, prior: str | None
    ) -> TokenValidationContext:
        check_records(tokens)
        for data in tokens.values():
            check_bearer(data.access_token, data.token_type)
        context = TokenValidationContext(
            prior_identity_id=prior, token_data_identity_id=_one_identity(tokens)
        )
        for validator in self.validators:
            validator.before_store(tokens, context)
        return context

    def check_retrieved(self, tokens: t.Mapping[str, TokenStorageData]) -> None:
        """
        Check tokens that were read from the storage around which this one is.

        :param tokens: the records by resource server
        :raises TokenValidationError: if they do not pass
        """
        context = TokenValidationContext(
            prior_identity_id=self.identity_id, token_data_identity_id=_one_identity(tokens)
        )
        self.identity_id = self.identity_id or context.token_data_identity_id
        for validator in self.validators:
            validator.after_retrieve(tokens, context)


def _sign_ins(identity_set: object) -> dict[str, int]:
    """When identities have signed in for the session, as an ID token lists them."""
    members = identity_set if isinstance(identity_set, list) else []
    return {
        member["sub"]: member[SIGNED_IN]
        for member in members[:_MOST_SIGN_INS]
        if isinstance(member, Mapping)
        and isinstance(member.get("sub"), str)
        and isinstance(member.get(SIGNED_IN), int)
    }


def one_of(storage: TokenStorage, resource_server: str) -> TokenStorageData | None:
    """
    The record of one resource server, or None; one that says it is for another counts as missing.

    :param storage: a storage, maybe a plugin's
    :param resource_server: the resource server
    :raises PluginError: if the storage returns something else
    """
    data = storage.get_token_data(resource_server)
    expect(data, (TokenStorageData, type(None)), storage, "get_token_data")
    return data if data is None or _is_of(resource_server, data) else None


def _all_of(storage: TokenStorage) -> dict[str, TokenStorageData]:
    method = "get_token_data_by_resource_server"
    stored = dict(expect(storage.get_token_data_by_resource_server(), Mapping, storage, method))
    for data in stored.values():
        expect(data, TokenStorageData, storage, method)
    return {server: data for server, data in stored.items() if _is_of(server, data)}


def _is_of(resource_server: str, data: TokenStorageData) -> bool:
    """Whether a record is one of its resource server; if not, there is a warning."""
    problem = why_not_of(resource_server, data)
    if problem is not None:
        log.warning("the stored token for %r is not used: %s", resource_server, problem)
    return problem is None


def _one_identity(tokens: t.Mapping[str, TokenStorageData]) -> str | None:
    identities = {data.identity_id for data in tokens.values() if data.identity_id}
    if len(identities) > 1:
        from globus_core.exc.base import GlobusSDKUsageError

        error = GlobusSDKUsageError(
            f"tokens of several identities are stored together: {', '.join(sorted(identities))}"
        )
        error.advice = (
            "remove those of the wrong identity with the storage's remove_token_data(), or give "
            "each person a namespace or a file"
        )
        raise error
    return next(iter(identities), None)
