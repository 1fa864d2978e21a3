"""
The root of the exception tree, and the classes that depend on nothing else.

This module imports only what is loaded anyway, so that every part of the kernel can import it
cheaply.
"""

from __future__ import annotations

import sys


class GlobusError(Exception):
    """
    Root of every error that this SDK and its plugins raise on purpose.

    ``advice`` says what a person can do next, or is None. It can be set on a class for all of its
    errors, or on one instance.
    """

    advice: str | None = None

    def __str__(self) -> str:
        # What servers say is in many messages, and terminals obey escape sequences.
        from globus_core.printable import printable

        return printable(super().__str__())

    def __repr__(self) -> str:
        from globus_core.printable import LONGEST_SENTENCE, quoted

        shown = ", ".join(quoted(argument, LONGEST_SENTENCE) for argument in self.args)
        return f"{type(self).__name__}({shown})"

    def explain(self) -> str:
        """
        What happened and what to do next, in plain words, in one or more lines.
        """
        from globus_core.printable import printable

        what = str(self) or type(self).__name__
        return printable(f"{what}\nWhat to do: {self.advice}.") if self.advice else what

    @property
    def __notes__(self) -> list[str]:
        # Tracebacks end with the notes (from Python 3.11), and add_note() appends to this list.
        if "_notes" not in vars(self):
            from globus_core.printable import one_line

            advice = self.advice
            vars(self)["_notes"] = [one_line(f"What to do: {advice}.")] if advice else []
        notes: list[str] = vars(self)["_notes"]
        return notes

    if sys.version_info < (3, 11):  # whose tracebacks show no notes

        def __init_subclass__(cls, **kwargs: object) -> None:
            super().__init_subclass__(**kwargs)
            _show_notes(cls)

    def __reduce__(self) -> tuple[object, ...]:
        # Not through the constructor, whose parameters differ from args.
        return _revive, (type(self), self.args, dict(vars(self)))


if sys.version_info < (3, 11):
    from ._notes_in_text import show_notes as _show_notes

    _show_notes(GlobusError)


def _revive(
    error_class: type[GlobusError], args: tuple[object, ...], state: dict[str, object]
) -> GlobusError:
    error = error_class.__new__(error_class, *args)
    error.args = args
    vars(error).update(state)
    return error


class GlobusSDKUsageError(GlobusError, ValueError):
    """
    The SDK was called in a way that cannot work.
    """


class NotPicklableError(GlobusSDKUsageError, TypeError):
    """
    An object holds a token or another secret and cannot be pickled; the message says what to create
    in the other process instead.
    """


class ValidationError(GlobusError, ValueError):
    """
    A value or a document is not valid; the message names the field.
    """


class PluginError(GlobusError):
    """
    A plugin could not be loaded, conflicts with another, or broke its contract.
    """


class PluginUnavailableError(PluginError, ImportError):
    """
    A name that a plugin should provide is not available; the message says why and what to do.
    """

    # which takes the module's name along, as no other attribute of ours is kept
    __reduce__ = ImportError.__reduce__  # type: ignore[assignment]


class StorageError(GlobusError):
    """
    A token storage failed to read, write or remove tokens.
    """


class StorageLockTimeoutError(StorageError, TimeoutError):
    """
    A lock of a token storage was not free in time; the message names the time.
    """


class LoginFlowError(GlobusError):
    """
    A login did not finish.
    """


class LoginDeniedError(LoginFlowError):
    """
    Globus Auth sent the person back without a code (RFC 6749 section 4.1.2.1).

    :param message: what happened, in one sentence
    :param error: the error code of the callback, such as ``access_denied``
    :param error_description: the text that came with the code; None if there was none
    """

    advice = "start the login again, and allow the requested access"

    def __init__(
        self,
        message: str,
        *,
        error: str | None = None,
        error_description: str | None = None,
    ) -> None:
        super().__init__(message)
        self.error = error
        self.error_description = error_description


class StateMismatchError(LoginFlowError):
    """
    A callback does not belong to the login that is waiting for it (RFC 6749 section 10.12).
    """

    advice = "start the login again, and finish it in the browser window that it opens"


class LoginTimeoutError(LoginFlowError, TimeoutError):
    """
    A login was not finished in time; the message names the time.
    """

    advice = "start the login again, or allow more time for it"


class LoginRequiredError(GlobusError):
    """
    A login is required, but no one can be prompted here.

    :param message: what is missing, in one sentence, with the command to run
    :param command: only the command, for programs that show it in their own way; None if there is
        none
    """

    def __init__(self, message: str, *, command: str | None = None) -> None:
        super().__init__(message)
        self.command = command


class IDTokenError(GlobusError, ValueError):
    """
    An ID token is not valid (OpenID Connect Core section 3.1.3.7).

    :param message: what is wrong, in one sentence
    :param claim: the claim that failed, such as ``exp``; None if the whole token did
    :param reason: a short word for the failure, such as ``expired``; None if there is none
    """

    def __init__(
        self,
        message: str,
        *,
        claim: str | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.claim = claim
        self.reason = reason


class RenewalError(GlobusError, ValueError):
    """
    A token could not be renewed for a local reason, such as a renewal that was started inside a
    renewal of the same token.
    """


class RenewalLockTimeoutError(StorageLockTimeoutError, RenewalError):
    """
    Another renewal of the same token, perhaps in another process or on another host, did not finish
    in time.
    """


class RemovedInV5Warning(DeprecationWarning):
    """
    Something that a program uses will be removed in the next major version.
    """


def warn_deprecated(message: str, stacklevel: int = 2) -> None:
    """
    Warn that something will be removed in the next major version.

    :param message: what is deprecated and what to use instead
    :param stacklevel: which caller the warning points to; 2 is the caller of this function, 3 the
        caller of that one
    """
    import warnings

    warnings.warn(message, RemovedInV5Warning, stacklevel=stacklevel)
