"""
A worker of a service that lists folders and submits transfers for its callers.

Arguments: the client id, the secret, the scope, and the folder that all workers share. The first
line of its output is its port.
"""

from __future__ import annotations

import sys
import typing as t

import flask
from werkzeug.serving import WSGIRequestHandler, make_server

from globus_core import ConfidentialAppAuthClient, TokenChecker, TransferClient, TransferData
from globus_core.resource_server import flask_protection


class _Quiet(WSGIRequestHandler):
    def log(self, *args: t.Any) -> None:
        """Nobody reads it."""


def application(checker: TokenChecker) -> flask.Flask:
    """
    The service; who submits must have signed in with the school.

    :param checker: checks the tokens
    """
    app = flask.Flask("service")

    @app.get("/folders/<collection>")
    @flask_protection(checker)
    def folder(collection: str) -> t.Any:
        transfer = flask.g.caller.client(TransferClient)
        listing = transfer.operation_ls(collection, path="/")
        return {"caller": flask.g.caller.id, "names": [entry["name"] for entry in listing]}

    @app.post("/tasks/<source>/<target>")
    @flask_protection(checker.requiring(domains="example.edu"))
    def submit(source: str, target: str) -> t.Any:
        transfer = flask.g.caller.client(TransferClient)
        data = TransferData(source, target)
        data.add_item("/data.txt", "/copy.txt")
        task_id = transfer.submit_transfer(data)["task_id"]
        assert transfer.task_wait(task_id, timeout=60, polling_interval=1)
        return {"caller": flask.g.caller.id, "task": transfer.get_task(task_id).data}

    return app


def main(client_id: str, secret: str, scope: str, folder: str) -> None:
    """
    Serve until the process is ended.
    """
    checker = TokenChecker(
        ConfidentialAppAuthClient(client_id, secret),
        scopes=scope,
        cache=f"sqlite:{folder}/callers.db",
        token_storage=f"sqlite:{folder}/dependent.db",
    )
    server = make_server(
        "127.0.0.1", 0, application(checker), threaded=True, request_handler=_Quiet
    )
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
