"""
What type checkers say of the code on the pages, and what an editor offers to complete.
"""

from __future__ import annotations

import json
import pathlib
import re
import subprocess
import sys
import typing as t

import pytest

from tests.docs.pages import PAGES, files, programs

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

_ERROR = re.compile(r"^\s*(?:\S*[/\\])?(\w+)\.py:(\d+)(?::\d+)?(?::| -) error.*", re.MULTILINE)
_CHECKERS = {
    "mypy": ("mypy", "--cache-dir=.mypy_cache", f"--python-executable={sys.executable}"),
    "pyright": ("pyright", "--project", "."),
}
_VENV = pathlib.Path(sys.prefix)
_PYRIGHT = {
    "venvPath": str(_VENV.parent),
    "venv": _VENV.name,
    # an error that a page provokes is there when the next block shows it
    "reportPossiblyUnboundVariable": "none",
}

_CAPABILITIES = {"workspace": {"workspaceFolders": True}}

_MISSPELT = """\
from globus_core import AuthClient, ConfidentialAppAuthClient, GroupsClient, TransferClient
from globus_core.paging import Paginator

auth, transfer = AuthClient(), TransferClient()
me = auth.userinfo()
reveal_type(me["preferred_username"])
reveal_type(me.data["sub"])
me["prefered_username"]  # wrong
me.get("emial")  # wrong
me.data["subject"]  # wrong
for identity in auth.get_identities(usernames="ada@example.org"):
    identity["organisation"]  # wrong
auth.get_identities(ids="x")["identity"]  # wrong
for consent in auth.get_consents():
    consent["scopename"]  # wrong
for project in auth.get_projects():
    project["contact"]  # wrong
client = ConfidentialAppAuthClient("client", "secret")
client.oauth2_token_introspect("token")["user_name"]  # wrong
tokens = client.oauth2_client_credentials_tokens("openid")
tokens.by_resource_server["auth.globus.org"]["expires_in"]  # wrong
tokens.by_scopes["openid"]["acess_token"]  # wrong
tokens["acess_token"]  # wrong
transfer.get_task("task")["state"]  # wrong
for task in transfer.task_list():
    reveal_type(task["bytes_transferred"])
    task["byte_transferred"]  # wrong
for task in Paginator.wrap(transfer.task_list)(limit=100).items():
    task["byte_transferred"]  # wrong
for file in transfer.operation_ls("collection"):
    file["last_modifed"]  # wrong
transfer.operation_ls("collection")["data"]  # wrong
for endpoint in transfer.endpoint_search("lab"):
    endpoint["displayname"]  # wrong
transfer.get_endpoint("collection")["displayname"]  # wrong
transfer.wait_for_task("task").task["state"]  # wrong
groups = GroupsClient()
for group in groups.get_my_groups():
    group["title"]  # wrong
groups.get_my_groups()[0]["title"]  # wrong
groups.get_group("group")["title"]  # wrong
"""


def configure(folder: pathlib.Path) -> None:
    """Let pyright, as a checker or as a language server, find what is installed here."""
    (folder / "pyrightconfig.json").write_text(json.dumps(_PYRIGHT), encoding="utf-8")


def checked(checker: str, folder: pathlib.Path) -> str:
    """What a type checker says of the programs in a folder."""
    configure(folder)
    done = subprocess.run(
        [sys.executable, "-m", *_CHECKERS[checker], "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("checker", _CHECKERS)
def test_the_code_on_the_pages_has_no_type_errors(checker: str, tmp_path: pathlib.Path) -> None:
    """Each page is one program, with the modules of its own that it imports."""
    for page in PAGES:
        text = "\n".join(block.text for block in programs(page))
        name = re.sub(r"\W", "_", page.removesuffix(".md").lower())
        (tmp_path / f"page_{name}.py").write_text(text, encoding="utf-8")
        for block in files(page):
            if re.search(
                rf"^(?:from|import) {block.value.removesuffix('.py')}\b", text, re.MULTILINE
            ):
                (tmp_path / block.value).write_text(block.text, encoding="utf-8")

    assert len(list(tmp_path.glob("page_*.py"))) > 20
    said = checked(checker, tmp_path)
    assert [match[0].strip() for match in _ERROR.finditer(said)] == []


@pytest.mark.parametrize("checker", _CHECKERS)
def test_a_misspelt_field_is_found(checker: str, tmp_path: pathlib.Path) -> None:
    """Of a response, of its data and of the elements of a list; and nothing else is."""
    (tmp_path / "program.py").write_text(_MISSPELT, encoding="utf-8")
    wrong = [n for n, line in enumerate(_MISSPELT.splitlines(), 1) if "# wrong" in line]

    said = checked(checker, tmp_path)

    assert sorted({int(match[2]) for match in _ERROR.finditer(said)}) == wrong
    revealed = re.findall(r'(?:Revealed type is|is) "(?:builtins\.)?(\w+)"', said)
    assert revealed == ["str", "str", "int"]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ('auth.userinfo()["', "preferred_username"),
        ('auth.userinfo().data["', "identity_set"),
        ('TransferClient().get_task("x")["', "bytes_transferred"),
        ('next(iter(TransferClient().task_list()))["', "nice_status"),
    ],
)
def test_an_editor_completes_fields(line: str, offered: str, tmp_path: pathlib.Path) -> None:
    """As pyright's language server has it, on which Pylance and others are built."""
    program = f"from globus_core import AuthClient, TransferClient\n\nauth = AuthClient()\n{line}"

    labels = [item.strip("'\"") for item in completions(program, tmp_path)]

    assert offered in labels


def completions(program: str, folder: pathlib.Path) -> list[str]:
    """What the language server offers at the end of a program."""
    configure(folder)
    path = folder / "program.py"
    path.write_text(program, encoding="utf-8")
    uri, last = path.as_uri(), program.splitlines()[-1]
    document = {"uri": uri, "languageId": "python", "version": 1, "text": program}
    place = {"line": program.count("\n"), "character": len(last)}
    with subprocess.Popen(
        [sys.executable, "-m", "pyright.langserver", "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder,
    ) as server:
        speak = Speaker(server)
        workspace = [{"uri": folder.as_uri(), "name": "workspace"}]
        speak.request(
            "initialize", processId=None, workspaceFolders=workspace, capabilities=_CAPABILITIES
        )
        speak.tell("initialized")
        speak.tell("textDocument/didOpen", textDocument=document)
        found = speak.request("textDocument/completion", textDocument={"uri": uri}, position=place)
        speak.request("shutdown")
        speak.tell("exit")
    return [item["label"] for item in found["items"]]


class Speaker:
    """
    Speaks the Language Server Protocol with a process.
    """

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        assert server.stdin is not None
        assert server.stdout is not None
        self._to, self._from = server.stdin, server.stdout
        self._last = 0

    def request(self, method: str, **params: t.Any) -> t.Any:
        """Ask, and wait for the answer; what the server asks meanwhile gets an empty one."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._last and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            if "id" in message:
                self._send({"id": message["id"], "result": None})

    def tell(self, method: str, **params: t.Any) -> None:
        """Say something that is not answered."""
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, t.Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._to.flush()

    def _read(self) -> dict[str, t.Any]:
        length = 0
        while line := self._from.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return t.cast("dict[str, t.Any]", json.loads(self._from.read(length)))
