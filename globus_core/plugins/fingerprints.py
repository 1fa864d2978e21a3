"""
Fingerprints of the plugins in use, for caches of what they answered.
"""

from __future__ import annotations

from . import current_manager
from .hooks import answers, report_failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .manager import PluginManager

    Hooks = tuple[str, ...]

_kept: dict[tuple[Hooks, str], tuple[object, str]] = {}


def fingerprint_of(hooks: Hooks, stated: str) -> str:
    """
    See :func:`globus_core.compose.fingerprint`. Kept until plugins change.

    :param hooks: the names of the hooks whose answers are cached
    :param stated: the name of the hook by which a plugin states what else its answers depend on
    """
    generation, known = _kept.get((hooks, stated), (None, ""))
    if generation is current_manager.generation:
        return known
    generation, manager = current_manager.generation, current_manager.get_plugin_manager()
    labels = {one.record.label for hook in hooks for one in manager.implementations(hook)}
    known = _digest(manager, labels, stated) if labels else ""
    used = (*hooks, stated) if labels else hooks
    if all(map(manager.is_resolved, used)):
        _kept[hooks, stated] = (generation, known)
    return known


def _digest(manager: PluginManager, labels: set[str], stated: str) -> str:
    import hashlib

    statements = _statements(manager, stated)
    parts = []
    for record in manager.known():
        if record.label in labels:
            statement = statements.get(record.label)
            # what is registered by code and states something is taken at its word
            revision = record.revision if statement is None else record.version
            parts.append((record.label, revision, statement))
    return hashlib.sha256(repr(sorted(parts, key=repr)).encode()).hexdigest()[:16]


def _statements(manager: PluginManager, stated: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for record, value in answers(manager, stated, {}):
        if isinstance(value, str):
            found[record.label] = str.__str__(value)
        else:
            problem = f"a string was expected, not {type(value).__name__}"
            report_failure(manager, record, stated, problem)
    return found
