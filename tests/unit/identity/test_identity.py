from __future__ import annotations

import copy
import json
import pickle
import typing as t

import pytest

from globus_core.exc import ValidationError
from globus_core.identities import GLOBUS, Identity


@pytest.fixture
def ada() -> Identity:
    document = {"id": "5A9DB0C1-7e10-4fa3-86d9-0b4c7a61e2f8", "username": "Ada@example.org"}
    extensions = {"campus": {"department": "Physics"}}
    return Identity(document, source=GLOBUS, extensions=extensions)


def test_an_identity_is_the_document_of_globus(ada: Identity) -> None:
    """It compares and converts to JSON as the document, without what extensions added."""
    expected = {"id": "5A9DB0C1-7e10-4fa3-86d9-0b4c7a61e2f8", "username": "Ada@example.org"}

    assert expected == ada
    assert expected == json.loads(json.dumps(ada))
    assert ada.id == expected["id"].lower()
    assert ada.username == "Ada@example.org"


def test_extensions_stand_beside_the_document(ada: Identity) -> None:
    """Attributes of a plugin are under the plugin's name and nowhere else."""
    assert dict(ada.extensions) == {"campus": {"department": "Physics"}}
    assert "department" not in ada
    assert ada.source == GLOBUS
    assert not ada.asserted


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.__setitem__("id", "x"),
        lambda record: record.__delitem__("id"),
        lambda record: record.update(id="x"),
        lambda record: record.__ior__({"id": "x"}),
        lambda record: record.setdefault("x", 1),
        lambda record: record.pop("id"),
        lambda record: record.popitem(),
        lambda record: record.clear(),
        lambda record: record.extensions.__setitem__("x", {}),
    ],
)
def test_an_identity_cannot_be_changed(ada: Identity, change: t.Callable[[t.Any], object]) -> None:
    """Every way to change a dict is refused, since threads share records."""
    with pytest.raises((TypeError, AttributeError)):
        change(ada)
    assert len(ada) == 2


def test_a_plain_copy_can_be_changed(ada: Identity) -> None:
    """copy() and dict() leave the record and give an ordinary dict."""
    for plain in (dict(ada), ada.copy()):
        plain["id"] = "x"
        assert type(plain) is dict
    assert ada["id"] != "x"


def test_copies_and_pickles_are_whole(ada: Identity) -> None:
    """Source and extensions travel along."""
    for twin in (copy.copy(ada), copy.deepcopy(ada), pickle.loads(pickle.dumps(ada))):
        assert type(twin) is Identity
        assert ada.to_dict() == twin.to_dict()


def test_plain_data_can_be_read_back(ada: Identity) -> None:
    """from_dict undoes to_dict, through JSON as well."""
    data = json.loads(json.dumps(ada.to_dict()))

    assert ada.to_dict() == Identity.from_dict(data).to_dict()


def test_extending_replaces_only_the_same_plugins_attributes(ada: Identity) -> None:
    """Other plugins' attributes stay; the first record is untouched."""
    further = ada.extended({"library": {"card": 7}})

    assert {"campus", "library"} == set(further.extensions)
    assert {"campus"} == set(ada.extensions)
    assert ada == further


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": "not an id", "username": "a@example.org"},
        {"id": 7, "username": "a@example.org"},
        {"id": "5a9db0c1-7e10-4fa3-86d9-0b4c7a61e2f8"},
        {"id": "5a9db0c1-7e10-4fa3-86d9-0b4c7a61e2f8", "username": " "},
    ],
)
def test_a_document_without_id_or_username_is_refused(document: dict[str, t.Any]) -> None:
    """The error names the field."""
    with pytest.raises(ValidationError, match=r"the field '(id|username)'"):
        Identity(document)


@pytest.mark.parametrize("data", [{}, {"identity": 1, "source": "", "extensions": {}}, [], None])
def test_damaged_plain_data_is_one_error(data: t.Any) -> None:
    """What was not written by to_dict is a ValidationError."""
    with pytest.raises(ValidationError):
        Identity.from_dict(data)
