"""Libraries that import globus_sdk get globus-core, if a program wants that."""

from __future__ import annotations

import importlib.util
import os
import pathlib
import subprocess
import sys
import typing as t

import pytest

if t.TYPE_CHECKING:
    from globus_core.testing import Sandbox

START = "import sys, globus_core\nalias = globus_core.as_globus_sdk()\n"

PROGRAMS = {
    "modules and their names are those of globus-core, by any form of import": """
import globus_sdk
import globus_sdk.scopes as s
import globus_sdk.services.auth.client.native_client
from globus_sdk import AuthClient, scopes
from globus_sdk.services.auth import NativeAppAuthClient
from globus_sdk.transport.requests import RequestsTransport
assert s is scopes is globus_core.scopes is globus_sdk.scopes
assert s.__spec__.name == "globus_core.scopes" and s.__name__ == "globus_core.scopes"
assert AuthClient is globus_core.AuthClient is globus_sdk.AuthClient
assert globus_sdk.services.auth.client.native_client.NativeAppAuthClient is NativeAppAuthClient
assert NativeAppAuthClient is globus_core.NativeAppAuthClient
assert "AuthClient" in dir(globus_sdk)
""",
    "an import that is made twice, in other orders, gives one module": """
import importlib
import globus_core.transport.requests as first
assert importlib.import_module("globus_sdk.transport.requests") is first
assert importlib.reload(globus_core.scopes) is importlib.import_module("globus_sdk.scopes")
""",
    "the version is that of globus-sdk": """
import importlib.metadata, globus_sdk
assert globus_sdk.__version__ == importlib.metadata.version("globus-sdk") == "4.10.0"
assert importlib.metadata.version("globus_sdk") == "4.10.0"
assert importlib.metadata.distribution("globus-sdk").metadata["Name"] == "globus-sdk"
assert globus_core.__version__ == importlib.metadata.version("globus-core") != "4.10.0"
""",
    "what is not here is not found, and not taken from globus-sdk": """
import importlib.util
assert importlib.util.find_spec("globus_sdk.testing.data") is None
try:
    import globus_sdk.testing.data
except ModuleNotFoundError as error:
    assert error.name == "globus_sdk.testing.data"
else:
    raise AssertionError
try:
    from globus_sdk import NoSuchClient
except ImportError:
    pass
else:
    raise AssertionError
""",
    "undone, globus-sdk is found again; the last of several undoes it": """
inner = globus_core.as_globus_sdk()
from globus_sdk.scopes import Scope
alias.undo(), alias.undo()
from globus_sdk import AuthClient
assert AuthClient is globus_core.AuthClient
inner.undo()
assert not [name for name in sys.modules if name.startswith("globus_sdk")]
assert not [finder for finder in sys.meta_path if "globus" in type(finder).__module__]
assert Scope is globus_core.Scope
import importlib.metadata, importlib.util
from_site = importlib.util.find_spec("globus_sdk")
assert from_site is None or "globus_core" not in (from_site.origin or "")
""",
    "a with block undoes it": """
alias.undo()
with globus_core.as_globus_sdk():
    import globus_sdk.paging
assert "globus_sdk" not in sys.modules and "globus_sdk.paging" not in sys.modules
assert globus_core.paging.__spec__.name == "globus_core.paging"
""",
    "it is refused where globus-sdk has been imported": """
alias.undo()
import types
sys.modules["globus_sdk.scopes"] = types.ModuleType("globus_sdk.scopes")
try:
    globus_core.as_globus_sdk()
except globus_core.GlobusSDKUsageError as error:
    assert "before the first import" in str(error)
else:
    raise AssertionError
assert not [finder for finder in sys.meta_path if "globus" in type(finder).__module__]
""",
}

#: the Auth part of Globus Compute's SDK: its app, its storage, its client and ``whoami``
COMPUTE = """
from globus_compute_sdk.sdk.auth.auth_client import ComputeAuthClient
from globus_compute_sdk.sdk.auth.globus_app import get_globus_app
from globus_compute_sdk.sdk.auth.whoami import print_whoami_info
from globus_compute_sdk.sdk.utils.gare import gare_handler

app = get_globus_app()
assert isinstance(app, globus_core.ClientApp)
client = ComputeAuthClient(app=app)
app.login()
assert gare_handler(app.login, client.userinfo)["sub"] == app.client_id
print_whoami_info(app)
app.logout()
assert app.token_storage.get_token_data_by_resource_server() == {}
"""


def run(program: str, **env: str) -> str:
    """What a program prints, in a process of its own, in which globus-core is globus-sdk."""
    done = subprocess.run(
        [sys.executable, "-c", START + program],
        env=os.environ | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("case", PROGRAMS)
def test_globus_sdk_is_globus_core(case: str) -> None:
    """From the call on, until it is undone."""
    run(PROGRAMS[case])


@pytest.mark.full
@pytest.mark.skipif(
    importlib.util.find_spec("globus_compute_sdk") is None, reason="needs the extra test-full"
)
def test_the_login_of_globus_compute_runs_on_it(
    globus_sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """With its own storage, client class and table of who is logged in."""
    printed = run(
        COMPUTE,
        HOME=str(tmp_path),
        GLOBUS_SDK_SERVICE_URL_AUTH=globus_sandbox.url,
        GLOBUS_COMPUTE_CLIENT_ID=globus_sandbox.confidential_client_id,
        GLOBUS_COMPUTE_CLIENT_SECRET=globus_sandbox.confidential_client_secret,
    )

    assert "Username" in printed
    assert globus_sandbox.count(path="/v2/oauth2/userinfo") == 2
    assert list(tmp_path.rglob("storage.db"))
