"""
How long it takes to find plugins among 500 installed distributions, in fresh processes.
"""

from __future__ import annotations

import pathlib
import statistics
import tempfile

from ._processes import environment, output
from ._turns import turns

Figures = dict[str, dict[str, float]]

DISTRIBUTIONS = 500
#: after this no further round begins
SECONDS = 15

# The group has nobody in it, so that neither side imports a plugin.
SCRIPTS = {
    "pluggy": """
import pluggy, importlib.metadata, time
manager = pluggy.PluginManager("globus_core")
began = time.perf_counter()
manager.load_setuptools_entrypoints("globus_core.nobody")
print(time.perf_counter() - began)
""",
    "globus-core": """
import globus_core.plugins.discovery, time
began = time.perf_counter()
globus_core.plugins.discovery.scan()
print(time.perf_counter() - began)
""",
}


def install_fakes(folder: str, count: int) -> None:
    """
    Lay down the metadata of distributions, of which two in five have entry points.

    :param folder: where ``sys.path`` will find them
    :param count: how many
    """
    for number in range(count):
        info = pathlib.Path(folder, f"fake_distribution_{number}-1.{number}.dist-info")
        info.mkdir()
        name = f"Metadata-Version: 2.1\nName: fake-distribution-{number}\nVersion: 1.{number}\n"
        (info / "METADATA").write_text(f"{name}\n{'A distribution that does nothing. ' * 100}\n")
        (info / "RECORD").write_text(f"fake_{number}/__init__.py,,\n" * 20)
        if number % 5 < 2:
            (info / "entry_points.txt").write_text(
                f"[console_scripts]\nfake-{number} = fake_{number}.cli:main\n\n"
                f"[fake.plugins]\nfake = fake_{number}.plugin\n"
            )


def measure(rounds: int, *, quick: bool = False) -> Figures:
    """
    Find plugins among the distributions, each time in a fresh process, the variants in turns.

    :param rounds: how many processes for each variant
    :param quick: have a few distributions only
    """
    seconds: dict[str, list[float]] = {variant: [] for variant in SCRIPTS}
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        install_fakes(folder, 5 if quick else DISTRIBUTIONS)
        variables = environment(home, PYTHONPATH=folder)
        for code in SCRIPTS.values():
            output(code, variables, home)  # fills the bytecode cache and the disk's
        for _ in turns(rounds, SECONDS):
            for variant, code in SCRIPTS.items():
                seconds[variant].append(float(output(code, variables, home) or "nan"))
    return milliseconds(seconds)


def milliseconds(seconds: dict[str, list[float]]) -> Figures:
    """
    The figures of variants of which none is 1.

    :param seconds: variant -> how long each of its processes took
    """
    return {
        variant: {
            "ratio": statistics.median(runs) * 1000,
            "milliseconds": statistics.median(runs) * 1000,
            "least milliseconds": min(runs) * 1000,
            "rounds": len(runs),
        }
        for variant, runs in seconds.items()
    }
