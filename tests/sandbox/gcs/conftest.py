"""A sandbox with an endpoint of Globus Connect Server, and a person who has logged in."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest

from globus_core import GCSClient, UserApp
from globus_core.services.gcs import GCSCollectionClient
from globus_core.transport import RequestsTransport
from globus_core_gcs.sandbox.server import COLLECTION
from tests.integration.app.helpers import user_app

if t.TYPE_CHECKING:
    from globus_core_sandbox import Sandbox


@dataclasses.dataclass
class Site:
    """
    An endpoint with a collection over a folder.
    """

    sandbox: Sandbox
    app: UserApp
    root: Path
    collection_id: str = COLLECTION

    @property
    def facts(self) -> dict[str, t.Any]:
        """What the control API says."""
        found: dict[str, t.Any] = self.sandbox.state()["services"]["gcs"]
        return found

    @property
    def address(self) -> str:
        """The HTTPS server of the collection."""
        return self.address_of(self.collection_id)

    def address_of(self, collection_id: str) -> str:
        """The HTTPS server of a collection."""
        served = {each["id"]: each["https_server"] for each in self.facts["collections"]}
        return str(served[collection_id])

    def token(self, resource_server: str) -> str:
        """The person's access token for a resource server."""
        header = self.app.get_authorizer(resource_server).get_authorization_header()
        assert header is not None
        return header.removeprefix("Bearer ")

    @property
    def authority(self) -> str:
        """The certificate to trust."""
        return self.sandbox.environment()["GLOBUS_SDK_VERIFY_SSL"]

    def transport(self) -> RequestsTransport:
        """A transport that trusts the sandbox."""
        return RequestsTransport(verify_ssl=self.authority)

    def files(self, collection_id: str | None = None, **options: t.Any) -> GCSCollectionClient:
        """A client for the files of a collection."""
        wanted = collection_id or self.collection_id
        return GCSCollectionClient(
            wanted,
            self.address_of(wanted),
            transport=self.transport(),
            **(options or {"app": self.app}),
        )

    def manager(self, **options: t.Any) -> GCSClient:
        """A client for the manager."""
        return GCSClient(
            self.facts["manager_url"],
            transport=self.transport(),
            **(options or {"app": self.app}),
        )


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> t.Iterator[Site]:
    """The endpoint, and the first person's app; the sandbox is the one of all clients."""
    from globus_core_sandbox import Sandbox

    root = tmp_path / "storage"
    root.mkdir()
    with Sandbox(options={"gcs": {"folder": root}}) as sandbox:
        for name, value in sandbox.environment().items():
            if name != "GLOBUS_SDK_VERIFY_SSL":
                monkeypatch.setenv(name, value)
        with user_app(sandbox, scopes={"auth.globus.org": "openid"}) as app:
            yield Site(sandbox, app, root)
