"""
What a check of ``globus-core doctor`` reports to.
"""

from __future__ import annotations

import threading

from globus_core.printable import one_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

    from globus_core.exc import GlobusError
    from globus_core.globus_app import GlobusApp

    from .examined import Examined

    State = t.Literal["ok", "note", "skipped", "problem"]

#: of one check
_MOST_FINDINGS = 100
_LONGEST_READ = 4000
_TOO_LONG = (
    "what it waits for does not answer: a server, a name server or a network disk; "
    "allow more with --deadline"
)


class Finding:
    """
    One line of the report.

    :param state: ``ok``, ``note``, ``skipped`` (it could not be tried) or ``problem``
    :param text: what was found
    :param advice: what to do, or None
    """

    __slots__ = ("advice", "state", "text")

    def __init__(self, state: State, text: str, advice: str | None = None) -> None:
        self.state = state
        self.text = text
        self.advice = advice


def in_two(message: str) -> tuple[str, str]:
    """
    What a message says, and what it says to do, which in ours stands behind a semicolon.

    :param message: the message of an error or a warning
    """
    what, _, to_do = message.partition("; ")
    return what, to_do or "correct what is named here"


class DoctorReport:
    """
    What one check of ``globus-core doctor`` has found, and what it may use.

    Each method adds a line. Nothing secret belongs there, since people paste the report into
    tickets; what looks like a credential is removed. What comes after the check's deadline is left
    out.

    :param examined: what all checks share
    """

    def __init__(self, examined: Examined) -> None:
        self._examined = examined
        self._findings: list[Finding] = []
        self._doing: str | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def offline(self) -> bool:
        """Whether the check must not use the network."""
        return self._examined.offline

    @property
    def unreachable(self) -> bool:
        """Whether Globus Auth has been tried in vain."""
        return self._examined.unreachable

    @unreachable.setter
    def unreachable(self, value: bool) -> None:
        self._examined.unreachable = value

    @property
    def client_id(self) -> str | None:
        """The client id that was given as an option or in ``GLOBUS_CLIENT_ID``, or None."""
        return self._examined.client_id

    @property
    def environment(self) -> str | None:
        """The name of the Globus environment that was given, or None."""
        return self._examined.environment

    def app(self) -> GlobusApp:
        """
        The app that the command's options name, made once for all checks.

        :raises GlobusError: if it cannot be made
        """
        return self._examined.app()

    def ok(self, text: object) -> None:
        """
        Report what is as it should be.

        :param text: one line
        """
        self._add("ok", text)

    def note(self, text: object, advice: object = None) -> None:
        """
        Report what is worth knowing, but no fault.

        :param text: one line
        :param advice: what to do if it is not wanted; None for nothing
        """
        self._add("note", text, advice)

    def skip(self, text: object) -> None:
        """
        Report what could not be tried.

        :param text: what, and why, in one line
        """
        self._add("skipped", text)

    def problem(self, text: object, advice: object) -> None:
        """
        Report a fault; the command then ends with exit code 1.

        :param text: what is wrong, in one line
        :param advice: what to do, in one line
        """
        self._add("problem", text, advice)

    def problem_of(self, error: GlobusError) -> None:
        """
        Report an error as a fault, with its own advice.

        :param error: the error
        """
        if error.advice is None:
            self.problem(*in_two(str(error)))
        else:
            self.problem(error, error.advice)

    def doing(self, what: str) -> None:
        """
        Say what is done now, for the case that it takes too long.

        :param what: as it stands after "while": ``connecting to example.org``
        """
        self._doing = what

    def hide(self, *values: str | None) -> None:
        """
        Leave values out of all lines that follow, also of other checks.

        :param values: secrets; None is ignored
        """
        self._examined.hidden.add(*values)

    def close(self, given_up_after: float | None = None) -> list[Finding]:
        """
        Accept nothing more, and return what was found; called by the command.

        :param given_up_after: the seconds after which the check is not waited for any longer; None
            if it has ended
        """
        if given_up_after is not None:
            doing = f" while {self._doing}" if self._doing else ""
            self.problem(f"no result within {given_up_after:g} seconds{doing}", _TOO_LONG)
        with self._lock:
            self._closed = True
            return self._findings

    def _add(self, state: State, text: object, advice: object = None) -> None:
        if self._closed or len(self._findings) >= _MOST_FINDINGS:
            return
        finding = Finding(state, self._line(text), None if advice is None else self._line(advice))
        with self._lock:
            if not self._closed:
                self._findings.append(finding)

    def _line(self, text: object) -> str:
        # what is looked through is longer than what is shown, so that no half of a secret is
        return one_line(self._examined.hidden.without(str(text)[:_LONGEST_READ]))
