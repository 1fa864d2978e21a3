"""
What ``globus-core run`` gives a command, passes on to it, and leaves behind.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import typing as t

import pytest

from globus_core_jobs import find_leftovers
from tests.integration.app.helpers import GROUPS, TRANSFER, TRANSFER_ALL, stored, user_app
from tests.integration.jobs.jobs import MAIN, START, Clock, job, python

if t.TYPE_CHECKING:
    import pathlib

    from globus_core import UserApp
    from globus_core_sandbox import Sandbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="run passes signals on")

#: says which signals it gets until a line comes
LISTENER = """
import signal, sys
for number in (1, 2, 3, 10, 12, 15, 28, 34):
    signal.signal(number, lambda number, frame: print(number, flush=True))
print("ready", flush=True)
sys.stdin.readline()
sys.exit(9)
"""


def ended(clock: Clock, *arguments: str, **variables: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a run that ends by itself."""
    with job(clock, *arguments, **variables) as running:
        output, errors = running.process.communicate()
        return running.process.returncode, output, errors


# what the command gets


def test_the_file_is_private_and_has_access_tokens_only(app: UserApp, clock: Clock) -> None:
    """No refresh token, nothing for others, and no secret in the variables."""
    code = """
import json, os, stat
path = os.environ["GLOBUS_TOKENS_FILE"]
modes = [stat.S_IMODE(os.stat(p).st_mode) for p in (path, os.path.dirname(path))]
print(json.dumps([modes, json.load(open(path)), dict(os.environ)]))
"""
    status, output, errors = ended(clock, "--", *python(code))
    assert (status, errors) == (0, "")
    modes, tokens, environ = json.loads(output)
    assert modes == [0o600, 0o700]
    data = stored(app, TRANSFER)
    assert tokens[TRANSFER] == {
        "access_token": data.access_token,
        "token_type": "Bearer",
        "expires_at_seconds": data.expires_at_seconds,
        "scope": TRANSFER_ALL,
        "identity_id": data.identity_id,
    }
    secrets = [data.refresh_token, *(token["access_token"] for token in tokens.values())]
    assert not [secret for secret in secrets if secret in str(environ)]
    assert environ["GLOBUS_SDK_ENVIRONMENT"] == "production"


@pytest.mark.usefixtures("app")
def test_only_the_tokens_that_were_asked_for_are_given(clock: Clock) -> None:
    """By scope, by service, or both."""
    keys = python(
        "import json, os; print(sorted(json.load(open(os.environ['GLOBUS_TOKENS_FILE']))))"
    )
    for options, given in [
        (["--scope", TRANSFER_ALL], [TRANSFER]),
        (["--service", "groups"], [GROUPS]),
        (["--service", "groups", "--scope", TRANSFER_ALL], [GROUPS, TRANSFER]),
    ]:
        assert ended(clock, *options, "--", *keys) == (0, f"{given}\n", "")


def test_a_service_account_gives_its_tokens_and_not_its_secret(
    sandbox: Sandbox, clock: Clock
) -> None:
    """What the command may do ends with its tokens."""
    code = """
import json, os
print(sorted(json.load(open(os.environ["GLOBUS_TOKENS_FILE"]))))
print([name for name in os.environ if "SECRET" in name or name == "GLOBUS_TOKENS"])
"""
    account = {
        "GLOBUS_CLIENT_ID": sandbox.confidential_client_id,
        "GLOBUS_CLIENT_SECRET": sandbox.confidential_client_secret,
    }
    of_cli = {name.replace("GLOBUS_", "GLOBUS_CLI_"): value for name, value in account.items()}
    asked = ("--for", "120h", "--scope", TRANSFER_ALL, "--")
    for variables in (account, {**of_cli, "GLOBUS_CLIENT_ID": ""}):
        given = ended(clock, *asked, *python(code), **variables)
        assert given == (0, f"['{TRANSFER}']\n[]\n", "")
    status, output, errors = ended(clock, "--", *python(code), GLOBUS_CORE_NAMESPACE="x", **account)
    assert (status, output) == (4, "")
    assert "--scope or --service" in errors


