"""
Scenarios: every method of the clients for Globus Connect Server, answered and refused by a server
that echoes, and documents with secrets.
"""

from __future__ import annotations

import inspect
import pathlib
import tempfile
import typing as t

from globus_core import (
    AccessTokenAuthorizer,
    BaseClient,
    ConnectorTable,
    GCSClient,
    GCSRoleDocument,
    GlobusAppConfig,
    GuestCollectionDocument,
    MappedCollectionDocument,
    RetryConfig,
    StorageGatewayDocument,
    UserCredentialDocument,
    services,
)
from globus_core.services.gcs import (
    ChangedFileError,
    CollectionFileError,
    EndpointDocument,
    ExistingFileError,
    FileFacts,
    GCSCollectionClient,
    GCSDownloader,
    IncompleteFileError,
    LocalFileError,
    MissingFileError,
    SomeFilesFailedError,
)
from tests.canary.echo_server import echoing
from tests.integration.transport.scripted import Answer

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch

AGAIN = RetryConfig(max_retries=1, backoff=lambda _: 0.0)
#: what the methods take under these names; under any other, an id
ARGUMENTS: dict[str, t.Any] = {"data": {}, "endpoint_data": {}, "collection_data": {}}
#: what is no method, or needs a document of its own
LOCAL = {"create_guest_collection", "endpoint_client_id"}
#: policies of storage, with the field of each that is secret
SECRET_POLICIES = {
    "AzureBlobStoragePolicies": "secret",
    "BoxStoragePolicies": "boxAppSettings",
    "CephStoragePolicies": "ceph_admin_secret_key",
    "GoogleCloudStoragePolicies": "service_account_key",
    "GoogleDriveStoragePolicies": "secret",
    "OneDriveStoragePolicies": "secret",
}
#: fields that are objects, with what is secret in them
INSIDE = {"boxAppSettings": "clientSecret", "service_account_key": "private_key"}
OTHER_POLICIES = (
    "ActiveScaleStoragePolicies",
    "BlackPearlStoragePolicies",
    "CollectionPolicies",
    "GoogleCloudStorageCollectionPolicies",
    "HPSSStoragePolicies",
    "IrodsStoragePolicies",
    "POSIXCollectionPolicies",
    "POSIXStagingCollectionPolicies",
    "POSIXStagingStoragePolicies",
    "POSIXStoragePolicies",
    "S3StoragePolicies",
    "StorageGatewayPolicies",
)


def methods() -> list[str]:
    """The public methods that the client has beside those of all clients."""
    names = [name for name in dir(GCSClient) if name[0] != "_" and not hasattr(BaseClient, name)]
    return [name for name in names if name not in LOCAL]


def all_methods(watch: Watch) -> None:
    """With a document in the response, then with errors that repeat the token."""
    token = watch.secrets.make("an access token for an endpoint")
    with echoing() as server:
        authorizer = AccessTokenAuthorizer(token)
        client = GCSClient(server.url, authorizer=authorizer, retry_config=AGAIN)
        watch.show(client)
        files = watch.show(GCSCollectionClient("an-id", server.url, authorizer=authorizer))
        watch.show(files.default_scope_requirements)
        for name in methods():
            method = getattr(client, name)
            required = [
                ARGUMENTS.get(parameter.name, "an-id")
                for parameter in inspect.signature(method).parameters.values()
                if parameter.default is parameter.empty
            ]
            watch.scenario = f"GCS's {name}"
            server.fixed = Answer(200, {"data": [], "client_id": "an-id"})
            watch.attempt(lambda m=method, r=required: watch.show(m(*r)))
            server.fixed = None
            if name.endswith("_scopes"):
                continue
            for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
                server.style, server.status = style, status
                watch.failing(method, *required)
        watch.failing(lambda: GCSClient(server.url).endpoint_client_id)
        server.fixed = Answer(200, {"client_id": "an-id"})
        watch.show([client.endpoint_client_id, client.resource_server])
        watch.show(client.default_scope_requirements)
        client.close()


