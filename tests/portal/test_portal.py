"""
The portal of the guide for thousands of people, as its people and its operators see it.
"""

from __future__ import annotations

import threading
import typing as t

import pytest

from globus_core.testing import Sandbox
from globus_core.token_storage import TokenStorageData
from tests.portal.running import Browser, Portal

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

TRANSFER = "transfer.api.globus.org"
#: collections of the sandbox
LAPTOP = "a0c6f5e2-7d31-4b98-9f24-58e1b3d7c609"
SERVER = "f17e92b4-3c80-4d5a-86b1-c2d90a4e7f53"
PEOPLE = 50
#: how many requests of each person arrive at the same moment
REQUESTS = 3


def expire(portal: Portal) -> None:
    """Let all access tokens be those of the day before yesterday."""
    storage = portal.tokens
    for person in list(storage.namespaces()):
        theirs = storage.for_namespace(person)
        for server, data in theirs.get_token_data_by_resource_server().items():
            old = TokenStorageData(
                server,
                data.identity_id,
                data.scope,
                f"expired-{data.access_token}",
                data.refresh_token,
                1_700_000_000,
                data.token_type,
            )
            theirs.store_token_data_by_resource_server({server: old})


def secrets(portal: Portal) -> set[str]:
    """All tokens that are stored."""
    storage = portal.tokens
    found: set[str] = set()
    for person in storage.namespaces():
        stored = storage.for_namespace(person).get_token_data_by_resource_server()
        for data in stored.values():
            found |= {data.access_token, data.refresh_token or data.access_token}
    return found


def copy(browser: Browser, label: str) -> None:
    """Transfer a file with a task of that name."""
    form = {"source": LAPTOP, "destination": SERVER, "label": label}
    answer = browser.post("/copies", path="/~/a.txt", to="/~/b.txt", **form)
    assert answer.status_code == 201, answer.text


def test_a_person_logs_in_transfers_and_logs_out(portal: Portal, globus_sandbox: Sandbox) -> None:
    """The tokens are in the database while the person is logged in, and in no cookie."""
    ada = globus_sandbox.people[0]
    browser = Browser(portal)
    assert browser.tasks() == 401
    browser.log_in(ada.username)
    copy(browser, "of Ada")
    assert browser.tasks() == ["of Ada"]
    assert list(portal.tokens.namespaces()) == [ada.id]
    shown = secrets(portal)
    cookies = " ".join(str(cookie.value) for cookie in browser.session.cookies)
    assert not [secret for secret in shown if secret in cookies]

    elsewhere = Browser(portal)
    elsewhere.log_in(ada.username)
    assert elsewhere.tasks() == ["of Ada"]
    assert browser.post("/logout").status_code == 302
    assert list(portal.tokens.namespaces()) == []
    assert browser.tasks() == elsewhere.tasks() == 401


def test_two_people_in_one_browser_are_kept_apart(portal: Portal, globus_sandbox: Sandbox) -> None:
    """Also if both logins are under way at once, in two tabs, and after the logout of one."""
    ada, bob = globus_sandbox.people[0], globus_sandbox.people[2]
    browser = Browser(portal)
    browser.log_in(ada.username)
    copy(browser, "of Ada")
    adas, bobs = browser.start_login(ada.username), browser.start_login(bob.username)
    for callback, tasks in ((bobs, []), (adas, ["of Ada"])):
        assert browser.session.get(callback, allow_redirects=False, timeout=60).status_code == 302
        assert browser.tasks() == tasks
    browser.log_in(bob.username)
    assert browser.tasks() == []
    copy(browser, "of Bob")
    assert browser.tasks() == ["of Bob"]
    assert browser.post("/logout").status_code == 302
    assert browser.tasks() == 401
    assert list(portal.tokens.namespaces()) == [ada.id]
    assert Browser(portal).session.get(adas, timeout=60).status_code == 400


def test_a_login_that_was_revoked_is_asked_for_again(
    portal: Portal, globus_sandbox: Sandbox
) -> None:
    """Globus Auth refuses the refresh token, and the tokens are gone."""
    browser = Browser(portal)
    browser.log_in(globus_sandbox.people[0].username)
    expire(portal)
    globus_sandbox.fail("/v2/oauth2/token", status=400, body={"error": "invalid_grant"})
    assert browser.tasks() == 401
    assert browser.tasks() == 401
    assert "Traceback" not in portal.log()


def test_fifty_people_at_once_renew_once_each(portal: Portal, globus_sandbox: Sandbox) -> None:
    """Each sees their own tasks, in all of their requests, and no secret is in any log."""
    usernames = globus_sandbox.synthetic_usernames(PEOPLE)
    browsers = {username: Browser(portal) for username in usernames}
    _at_once([t.cast("t.Any", browser.log_in) for browser in browsers.values()], usernames)
    _at_once([copy] * PEOPLE, [(browsers[name], f"of {name}") for name in usernames])
    before = secrets(portal)
    expire(portal)
    sent = globus_sandbox.count(path="/v2/oauth2/token", method="POST")

    seen: dict[str, list[t.Any]] = {name: [] for name in usernames}

    def look(name: str) -> None:
        other = Browser(portal)  # a connection of its own, which any worker may accept
        other.session.cookies.update(browsers[name].session.cookies)
        seen[name].append(other.tasks())

    _at_once([look] * PEOPLE * REQUESTS, usernames * REQUESTS)
    assert seen == {name: [[f"of {name}"]] * REQUESTS for name in usernames}
    assert globus_sandbox.count(path="/v2/oauth2/token", method="POST") - sent == PEOPLE
    log = portal.log()
    client_secret = globus_sandbox.confidential_client_secret
    assert not [s for s in {*before, *secrets(portal), client_secret, "code="} if s in log]
    assert "Traceback" not in log
    assert "Warning" not in log


def _at_once(functions: t.Sequence[t.Callable[..., object]], arguments: t.Sequence[t.Any]) -> None:
    """Call each function with its arguments in a thread of its own, all at the same moment."""
    together = threading.Barrier(len(functions))
    failed: list[BaseException] = []

    def run(function: t.Callable[..., object], argument: t.Any) -> None:
        together.wait()
        try:
            function(*argument) if isinstance(argument, tuple) else function(argument)
        except BaseException as error:
            failed.append(error)

    threads = [
        threading.Thread(target=run, args=pair) for pair in zip(functions, arguments, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
