"""
Run one foreign server in its own environment, on a port the system chooses.

This file belongs to the child process. It is started with ``python -I`` (no
import path of ours: the modules beside it share the servers' names), and it
leaves as soon as its standard input ends, so that no server outlives the test
run that started it, however that run ended.

    python -I _launch.py fauxbus [option ...]
    python -I _launch.py nanoidp CONFIG_FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import threading
import typing as t

# Globus Auth's paths, and where nanoidp answers the same request.
GLOBUS_PATHS = {
    "/v2/oauth2/authorize": "/authorize",
    "/v2/oauth2/token": "/token",
    "/v2/oauth2/token/introspect": "/introspect",
    "/v2/oauth2/token/revoke": "/revoke",
    "/v2/oauth2/userinfo": "/userinfo",
    "/jwk.json": "/.well-known/jwks.json",
}
TOKEN_PATH = "/v2/oauth2/token"
# Fields that Globus Auth adds to RFC 6749's token response and nanoidp does not know.
GLOBUS_TOKEN_FIELDS = {"resource_server": "auth.globus.org", "other_tokens": []}


class GlobusPaths:
    """A WSGI layer that lets nanoidp answer on Globus Auth's paths too."""

    def __init__(self, app: t.Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, t.Any], start_response: t.Any) -> t.Any:
        path = environ["PATH_INFO"]
        environ["PATH_INFO"] = GLOBUS_PATHS.get(path, path)
        if path != TOKEN_PATH:
            return self.app(environ, start_response)
        return self._token_response(environ)(environ, start_response)

    def _token_response(self, environ: dict[str, t.Any]) -> t.Any:
        from werkzeug.wrappers import Response

        response = Response.from_app(self.app, environ)
        if response.status_code == 200:
            response.set_data(json.dumps({**response.get_json(), **GLOBUS_TOKEN_FIELDS}))
        return response


def run_nanoidp(config_folder: str) -> None:
    from nanoidp.app import create_app
    from werkzeug.serving import make_server

    app = GlobusPaths(create_app(config_folder))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stderr.write(f"listening on http://127.0.0.1:{server.server_port}\n")
    server.serve_forever()


def run_fauxbus(*options: str) -> None:
    from fauxbus.cli import main  # type: ignore[import-not-found]

    sys.exit(main(["serve", "--port", "0", *options]))


def _leave_with_parent() -> None:
    # Not through sys.stdin, whose lock this thread would still hold at a regular exit.
    while os.read(0, 1024):
        pass
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    if sys.argv[1] == "fauxbus":
        run_fauxbus(*sys.argv[2:])
    else:
        run_nanoidp(sys.argv[2])
