"""
``globus-core doctor`` as a whole: against the sandbox, without a network, and with secrets in every
place that it looks at.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import time
import typing as t

import pytest
from click.testing import Result

from globus_core import hookimpl
from globus_core.plugins import PluginManager
from globus_core.testing import Sandbox
from globus_core.testing.sandbox import ClientSeed, Seeds
from globus_core.token_storage import JSONTokenStorage, TokenStorageData
from globus_core_cli.group import cli
from globus_core_doctor.checks import registered_client
from tests.commands import separate_runner
from tests.unit.cli.commands import run

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from globus_core.cli import DoctorReport

CHECKS = [
    "python",
    "packages",
    "plugins",
    "variables",
    "token files",
    "credentials",
    "storage",
    "locks",
    "network",
    "tokens",
    "client",
]
SECRET = "zQ8-never-to-be-shown-"


def doctor(*arguments: str, **variables: str) -> Result:
    """Run the command in this process."""
    line = ["doctor", *arguments]
    return separate_runner().invoke(cli, line, prog_name="globus-core", env=variables)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox of this test."""
    with Sandbox() as running:
        yield running


def states_of(result: Result) -> dict[str, set[str]]:
    """The states of each check, from the JSON."""
    document = json.loads(result.stdout)
    return {each["name"]: {f["state"] for f in each["findings"]} for each in document["checks"]}


def test_all_is_well_with_a_client_of_the_sandbox(sandbox: Sandbox) -> None:
    """Exit code 0; the client and both redirect URIs of a login are accepted."""
    result = doctor("--client-id", sandbox.native_client_id, **sandbox.environment())

    assert result.exit_code == 0, result.stdout
    assert result.stdout.splitlines()[-1] == "no problems found"
    assert "is registered, as one without a secret (native)" in result.stdout
    assert result.stdout.count("is accepted") == 2
    assert result.stderr == ""


def test_a_client_that_is_not_registered_is_a_problem(sandbox: Sandbox) -> None:
    """Exit code 1, and where ids are."""
    unknown = "00000000-0000-4000-8000-000000000000"
    result = doctor("--client-id", unknown, **sandbox.environment())

    assert result.exit_code == 1
    assert f"does not know the client {unknown}" in result.stdout
    assert "1 problem found" in result.stdout


SECRET = "c2VjcmV0IG9mIGEgY2xpZW50LCBtYWRlIHVwIGhlcmU="


@pytest.mark.parametrize(
    ("client_id", "told"),
    [
        ("6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f", "it has 31 hexadecimal digits and an id has 32"),
        ("6a1f3c529d844e0bb7a62c58e910d3f8", "written as 6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f8"),
        ("{6A1F3C52-9D84-4E0B-B7A6-2C58E910D3F8}", "as 6a1f3c52-9d84-4e0b-b7a6-2c58e910d3f8"),
        ("my app", "an id looks like 6a1f3c52-"),
        ("<your client id>", "an id looks like 6a1f3c52-"),
        (SECRET, "it has 44 characters and an id has 36; it may be a secret"),
    ],
)
def test_a_mistyped_client_id_gets_one_line(sandbox: Sandbox, client_id: str, told: str) -> None:
    """That says what is wrong with it; also without a network, where it is no more than a note."""
    result = doctor("--client-id", client_id, **sandbox.environment())
    offline = doctor("--client-id", client_id, "--offline", **sandbox.environment())

    assert result.exit_code == 1
    assert "1 problem found" in result.stdout
    assert "mistyped: " in result.stdout
    assert told in result.stdout
    assert "copy the client's UUID from https://app.globus.org/settings/developers" in result.stdout
    assert offline.exit_code == 0
    assert told in offline.stdout
    assert SECRET not in result.stdout + offline.stdout


