"""
A program with an app that keeps its tokens in a file, for either SDK, in a process of its own.

Its arguments: the SDK's import name, the URL of its environment's Globus Auth, the client's id, and
what to do. With ``use`` it prints the identity that its token belongs to, and how often it has
logged somebody in; with ``try`` it logs nobody in, and prints the error of a request; with ``look``
it only reads the file. In any case it prints whether a login is required afterwards.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import typing as t
from importlib import import_module
from urllib.parse import parse_qs, urlsplit

import requests


def main(name: str, auth_url: str, client_id: str, what: str) -> None:
    """
    Use the stored tokens, and log in if there are none and that was asked for.
    """
    sdk = import_module(name)
    config: t.Any = import_module(f"{name}.config")
    flows: t.Any = import_module(f"{name}.login_flows")
    logins: list[str] = []

    class Campus(config.EnvConfig):  # type: ignore[misc]
        """An environment with a Globus Auth of its own."""

        envname = "campus"
        domain = "campus.example.org"

    Campus.auth_url = auth_url

    class Typed(flows.CommandLineLoginFlowManager):  # type: ignore[misc]
        """The code is typed by a program."""

        def print_authorize_url(self, authorize_url: str) -> None:
            logins.append(authorize_url)

        def prompt_for_code(self) -> str:
            answer = requests.get(logins[-1], allow_redirects=False, timeout=30)
            return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    settings = sdk.GlobusAppConfig(
        environment="campus", request_refresh_tokens=True, login_flow_manager=Typed
    )
    if what != "use":
        settings = dataclasses.replace(settings, token_validation_error_handler=None)
    app = sdk.UserApp("reports", client_id=client_id, config=settings)
    client = sdk.AuthClient(app=app)
    told: dict[str, t.Any] = {}
    if what != "look":
        try:
            told["sub"] = client.userinfo()["sub"]
        except sdk.GlobusError as error:
            if what == "use":
                raise
            told["error"] = type(error).__name__
    told.update(logins=len(logins), login_required=app.login_required())
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
