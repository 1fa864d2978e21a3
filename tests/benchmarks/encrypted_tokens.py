"""
What encrypted tokens cost beside the plain JSON file.

The keyring is one in a file, so that the figures are those of asking it and not of a desktop.
"""

from __future__ import annotations

import functools
import pathlib
import tempfile
import time
import typing as t

import pytest

from globus_core.token_storage import (
    EncryptedTokenStorage,
    Envelope,
    JSONTokenStorage,
    KeyringTokenStorage,
    TokenStorage,
    TokenStorageData,
)
from tests.servers import fake_keyring

from ._processes import cpu_seconds, environment
from ._turns import turns

Figures = dict[str, dict[str, float]]

#: after this no further round begins
SECONDS = 20
#: the variant that is 1, and the one that has a target
BASIS, OWN = "JSON file", "globus-core"
SERVER = "a.example.org"

_HEADER = """
from globus_core.token_storage import {make}
from globus_core import AccessTokenAuthorizer
token = storage.get_token_data("a.example.org").access_token
assert AccessTokenAuthorizer(token).get_authorization_header()
"""
_ENCRYPTED = "EncryptedTokenStorage, Envelope as E; storage = EncryptedTokenStorage({!r}, envelope="
_FROM_FILE = "E.from_file({!r}))"


def measure(name: str, rounds: int) -> Figures:
    """
    Measure one thing.

    :param name: ``get``, ``store`` or ``first``
    :param rounds: how often each variant has its turn
    """
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        place = pathlib.Path(folder)
        keyring = {
            "PYTHON_KEYRING_BACKEND": fake_keyring.NAME,
            "FAKE_KEYRING": folder,
            "GLOBUS_CORE_KEYRING_TIMEOUT": "60",
        }
        for variable, value in keyring.items():
            patch.setenv(variable, value)
        storages = _storages(place)
        token = TokenStorageData(SERVER, None, "all", "a" * 90, "r" * 90, 4_000_000_000, "Bearer")
        for storage in storages.values():
            storage.store_token_data_by_resource_server({SERVER: token})
        if name == "first":
            return _first(place, environment(folder, **keyring), rounds)
        time.sleep(0.3)  # a file that has just been written may change again
        works: dict[str, t.Callable[[], object]] = {}
        for variant, storage in storages.items():
            store = functools.partial(storage.store_token_data_by_resource_server, {SERVER: token})
            works[variant] = (
                functools.partial(storage.get_token_data, SERVER) if name == "get" else store
            )
        return _timed(works, rounds, 1000 if name == "get" else 20)


def _storages(place: pathlib.Path) -> dict[str, TokenStorage]:
    for name, secret in (("key", "5c" * 32), ("passphrase", "correct horse battery staple")):
        path = place / name
        path.touch(0o600)
        path.write_text(secret)
    key, passphrase = (Envelope.from_file(place / name) for name in ("key", "passphrase"))
    return {
        BASIS: JSONTokenStorage(place / "plain"),
        OWN: EncryptedTokenStorage(place / "with-key", envelope=key),
        "passphrase": EncryptedTokenStorage(place / "with-passphrase", envelope=passphrase),
        "keyring": KeyringTokenStorage(place / "with-keyring"),
    }


def _timed(works: dict[str, t.Callable[[], object]], rounds: int, times: int) -> Figures:
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in turns(rounds, SECONDS):
        for name, work in works.items():
            began = time.process_time()
            for _ in range(times):
                work()
            seconds[name].append((time.process_time() - began) / times)
    return _figures(seconds, 1e6, "CPU microseconds")


def _first(place: pathlib.Path, variables: dict[str, str], rounds: int) -> Figures:
    """CPU of a new process, and of the one that it starts, until it has its first header."""
    encrypted = {
        name: _ENCRYPTED.format(str(place / f"with-{name}")) + _FROM_FILE.format(str(place / name))
        for name in ("key", "passphrase")
    }
    makes = {
        BASIS: f"JSONTokenStorage; storage = JSONTokenStorage({str(place / 'plain')!r})",
        OWN: encrypted["key"],
        "passphrase": encrypted["passphrase"],
        "keyring": "KeyringTokenStorage; "
        f"storage = KeyringTokenStorage({str(place / 'with-keyring')!r})",
    }
    scripts = {name: _HEADER.format(make=make) for name, make in makes.items()}
    scripts["bare interpreter"] = "pass"
    seconds: dict[str, list[float]] = {name: [] for name in scripts}
    for code in scripts.values():
        cpu_seconds(code, variables, str(place))  # fills the bytecode cache
    for _ in turns(rounds, SECONDS):
        for name, code in scripts.items():
            seconds[name].append(cpu_seconds(code, variables, str(place)))
    return _figures(seconds, 1e3, "CPU milliseconds")


def _figures(seconds: dict[str, list[float]], factor: float, unit: str) -> Figures:
    return {
        name: {"ratio": min(runs) / min(seconds[BASIS]), unit: min(runs) * factor}
        for name, runs in seconds.items()
    }
