"""
``globus-core collection``: find, show and create collections.
"""

from __future__ import annotations

import itertools

import click

from globus_core import MISSING
from globus_core.cli import with_app, with_output
from globus_core.printable import one_line

from .finding import manager_of, told_by_transfer, transfer_client

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.cli import Output
    from globus_core.globus_app import GlobusApp

    Document: t.TypeAlias = dict[str, t.Any]

_SCOPES = (
    "all",
    "my-endpoints",
    "my-gcp-endpoints",
    "recently-used",
    "in-use",
    "shared-by-me",
    "shared-with-me",
    "administered-by-me",
)
_FILTERS = ("mapped-collections", "guest-collections", "managed-by-me", "created-by-me")
_COLUMNS = ("id", "kind", "name")
_ENDPOINT = "GCSv5_endpoint"
#: heading -> the key in the document of Globus Connect Server, or in that of Transfer
_SHOWN = {
    "Name": ("display_name",),
    "ID": ("id",),
    "Kind": ("collection_type", "entity_type"),
    "Owner": ("identity_id", "owner_string"),
    "Description": ("description",),
    "Public": ("public",),
    "Mapped collection": ("mapped_collection_id",),
    "Path in it": ("collection_base_path",),
    "Storage gateway": ("storage_gateway_id",),
    "Guest collections": ("allow_guest_collections",),
    "High assurance": ("high_assurance",),
    "HTTPS": ("https_url", "https_server"),
    "Manager": ("manager_url", "gcs_manager_url"),
    "Default directory": ("default_directory",),
    "Contact": ("contact_email",),
    "Organization": ("organization",),
}


@click.group()
def collection() -> None:
    """Find, show and create collections."""


@collection.group()
def create() -> None:
    """Create a collection."""


@collection.command("list")
@click.argument("endpoint", metavar="[ENDPOINT_ID]", type=click.UUID, required=False)
@click.option(
    "--search", "words", metavar="WORDS", help="Search for words in names and descriptions."
)
@click.option(
    "--scope", type=click.Choice(_SCOPES), help="Which collections.  [default: my-endpoints]"
)
@click.option(
    "--filter",
    "filters",
    type=click.Choice(_FILTERS),
    multiple=True,
    help="Filter the collections of an endpoint; can be repeated.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=100,
    show_default=True,
    help="List at most this many.",
)
@with_output("Print the documents as JSON.")
@with_app()
def list_collections(
    app: GlobusApp,
    output: Output,
    endpoint: str | None,
    words: str | None,
    scope: str | None,
    filters: tuple[str, ...],
    limit: int,
) -> None:
    """List your collections, those that match words, or those of an endpoint.

    Transfer knows all collections; --scope and --search are for it. With an ENDPOINT_ID of Globus
    Connect Server, its manager is asked, which tells more to those who administer it.
    """
    if endpoint is None:
        if filters:
            raise click.UsageError("--filter needs an ENDPOINT_ID")
        found = _search(app, words, scope, limit + 1)
    else:
        if words is not None or scope is not None:
            raise click.UsageError(
                "--search and --scope are not for the collections of an endpoint"
            )
        found = _of_endpoint(app, str(endpoint), filters, limit + 1)
    shown = found[:limit]
    if output.as_json:
        output.show(shown, str)
        return
    output.table(_COLUMNS, [_row(each) for each in shown], empty="no collection was found")
    if len(found) > limit:
        output.note(f"there are more than {limit}; see --limit")


@collection.command("show")
@click.argument("collection_id", metavar="COLLECTION_ID", type=click.UUID)
@click.option(
    "--include-private-policies",
    is_flag=True,
    help="Include what only administrators of the endpoint can see.",
)
@with_output("Print the document as JSON.")
@with_app()
def show_collection(
    app: GlobusApp, output: Output, collection_id: str, include_private_policies: bool
) -> None:
    """Show a collection.

    One on Globus Connect Server is shown by its manager, any other by Transfer.
    """
    identifier = str(collection_id)
    document = told_by_transfer(app, identifier)
    if document.get("gcs_manager_url") and document.get("entity_type") != _ENDPOINT:
        include = {"include": "private_policies"} if include_private_policies else None
        with manager_of(app, document) as client:
            document = client.get_collection(identifier, query_params=include).data
    elif include_private_policies:
        raise click.UsageError("only collections on Globus Connect Server have private policies")
    output.show(document, _shown)