def test_the_client_of_the_sandbox_is_known_elsewhere(sandbox: Sandbox) -> None:
    """Examples that are run without the sandbox meet a server that does not know it."""
    assert sandbox.native_client_id == registered_client._OF_THE_SANDBOX
    with Sandbox(seeds=Seeds(clients=())) as other:
        result = doctor("--client-id", sandbox.native_client_id, **other.environment())

    assert result.exit_code == 1
    assert "is that of the sandbox, which http://127.0.0.1:" in result.stdout
    assert "copy the 'export' lines that 'globus-core sandbox' prints" in result.stdout


@pytest.mark.parametrize(("loopback", "states"), [(True, {"ok"}), (False, {"ok", "problem"})])
def test_redirect_uris_of_a_client_are_tried(loopback: bool, states: set[str]) -> None:
    """It is a problem if none of those is registered that logins here use."""
    client = ClientSeed(
        id="00000000-0000-4000-8000-000000000000",
        name="thick",
        project=None,
        redirect_uris=("https://example.org/callback",),
        loopback_redirects=loopback,
    )
    with Sandbox(seeds=Seeds(clients=(client,))) as sandbox:
        result = doctor("--client-id", client.id, "--json", **sandbox.environment())

    assert states_of(result)["client"] == states


def test_a_client_with_a_secret_is_told_from_a_native_one(sandbox: Sandbox) -> None:
    """It cannot log people in from a terminal."""
    result = doctor("--client-id", sandbox.confidential_client_id, **sandbox.environment())

    assert result.exit_code == 1
    assert "is registered, but not as a native one" in result.stdout


@pytest.mark.parametrize("right", [True, False])
def test_the_secret_of_a_client_is_tried(sandbox: Sandbox, right: bool) -> None:
    """No token is requested for it."""
    secret = sandbox.confidential_client_secret if right else "something-else"
    result = doctor(
        GLOBUS_CLIENT_ID=sandbox.confidential_client_id,
        GLOBUS_CLIENT_SECRET=secret,
        **sandbox.environment(),
    )

    assert result.exit_code == (0 if right else 1), result.stdout
    assert ("and its secret" if right else "does not accept the client") in result.stdout
    assert secret not in result.stdout
    assert sandbox.count(path="/v2/oauth2/token") == 0


def test_a_login_that_ended_at_the_server_is_a_problem(sandbox: Sandbox) -> None:
    """The stored token looks fresh, and Globus Auth refuses it."""
    storage = JSONTokenStorage("~/tokens.json", namespace=f"DEFAULT@{sandbox.url.rstrip('/')}")
    store(storage, access_token="token-of-yesterday")
    result = doctor(
        "--client-id",
        sandbox.native_client_id,
        GLOBUS_CORE_TOKEN_STORAGE="json:~/tokens.json",
        **sandbox.environment(),
    )

    assert result.exit_code == 1
    assert "Globus Auth does not accept the login" in result.stdout


def store(storage: JSONTokenStorage, access_token: str, refresh: str | None = None) -> None:
    """Store a token for Globus Auth."""
    data = TokenStorageData(
        resource_server="auth.globus.org",
        identity_id=None,
        scope="openid",
        access_token=access_token,
        refresh_token=refresh,
        expires_at_seconds=int(time.time()) + 86400,
        token_type="Bearer",
    )
    storage.store_token_data_by_resource_server({"auth.globus.org": data})


def test_json_has_all_checks_in_order() -> None:
    """Each with its plugin, its time and its findings."""
    result = doctor("--offline", "--json")
    document = json.loads(result.stdout)

    assert result.exit_code == 0
    own = [each["name"] for each in document["checks"] if each["plugin"].startswith("doctor@")]
    assert own == CHECKS
    assert set(document) == {"version", "problems", "checks"}
    assert set(document["checks"][0]) == {"name", "plugin", "seconds", "findings"}
    assert set(document["checks"][0]["findings"][0]) == {"state", "text", "advice"}
    assert document["problems"] == 0


