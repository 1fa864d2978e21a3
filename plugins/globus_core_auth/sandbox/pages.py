"""The pages for a browser: sign in and consent, copy the code, sign out."""

from __future__ import annotations

import os
import secrets
import typing as t
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import OAuth2Error
from authlib.oidc.core.errors import LoginRequiredError
from flask import Response, request
from jinja2 import Environment, FileSystemLoader

from globus_core.testing.sandbox import Route, routes

from .callers import ServerEndpoints
from .consents import Consent
from .seeds import Person
from .sessions import candidates

_TEMPLATES = Environment(
    loader=FileSystemLoader(os.path.join(os.path.dirname(__file__), "templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Pages(ServerEndpoints):
    """
    The endpoints for browsers.
    """

    def routes(self) -> list[Route]:
        return routes(
            ("GET", "/", self.home),
            ("GET", "/favicon.ico", self.favicon),
            ("GET", "/v2/oauth2/authorize", self.authorize),
            ("POST", "/v2/oauth2/authorize", self.authorize),
            ("GET", "/v2/web/auth-code", self.auth_code),
            ("GET", "/v2/web/logout", self.logout),
            ("GET", "/v2/web/consents", self.consents),
            ("POST", "/v2/web/consents", self.rescind),
        )

    def home(self) -> Response:
        """
        The home page.
        """
        return _page("home.html", state=self._state)

    def favicon(self) -> Response:
        """
        An empty response, so that browsers log no error.
        """
        return Response(status=204)

    def authorize(self) -> Response:
        """
        The authorization endpoint: starts a login, and receives the form of the consent page.
        """
        try:
            with self._state.lock:
                return self._authorize()
        except OAuth2Error as error:
            error.state = request.values.get("state")
            return self._refuse(error)
        except ValueError:
            return _error_page("The request contains invalid characters.")

    def _authorize(self) -> Response:
        people = candidates(self._state, request.values)
        chosen = self._chosen(people)
        grant = self._server.get_consent_grant(end_user=chosen)
        if not people or self._is_denied(chosen):
            return self._answer(grant, None)
        if chosen is not None:
            return self._answer(grant, chosen)
        if request.values.get("prompt") == "none":
            raise LoginRequiredError(redirect_uri=grant.redirect_uri)
        return self._consent_page(grant, people)

    def _chosen(self, people: list[Person]) -> Person | None:
        if request.method == "POST":
            return next((p for p in people if p.id == request.form.get("person")), None)
        return people[0] if people and self._state.settings.auto_approve else None

    def _is_denied(self, chosen: Person | None) -> bool:
        if request.method == "POST" and request.form.get("decision") == "deny":
            return True
        return chosen is not None and self._state.take_denial()

    def _answer(self, grant: t.Any, person: Person | None) -> Response:
        response = self._server.create_authorization_response(grant_user=person, grant=grant)
        return t.cast("Response", response)

    def _refuse(self, error: OAuth2Error) -> Response:
        if not error.redirect_uri:
            return _error_page(str(error.get_error_description() or error.error))
        response = self._server.handle_error_response(None, error)
        self._server.issuer.add_issuer_parameter(self._server, response)
        return response

    def _consent_page(self, grant: t.Any, people: list[Person]) -> Response:
        directory = self._state.directory
        scopes = directory.parse(grant.request.payload.scope)
        scheme = urlsplit(grant.redirect_uri).scheme
        return _page(
            "consent.html",
            form_action=f"'self' {scheme}:",
            client=grant.request.client.seed,
            people=people,
            providers=self._state.people.providers,
            scopes=[(directory.describe(scope.scope_string), scope) for scope in scopes],
            offline=request.values.get("access_type") == "offline",
            message=request.values.get("session_message"),
            label=request.values.get("prefill_named_grant"),
            redirect_uri=grant.redirect_uri,
        )

    def auth_code(self) -> Response:
        """
        Shows the code, to be copied into a program.
        """
        return _page(
            "auth_code.html",
            code=request.args.get("code"),
            error=request.args.get("error"),
            description=request.args.get("error_description"),
        )

    def logout(self) -> Response:
        """
        Confirms the logout, and links back to a registered URL.
        """
        client = self._state.clients.get(request.args.get("client", ""))
        target = request.args.get("redirect_uri")
        if client is None or target is None or not client.check_redirect_uri(target):
            target = None
        return _page("logout.html", target=target, label=request.args.get("redirect_name"))

    def consents(self) -> Response:
        """
        The consents of everybody, since nobody signs in here; those that can be rescinded alone.
        """
        with self._state.lock:
            shown = list(map(self._with_client, self._state.consents.revocable()))
        people = {consent.identity for consent, _ in shown}
        found = [person for person in map(self._state.people.by_id, sorted(people)) if person]
        listed = [(person, [c for c in shown if c[0].identity == person.id]) for person in found]
        return _page("consents.html", form_action="'self'", people=listed)

    def _with_client(self, consent: Consent) -> tuple[Consent, str]:
        client = self._state.clients.get(consent.client)
        return consent, consent.client if client is None else client.seed.name

    def rescind(self) -> Response:
        """
        Rescinds a consent, with those below it and the tokens that were issued for them.
        """
        number = _number(request.form.get("consent", ""))
        with self._state.lock:
            known = any(consent.id == number for consent in self._state.consents.revocable())
            if number is None or not known:
                return _error_page("There is no such consent, or it cannot be rescinded alone.")
            self._state.rescind(number)
        return self.consents()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _error_page(text: str) -> Response:
    return _page("error.html", status=400, text=text)


def _page(
    template: str, *, status: int = 200, form_action: str = "'none'", **values: t.Any
) -> Response:
    nonce = secrets.token_urlsafe(16)
    content = _TEMPLATES.get_template(template).render(nonce=nonce, **values)
    response = Response(content, status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {form_action}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
