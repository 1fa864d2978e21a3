"""The callers of the API, who hold a token or are a client with its secret, and their fields."""

from __future__ import annotations

import typing as t

import attrs
from authlib.integrations.flask_oauth2.requests import FlaskJsonRequest
from authlib.oauth2.rfc6749 import OAuth2Error, ResourceProtector
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import request

from globus_core.testing.sandbox import ApiError, Route, fields

from .oauth import Server, is_for_auth
from .records import Client, Token
from .scope_directory import MANAGE_PROJECTS
from .seeds import Person, Project
from .state import State


class _Bearer(BearerTokenValidator):  # type: ignore[misc,unused-ignore]
    """
    Accepts access tokens for Globus Auth.
    """

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def authenticate_token(self, token_string: str) -> Token | None:
        token = self._state.find_token(token_string, "access_token")
        return token if token is not None and is_for_auth(token) else None


@attrs.frozen
class Manager:
    """
    A person who manages projects, or a client that manages itself and the clients it has created.
    """

    state: State
    person: Person | None
    client: Client | None

    def is_admin(self, project: Project | None) -> bool:
        """
        Whether the person manages a project.

        :param project: the project; None for one that was deleted
        """
        if self.person is None or project is None:
            return False
        if project.admin_group_ids:  # here everyone is in every group
            return True
        return not {self.person.id, *self.person.linked}.isdisjoint(project.admin_ids)

    def manages(self, client: Client) -> bool:
        """
        Whether a client may be seen in full, changed and deleted.

        :param client: the client
        """
        seed = client.seed
        if self.client is not None:
            return self.client.client_id in (seed.id, seed.parent_client)
        parent = self.state.clients.get(seed.parent_client or "")
        if parent is not None:
            return self.manages(parent)
        return self.is_admin(self.state.projects.get(seed.project or ""))


class Callers:
    """
    Finds the caller of the current request.

    :param state: the sandbox's state
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._protector = ResourceProtector()
        self._protector.register_token_validator(_Bearer(state))

    def token(self, scopes: list[str] | None) -> Token:
        """
        The access token of the request.

        :param scopes: scopes, one of which it must have; None accepts any
        :raises ApiError: 401 without a usable token, 403 if it has none of the scopes
        """
        try:
            token = self._protector.validate_request(scopes, FlaskJsonRequest(request))
        except OAuth2Error as error:
            if error.status_code == 403:
                raise ApiError(403, "the token lacks the required scope") from error
            detail = "Call must be authenticated with a valid access token"
            raise ApiError(401, detail) from error
        return t.cast("Token", token)

    def client(self) -> Client | None:
        """
        The client whose id and secret are in the request; None if there are none.

        :raises ApiError: 401 if they are wrong
        """
        basic = request.authorization
        if basic is None or basic.type != "basic":
            return None
        client = self._state.clients.get(basic.username or "")
        if client is None or not client.check_client_secret(basic.password or ""):
            raise ApiError(401, "Client authentication failed")
        return client

    def person(self) -> Manager:
        """
        The holder of a token with the scope ``manage_projects``.

        :raises ApiError: 401 without a usable token, 403 if it lacks the scope
        """
        return Manager(self._state, self.token([MANAGE_PROJECTS]).login.person, None)

    def manager(self) -> Manager:
        """
        The holder of a token with the scope ``manage_projects``, or a client with its secret.

        :raises ApiError: 401 without usable credentials, 403 if a token lacks the scope
        """
        client = self.client()
        return self.person() if client is None else Manager(self._state, None, client)


class Endpoints:
    """
    Base of groups of endpoints, with the sandbox's state and the lookup of callers.

    :param state: the sandbox's state
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._callers = Callers(state)

    def routes(self) -> list[Route]:
        """
        The routes.
        """
        raise NotImplementedError


class ServerEndpoints(Endpoints):
    """
    Endpoints of the authorization server.

    :param server: the authorization server
    """

    def __init__(self, server: Server) -> None:
        super().__init__(server.state)
        self._server = server


def body_fields(
    wrapper: str, checks: t.Mapping[str, fields.Check], required: t.Iterable[str] = ()
) -> dict[str, t.Any]:
    """
    The checked fields of the body of the current request.

    :param wrapper: the key of the object with the fields
    :param checks: the check of each field, by name
    :param required: the fields that must be present
    :raises ApiError: 400 if the body is invalid; names the field
    """
    return fields.read(request.get_json(), checks, required, wrapper=wrapper)
