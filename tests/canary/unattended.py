"""
Scenarios: credentials and tokens that a program without a person is given, good ones and bad ones.
"""

from __future__ import annotations

import json
import os
import pathlib
import tempfile
import typing as t

import pytest

from globus_core import AuthClient
from globus_core.gare import GlobusAuthorizationParameters
from globus_core.globus_app import (
    CredentialLink,
    CredentialsError,
    GlobusAppConfig,
    TokenApp,
    default_app,
    find_credentials,
)
from globus_core_app import credential_names
from tests.canary.logins_and_tokens import AT_ONCE, a_sandbox
from tests.integration.app.helpers import AUTH, user_app

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

CLIENT_ID = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f01"


def chain(watch: Watch) -> None:
    """Each place of the chain, with a secret, with something that is none, and unprotected."""
    make = watch.secrets.make
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = pathlib.Path(name)
        patch.setattr(credential_names, "SECRETS_FOLDER", name)
        for stem, good in (
            ("GLOBUS_CLIENT_SECRET", make("a client secret of the chain")),
            ("GLOBUS_TOKENS", json.dumps({"a": make("a token of the chain"), "b": {}})),
            ("GLOBUS_TOKENS", json.dumps({"a": make("another token of the chain")})),
        ):
            bad = make("what is no secret of the chain")
            for text in (good, f"{bad}\n{bad}", f"{bad}\x00", f'{{"a": ["{bad}"]', f'["{bad}"]'):
                _each_place(watch, folder, stem, text)
    watch.show(CredentialLink("GLOBUS_TOKENS", "tokens", "skipped", "not set"))
    watch.show(CredentialsError("there are none"))


def _each_place(watch: Watch, folder: pathlib.Path, stem: str, text: str) -> None:
    path = folder / stem.lower()
    path.write_text(text, encoding="utf-8")
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    for mode in (0o600, 0o604):
        path.chmod(mode)
        for environ in (
            {stem: text},
            {f"{stem}_FILE": str(path)},
            {f"{stem}_FD": str(read)},
            {f"{stem}_FD": text},
            {f"{stem}_COMMAND": f"cat {path}"},
            {f"{stem}_COMMAND": text},
            {"CREDENTIALS_DIRECTORY": str(folder)},
            {},
        ):
            for known in ({}, {"GLOBUS_CLIENT_ID": CLIENT_ID}):
                search = watch.attempt(find_credentials, environ={**known, **environ})
                if search is not None:
                    watch.show(search, holds_tokens=True)
                    watch.text("a search", f"{search.explain()} {search.used}")
    os.close(read)
    path.unlink()


def jobs(watch: Watch) -> None:
    """Apps of what was found, at work and in trouble."""
    with a_sandbox(watch) as sandbox, pytest.MonkeyPatch.context() as patch:
        config = GlobusAppConfig(token_storage="memory")
        wrong = watch.secrets.make("a wrong secret of a job")
        tokens: t.Any = None
        for secret in (sandbox.confidential_client_secret, wrong):
            patch.setenv("GLOBUS_CLIENT_ID", sandbox.confidential_client_id)
            patch.setenv("GLOBUS_CLIENT_SECRET", secret)
            with default_app("job", config=config) as app:
                watch.show(app, holds_tokens=True)
                with AuthClient(app=app, transport_params=AT_ONCE) as auth:
                    watch.attempt(auth.userinfo)
                tokens = tokens or app.token_storage.get_token_data(AUTH).access_token
        patch.delenv("GLOBUS_CLIENT_SECRET")
        for token in (tokens, watch.secrets.make("a wrong token of a job")):
            with TokenApp("job", tokens={AUTH: token}) as app:
                watch.show(app, holds_tokens=True)
                with AuthClient(app=app, transport_params=AT_ONCE) as auth:
                    watch.attempt(auth.userinfo)
                watch.failing(app.get_authorizer, "groups.api.globus.org")
        watch.failing(TokenApp, tokens={AUTH: [wrong]})
        watch.failing(TokenApp, tokens={AUTH: {"access_token": "x", "scope": [wrong]}})


def looking_ahead(watch: Watch) -> None:
    """What is told of tokens that last, that do not, and that were refused."""
    with a_sandbox(watch) as sandbox:
        with user_app(sandbox, request_refresh_tokens=True) as app:
            watch.show(app.ensure_valid_for(hours=1))
            app.login()
            for hours, session_hours in ((1, None), (100, None), (100, 1)):
                _outlook(watch, app.ensure_valid_for(hours, session_hours=session_hours))
            authorizer: t.Any = app.get_authorizer(AUTH)
            authorizer.ensure_valid_for(hours=100)
            sandbox.fail("/v2/oauth2/token", status=400, body={"error": "invalid_grant"})
            _outlook(watch, app.ensure_valid_for(hours=100))
            other = GlobusAuthorizationParameters(
                session_required_identities=[sandbox.people[2].id]
            )
            sandbox.fail("/v2/oauth2/token/revoke", status=400, times=None)
            refused = watch.attempt(app.login, auth_params=other)
            assert refused is None
        token = watch.secrets.make("a token to look ahead for")
        with TokenApp("job", tokens={AUTH: token}, scope_requirements={AUTH: "openid"}) as app:
            _outlook(watch, app.ensure_valid_for(hours=1))


def _outlook(watch: Watch, outlook: t.Any) -> None:
    watch.show(outlook)
    watch.text("an outlook", outlook.explain())
    for token in outlook.tokens:
        watch.show(token)


SCENARIOS = (chain, jobs, looking_ahead)
