"""
What a program has paid by the time it can begin: CPU of fresh processes, in turns.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import typing as t

from ._processes import cpu_seconds, environment, output
from ._turns import turns
from .server import TASK, running

Figures = dict[str, dict[str, float]]

BARE = "bare interpreter"
#: after this no further round begins
SECONDS = 90
EXPIRES = int(time.time()) + 86400

# Packages that httpx imports where it finds them, as beside tools for tests, and does not need.
_ALONE = "import sys; sys.modules.update(click=None, h2=None, trio=None)\n"

#: measure -> variant -> script; ``{base}`` is the server's address
SCRIPTS: dict[str, dict[str, str]] = {
    "import": {
        "globus-sdk": "import globus_sdk",
        "globus-core": "import globus_core",
        "requests": "import requests",
        "httpx": f"{_ALONE}import httpx",
        "msal": "import msal",
        "google-auth": "import google.oauth2.credentials",
        "authlib": "import authlib.integrations.requests_client",
    },
    "client": {
        "globus-sdk": "import globus_sdk; globus_sdk.NativeAppAuthClient('id')",
        "globus-core": "import globus_core; globus_core.NativeAppAuthClient('id')",
        "requests": "import requests; requests.Session()",
        "httpx": f"{_ALONE}import httpx; httpx.Client()",
        "msal": """
import json, msal
class Answer:
    status_code, headers = 200, {}
    text = json.dumps({key: "https://login.microsoftonline.com/common/" + key for key in
        ("authorization_endpoint", "token_endpoint", "device_authorization_endpoint", "issuer")})
    def raise_for_status(self): pass
class Network:
    def get(self, url, **rest): return Answer()
    post = get
    def close(self): pass
msal.PublicClientApplication("id", http_client=Network(), instance_discovery=False)
""",
        "google-auth": """
import google.oauth2.credentials as g, google.auth.transport.requests as r
r.AuthorizedSession(g.Credentials("token"))
""",
        "authlib": """
from authlib.integrations.requests_client import OAuth2Session
OAuth2Session("id", token={"access_token": "token", "token_type": "Bearer"})
""",
    },
    "transfer": {
        "globus-sdk": """
import globus_sdk
globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer("token"))
""",
        "globus-core": """
import globus_core
globus_core.TransferClient(authorizer=globus_core.AccessTokenAuthorizer("token"))
""",
    },
    "access-token": {
        "globus-sdk": """
import globus_sdk
globus_sdk.AccessTokenAuthorizer("token").get_authorization_header()
""",
        "globus-core": """
import globus_core
globus_core.AccessTokenAuthorizer("token").get_authorization_header()
""",
    },
    "refresh-token": {
        "globus-sdk": f"""
import globus_sdk
class Client:
    def oauth2_refresh_token(self, refresh_token): pass
globus_sdk.RefreshTokenAuthorizer("refresh", Client(), access_token="token",
    expires_at={EXPIRES}).get_authorization_header()
""",
        "globus-core": f"""
import globus_core
class Client:
    def oauth2_refresh_token(self, refresh_token): pass
globus_core.RefreshTokenAuthorizer("refresh", Client(), access_token="token",
    expires_at={EXPIRES}).get_authorization_header()
""",
    },
    "scope": {
        "globus-sdk": """
import globus_sdk
str(globus_sdk.Scope("urn:globus:a").with_dependency(globus_sdk.Scope("urn:globus:b")))
""",
        "globus-core": """
import globus_core
str(globus_core.Scope("urn:globus:a").with_dependency(globus_core.Scope("urn:globus:b")))
""",
    },
    "stored-json": {
        "globus-sdk": """
from globus_sdk.token_storage import JSONTokenStorage
assert JSONTokenStorage("./tokens.json").get_token_data("auth.globus.org").access_token
""",
        "globus-core": """
from globus_core.token_storage import JSONTokenStorage
assert JSONTokenStorage("./tokens.json").get_token_data("auth.globus.org").access_token
""",
        "bare": """
