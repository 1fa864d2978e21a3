"""
What is mutated, and the tests that have to notice.
"""

from __future__ import annotations

import dataclasses
import pathlib

ROOT = pathlib.Path(__file__).parents[2]


@dataclasses.dataclass(frozen=True)
class Area:
    """
    Modules that do one thing, with their own tests.

    :ivar sources: patterns of the modules, below the root of the project
    :ivar tests: files and folders for pytest
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]

    def modules(self) -> list[str]:
        """
        The modules, in order, as paths below the root.
        """
        found = {path for pattern in self.sources for path in ROOT.glob(pattern)}
        return sorted(str(path.relative_to(ROOT)) for path in found)


AREAS = {
    "storage": Area(
        ("globus_core/token_storage/**/*.py", "plugins/globus_core_storage/*.py"),
        (
            "tests/unit/token_storage",
            "tests/unit/storage",
            "tests/unit/cli/test_stored_token.py",
            "tests/integration/storage",
        ),
    ),
    "renewal": Area(
        ("globus_core/authorizers/*.py", "globus_core/leases.py"),
        (
            "tests/unit/authorizers",
            "tests/unit/auth/test_renewal_answers.py",
            "tests/integration/transport/test_leases.py",
        ),
    ),
    "id-token": Area(
        (
            "plugins/globus_core_auth/id_token.py",
            "plugins/globus_core_auth/_claims.py",
            "plugins/globus_core_auth/key_store.py",
        ),
        (
            "tests/unit/auth/test_id_token.py",
            "tests/unit/auth/test_id_token_claims.py",
            "tests/unit/auth/test_id_token_properties.py",
            "tests/unit/auth/test_key_store.py",
            "tests/unit/auth/test_extension_points.py",
            "tests/unit/auth/test_keys_and_algorithms.py",
        ),
    ),
    "plugins": Area(("globus_core/plugins/*.py",), ("tests/unit/plugins",)),
}