def files_over_https(watch: Watch) -> None:
    """Files that are there, that are not, and that a server keeps to itself."""
    token = watch.secrets.make("an access token for a collection")
    with echoing() as server, tempfile.TemporaryDirectory() as folder:
        local = pathlib.Path(folder) / "local"
        local.write_bytes(b"12345")
        authorizer = AccessTokenAuthorizer(token)
        client = GCSCollectionClient("an-id", server.url, authorizer=authorizer, retry_config=AGAIN)
        document = {"id": "an-id", "https_server": server.url}
        watch.show(GCSCollectionClient.of_collection(document, authorizer=authorizer))
        watch.failing(lambda: GCSCollectionClient.of_collection({}))
        uses: dict[str, t.Callable[[], object]] = {
            "delete": lambda: client.delete("/f"),
            "download": lambda: client.download("/f", pathlib.Path(folder) / "f"),
            "exists": lambda: client.exists("/f"),
            "file_info": lambda: client.file_info("/f").version,
            "open": lambda: client.open("/f", "rb").read(),
            "read": lambda: client.read("/f", 1, 3),
            "upload": lambda: client.upload(local, "/f"),
        }
        facts = FileFacts({"ETag": "1", "Content-Length": "5"}, 200)
        later = FileFacts({"ETag": "2"}, 200)
        for name, use in uses.items():
            watch.scenario = f"a collection's {name}"
            server.fixed = Answer(200, b"12345", {"ETag": "1"})
            watch.attempt(lambda u=use: watch.show(u()))
            server.fixed = None
            for status in (400, 403):
                server.style, server.status = "type zero", status
                watch.failing(use)
        watch.failing(lambda: client.open("/f", "xb"))
        watch.failing(lambda: facts.check_same(later, "/f"))
        watch.failing(lambda: facts.check_size(4, "/f"))
        watch.failing(lambda: client.download("/f", folder, recursive=True))
        watch.failing(lambda: client.upload(folder, "/f", recursive=True))
        watch.failing(lambda: client.upload(pathlib.Path(folder) / "no", "/f"))
        for error in (
            CollectionFileError,
            ChangedFileError,
            ExistingFileError,
            IncompleteFileError,
            LocalFileError,
            MissingFileError,
            SomeFilesFailedError,
        ):
            watch.show(error("a message", "/f"))
        client.close()


def secrets_in_answers(watch: Watch) -> None:
    """Keys of storage systems, which the text of a response hides."""
    key = watch.secrets.make("a key in an answer of an endpoint")
    policies = {"DATA_TYPE": "s3_user_credential_policies#1.0.0", "s3_secret_key": key}
    document = {"DATA_TYPE": "user_credential#1.0.0", "policies": policies}
    with echoing() as server:
        server.fixed = Answer(200, {"data": [document]})
        client = GCSClient(server.url, authorizer=AccessTokenAuthorizer("a-token"))
        watch.show(client.get_user_credential("an-id"), holds_tokens=True)
        watch.show(client.get_user_credential_list(), holds_tokens=True)
        client.close()


def documents(watch: Watch) -> None:
    """What the client sends, with secrets in it."""
    key = watch.secrets.make("a key in a document for an endpoint")
    for name, field in SECRET_POLICIES.items():
        kind = getattr(services.gcs, name)
        policies = watch.show(kind(**{field: key}), holds_tokens=True)
        watch.show(StorageGatewayDocument(policies=policies), holds_tokens=True)
        watch.show(MappedCollectionDocument(policies=dict(policies)), holds_tokens=True)
    for name in OTHER_POLICIES:
        watch.show(getattr(services.gcs, name)())
    watch.show(UserCredentialDocument(policies={"any": key}), holds_tokens=True)
    watch.show(GuestCollectionDocument())
    watch.show(EndpointDocument())
    watch.show(GCSRoleDocument())
    watch.show(ConnectorTable.lookup("posix"))
    table = ConnectorTable.extend(connector_name="Tape", connector_id="an-id")
    watch.show(list(table.all_connectors()))


