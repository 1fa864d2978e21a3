"""
The contract of what checks the tokens of a service's callers, as tests that authors of checkers,
and of caches for them, inherit.
"""

from __future__ import annotations

import threading
import time
import typing as t
from functools import partial
from types import SimpleNamespace

from ._processes import PATIENCE_SECONDS, in_threads, workers

Factory = t.Callable[..., t.Any]

SERVICE = "0f4a2c61-7be3-4d95-8a10-c6d27e5b93f8"
SCOPE = f"https://auth.globus.org/scopes/{SERVICE}/all"
ADA = "7a11c9d2-40be-4f1a-9c35-2b8e6d70f413"
TOKEN = "Ag" + "a" * 90


class IntrospectionStandIn:
    """
    Stands in for the ``ConfidentialAppAuthClient`` of a service, and for Globus Auth behind it.

    :param on_asked: called for each introspection, with the token, before it is answered
    :ivar asked: the tokens that were introspected, in order
    :ivar now: the time, in UTC epoch seconds, which only tests change
    """

    client_id = SERVICE
    base_url = "https://auth.example.org/"
    environment = None
    app_name = None

    def __init__(self, on_asked: t.Callable[[str], object] | None = None) -> None:
        from globus_core.transport import RetryConfig

        self.retry_config = RetryConfig()
        self.asked: list[str] = []
        self.now = float(int(time.time()))
        self._on_asked = on_asked
        self._facts: dict[str, dict[str, t.Any]] = {}
        # a list, since a checker may copy its client
        self._errors: list[Exception] = []

    def issue(self, token: str = TOKEN, **changes: t.Any) -> str:
        """
        Make a token valid for an hour, and return the header that has it.

        :param token: the token
        :param changes: facts that the introspection states otherwise
        """
        self._facts[token] = {
            "active": True,
            "sub": ADA,
            "username": "ada@example.org",
            "scope": SCOPE,
            "aud": [SERVICE],
            "exp": int(self.now) + 3600,
            **changes,
        }
        return f"Bearer {token}"

    def revoke(self, token: str = TOKEN) -> None:
        """
        Make a token unknown.

        :param token: the token
        """
        del self._facts[token]

    def go_down(self) -> None:
        """
        Refuse every connection from now on.
        """
        from globus_core.exc import NetworkError

        self._errors.append(NetworkError("connection refused", ConnectionError()))

    def oauth2_token_introspect(self, token: str, **options: t.Any) -> t.Any:
        """
        What Globus Auth says about a token, as ``data`` of the response.

        :param token: the token
        :param options: what else is asked, which changes nothing
        """
        self.asked.append(token)
        if self._on_asked is not None:
            self._on_asked(token)
        for error in self._errors:
            raise error
        return SimpleNamespace(data=dict(self._facts.get(token, {"active": False})))

    def oauth2_get_dependent_tokens(self, token: str, **options: t.Any) -> t.Any:
        """
        No service has consents here.

        :param token: the token
        :param options: what else is asked
        """
        raise NotImplementedError("these tests get no dependent tokens")


