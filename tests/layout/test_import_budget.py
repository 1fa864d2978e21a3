"""What a fresh interpreter loads, counted in modules, for those who only want a part."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys

import pytest

#: all that `import globus_core` may load beyond what the interpreter starts with
ALLOWED = {"__future__", "globus_core", "globus_core._lazy"}

HEAVY = {
    "aiohttp",
    "asyncio",
    "attr",
    "attrs",
    "cryptography",
    "dataclasses",
    "greenlet",
    "importlib.metadata",
    "inspect",
    "jwt",
    "logging",
    "msgspec",
    "orjson",
    "pluggy",
    "requests",
    "typing",
    "urllib3",
}

#: light ones, each of which would still be dear where next to nothing is done
SPARED = {
    "base64",
    "datetime",
    "email",
    "hashlib",
    "hmac",
    "importlib",
    "json",
    "secrets",
    "socket",
    "ssl",
    "threading",
    "urllib.parse",
}

#: parts of the interpreter itself, without a file
BUILT_IN = {"_functools", "itertools"}

#: shows notes of errors, which later versions of Python do themselves
ONLY_310 = {"globus_core.exc._notes_in_text"}

CLIENT_ID = "5a3c0f0e-0000-4000-8000-000000000001"
NATIVE = f"globus_core.NativeAppAuthClient(client_id={CLIENT_ID!r}, app_name='a')"
CONFIDENTIAL = f"globus_core.ConfidentialAppAuthClient({CLIENT_ID!r}, 'made-up')"
TRANSFER = "globus_core.TransferClient()"
FLOWS = "globus_core.FlowsClient()"
ONE_FLOW = "globus_core.SpecificFlowClient('a-flow')"
STORED = """
storage = globus_core.token_storage.JSONTokenStorage('tokens.json')
stored = storage.get_token_data('auth.globus.org')
assert stored.access_token == 'made-up'
globus_core.AccessTokenAuthorizer(stored.access_token).get_authorization_header()
"""
STORED_SQLITE = STORED.replace("JSONTokenStorage('tokens.json')", "SQLiteTokenStorage('tokens.db')")
REFRESHED = """
class Client:
    def oauth2_refresh_token(self, refresh_token): pass
globus_core.RefreshTokenAuthorizer('made-up', Client(), access_token='made-up',
    expires_at=4000000000).get_authorization_header()
"""
STORE = """
storage = globus_core.token_storage.JSONTokenStorage('tokens.json')
record = globus_core.token_storage.TokenStorageData(resource_server='auth.globus.org',
    identity_id=None, scope='openid', access_token='made-up', refresh_token=None,
    expires_at_seconds=4000000000, token_type='Bearer')
storage.store_token_data_by_resource_server({'auth.globus.org': record})
storage = globus_core.token_storage.SQLiteTokenStorage('tokens.db')
storage.store_token_data_by_resource_server({'auth.globus.org': record})
"""

#: a part -> what it may load of what is spared, and how many modules beside the bare interpreter's
PARTS: dict[str, tuple[set[str], int]] = {
    "globus_core.AccessTokenAuthorizer('made-up').get_authorization_header()": (set(), 10),
    "globus_core.BasicAuthorizer('a', 'made-up').get_authorization_header()": (set(), 10),
    REFRESHED: (set(), 16),
    "str(globus_core.Scope('a').with_dependency(globus_core.Scope('b')))": (set(), 10),
    "globus_core.scopes.TransferScopes.all": (set(), 10),
    STORED: (set(), 34),
    STORED_SQLITE: ({"datetime"}, 55),  # which sqlite3 brings along
    NATIVE: (set(), 76),
    CONFIDENTIAL: (set(), 80),
    TRANSFER: (set(), 93),
    FLOWS: (set(), 90),
    ONE_FLOW: (set(), 80),
}


def loaded(program: str, folder: pathlib.Path | None = None) -> set[str]:
    """The modules that a fresh interpreter has loaded after a program."""
    program += "\nimport sys\nprint(*sys.modules)"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.stderr == ""
    return set(result.stdout.split())


def test_importing_the_package_loads_next_to_nothing() -> None:
    """Exactly these modules and no others; with the interpreter's own, at most 45."""
    bare = loaded("")
    after = loaded("import globus_core")

    assert after - bare <= ALLOWED
    assert len(after) <= 45


def test_parts_without_network_load_nothing_heavy(tmp_path: pathlib.Path) -> None:
    """Neither the HTTP library, nor those for tokens, nor what plugins are managed with."""
    loaded(f"import globus_core\n{STORE}", tmp_path)
    parts = [
        "globus_core.AccessTokenAuthorizer('made-up').get_authorization_header()",
        "globus_core.BasicAuthorizer('a', 'made-up').get_authorization_header()",
        "globus_core.Scope.parse('openid')",
        "str(globus_core.Scope('a').with_dependency(globus_core.Scope('b')))",
        "globus_core.scopes.TransferScopes.all",
        "globus_core.config.get_service_url('auth')",
        "globus_core.exc.GlobusAPIError",
        STORED,
        STORED_SQLITE,
        NATIVE,
        CONFIDENTIAL,
        TRANSFER,
        FLOWS,
        ONE_FLOW,
        "dir(globus_core)",
    ]
    check = "found = heavy.intersection(sys.modules); assert not found, (part, found)"
    program = f"import sys, globus_core\nheavy = {HEAVY!r}\n" + "".join(
        f"{part}\npart = {part!r}\n{check}\n" for part in parts
    )

    assert "globus_core.plugins" in loaded(program, tmp_path)


@pytest.mark.parametrize("part", PARTS)
def test_each_part_loads_little(part: str, tmp_path: pathlib.Path) -> None:
    """Counted in modules; what it can do without it does without."""
    permitted, most = PARTS[part]
    loaded(f"import globus_core\n{STORE}", tmp_path)

    extra = loaded(f"import globus_core\n{part}", tmp_path) - loaded("") - ONLY_310 - BUILT_IN

    assert not extra & (HEAVY | SPARED) - permitted
    assert len(extra) <= most


def test_names_of_the_kernel_start_no_discovery() -> None:
    """The plugin system is not even imported, nor is any plugin."""
    modules = loaded(
        "import globus_core\n"
        "globus_core.AccessTokenAuthorizer('made-up').get_authorization_header()\n"
        "str(globus_core.Scope('openid'))\n"
        "globus_core.MISSING, globus_core.hookimpl, globus_core.exc.GlobusError\n"
    )

    assert not [name for name in modules if name.startswith("globus_core_")]
    assert "globus_core.plugins" not in modules
    assert "globus_core.plugins.discovery" not in modules


def test_one_public_name_loads_one_plugin() -> None:
    """Asking for a client loads the hooks module of its plugin, and not those of the others."""
    modules = loaded("from globus_core import AuthClient")

    assert {name for name in modules if name.endswith(".hooks")} == {"globus_core_auth.hooks"}
