"""
``python -m globus_core``, which is the command ``globus-core``.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing as t

_SCRIPT = "globus-core"


def main() -> t.NoReturn:
    """
    Run the command as its script does, whichever distribution installs that.
    """
    from importlib.metadata import entry_points

    for script in entry_points(group="console_scripts", name=_SCRIPT):
        raise SystemExit(script.load()())
    sys.exit(f"the command {_SCRIPT} is not installed")


if __name__ == "__main__":
    main()