def test_a_program_of_this_sdk_uses_the_tokens(app: UserApp, clock: Clock) -> None:
    """Also inside another run, which needs no login of its own."""
    code = """
from globus_core.globus_app import default_app
with default_app("job") as app:
    print(app, app.get_authorizer("transfer.api.globus.org").access_token)
"""
    inside = (*python(START + MAIN), "run", "--scope", TRANSFER_ALL, "--", *python(code))
    for command in (python(code), inside):
        status, output, errors = ended(clock, "--", *command)
        assert (status, errors) == (0, "")
        assert output.startswith("<TokenApp 'job'")
        assert output.endswith(f" {stored(app, TRANSFER).access_token}\n")


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "command",
    [
        ["jq", "-r", '."transfer.api.globus.org".access_token'],
        [
            "perl",
            "-MJSON::PP",
            "-0777",
            "-ne",
            "print decode_json($_)->{'transfer.api.globus.org'}{access_token}",
        ],
    ],
    ids=["jq", "perl"],
)
def test_other_languages_read_the_tokens(app: UserApp, clock: Clock, command: list[str]) -> None:
    """It is JSON, by resource server."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    line = 'exec "$@" "$GLOBUS_TOKENS_FILE"'
    status, output, _ = ended(clock, "--", "sh", "-c", line, "sh", *command)
    assert (status, output.strip()) == (0, stored(app, TRANSFER).access_token)


# before it starts


def test_a_login_that_is_too_short_starts_nothing(sandbox: Sandbox, clock: Clock) -> None:
    """Tokens that cannot be renewed are enough for a short command only."""
    with user_app(sandbox, storage="json", scopes={TRANSFER: TRANSFER_ALL}) as app:
        app.login()
    name = ("--app-name", "tests")
    assert ended(clock, *name, "--for", "2h", "--", "echo", "it") == (0, "it\n", "")
    status, output, errors = ended(clock, *name, "--for", "3d", "--", "echo", "it")
    assert (status, output) == (4, "")
    assert errors.startswith("Error: the login does not last long enough\n")
    assert f"  {TRANSFER}: too short, by access token, until " in errors


@pytest.mark.usefixtures("app")
def test_a_server_that_cannot_be_asked_is_no_lack_of_a_login(
    sandbox: Sandbox, clock: Clock
) -> None:
    """Nothing is started, with the exit code of a failure; a valid token is enough otherwise."""
    sandbox.fail(path="/v2/oauth2/token", status=403, times=100)
    status, output, errors = ended(clock, "--for", "120h", "--", "echo", "it")
    assert (status, output) == (1, "")
    assert "403" in errors
    assert ended(clock, "--for", "12h", "--", "echo", "it") == (0, "it\n", "")


@pytest.mark.usefixtures("app")
def test_a_passing_trouble_of_the_server_does_not_end_a_job(sandbox: Sandbox, clock: Clock) -> None:
    """Whether the login lasts is tried again, a few times."""
    pauses = "from globus_core_jobs import lasting; lasting.PAUSES = (0.01, 0.02, 0.03)"
    told = "trying again in 0.01 s\n"
    for status, times, code in [(503, 1, 0), (503, 100, 1), (400, 1, 1)]:
        sandbox.fail(path="/v2/oauth2/token", status=status, times=times)
        with job(clock, "--for", "120h", "--", "echo", "it", settings=pauses) as running:
            ended, errors = running.end()
        assert (ended, told in errors) == (code, status == 503)
        sandbox.clear_faults()


@pytest.mark.usefixtures("sandbox")
def test_without_a_login_nothing_is_started(clock: Clock) -> None:
    """And nobody is asked for one where nobody is."""
    for needs in ([], ["--scope", TRANSFER_ALL], ["--service", "transfer"]):
        status, output, errors = ended(clock, *needs, "--", "echo", "it")
        assert (status, output) == (4, "")
        assert errors.startswith("Error: ")


@pytest.mark.usefixtures("app")
def test_a_command_that_cannot_be_started_has_the_codes_of_a_shell(
    clock: Clock, runs: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    """127 if there is none, 126 if it cannot be run."""
    text = tmp_path / "text"
    text.write_text("no program")
    for command, code in [("no-such-command", 127), (str(tmp_path), 126), (str(text), 126)]:
        status, output, errors = ended(clock, "--", command)
        assert (status, output) == (code, "")
        assert errors.startswith(f"globus-core: cannot run '{command}': ")
        assert list(runs.iterdir()) == []


# signals and exit codes


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "system",
    ["", "import signal; signal.__dict__.pop('sigwaitinfo', None)"],
    ids=["senders known", "senders not known"],
)
def test_signals_are_passed_on_and_the_exit_code_comes_back(
    clock: Clock, runs: pathlib.Path, system: str
) -> None:
    """Each once, whatever the command does with it; the file is removed when it ends."""
    with job(clock, "--", *python(LISTENER), settings=f"{system}\n") as running:
        assert running.line() == "ready"
        for number in (1, 2, 3, 10, 12, 15, 28, 34):
            running.process.send_signal(number)
            assert running.line() == str(number)
        assert len(list(runs.iterdir())) == 1
        running.go()
        assert running.end() == (9, "")
    assert list(runs.iterdir()) == []


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGKILL, 137), (signal.SIGINT, -signal.SIGINT)],
)
def test_the_signal_that_ends_a_command_is_seen(
    clock: Clock, runs: pathlib.Path, number: int, code: int
) -> None:
    """As a shell shows it; after an interrupt the script around it ends as well."""
    ends = f"import os, signal; signal.signal(2, signal.SIG_DFL); os.kill(os.getpid(), {number})"
    assert ended(clock, "--", *python(ends)) == (code, "", "")
    assert list(runs.iterdir()) == []


@pytest.mark.usefixtures("app")
def test_a_command_has_the_usual_signals(clock: Clock) -> None:
    """None is blocked, and none is ignored that Python ignores for itself."""
    code = """
