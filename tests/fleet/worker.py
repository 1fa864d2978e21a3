"""
A worker of a fleet: a process that logs in and renews tokens in a store which it shares.

Its arguments are the client's id, the address of Globus Auth and the URL of the store. Its orders
come as lines of JSON: what to ``do``, in which ``space`` (namespace of the store), and the point at
which to ``pause`` on the way from lock to store. There it says so and waits for a line. It answers
an order with what came of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import sys
import time
import typing as t
from urllib.parse import urlsplit

from globus_core import NativeAppAuthClient, UserApp, compose, hookspecs, origins
from globus_core.exc import GlobusError
from globus_core.globus_app import GlobusAppConfig
from globus_core.leases import RenewalLease
from globus_core.login_flows import LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser
from tests.fleet.points import ANSWERED, ASKED, LOCKED, SENDING, SENT, STORED

AUTH = "auth.globus.org"


class Points:
    """
    Where this worker is on the way from lock to store; it pauses once where it was told to.
    """

    pause: str | None = None
    began = 0.0

    def reached(self, point: str) -> None:
        """Wait for a line here if that was ordered."""
        if point == self.pause:
            self.pause = None
            say(at=point)
            sys.stdin.readline()
            self.began = time.monotonic()


class ObservedLease(RenewalLease):
    """
    A lease, and the moment after it was last asked.
    """

    def __init__(self, lease: t.Any, points: Points) -> None:
        self._lease = lease
        self._points = points
        self.seconds = lease.seconds

    def extend(self) -> bool:
        """Ask the lease."""
        return bool(self._lease.extend())

    def still_mine(self) -> bool:
        """Ask the lease, which is asked nothing more before a request is sent."""
        mine = bool(self._lease.still_mine())
        self._points.reached(ASKED)
        return mine


def observe(storage: t.Any, points: Points) -> None:
    """Have a storage tell when it locks and stores."""
    lock, replace = storage.renewal_lock, storage.replace

    @contextlib.contextmanager
    def observed_lock(*args: t.Any, **options: t.Any) -> t.Iterator[ObservedLease]:
        with lock(*args, **options) as lease:
            points.reached(LOCKED)
            yield ObservedLease(lease, points)

    def observed_replace(*args: t.Any) -> bool:
        points.reached(ANSWERED)
        done = bool(replace(*args))
        points.reached(STORED)
        return done

    storage.renewal_lock, storage.replace = observed_lock, observed_replace


def observe_requests(points: Points) -> None:
    """Have the HTTP library tell when it sends and when it has sent a request."""
    connections: t.Any = http.client.HTTPConnection
    send, get_response = connections.send, connections.getresponse

    def observed_send(connection: t.Any, data: bytes) -> None:
        if b"refresh_token" in data:  # the request's head goes before it
            points.reached(SENDING)
        send(connection, data)

    def observed_response(connection: t.Any) -> t.Any:
        points.reached(SENT)
        return get_response(connection)

    connections.send, connections.getresponse = observed_send, observed_response


class Login(LocalServerLoginFlowManager):
    """
    A login with a browser that nobody sees.
    """

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> Login:
        """Make the manager of an app."""
        browser = HeadlessBrowser().open
        return cls(login_client, request_refresh_tokens=True, open_browser=browser, timeout=60.0)

    def print_authorize_url(self, authorize_url: str) -> None:
        """There is nobody to show it to."""


class Worker:
    """
    Carries out orders.

    :param client_id: the client's id
    :param auth_url: where Globus Auth is
    :param store: the URL of the store
    """

    def __init__(self, client_id: str, auth_url: str, store: str) -> None:
        # a test has no certificates for the address, which only its own hosts can reach
        here = (*origins._LOOPBACK, str(urlsplit(auth_url).hostname))
        vars(origins)["_LOOPBACK"] = here
        os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] = auth_url
        self.points = Points()
        observe_requests(self.points)
        self._store = store
        self._storages: dict[str, t.Any] = {}
        self._client = NativeAppAuthClient(client_id, base_url=auth_url)

    def carry_out(self, do: str, space: str, pause: str | None = None) -> dict[str, t.Any]:
        """Do what is ordered, and give what came of it."""
        self.points.pause = pause
        self.points.began = time.monotonic()
        try:
            result = {"result": getattr(self, do)(space), "error": None}
        except GlobusError as error:
            result = {"result": None, "error": type(error).__name__, "text": str(error)}
        finally:
            self.points.pause = None
        return {**result, "seconds": time.monotonic() - self.points.began}

    def log_in(self, space: str) -> None:
        """Log in, and leave a token that has expired."""
        with self._app(space) as app:
            app.login(force=True)
        self.expire(space)

    def expire(self, space: str) -> None:
        """Have the stored token be past its end."""
        storage = self._storage(space)
        data = storage.get_token_data(AUTH)
        if data is not None:
            data.expires_at_seconds = int(time.time()) - 60
            storage.store_token_data_by_resource_server({AUTH: data})

    def renew(self, space: str) -> str:
        """Get a header, by a renewal if need be, and give a digest of it."""
        with self._app(space) as app:
            header = app.get_authorizer(AUTH).get_authorization_header()
        return hashlib.sha256(str(header).encode()).hexdigest()

    def _app(self, space: str) -> UserApp:
        config = GlobusAppConfig(
            token_storage=self._storage(space),
            request_refresh_tokens=True,
            login_flow_manager=Login,
            token_validation_error_handler=None,
        )
        return UserApp("fleet", login_client=self._client, config=config)

    def _storage(self, space: str) -> t.Any:
        if space not in self._storages:
            hook = hookspecs.globus_token_storages
            storage = compose.select_by_url(
                hook, self._store, what="token storage", namespace=space
            )
            observe(storage, self.points)
            self._storages[space] = storage
        return self._storages[space]


def say(**told: t.Any) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Carry out orders until there are no more."""
    worker = Worker(*sys.argv[1:])
    say(at="ready")
    for line in sys.stdin:
        say(**worker.carry_out(**json.loads(line)))


if __name__ == "__main__":
    main()