class CheckerContract:
    """
    Tests for anything that checks the tokens of a service's callers, and for caches of it. Subclass
    it in a test module and define the fixture ``checker_factory``: a function that is called with
    a client, ``scopes``, ``ttl``, ``refusal_ttl``, ``outage`` and ``clock``, and returns an object
    with ``check(authorization)``; all of one test share what they know if :attr:`shares` says so.
    For a cache it is, such as ``functools.partial(TokenChecker, cache="mine://place")``.

    :cvar shares: whether checkers share what they know about valid tokens
    """

    shares = False

    def checker(self, factory: Factory, auth: IntrospectionStandIn, **options: t.Any) -> t.Any:
        """
        A checker by the clock of the stand-in.

        :param factory: the fixture's function
        :param auth: stands in for Globus Auth
        :param options: further arguments of the function
        """
        defaults = {"ttl": 60.0, "refusal_ttl": 5.0, "outage": 300.0, "clock": lambda: auth.now}
        return factory(auth, scopes=SCOPE, **{**defaults, **options})

    def test_a_valid_token_has_a_caller(self, checker_factory: Factory) -> None:
        """Who it is, and when Globus Auth was asked; not the token."""
        auth = IntrospectionStandIn()
        header = auth.issue()

        caller = self.checker(checker_factory, auth).check(header)

        assert (caller.id, caller.username) == (ADA, "ada@example.org")
        assert caller.scopes == {SCOPE}
        assert (caller.checked_at, caller.expires_at) == (auth.now, auth.now + 3600)
        assert TOKEN not in repr(caller)

    def test_others_are_refused(self, checker_factory: Factory) -> None:
        """With an error that knows its response, 401 or 403, and nothing of the request in it."""
        auth = IntrospectionStandIn()
        checker = self.checker(checker_factory, auth)
        expected = {
            None: 401,
            "Basic YTpi": 401,
            "Bearer two words": 401,
            f"Bearer {TOKEN}\r\nX: y": 401,
            "Bearer made-up": 401,
            auth.issue("one-that-ended", exp=int(auth.now) - 1): 401,
            auth.issue("for-somebody-else", aud=["another"]): 401,
            auth.issue("one-to-refresh", exp=None): 401,
            auth.issue("for-openid-only", scope="openid"): 403,
        }

        for header, status in expected.items():
            error = refused(partial(checker.check, header))
            assert error.status == status, header
            assert error.headers["WWW-Authenticate"].startswith("Bearer ")
            response = f"{error.headers} {error.body.decode()}"
            assert header is None or header.partition(" ")[2] not in response

    def test_a_malformed_header_is_no_question(self, checker_factory: Factory) -> None:
        """Nor is one of a megabyte."""
        auth = IntrospectionStandIn()
        checker = self.checker(checker_factory, auth)

        for header in ("Bearer", "Bearer a,b", "Bearer k\xe4se", "Bearer " + "a" * 1_000_000):
            assert refused(partial(checker.check, header)).status == 401
        assert auth.asked == []

    def test_an_answer_counts_for_its_ttl(self, checker_factory: Factory) -> None:
        """So long, and no longer, a revoked token goes on."""
        auth = IntrospectionStandIn()
        header = auth.issue()
        checker = self.checker(checker_factory, auth)
        for _ in range(10):
            checker.check(header)
        assert len(auth.asked) == 1
        auth.revoke()

        auth.now += 59
        assert checker.check(header).checked_at == auth.now - 59
        auth.now += 1
        assert refused(lambda: checker.check(header)).status == 401

    def test_no_answer_outlives_the_token(self, checker_factory: Factory) -> None:
        """Whatever the ttl."""
        auth = IntrospectionStandIn()
        header = auth.issue(exp=int(auth.now) + 10)
        checker = self.checker(checker_factory, auth)
        checker.check(header)

        auth.now += 10
        assert refused(lambda: checker.check(header)).status == 401

    def test_a_refusal_counts_briefly(self, checker_factory: Factory) -> None:
        """So that a client that repeats itself is not asked about each time."""
        auth = IntrospectionStandIn()
        checker = self.checker(checker_factory, auth)
        for _ in range(5):
            refused(lambda: checker.check(f"Bearer {TOKEN}"))
        assert len(auth.asked) == 1

        auth.issue()
        auth.now += 5
        assert checker.check(f"Bearer {TOKEN}").id == ADA

    def test_tokens_that_begin_alike_are_not_confused(self, checker_factory: Factory) -> None:
        """Two that share their first 40 characters, one of them unknown."""
        auth = IntrospectionStandIn()
        header = auth.issue(TOKEN[:40] + "1" * 50)
        checker = self.checker(checker_factory, auth)

        for _ in range(2):
            assert checker.check(header).id == ADA
            refused(lambda: checker.check(f"Bearer {TOKEN[:40]}{'2' * 50}"))

    def test_known_callers_are_let_in_during_an_outage(self, checker_factory: Factory) -> None:
        """Within the bound; others get 503, and tokens that were refused stay out."""
        auth = IntrospectionStandIn()
        header, revoked = auth.issue(), auth.issue("revoked")
        checker = self.checker(checker_factory, auth)
        checker.check(header)
        checker.check(revoked)
        auth.revoke("revoked")
        auth.now += 60
        refused(lambda: checker.check(revoked))
        checker.check(header)
        auth.go_down()

        auth.now += 299
        assert checker.check(header).id == ADA
        assert refused(lambda: checker.check("Bearer unknown")).status == 503
        assert refused(lambda: checker.check(revoked)).status == 503
        auth.now += 1
        assert refused(lambda: checker.check(header)).status == 503

    def test_threads_ask_once(self, checker_factory: Factory) -> None:
        """All who have the same token at the same time get the one answer."""
        auth = IntrospectionStandIn()
        header = auth.issue()
        checker = self.checker(checker_factory, auth)

        in_threads(lambda number: checker.check(header), 32)

        assert len(auth.asked) == 1

    def test_checkers_share_valid_tokens_only(self, checker_factory: Factory) -> None:
        """An answer is as old for the second one; what is refused is no business of others."""
        if not self.shares:
            return
        auth = IntrospectionStandIn()
        header = auth.issue()
        one, two = (self.checker(checker_factory, auth) for _ in range(2))
        first = one.check(header)

        auth.now += 30
        second = two.check(header)
        assert len(auth.asked) == 1
        assert (second.checked_at, second.username) == (first.checked_at, first.username)
        refused(lambda: one.check("Bearer later"))
        later = auth.issue("later")
        assert two.check(later).id == ADA

    def test_a_revoked_token_is_forgotten_by_all(self, checker_factory: Factory) -> None:
        """So that no outage brings it back."""
        if not self.shares:
            return
        auth = IntrospectionStandIn()
        header = auth.issue()
        one, two = (self.checker(checker_factory, auth) for _ in range(2))
        one.check(header)
        auth.revoke()
        auth.now += 60
        refused(lambda: one.check(header))
        auth.go_down()

        assert refused(lambda: two.check(header)).status == 503


