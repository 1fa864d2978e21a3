"""
Runs of pytest in copies of the project, each in a process of its own that ends in time.
"""

from __future__ import annotations

import collections
import contextlib
import importlib.util
import json
import multiprocessing
import os
import pathlib
import shutil
import signal
import sys
import typing as t

from tests.mutation.areas import ROOT

#: imported once, before a process is forked for a run; nothing of this project is among it
PRELOADED = [
    "tests.mutation.candidates",
    "_hypothesis_pytestplugin",
    "cryptography.hazmat.primitives.asymmetric.rsa",
    "flask",
    "hypothesis",
    "jwt",
    "pytest",
    "requests",
    "responses",
    "sqlite3",
    "xdist.plugin",
]

_LEFT_OUT = shutil.ignore_patterns(".*", "_build", "dist")
#: what runs while no test does, such as imports
_NO_TEST = ""
_STARTS = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn")
_OPTIONS = [
    "-x",
    "-q",
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
    "--timeout=0",
    "--assert=plain",
    "--hypothesis-seed=0",
]


class Copy:
    """
    A copy of the project to change, and runs of its tests.

    :param folder: where it is made; it must not exist
    :param original: what is copied
    """

    def __init__(self, folder: pathlib.Path, original: pathlib.Path = ROOT) -> None:
        self.folder = folder
        shutil.copytree(original, folder, ignore=_LEFT_OUT)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)

    @contextlib.contextmanager
    def changed(self, path: str, code: str) -> t.Iterator[None]:
        """
        Have other code in a module meanwhile.

        :param path: the module, below the root of the project
        :param code: what it holds
        """
        module = self.folder / path
        before = module.read_text(encoding="utf-8")
        compiled = pathlib.Path(importlib.util.cache_from_source(str(module)))
        compiled.unlink(missing_ok=True)
        module.write_text(code, encoding="utf-8")
        try:
            yield
        finally:
            module.write_text(before, encoding="utf-8")

    def run(self, tests: t.Sequence[str], limit: float | None) -> str:
        """
        Run tests until the first fails.

        :param tests: files, folders or ids of tests, in their order
        :param limit: seconds; None waits for however long they take
        :return: ``passed``, ``failed``, ``broken`` if pytest could not start them, ``timeout``, or
            ``crashed``
        """
        (self.folder / "chosen").write_text("\n".join(tests), encoding="utf-8")
        process = self._context.Process(target=_child, args=(str(self.folder), limit is None))
        process.start()
        process.join(limit)
        timed_out = process.exitcode is None
        with contextlib.suppress(ProcessLookupError):  # with whatever the tests left running
            os.killpg(t.cast("int", process.pid), signal.SIGKILL)
        process.join()
        if timed_out:
            return "timeout"
        return {0: "passed", 1: "failed"}.get(
            t.cast("int", process.exitcode), "broken" if (process.exitcode or 0) > 1 else "crashed"
        )

    def reach(self) -> Reach:
        """
        What the last run without a limit has measured.
        """
        measured = json.loads((self.folder / "reach").read_text(encoding="utf-8"))
        return Reach(measured["seconds"], measured["lines"], measured["processes"])


class Reach:
    """
    Which tests run which lines, and how long they take.

    :param seconds: for each test
    :param lines: for each module and line, the tests that run it
    :param processes: tests that start other processes, whose lines nobody has seen
    """

    def __init__(
        self,
        seconds: dict[str, float],
        lines: dict[str, dict[str, list[str]]],
        processes: t.Sequence[str],
    ) -> None:
        self.seconds = seconds
        self._lines = lines
        self._processes = processes

    def tests(self, path: str, lines: range | None) -> list[str]:
        """
        The tests that may notice a change of a statement, the likeliest and quickest first.

        :param path: the module, below the root of the project
        :param lines: of the statement; None for what runs at the import, on which all tests depend,
            as they do on what an import calls
        """
        of_module = self._lines.get(path, {})
        here = {test for line in lines or () for test in of_module.get(str(line), ())}
        possible = set(self.seconds)
        if lines is not None and _NO_TEST not in here:
            possible &= here | set(self._processes)
        return sorted(possible, key=lambda test: (test not in here, self.seconds[test]))


def _child(folder: str, measure: bool) -> None:
    """
    What the process of a run does.
    """
    os.setsid()
    os.chdir(folder)
    output = os.open("output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    paths = [folder, str(pathlib.Path(folder, "plugins"))]
    sys.path[:] = [*paths, *(path for path in sys.path if path not in ("", str(ROOT)))]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]  # the copy has its own
    import pytest

    plugins: list[object] = [_Measuring(folder)] if measure else []
    if not measure:
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    code = pytest.main([*_OPTIONS, "@chosen"], plugins=plugins)
    sys.stdout.flush()
    os._exit(int(code))


class _Measuring:
    """
    A plugin of pytest that writes down which test runs which lines.

    :param folder: of the copy
    """

    def __init__(self, folder: str) -> None:
        import coverage

        self.folder = pathlib.Path(folder)
        sources = [str(self.folder / name) for name in ("globus_core", "plugins")]
        self.coverage = coverage.Coverage(data_file=None, config_file=False, source=sources)
        self.seconds: dict[str, float] = collections.defaultdict(float)
        self.processes: dict[str, bool] = {}
        self.current = _NO_TEST
        sys.addaudithook(self.audit)
        self.coverage.start()

    def audit(self, event: str, _arguments: object) -> None:
        if event in _STARTS:
            self.processes[self.current] = True

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.current = nodeid
        self.coverage.switch_context(nodeid)

    def pytest_runtest_logfinish(self) -> None:
        self.current = _NO_TEST
        self.coverage.switch_context(_NO_TEST)

    def pytest_runtest_logreport(self, report: t.Any) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {
            str(pathlib.Path(path).relative_to(self.folder)): data.contexts_by_lineno(path)
            for path in data.measured_files()
        }
        measured = {"seconds": self.seconds, "lines": lines, "processes": [*self.processes]}
        (self.folder / "reach").write_text(json.dumps(measured), encoding="utf-8")