import json
with open("tokens.json") as file:
    assert json.load(file)["data"]["DEFAULT"]["auth.globus.org"]["access_token"]
""",
    },
    "stored-sqlite": {
        "globus-sdk": """
from globus_sdk.token_storage import SQLiteTokenStorage
assert SQLiteTokenStorage("./tokens.db").get_token_data("auth.globus.org").access_token
""",
        "globus-core": """
from globus_core.token_storage import SQLiteTokenStorage
assert SQLiteTokenStorage("./tokens.db").get_token_data("auth.globus.org").access_token
""",
        "bare": """
import json, sqlite3
row = sqlite3.connect("tokens.db").execute("select token_data_json from token_storage").fetchone()
assert json.loads(row[0])["access_token"]
""",
    },
    "script": {
        "globus-sdk": """
import os
os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] = "{base}"
import globus_sdk
client = globus_sdk.AuthClient(authorizer=globus_sdk.AccessTokenAuthorizer("token"))
assert client.userinfo()["sub"]
""",
        "globus-core": """
import os
os.environ["GLOBUS_SDK_SERVICE_URL_AUTH"] = "{base}"
import globus_core
client = globus_core.AuthClient(authorizer=globus_core.AccessTokenAuthorizer("token"))
assert client.userinfo()["sub"]
""",
        "requests": """
import requests
session = requests.Session()
session.headers["Authorization"] = "Bearer token"
assert session.get("{base}/v2/oauth2/userinfo").json()["sub"]
""",
        "httpx": f"""{_ALONE}
import httpx
client = httpx.Client(headers={{"Authorization": "Bearer token"}})
assert client.get("{{base}}/v2/oauth2/userinfo").json()["sub"]
""",
        "google-auth": """
import google.oauth2.credentials as g, google.auth.transport.requests as r
session = r.AuthorizedSession(g.Credentials("token"))
assert session.get("{base}/v2/oauth2/userinfo").json()["sub"]
""",
        "authlib": """
from authlib.integrations.requests_client import OAuth2Session
session = OAuth2Session("id", token={"access_token": "token", "token_type": "Bearer"})
assert session.get("{base}/v2/oauth2/userinfo").json()["sub"]
""",
    },
}

SCRIPTS["transfer-script"] = {
    sdk: f"""
import os
os.environ["GLOBUS_SDK_SERVICE_URL_TRANSFER"] = "{{base}}"
import {package}
client = {package}.TransferClient(authorizer={package}.AccessTokenAuthorizer("token"))
assert client.get_task("{TASK}")["task_id"]
"""
    for sdk, package in (("globus-sdk", "globus_sdk"), ("globus-core", "globus_core"))
} | {
    peer: code.replace("/v2/oauth2/userinfo", f"/v0.10/task/{TASK}").replace(
        '["sub"]', '["task_id"]'
    )
    for peer, code in SCRIPTS["script"].items()
    if not peer.startswith("globus")
}

SCRIPTS["script-httpx"] = SCRIPTS["script"]

#: measure -> the variant that is 1, where that is not the bare interpreter
_BASES = {"script": "requests", "transfer-script": "requests", "script-httpx": "httpx"}

_CLIENT_ID = "6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f7"
_COMMAND = f"""
import os, sys
os.environ["GLOBUS_CLIENT_ID"] = "{_CLIENT_ID}"
sys.stdout = open(os.devnull, "w")
sys.argv[1:] = ["token", "auth", "--token-storage", "KIND"]
from globus_core_cli import main
main()
"""
# the file of the command, read by a script that knows where it is
_BY_SDK = f"""
import pathlib, time
from globus_sdk.token_storage import CLASS
folder = pathlib.Path.home() / ".globus" / "app" / "{_CLIENT_ID}" / "globus-core"
data = CLASS(folder / "tokens.KIND").get_token_data("auth.globus.org")
assert data.expires_at_seconds > time.time() and data.access_token
"""
for _kind, _class, _ending in (
    ("json", "JSONTokenStorage", "json"),
    ("sqlite", "SQLiteTokenStorage", "db"),
):
    SCRIPTS[f"stored-command-{_kind}"] = {
        "globus-sdk": _BY_SDK.replace("CLASS", _class).replace("KIND", _ending),
        "globus-core": _COMMAND.replace("KIND", _kind),
    }

_SILENT = """
import os, sys
os.environ.update(VARIABLES)
sys.stdout = open(os.devnull, "w")
sys.argv[1:] = ARGUMENTS
from globus_core_cli import main
try:
    main()
