"""
The documents of Globus Connect Server: their fields, their versions, and what their text hides.
"""

from __future__ import annotations

import inspect
import json
import pickle
import typing as t
import uuid

import globus_sdk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import globus_core
from globus_core import (
    MISSING,
    CollectionDocument,
    EndpointDocument,
    GuestCollectionDocument,
    MappedCollectionDocument,
    StorageGatewayDocument,
    UserCredentialDocument,
)
from globus_core.services.gcs import data

VERSIONED = (
    EndpointDocument,
    GuestCollectionDocument,
    MappedCollectionDocument,
    StorageGatewayDocument,
)
#: every document that has arguments of its own
KINDS = [
    name
    for name in data.__all__
    if name not in {"CollectionDocument", "CollectionPolicies", "StorageGatewayPolicies"}
]
VALUES = st.one_of(st.text(max_size=70), st.uuids(), st.booleans())
TEXTS = st.one_of(st.text(max_size=3), st.uuids(), st.lists(st.text(max_size=3), max_size=3))
#: the ends of the names of arguments that are lists
LISTS = ("_allow", "_deny", "buckets", "projects", "keywords", "allowed_domains")
#: arguments that take other values than the rest
OTHERS = {
    "additional_fields": st.dictionaries(st.text(max_size=8), st.integers(), max_size=2),
    "identity_mappings": st.lists(st.dictionaries(st.text(max_size=3), st.text()), max_size=2),
    "environment": st.lists(st.dictionaries(st.text(max_size=3), st.text()), max_size=2),
}


def arguments(kind: t.Any) -> st.SearchStrategy[dict[str, t.Any]]:
    """Some of a document's arguments."""
    names = list(inspect.signature(kind).parameters)
    return st.fixed_dictionaries({}, optional={name: _values(name) for name in names})


def _values(name: str) -> st.SearchStrategy[t.Any]:
    return OTHERS.get(name, TEXTS if name.endswith(LISTS) else VALUES)