@create.command("guest")
@click.argument("mapped_collection_id", metavar="MAPPED_COLLECTION_ID", type=click.UUID)
@click.argument("base_path", metavar="PATH")
@click.argument("display_name", metavar="NAME")
@click.option("--user-credential-id", metavar="ID", type=click.UUID, help="The credential to use.")
@click.option(
    "--local-username",
    metavar="NAME",
    help="The account on the storage, if you have several credentials.",
)
@click.option(
    "--identity-id", metavar="ID", type=click.UUID, help="Which of your identities owns it."
)
@click.option("--description", metavar="TEXT", help="A description of what it holds.")
@click.option("--default-directory", metavar="PATH", help="The directory in which users start.")
@click.option(
    "--keyword", "keywords", multiple=True, help="A keyword to find it by; can be repeated."
)
@click.option("--public/--private", default=None, help="Whether everybody can find it.")
@click.option(
    "--enable-https/--disable-https", default=None, help="Whether files are served over HTTPS."
)
@with_output("Print the document as JSON.")
@with_app()
def create_guest(
    app: GlobusApp,
    output: Output,
    mapped_collection_id: str,
    user_credential_id: str | None,
    local_username: str | None,
    base_path: str,
    keywords: tuple[str, ...],
    **fields: t.Any,
) -> None:
    """Create a guest collection, which shares a folder of a mapped collection.

    PATH is a folder on the mapped collection, NAME the name of the new collection. Your credential
    for the storage is found if you have only one.
    """
    from ..collection_documents import GuestCollectionDocument

    if user_credential_id and local_username:
        raise click.UsageError("pass either --user-credential-id or --local-username")
    given = {name: value for name, value in fields.items() if value is not None}
    data = GuestCollectionDocument(
        mapped_collection_id=str(mapped_collection_id),
        collection_base_path=base_path,
        user_credential_id=user_credential_id or MISSING,
        keywords=keywords or MISSING,
        **given,
    )
    mapped = told_by_transfer(app, str(mapped_collection_id))
    with manager_of(app, mapped, data_access=True) as client:
        made = client.create_guest_collection(data, local_username=local_username).data
    output.show(made, lambda document: f"created the guest collection {document['id']}")


def _search(app: GlobusApp, words: str | None, scope: str | None, limit: int) -> list[Document]:
    if scope is None:
        scope = "my-endpoints" if words is None else "all"
    elif scope == "all" and words is None:
        raise click.UsageError("--scope all needs --search")
    with transfer_client(app) as client:
        pages = client.paginated.endpoint_search(words or MISSING, filter_scope=scope)
        collections = (each for each in pages.items() if each.get("entity_type") != _ENDPOINT)
        return [*itertools.islice(collections, limit)]


def _of_endpoint(
    app: GlobusApp, endpoint: str, filters: tuple[str, ...], limit: int
) -> list[Document]:
    names = [each.replace("-", "_") for each in filters]
    with manager_of(app, told_by_transfer(app, endpoint)) as client:
        pages = client.paginated.get_collection_list(filter=names or MISSING)
        return [*itertools.islice(pages.items(), limit)]


def _row(document: Document) -> tuple[t.Any, ...]:
    kind = document.get("collection_type") or document.get("entity_type")
    return document.get("id"), kind, document.get("display_name")


def _shown(document: Document) -> str:
    found = {}
    for heading, keys in _SHOWN.items():
        values = [document[key] for key in keys if document.get(key) is not None]
        if values:
            found[heading] = _text(values[0])
    width = max(map(len, found), default=0) + 1
    return "\n".join(f"{heading + ':':{width}}  {text}" for heading, text in found.items())


def _text(value: t.Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(str(value))
