"""
A manager of Globus Connect Server without a network, which gives the answers that it is told.
"""

from __future__ import annotations

import typing as t

from globus_core import AccessTokenAuthorizer, GCSClient
from globus_core.transport import RequestsTransport, RetryConfig
from tests.unit.transfer.answering import Answering


def manager(*answers: t.Any, **options: t.Any) -> t.Any:
    """
    A client that is answered, and its ``answering``.

    :param answers: see :class:`Answering`
    :param options: further arguments of the client
    """
    answering = Answering(*answers)
    transport = RequestsTransport()
    transport.session.mount("https://", answering)
    if "app" not in options:
        options.setdefault("authorizer", AccessTokenAuthorizer("made-up"))
    client: t.Any = GCSClient(
        "gcs.example.org",
        transport=transport,
        retry_config=RetryConfig(max_retries=0),
        **options,
    )
    client.answering = answering
    return client
