"""
Credentials from a place that a plugin knows, through the hook ``globus_credential_sources``.
"""

from __future__ import annotations

from globus_core import compose, hookspecs
from globus_core.exc import GlobusError

from ._credential_files import UnusableSecretError, one_line
from ._preset_tokens import check_tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_SHAPES = "must return None, {'tokens': ...} or {'client_id': ..., 'client_secret': ...}"


def from_plugin(name: str, *, client_id: str | None) -> dict[str, t.Any] | None:
    """
    What a plugin's source has; None if it has nothing.

    :param name: the source's name
    :param client_id: the client id that is known without it, or None
    :raises UnusableSecretError: if it fails, or returns something else; its error is reported
    """
    problem = "failed"
    try:
        find = compose.select(hookspecs.globus_credential_sources, name, what="credential source")
        found = find(client_id=client_id)
    except GlobusError as error:
        problem = f"failed: {error}"
    except BaseException as error:  # the function is the plugin's
        compose.raise_interrupt(error)
        problem = f"failed with {type(error).__name__}"  # the message might hold a secret
    else:
        return None if found is None else _checked(found)
    raise UnusableSecretError(problem)


def _checked(found: t.Any) -> dict[str, t.Any]:
    if not isinstance(found, dict):
        raise UnusableSecretError(f"{_SHAPES}, not {type(found).__name__}")
    if set(found) == {"tokens"} and isinstance(found["tokens"], dict):
        check_tokens(found["tokens"])
        return found
    if set(found) == {"client_id", "client_secret"} and all(
        isinstance(value, str) for value in found.values()
    ):
        return {key: one_line(value) for key, value in found.items()}
    raise UnusableSecretError(_SHAPES)