import signal
print([int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])])
ignored = open("/proc/self/status").read().split("SigIgn:")[1].split()[0]
print(hex(int(ignored, 16) & 0x7FFFFFFF))  # without the two that glibc keeps for itself
"""
    if not os.path.exists("/proc/self/status"):
        pytest.skip("there is no /proc")
    here = subprocess.run([*python(code)], capture_output=True, text=True, check=True).stdout
    assert ended(clock, "--", *python(code)) == (0, here, "")


# leftovers


@pytest.mark.usefixtures("app")
def test_what_a_killed_run_has_left_is_removed_by_the_next_one(
    clock: Clock, runs: pathlib.Path
) -> None:
    """Which says so; what belongs to a run that lives is left alone."""
    with job(clock, "--", *python(LISTENER)) as alive, job(clock, "--", *python(LISTENER)) as dead:
        assert (alive.line(), dead.line()) == ("ready", "ready")
        (folder,) = runs.iterdir()
        assert len(list(folder.iterdir())) == 2
        assert find_leftovers() == []
        dead.process.kill()
        dead.process.wait()
        (left,) = find_leftovers()
        assert left.pid == dead.process.pid
        assert ended(clock, "--", "echo", "it") == (
            0,
            "it\n",
            f"globus-core: removed the tokens of a run that was killed (process {left.pid})\n",
        )
        assert len(list(folder.iterdir())) == 1
        alive.go()
        assert alive.end() == (9, "")
        dead.go()
    assert list(runs.iterdir()) == []


@pytest.mark.usefixtures("app")
def test_tokens_in_memory_are_gone_with_a_killed_run(clock: Clock, runs: pathlib.Path) -> None:
    """The kernel frees them."""
    code = "import os\nprint(os.environ['GLOBUS_TOKENS_FILE'], flush=True)\ninput()"
    with job(clock, "--memory", "--", *python(code)) as running:
        path = running.line()
        if not path.startswith("/proc/"):
            pytest.skip(f"no files in memory here: {running.end()}")
        assert stored_in(path) == ["auth.globus.org", GROUPS, TRANSFER]
        running.process.kill()
        running.process.wait()
        assert not os.path.exists(path)
        running.go()
    assert list(runs.iterdir()) == []


def stored_in(path: str) -> list[str]:
    """The resource servers of a file with tokens."""
    with open(path, encoding="utf-8") as file:
        return sorted(json.load(file))
