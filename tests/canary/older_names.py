"""
Scenarios: what is there for programs that were written for globus-sdk.
"""

from __future__ import annotations

import string
import threading
import typing as t
from http.client import HTTPConnection

from globus_core.login_flows import LocalServerLoginError
from globus_core.login_flows.local_server_login_flow_manager.local_server import (
    RedirectHandler,
    RedirectHTTPServer,
)

if t.TYPE_CHECKING:
    from tests.canary.watch import Watch


def redirect_server(watch: Watch) -> None:
    """The bare server for a redirect: a code, a refusal, and a connection that fails."""
    code = watch.secrets.make("a code for a bare server")
    page = string.Template("$login_result $post_login_message")
    with RedirectHTTPServer(("127.0.0.1", 0), RedirectHandler, page) as server:
        watch.text("a bare server", repr(server))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            for query in (f"code={code}", "error=no"):
                browser = HTTPConnection("127.0.0.1", server.server_port, timeout=30)
                browser.request("GET", f"/?{query}")
                watch.text("a page", browser.getresponse().read().decode())
                browser.close()
                outcome = server.wait_for_code()
                assert outcome == code or isinstance(outcome, LocalServerLoginError)
        finally:
            server.shutdown()
            thread.join()
        try:
            raise ConnectionResetError
        except ConnectionResetError:
            server.handle_error(None, None)
        assert isinstance(server.wait_for_code(), ConnectionResetError)


SCENARIOS = (redirect_server,)
