"""
The page about notebooks, run by a kernel of Jupyter: what each cell shows, and what it does not.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

import pytest

from globus_core import AuthClient, TransferClient, UserApp
from globus_core.globus_app import GlobusAppConfig
from globus_core.login_flows import LocalServerLoginFlowManager
from globus_core.testing import HeadlessBrowser
from tests.docs.pages import blocks
from tests.integration.app.chromium import chromium

if t.TYPE_CHECKING:
    import pathlib

    from globus_core_sandbox import Sandbox

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

PAGE = "docs/guides/notebook.md"

_NAME = "<script>window.attacked = 1</script>"
_LABEL = "<img src=x onerror='window.attacked = 1'>"
#: cells that show names that somebody has given to attack whoever looks at them
_ATTACKED = [
    f"_ = transfer.operation_mkdir(LAPTOP, {'/' + _NAME.replace('/', '')!r})",
    "transfer.operation_ls(LAPTOP, '/')",
    f"attack = TransferData(LAPTOP, SERVER, label={_LABEL!r})\n"
    "attack.add_item('/measurements/', '/again/', recursive=True)\n"
    "attacked = transfer.wait_for_task(transfer.submit_transfer(attack)['task_id'])",
    "attacked",
    "transfer.task_list()",
]
#: cells with secrets; the last one keeps them where the test finds them
_SECRET = [
    "app.token_storage.get_token_data('auth.globus.org')",
    "app.token_storage.token_storage.get_token_data_by_resource_server()",
    "from globus_core import ConfidentialAppAuthClient",
    "own = ConfidentialAppAuthClient({client_id!r}, {client_secret!r})",
    "tokens = own.oauth2_client_credentials_tokens('openid')",
    "tokens",
    "tokens.by_resource_server",
    "tokens.by_resource_server['auth.globus.org']",
    "tokens.by_scopes",
    "own.oauth2_token_introspect(tokens['access_token'])",
    "stored = app.token_storage.token_storage.get_token_data_by_resource_server()\n"
    "with open('secrets', 'w') as file:\n"
    "    for each in stored.values():\n"
    "        print(each.access_token, file=file)\n"
    "    print(tokens['access_token'], file=file)",
]


class ByItself(LocalServerLoginFlowManager):
    """
    A login in a browser that nobody sees.
    """

    @classmethod
    def for_globus_app(cls, app_name: str, login_client: t.Any, config: t.Any) -> ByItself:
        """Make the manager of an app."""
        return cls(login_client, open_browser=HeadlessBrowser().open)


@dataclasses.dataclass
class Executed:
    """
    A notebook that a kernel has run.

    :param notebook: with its outputs
    :param secrets: what none of them may show
    """

    notebook: t.Any
    secrets: list[str]

    def shown(self, source: str) -> t.Any:
        """What the cell shows whose code ends with this, by type; the last that it has."""
        cell = next(each for each in self.notebook.cells if each.source.rstrip().endswith(source))
        return [each.data for each in cell.outputs if "data" in each][-1]

    def html(self, source: str) -> str:
        """The same as HTML."""
        return str(self.shown(source)["text/html"])


@pytest.fixture
def executed(
    globus_sandbox: Sandbox, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> Executed:
    """The page as a notebook of somebody who has logged in before, with further cells."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    for name, address in globus_sandbox.environment().items():
        monkeypatch.setenv(name, address)
    config = GlobusAppConfig(login_flow_manager=ByItself)
    with UserApp("notebook", client_id=globus_sandbox.native_client_id, config=config) as app:
        AuthClient(app=app)
        TransferClient(app=app)
        app.login()
    own = {
        "client_id": globus_sandbox.confidential_client_id,
        "client_secret": globus_sandbox.confidential_client_secret,
    }
    page = [block.text.rstrip() for block in blocks(PAGE) if block.language == "python"]
    codes = [*page, *_ATTACKED, *(code.format(**own) for code in _SECRET)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in codes])
    place = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=place).execute()
    secrets = (tmp_path / "secrets").read_text(encoding="utf-8").split()
    return Executed(notebook, secrets)


def test_cells_show_data_and_neither_secrets_nor_html_of_others(
    executed: Executed, tmp_path: pathlib.Path
) -> None:
    """
    Of apps, answers, identities, consents, transfers and tokens, in what a kernel gives; and in
    Chromium, on wide, narrow, light and dark pages.
    """
    app = executed.html("app.login()\napp")
    assert "UserApp &#x27;notebook&#x27;" in app
    assert "transfer.api.globus.org" in app
    assert "ada@example.org" in executed.html("auth.userinfo()")
    assert "Bo Lindqvist" in executed.html("people")
    assert "openid (consent" in executed.html("to_forest()")
    assert "task measurements: succeeded" in executed.html("shown.update(state)")
    assert 'aria-valuenow="100"' in executed.html("transfer.wait_for_task(task_id)")
    assert "<td" in executed.html("1.9}])")
    for cell in ("tokens", "tokens.by_scopes", "get_token_data('auth.globus.org')"):
        assert "auth.globus.org" in executed.html(cell)

    assert "&lt;script&gt;window.attacked" in executed.html("transfer.operation_ls(LAPTOP, '/')")
    assert "&lt;img src=x onerror" in executed.html("attacked")
    assert "&lt;img src=x onerror" in executed.html("transfer.task_list()")
    saved = str(executed.notebook.cells)
    every = [output for cell in executed.notebook.cells for output in cell.outputs]
    shown = [output.get("data", {}).get("text/html", "") for output in every]
    assert "<script" not in "".join(shown)
    assert "<img" not in "".join(shown)
    assert len(executed.secrets) == 3
    assert [secret for secret in executed.secrets if secret in saved] == []

    _look(executed.notebook, tmp_path)


#: what nbconvert would load from other servers: MathJax and such, on which pages wait
_FROM_ELSEWHERE = re.compile(
    r'<script[^>]*src="https:[^>]*>\s*</script>|<script type="module">.*?</script>', re.DOTALL
)


def _look(notebook: t.Any, folder: pathlib.Path) -> None:
    """Open it in Chromium: nothing of it runs, and no page gets wider than its window."""
    exporter = pytest.importorskip("nbconvert").HTMLExporter
    profile = folder / "profile"
    profile.mkdir()
    with chromium(profile) as browser:
        for theme in ("light", "dark"):
            page = folder / f"{theme}.html"
            text = exporter(theme=theme).from_notebook_node(notebook)[0]
            page.write_text(_FROM_ELSEWHERE.sub("", text), encoding="utf-8")
            for width in (1300, 500):
                browser.set_window_size(width, 900)
                browser.get(page.as_uri())
                seen = browser.execute_script(
                    "const shown = document.querySelectorAll('.globus-core td, .globus-core pre');"
                    "return [window.attacked, document.body.scrollWidth <= window.innerWidth,"
                    " [...shown].map(each => getComputedStyle(each).textAlign == 'right'"
                    "  && !each.className).includes(true), shown.length]"
                )
                assert seen[:3] == [None, True, False]
                assert seen[3] > 50