class SharedCheckerContract(CheckerContract):
    """
    Further tests for checkers that share what they know between processes.

    The fixture's function is passed to other processes, so it must be picklable.

    :cvar processes: the number of processes that check the same token
    :cvar asks_once: whether these ask once, even if they check it at the same time
    """

    shares = True
    asks_once = False
    processes = 3

    def test_processes_share_what_they_know(self, checker_factory: Factory) -> None:
        """Who comes later does not ask."""
        auth = IntrospectionStandIn()
        header = auth.issue()
        self.checker(checker_factory, auth).check(header)

        with workers(1, _check, checker_factory, None) as told:
            assert told.get(timeout=PATIENCE_SECONDS) == "calling"
            assert told.get(timeout=PATIENCE_SECONDS) == "ada@example.org"

    def test_processes_ask_once(self, checker_factory: Factory) -> None:
        """Those that check the same token at the same time wait for the one that asks."""
        if not self.asks_once:
            return
        import multiprocessing

        go_on = multiprocessing.get_context("spawn").Event()
        messages: list[str] = []
        with workers(self.processes, _check, checker_factory, go_on) as told:
            while len(messages) < 2 * self.processes + 1:
                messages.append(told.get(timeout=PATIENCE_SECONDS))
                if messages.count("calling") == self.processes and "asking" in messages:
                    go_on.set()

        assert messages.count("ada@example.org") == self.processes
        assert messages.count("asking") == 1


def refused(check: t.Callable[[], object]) -> t.Any:
    """
    The refusal that a check must raise.

    :param check: checks
    """
    from globus_core.resource_server import RefusedError

    try:
        check()
    except RefusedError as error:
        return error
    raise AssertionError("nobody was refused")


def _check(number: int, told: t.Any, factory: Factory, go_on: t.Any) -> None:
    sending = threading.Lock()

    def on_asked(token: str) -> None:
        with sending:
            told.send("asking")
        if go_on is not None:
            go_on.wait(PATIENCE_SECONDS)

    auth = IntrospectionStandIn(on_asked)
    header = auth.issue()
    checker = factory(auth, scopes=SCOPE)
    told.send("calling")
    told.send(checker.check(header).username)