def test_without_a_client_id_what_needs_none_is_looked_at() -> None:
    """The rest says so; that is no problem."""
    states = states_of(doctor("--offline", "--json"))

    assert {name for name in CHECKS if states[name] == {"skipped"}} == {
        *("storage", "locks", "network", "tokens", "client")
    }


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "vault://vault.example.org"])
def test_offline_a_storage_on_the_network_is_not_asked(url: str) -> None:
    """Neither for tokens nor for locks."""
    client_id = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"
    result = doctor("--offline", "--json", "--client-id", client_id, "--token-storage", url)
    states = states_of(result)

    assert result.exit_code == 0
    assert states["storage"] == states["locks"] == states["tokens"] == {"skipped"}


@pytest.mark.parametrize("seconds", ["nan", "0", "-1", "inf", "soon"])
def test_a_deadline_is_a_number_of_seconds(seconds: str) -> None:
    """Anything else is wrong usage."""
    assert doctor("--offline", "--deadline", seconds).exit_code == 2


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GLOBUS_CORE_TOKEN_STORAGE", "vault"),
        ("GLOBUS_CORE_LOGIN_FLOW", "carrier-pigeon"),
        ("GLOBUS_SDK_ENVIRONMENT", "nowhere"),
        ("GLOBUS_SDK_HTTP_TIMEOUT", "soon"),
        ("GLOBUS_CORE_NAMESPACE", "a/../b\n"),
    ],
)
def test_a_wrong_setting_is_a_finding_and_not_the_end(variable: str, value: str) -> None:
    """Other commands refuse to start; this one is for finding out why."""
    variables = {"GLOBUS_CLIENT_ID": "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02", variable: value}
    result = doctor("--offline", **variables)

    assert result.exit_code == 1, result.stdout
    assert "PROBLEM" in result.stdout
    assert result.stdout.splitlines()[0] == "python"
    assert "Traceback" not in result.stdout + result.stderr


def test_a_check_of_a_plugin_is_part_of_the_report(globus_plugins: PluginManager) -> None:
    """After the others, with the name of the plugin."""

    class Campus:
        @hookimpl
        def globus_doctor_checks(self) -> dict[str, t.Any]:
            def vpn(report: DoctorReport) -> None:
                report.problem("the VPN is down", "run 'campus-vpn start'")

            return {"campus VPN": vpn}

    globus_plugins.register(Campus(), "campus")
    result = doctor("--offline")

    assert result.exit_code == 1
    assert result.stdout.splitlines()[-4:-1] == [
        "campus VPN (campus@code)",
        "  PROBLEM   the VPN is down",
        "            -> run 'campus-vpn start'",
    ]
    assert result.stdout.splitlines()[-1].startswith("1 problem found, ")


def test_a_plugin_that_cannot_be_imported_is_a_problem(tmp_path: pathlib.Path) -> None:
    """It is named with its distribution, and how to do without it."""
    (tmp_path / "campus_broken.py").write_text("import no_such_module_anywhere\n")
    info = tmp_path / "campus_broken-2.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: campus-broken\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text("[globus_core.plugins]\ncampus = campus_broken\n")
    ended = run("doctor", "--offline", path=tmp_path)

    assert ended.returncode == 1
    assert "campus@campus-broken 2.5 is not in use: importing" in ended.stdout
    assert "GLOBUS_CORE_PLUGINS_BLOCKED=campus" in ended.stdout


@pytest.mark.parametrize("plugin", ["app", "auth", "errors"])
def test_without_a_plugin_what_needs_it_is_not_tried(
    globus_plugins: PluginManager, plugin: str
) -> None:
    """A plugin that was left out on purpose is no problem."""
    globus_plugins.set_blocked(plugin)
    client_id = "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"
    result = doctor("--offline", "--client-id", client_id)

    assert result.exit_code == 0, result.stdout
    assert f"{plugin}@globus-core" in result.stdout


