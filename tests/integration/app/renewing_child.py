"""
A program that needs a token which has expired, in a process of its own.

Its arguments: the client's id, the address of Globus Auth, a token storage, how many threads want
the header at once, and ``hang`` for one that stops in the middle of the renewal. It prints
``ready``, waits for a line, and prints the hash of each header that it got.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from globus_core import NativeAppAuthClient, UserApp
from globus_core.globus_app import GlobusAppConfig

AUTH = "auth.globus.org"


class Hanging(NativeAppAuthClient):
    """Says that it is about to ask, and waits for a line."""

    def oauth2_refresh_token(self, refresh_token: str, **options: t.Any) -> t.Any:
        """Wait, then ask."""
        say("inside")
        sys.stdin.readline()
        return super().oauth2_refresh_token(refresh_token, **options)


def say(*words: str) -> None:
    """Tell the test."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def digest(header: str | None) -> str:
    """What a header may be told by."""
    return hashlib.sha256(str(header).encode()).hexdigest()


def main(client_id: str, base_url: str, storage: str, threads: int, kind: str) -> None:
    """
    Get the header in all threads at once.
    """
    make = Hanging if kind == "hang" else NativeAppAuthClient
    client = make(client_id, base_url=base_url)
    config = GlobusAppConfig(
        token_storage=storage, request_refresh_tokens=True, token_validation_error_handler=None
    )
    with UserApp("tests", login_client=client, config=config) as app:
        together = threading.Barrier(threads)

        def header(_: int) -> str:
            together.wait(60)
            return digest(app.get_authorizer(AUTH).get_authorization_header())

        say("ready")
        sys.stdin.readline()
        with ThreadPoolExecutor(threads) as pool:
            say(*pool.map(header, range(threads)))


if __name__ == "__main__":
    _, its_client_id, its_base_url, its_storage, its_threads, its_kind = sys.argv
    main(its_client_id, its_base_url, its_storage, int(its_threads), its_kind)
