"""A module is about one thing, which can be read in one sitting."""

from __future__ import annotations

from tests.layout.house import KERNEL, PLUGINS, module_name

MOST_LINES = 400

#: modules that are longer, with the reason
LONG: dict[str, str] = {
    "globus_core.hookspecs": "every hook with its contract, to be read in one place"
}


def test_no_module_is_too_long_without_a_reason() -> None:
    """Either divide it, or say in the list why it is to stay in one piece."""
    assert set(_long_modules()) <= set(LONG), f"over {MOST_LINES} lines"


def test_the_list_of_long_modules_holds_no_others() -> None:
    """Who makes a module shorter takes it out of the list."""
    assert set(LONG) <= set(_long_modules())


def _long_modules() -> list[str]:
    return [
        module_name(path)
        for folder in (KERNEL, PLUGINS)
        for path in folder.rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    ]
