from __future__ import annotations

import pickle
import subprocess
import sys
import warnings

import pytest

from globus_core import exc
from globus_core.token_storage.validating_token_storage import (
    ExpiredTokenError,
    IdentityMismatchError,
    UnmetScopeRequirementsError,
)

SECOND_BASES = {
    "GlobusSDKUsageError": ValueError,
    "NotPicklableError": TypeError,
    "ValidationError": ValueError,
    "PluginUnavailableError": ImportError,
    "StorageLockTimeoutError": TimeoutError,
    "RenewalLockTimeoutError": exc.RenewalError,
    "RenewalError": ValueError,
    "LoginTimeoutError": TimeoutError,
    "IDTokenError": ValueError,
}

FIRST_BASES = {
    "GlobusSDKUsageError": "GlobusError",
    "NotPicklableError": "GlobusSDKUsageError",
    "ValidationError": "GlobusError",
    "PluginError": "GlobusError",
    "PluginUnavailableError": "PluginError",
    "StorageError": "GlobusError",
    "StorageLockTimeoutError": "StorageError",
    "RenewalLockTimeoutError": "StorageLockTimeoutError",
    "LoginFlowError": "GlobusError",
    "LoginDeniedError": "LoginFlowError",
    "StateMismatchError": "LoginFlowError",
    "LoginTimeoutError": "LoginFlowError",
    "LoginRequiredError": "GlobusError",
    "IDTokenError": "GlobusError",
    "RenewalError": "GlobusError",
    "NetworkError": "GlobusError",
    "GlobusConnectionError": "NetworkError",
    "GlobusTimeoutError": "NetworkError",
    "GlobusConnectionTimeoutError": "GlobusTimeoutError",
    "GlobusAPIError": "GlobusError",
}


@pytest.mark.parametrize(("name", "base"), FIRST_BASES.items())
def test_each_exception_stands_where_the_tree_says(name: str, base: str) -> None:
    """The tree in the docstring is the tree in the code."""
    error_class = getattr(exc, name)

    assert error_class.__bases__[0] is getattr(exc, base)
    assert name in (exc.__doc__ or "")


@pytest.mark.parametrize(("name", "base"), SECOND_BASES.items())
def test_second_bases_can_be_caught(name: str, base: type[Exception]) -> None:
    """Errors which Python has a word for are caught by that word too."""
    error_class = getattr(exc, name)

    with pytest.raises(base):
        raise error_class("no good")


def test_no_exception_of_the_package_is_missing_in_the_tree() -> None:
    """Whoever adds an exception writes it into the tree."""
    public = {name: getattr(exc, name) for name in exc.__getattr__("__all__")}
    errors = {
        name
        for name, value in public.items()
        if isinstance(value, type) and issubclass(value, exc.GlobusError)
    }

    assert errors - {"GlobusError"} == set(FIRST_BASES)


@pytest.mark.parametrize(
    "error",
    [
        exc.GlobusError("a"),
        exc.PluginUnavailableError("a"),
        exc.StorageLockTimeoutError("a"),
        exc.LoginDeniedError("a", error="access_denied", error_description="b"),
        exc.LoginRequiredError("a", command="globus-core login"),
        exc.IDTokenError("a", claim="exp", reason="expired"),
        ExpiredTokenError(1_700_000_000),
        IdentityMismatchError("a", "one", "two"),
        UnmetScopeRequirementsError("a", {"r": []}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_pickling(error: exc.GlobusError) -> None:
    """An error that crosses a process border keeps its text and its attributes."""
    copy = pickle.loads(pickle.dumps(error))

    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_the_name_of_what_cannot_be_imported_survives_pickling() -> None:
    """ImportError keeps it in a place of its own."""
    copy = pickle.loads(pickle.dumps(exc.PluginUnavailableError("a", name="b")))

    assert (str(copy), copy.name) == ("a", "b")


def test_explain_adds_the_advice_to_the_message() -> None:
    """Every error can say what to do next, if anything is known."""
    assert exc.GlobusError("it broke").explain() == "it broke"
    assert exc.GlobusError().explain() == "GlobusError"
    assert exc.StateMismatchError("wrong state").explain().startswith("wrong state\nWhat to do: ")


def test_warn_deprecated_blames_the_line_asked_for() -> None:
    """A stack level of 2 is the line that calls the function."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exc.warn_deprecated("use the other one")

    assert caught[0].category is exc.RemovedInV5Warning
    assert caught[0].filename == __file__


def test_importing_the_package_stays_light() -> None:
    """Names of exceptions cost neither requests nor regular expressions."""
    heavy = {"requests", "urllib3", "json", "logging", "typing", "pluggy", "inspect"}
    code = (
        f"import sys; sys.path[:0] = {[p for p in sys.path if p]!r}; before = set(sys.modules)\n"
        "from globus_core.exc import GlobusAPIError, ValidationError, NetworkError, ErrorFacts\n"
        "from globus_core.gare import GARE\n"
        f"print(sorted((set(sys.modules) - before) & {heavy!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, timeout=60
    )

    assert (done.stdout.strip(), done.stderr) == ("[]", "")
