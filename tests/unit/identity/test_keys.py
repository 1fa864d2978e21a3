from __future__ import annotations

import typing as t
import uuid

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from globus_core.exc import GlobusSDKUsageError
from globus_core.identities import (
    is_bare_name,
    is_username,
    key_problem,
    normalize_key,
    split_ids_and_usernames,
)
from globus_core.identities.keys import all_canonical, is_canonical

ID = "5a9db0c1-7e10-4fa3-86d9-0b4c7a61e2f8"


@settings(max_examples=60)
@given(st.uuids())
def test_a_uuid_in_any_spelling_is_one_key(value: uuid.UUID) -> None:
    """What uuid.UUID reads as one id has one normal form."""
    text = str(value)
    for spelling in (text, text.upper(), value.hex, value.urn, f"{{{text}}}", f" {text}\n"):
        assert text == normalize_key(spelling)
        assert not is_username(spelling)

    assert text == normalize_key(value)


@settings(max_examples=80)
@given(st.text(max_size=50))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    """The normal form is its own normal form."""
    once = normalize_key(text)

    assert once == normalize_key(once)
    assert once == normalize_key(f"  {text}\t")


@settings(max_examples=80)
@given(st.text(alphabet="0123456789abcdefABCDEF-{}urnid:_+x @", max_size=40))
def test_what_is_taken_for_an_id_is_a_uuid(text: str) -> None:
    """Nothing counts as an id that uuid.UUID would refuse or read differently."""
    if not is_username(text):
        assert str(uuid.UUID(text.strip().lower())) == normalize_key(text)


class _Text(str):
    """Text of a class of its own."""


_NO_ID = (
    st.text(alphabet="0a-,Z\ud800é", max_size=3)
    | st.sampled_from([f"{ID},{ID}", f"{ID},", ID.upper(), ID[1:], f"{ID}0", _Text(ID)])
    | st.uuids()
    | st.none()
)


@settings(max_examples=200)
@given(st.lists(st.uuids().map(str) | st.just(ID), max_size=4), st.lists(_NO_ID, max_size=2))
@example([f"{ID}"], [f"{ID},{ID}", "", ID[1:]])
def test_ids_are_recognised_together_as_one_by_one(ids: list[str], others: list[t.Any]) -> None:
    """Also beside what is no text, and beside text of another class."""
    keys = [*others, *ids]

    assert all_canonical(keys) == all(type(key) is str and is_canonical(key) for key in keys)


@settings(max_examples=60)
@given(st.text(max_size=30), st.sampled_from(["example.org", "Example.EDU"]))
def test_a_username_differs_by_more_than_case(local: str, domain: str) -> None:
    """A username is compared in lower case."""
    name = f"{local}@{domain}"

    assert name.strip().lower() == normalize_key(name)
    assert is_username(name)
    assert not is_bare_name(name)


def test_a_bare_name_is_neither_id_nor_username() -> None:
    """Only names without @ that are no UUID go to institutions."""
    assert is_bare_name("jdoe7")
    assert not is_bare_name(ID)
    assert not is_bare_name("jdoe7@example.edu")


@pytest.mark.parametrize("name", ["0x" + "1" * 30, "+" + "1" * 31, "1_1" + "1" * 29, "1" * 31])
def test_numbers_that_python_reads_leniently_are_no_ids(name: str) -> None:
    """Spellings that only int() accepts are usernames."""
    assert is_username(name)


def test_keys_are_split_as_they_were_given() -> None:
    """Ids and usernames are sorted apart, in the caller's spelling."""
    ids, names = split_ids_and_usernames([ID.upper(), "Ada@example.org", "ada"])

    assert {ID.upper()} == ids
    assert {"Ada@example.org", "ada"} == names


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("", "empty"),
        ("a,b@example.org", "comma"),
        ("a\x00b@example.org", "printed"),
        ("a\nb@example.org", "printed"),
        ("a" * 2000, "1024 bytes"),
        ("\N{SNOWMAN}" * 400, "1024 bytes"),
    ],
)
def test_keys_that_nobody_can_have_are_told_why(key: str, word: str) -> None:
    """Each kind of impossible key has its reason."""
    assert word in str(key_problem(key))


@pytest.mark.parametrize("key", [ID, "ada@example.org", "jörg o'neil@exämple.org", "jdoe"])
def test_ordinary_keys_have_no_problem(key: str) -> None:
    """Ids, usernames and bare names may be asked for."""
    assert key_problem(key) is None


@pytest.mark.parametrize("key", [None, 7, b"ada@example.org", ["ada@example.org"], {}])
def test_what_is_neither_text_nor_uuid_is_refused(key: t.Any) -> None:
    """None is not the person whose username is "none"."""
    with pytest.raises(GlobusSDKUsageError, match="an identity id or a username was expected"):
        normalize_key(key)