def test_nothing_secret_is_in_the_report(
    globus_plugins: PluginManager, sandbox: Sandbox, tmp_path: pathlib.Path
) -> None:
    """Secrets are in all variables, in the storage, in a proxy's URL, and in what a plugin says."""
    used: list[str] = []

    def secret(name: str) -> str:
        used.append(f"{SECRET}{name}-{len(used)}")
        return used[-1]

    class Talkative:
        @hookimpl
        def globus_doctor_checks(self) -> dict[str, t.Any]:
            def tells(report: DoctorReport) -> None:
                report.hide(secret("hidden"))
                report.note(used[-1], f"token={secret('named')}")
                for value in os.environ.values():
                    report.note(value)
                raise RuntimeError(f"Bearer {secret('bearer')}9")

            return {"talkative": tells}

    globus_plugins.register(Talkative(), "talkative")
    file = tmp_path / "tokens.json"
    storage = JSONTokenStorage(file, namespace=f"DEFAULT@{sandbox.url.rstrip('/')}")
    store(storage, secret("access"), secret("refresh"))
    variables = {
        **sandbox.environment(),
        "GLOBUS_CORE_TOKEN_STORAGE": f"json:{file}",
        "GLOBUS_CLIENT_ID": sandbox.native_client_id,
        "GLOBUS_TOKENS": "",
        "GLOBUS_CLI_CLIENT_SECRET": secret("cli"),
        "GLOBUS_COMPUTE_CLIENT_SECRET": secret("compute"),
        "GLOBUS_SOMETHING_ELSE": secret("else"),
        "GLOBUS_CORE_REDIS_URL": f"redis://ada:{secret('redis')}@127.0.0.1:1/0",
        "GLOBUS_CORE_IDENTITY_CACHE": f"redis://:{secret('cache')}@127.0.0.1:1/0?x={secret('query')}",
        "GLOBUS_SDK_SERVICE_URL_SEARCH": f"http://ada:{secret('url')}@127.0.0.1:1/",
        "HTTPS_PROXY": f"http://ada:{secret('proxy')}@127.0.0.1:1",
        "http_proxy": f"ada:{secret('bare')}@127.0.0.1:1",
        "ALL_PROXY": f"socks5://{secret('user')}@127.0.0.1:1",
        "MY_API_KEY": secret("key"),
        "AWS_SECRET_ACCESS_KEY": "/" + secret("aws"),
    }
    shown = ""
    for options in ([], ["--json"], ["--offline"]):
        result = doctor(*options, **variables)
        shown += result.stdout + result.stderr
        variables["GLOBUS_TOKENS"] = json.dumps({"auth.globus.org": secret("given")})

    assert "talkative" in shown
    assert [line for line in shown.splitlines() if SECRET in line] == []


def test_a_secret_of_a_job_is_in_no_line(sandbox: Sandbox) -> None:
    """Also not where the server repeats what it was sent."""
    for name in ("GLOBUS_CLIENT_SECRET", "GLOBUS_TOKENS"):
        result = doctor(
            GLOBUS_CLIENT_ID=sandbox.confidential_client_id,
            **{name: f"{SECRET}of-a-job"},
            **sandbox.environment(),
        )
        assert SECRET not in result.stdout + result.stderr


@pytest.mark.parametrize("home", [None, ""])
def test_without_a_home_there_is_a_report(home: str | None) -> None:
    """As in some containers; that the home is unknown is the finding."""
    variables = {"GLOBUS_CLIENT_ID": "5a2d8c14-7e39-4b16-a2f8-1c9e0d6b3f02"}
    environment = {**os.environ, **variables}
    environment.pop("HOME", None)
    if home is not None:
        environment["HOME"] = home
    from tests.unit.cli.commands import START

    ended = subprocess.run(
        [os.sys.executable, "-c", START, "doctor", "--offline"],  # type: ignore[attr-defined]
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in ended.stderr
    assert ended.returncode == (0 if home is None else 1), ended.stdout
