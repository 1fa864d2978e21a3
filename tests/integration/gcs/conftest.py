"""
A server of files, and the client of its collection.
"""

from __future__ import annotations

import typing as t

import pytest

from globus_core import AccessTokenAuthorizer
from globus_core.services.gcs import GCSCollectionClient
from globus_core.transport import RetryConfig
from tests.integration.gcs.file_server import FileServer, running_file_server

COLLECTION = "5f1c8a3e-2b47-4c0d-9e6a-7d3b1f0c4a58"


@pytest.fixture
def server() -> t.Iterator[FileServer]:
    """A running server without files."""
    with running_file_server() as running:
        yield running


@pytest.fixture
def collection(server: FileServer) -> t.Iterator[GCSCollectionClient]:
    """The client, which sends a token."""
    client = GCSCollectionClient(
        COLLECTION,
        server.url,
        authorizer=AccessTokenAuthorizer("canary-token"),
        retry_config=RetryConfig(backoff=lambda context: 0.0),
    )
    with client:
        yield client