class _App:
    """Gives one token for everything."""

    app_name = "canaries"

    def __init__(self, token: str) -> None:
        self.config = GlobusAppConfig()
        self._authorizer = AccessTokenAuthorizer(token)

    def add_scope_requirements(self, needed: object) -> None:
        """There is one token anyway."""

    def get_authorizer(self, server: str) -> AccessTokenAuthorizer:
        return self._authorizer

    def get_client_retry_checks(self) -> list[t.Any]:
        return []


class _Transfer:
    """Knows one collection, which is anybody's."""

    def get_endpoint(self, collection_id: str) -> dict[str, t.Any]:
        return {"entity_type": "GCSv5_mapped_collection"}


def secrets_that_come_back(watch: Watch) -> None:
    """An endpoint that repeats the document with the keys in its error."""
    key = watch.secrets.make("a key in a document that comes back")
    with echoing() as server:
        authorizer = AccessTokenAuthorizer("a-token")
        client = GCSClient(server.url, authorizer=authorizer, retry_config=AGAIN)
        for style, status in (("type zero", 403), ("globus", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            for name, field in SECRET_POLICIES.items():
                value = {INSIDE[field]: key} if field in INSIDE else key
                policies = getattr(services.gcs, name)(**{field: value})
                document = StorageGatewayDocument(policies=policies)
                watch.failing(client.create_storage_gateway, document)
            policies = {"DATA_TYPE": "s3_user_credential_policies#1.0.0", "s3_secret_key": key}
            watch.failing(client.create_user_credential, UserCredentialDocument(policies=policies))
        client.close()


def guest_collections(watch: Watch) -> None:
    """One that is made, and the reasons for which one is not."""
    token = watch.secrets.make("an access token for guest collections")
    data = GuestCollectionDocument(mapped_collection_id="an-id")
    mapped = {"id": "an-id", "collection_type": "mapped", "storage_gateway_id": "an-id"}
    with echoing() as server:
        authorizer = AccessTokenAuthorizer(token)
        client = GCSClient(server.url, authorizer=authorizer, retry_config=AGAIN)
        server.fixed = Answer(200, {**mapped, "data": [{"id": "an-id", "username": "ada"}]})
        watch.show(client.create_guest_collection(data))
        watch.failing(client.create_guest_collection, data, local_username="bob")
        server.fixed = Answer(200, {**mapped, "data": [{"id": "an-id", "invalid": True}]})
        watch.failing(client.create_guest_collection, data)
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(client.create_guest_collection, data)
        client.close()


def downloads(watch: Watch) -> None:
    """A file for everybody, hosts that tell nothing, and one that repeats the token."""
    app: t.Any = _App(watch.secrets.make("an access token for a collection"))
    to_login = "https://auth.example.org/?client_id=10000000-0000-4000-8000-000000000001"
    with echoing() as server, GCSDownloader(app, transfer_client=_Transfer()) as downloader:
        url = f"{server.url}/a"
        watch.show(downloader)
        server.fixed = Answer(200, {"a": 1})
        watch.show(downloader.read_file(url))
        server.fixed = Answer(302, {}, {"Location": "https://auth.example.org/"})
        watch.failing(downloader.read_file, url)
        server.fixed = Answer(302, {}, {"Location": to_login})
        watch.attempt(lambda: watch.show(downloader.read_file(url)))
        server.fixed = None
        for style, status in (("type zero", 403), ("gare", 403), ("jsonapi", 502)):
            server.style, server.status = style, status
            watch.failing(downloader.read_file, url)


SCENARIOS: tuple[t.Callable[[Watch], None], ...] = (
    all_methods,
    files_over_https,
    secrets_in_answers,
    secrets_that_come_back,
    documents,
    downloads,
    guest_collections,
)