except SystemExit:
    pass
"""


def _command(*arguments: str, **variables: str) -> dict[str, str]:
    """The script for a command, whose output goes nowhere."""
    code = _SILENT.replace("VARIABLES", repr(variables))
    return {"globus-core": code.replace("ARGUMENTS", repr([*arguments]))}


def _completion(words: str) -> dict[str, str]:
    index = str(len(words.split(" ")) - 1)
    return _command(_GLOBUS_CORE_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=index)


SCRIPTS["help"] = _command("--help")
SCRIPTS["completed-name"] = _completion("globus-core who")
SCRIPTS["completed-option"] = _completion("globus-core whoami --")
SCRIPTS["whoami-offline"] = _command("whoami", "--offline", GLOBUS_CLIENT_ID=_CLIENT_ID)

_STORE = f"""
from globus_core.token_storage import JSONTokenStorage, SQLiteTokenStorage, TokenStorageData
class Config:
    environment = "production"
token = TokenStorageData("auth.globus.org", None, "openid", "token", "refresh", {EXPIRES}, "Bearer")
app = "{_CLIENT_ID}", "globus-core", Config, "DEFAULT"
for storage in (
    JSONTokenStorage("./tokens.json"),
    SQLiteTokenStorage("./tokens.db"),
    JSONTokenStorage.for_globus_app(*app),
    SQLiteTokenStorage.for_globus_app(*app),
):
    storage.store_token_data_by_resource_server({{token.resource_server: token}})
"""


def measure(measures: t.Collection[str], rounds: int) -> dict[str, Figures]:
    """
    Run the scripts in turns and give, for each measure and variant, CPU seconds and ratio.

    The ratio is that of the smallest figures: what a machine adds on top is not the program's.
    A variant that cannot run, because its library is not there, is left out.

    :param measures: the keys of ``SCRIPTS`` to run
    :param rounds: how often to run each script
    """
    with running() as base, tempfile.TemporaryDirectory() as folder:
        variables = environment(folder)
        if any(measure.startswith("stored") for measure in measures):
            cpu_seconds(_STORE, variables, folder)
        scripts = {(BARE, BARE): "pass"}
        for name in measures:
            for variant, code in SCRIPTS[name].items():
                ready = code.replace("{base}", base)
                if output(ready, variables, folder) is not None:  # and fills the bytecode cache
                    scripts[name, variant] = ready
        seconds: dict[tuple[str, str], list[float]] = {key: [] for key in scripts}
        for _ in turns(rounds, SECONDS):
            for key, code in scripts.items():
                seconds[key].append(cpu_seconds(code, variables, folder))
    return {name: _figures(name, seconds) for name in measures}


def _figures(name: str, seconds: dict[tuple[str, str], list[float]]) -> Figures:
    own = {variant: runs for (measure, variant), runs in seconds.items() if measure == name}
    basis = own.get(_BASES[name], [float("nan")]) if name in _BASES else seconds[BARE, BARE]
    return {
        variant: {
            "ratio": min(runs) / min(basis),
            "milliseconds": min(runs) * 1000,
            "median milliseconds": statistics.median(runs) * 1000,
            "rounds": len(runs),
        }
        for variant, runs in own.items()
    }


def module_count(code: str) -> int | None:
    """
    How many modules are loaded after a script, those of the bare interpreter included.

    :param code: the script
    """
    with tempfile.TemporaryDirectory() as folder:
        counting = f"{code}\nimport sys; print(len(sys.modules))"
        counted = output(counting, environment(folder), folder)
    return None if counted is None else int(counted)
