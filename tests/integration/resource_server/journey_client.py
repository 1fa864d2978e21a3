"""
A program that calls a service, and logs in as often as the service asks for it.

Arguments: the client id, the service's client id, its scope, and the requests: a method and a URL
for each. It prints what came back, and what each login was asked for, as JSON.
"""

from __future__ import annotations

import json
import sys
import typing as t

from globus_core import BaseClient, UserApp
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser

asked: list[dict[str, t.Any]] = []


class Login(LocalServerLoginFlowManager):
    """
    A login with a browser that nobody sees.
    """

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> Login:
        """Make the manager of an app."""
        return cls(login_client, open_browser=HeadlessBrowser().open, timeout=60.0)

    def run_login_flow(self, auth_parameters: t.Any) -> t.Any:
        """Note what is asked for, and log in."""
        asked.append(auth_parameters.to_dict())
        return super().run_login_flow(auth_parameters)

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is nobody to show it to."""


def main(client_id: str, service: str, scope: str, *requests: str) -> None:
    """
    Send the requests, one after another.
    """

    class ServiceClient(BaseClient):
        resource_server = service

    config = GlobusAppConfig(
        login_flow_manager=Login, token_storage="memory", auto_redrive_gares=True
    )
    with UserApp("caller", client_id=client_id, config=config) as app:
        app.add_scope_requirements({service: scope})
        with ServiceClient(base_url="http://127.0.0.1/", app=app, app_scopes=[]) as client:
            answers = []
            for method, url in zip(requests[::2], requests[1::2], strict=True):
                client.allow_credentials_to(url)
                answers.append(client.request(method, url).data)
    json.dump({"answers": answers, "asked": asked}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