def sent(document: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What is left of a document when it is sent: MISSING is falsy and no JSON."""
    kept = {k: v for k, v in document.items() if "MISSING" not in repr(v)}
    return t.cast("dict[str, t.Any]", json.loads(json.dumps(kept, default=str)))


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=20)
@given(drawn=st.data())
def test_a_document_is_that_of_globus_sdk(name: str, drawn: st.DataObject) -> None:
    """For any arguments, the same fields with the same values, and the same DATA_TYPE."""
    ours, theirs = getattr(globus_core, name), getattr(globus_sdk, name)
    given_ = drawn.draw(arguments(ours))

    assert sent(ours(**given_)) == sent(theirs(**given_))


@pytest.mark.parametrize("kind", VERSIONED)
@given(drawn=st.data())
def test_a_version_is_the_lowest_that_knows_every_key(kind: t.Any, drawn: st.DataObject) -> None:
    """No key demands more, and one of them demands as much."""
    keys = drawn.draw(st.sets(st.sampled_from(sorted(kind.DATATYPE_VERSION_IMPLICATIONS))))
    document = kind(additional_fields=dict.fromkeys(keys))

    base, _, version = document["DATA_TYPE"].partition("#")
    demanded = [kind.DATATYPE_VERSION_IMPLICATIONS[key] for key in keys]
    assert base == kind.DATATYPE_BASE
    assert tuple(map(int, version.split("."))) == max([(1, 0, 0), *demanded])


@given(length=st.integers(0, 200), kind=st.sampled_from(VERSIONED[1:3]))
def test_a_long_message_for_users_demands_a_later_version(length: int, kind: t.Any) -> None:
    """More than 64 characters are known since 1.7.0."""
    version = "1.7.0" if length > 64 else "1.1.0"

    assert kind(user_message="x" * length)["DATA_TYPE"] == f"collection#{version}"


def test_what_is_missing_demands_nothing_and_none_does() -> None:
    """None is sent, as JSON's null."""
    assert StorageGatewayDocument(require_mfa=MISSING)["DATA_TYPE"] == "storage_gateway#1.0.0"
    assert EndpointDocument(gridftp_control_channel_port=None)["DATA_TYPE"] == "endpoint#1.1.0"


def test_a_given_type_stays() -> None:
    """As an argument, and among the additional fields, which win."""
    one = MappedCollectionDocument(data_type="collection#9.0.0", enable_https=True)
    other = GuestCollectionDocument(additional_fields={"DATA_TYPE": "other#1.0.0"})

    assert one["DATA_TYPE"] == "collection#9.0.0"
    assert other["DATA_TYPE"] == "other#1.0.0"


def test_only_the_two_kinds_of_collections_have_documents() -> None:
    """The base of both says which there are."""
    with pytest.raises(TypeError, match="MappedCollectionDocument or a GuestCollectionDocument"):
        CollectionDocument()
    assert MappedCollectionDocument()["collection_type"] == "mapped"
    assert GuestCollectionDocument()["collection_type"] == "guest"


def test_one_text_is_a_list_of_one_where_lists_are_wanted() -> None:
    """Not a list of letters; a UUID as well, and None stays None."""
    identifier = uuid.uuid4()

    assert MappedCollectionDocument(keywords="stars")["keywords"] == ["stars"]
    assert MappedCollectionDocument(sharing_users_allow=None)["sharing_users_allow"] is None
    assert StorageGatewayDocument(users_allow=identifier)["users_allow"] == [str(identifier)]


def test_the_environment_of_a_staging_app_is_copied() -> None:
    """Later changes of the caller's dicts change nothing."""
    mine = {"name": "TAPE", "value": "1"}
    policies = globus_core.POSIXStagingStoragePolicies(environment=[mine])
    mine["value"] = "2"

    assert policies["environment"] == [{"name": "TAPE", "value": "1"}]


# secrets

SECRETS = [
    ("AzureBlobStoragePolicies", "secret"),
    ("BoxStoragePolicies", "boxAppSettings"),
    ("CephStoragePolicies", "ceph_admin_secret_key"),
    ("GoogleCloudStoragePolicies", "secret"),
    ("GoogleCloudStoragePolicies", "service_account_key"),
    ("GoogleDriveStoragePolicies", "secret"),
    ("OneDriveStoragePolicies", "secret"),
]


@pytest.mark.parametrize(("name", "field"), SECRETS)
def test_the_text_of_policies_hides_their_secrets(name: str, field: str) -> None:
    """Also of a document that they are in, as policies, as a dict and as an additional field."""
    value = {"key": "<hush>"} if field in {"boxAppSettings", "service_account_key"} else "<hush>"
    policies = getattr(globus_core, name)(**{field: value})
    documents = [
        policies,
        StorageGatewayDocument(policies=policies),
        StorageGatewayDocument(policies=dict(policies)),
        MappedCollectionDocument(additional_fields={"policies": [{"inner": dict(policies)}]}),
    ]

    assert policies[field] == value
    for document in documents:
        for text in (repr(document), str(document), f"{document}", repr([document])):
            assert "hush" not in text
            assert "***" in text


def test_the_text_of_a_credential_hides_its_policies() -> None:
    """All of them, as each kind of storage has other ones."""
    document = UserCredentialDocument(username="leavitt", policies={"anything": "<hush>"})

    assert "hush" not in repr(document)
    assert "'leavitt'" in repr(document)


def test_ids_of_keys_flags_and_missing_fields_are_shown() -> None:
    """They are no secrets, and help to see what is wrong."""
    policies = globus_core.CephStoragePolicies(ceph_admin_key_id="an-id")
    shown = repr(globus_core.S3StoragePolicies(s3_user_credential_required=True))

    assert "'ceph_admin_key_id': 'an-id'" in repr(policies)
    assert "***" not in repr(policies)
    assert "'s3_user_credential_required': True" in shown


@pytest.mark.parametrize("kind", VERSIONED)
def test_a_document_can_be_pickled(kind: t.Any) -> None:
    """And is the same after that."""
    document = kind(display_name="a")

    assert pickle.loads(pickle.dumps(document)) == document
