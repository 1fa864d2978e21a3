"""
Change modules where it must not matter to nobody, and see whether their tests notice.

``python -m tests.mutation storage`` makes one change at a time: another operator, number, condition
or exception, a loop that does not run. It prints how many of these mutants the tests of that area
have killed, and the changes that survived all of them. Results are kept in ``.cache/mutants``.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import dataclasses
import difflib
import json
import pathlib
import queue
import sys
import tempfile
import typing as t

from tests.mutation.areas import AREAS, ROOT
from tests.mutation.candidates import Mutant, choose
from tests.mutation.runs import Copy, Reach

_RESULTS = ROOT / ".cache" / "mutants"

#: seconds that a run may take at least, and times of what its tests took unchanged
_LEAST, _TIMES = 30.0, 5.0


def say(text: str) -> None:
    """
    Show text at once.

    :param text: one or more lines
    """
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def verdict(copy: Copy, mutant: Mutant, reach: Reach) -> str:
    """
    How a mutant ended: as the run that killed it did, or ``survived``.

    :param copy: where to run the tests
    :param mutant: the change
    :param reach: which tests run which lines
    """
    tests = reach.tests(mutant.path, mutant.statement())
    seconds = sum(reach.seconds[test] for test in tests)
    if not tests:
        return "survived"
    with copy.changed(mutant.path, mutant.code()):
        ended = copy.run(tests, _LEAST + _TIMES * seconds)
    return "survived" if ended == "passed" else ended


def run_area(
    name: str, mutants: list[Mutant], workers: int, folder: pathlib.Path
) -> dict[Mutant, str]:
    """
    Run the tests of an area with each of its mutants.

    :param name: of the area
    :param mutants: the changes
    :param workers: how many at a time
    :param folder: an empty one, for copies of the project
    :return: how each ended
    """
    copies: queue.Queue[Copy] = queue.Queue()
    copies.put(first := Copy(folder / "0"))
    if first.run(AREAS[name].tests, None) != "passed":
        raise SystemExit((first.folder / "output").read_text(encoding="utf-8"))
    reach = first.reach()
    for number in range(1, workers):
        copies.put(Copy(folder / str(number), first.folder))

    def judge(mutant: Mutant) -> str:
        copy = copies.get()
        try:
            ended = verdict(copy, mutant, reach)
        finally:
            copies.put(copy)
        say(f"{ended:9} {mutant.path}:{mutant.line} {mutant.operator} {mutant.occurrence}")
        return ended

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        return dict(zip(mutants, pool.map(judge, mutants), strict=True))


def difference(mutant: Mutant) -> str:
    """
    The change as a diff.

    :param mutant: the change
    """
    lines = difflib.unified_diff(
        mutant.source().splitlines(), mutant.code().splitlines(), n=2, lineterm=""
    )
    return "\n".join([f"{mutant.path}: {mutant.operator}", *list(lines)[2:]])


def main(arguments: t.Sequence[str]) -> None:
    """
    Run the areas that the command line names.

    :param arguments: of the command line
    """
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="area", help=", ".join(AREAS))
    parser.add_argument("--count", type=int, default=200, help="of mutants of each area")
    parser.add_argument("--seed", type=int, default=24, help="of the random choice")
    parser.add_argument("--workers", type=int, default=2, help="runs at a time")
    parser.add_argument(
        "--again", action="store_true", help="only those that survived the last time"
    )
    options = parser.parse_args(arguments)
    _RESULTS.mkdir(parents=True, exist_ok=True)
    for name in options.areas or AREAS:
        kept = _RESULTS / f"{name}.json"
        if options.again:
            earlier = json.loads(kept.read_text(encoding="utf-8"))
            mutants = [Mutant(**each) for each, ended in earlier if ended == "survived"]
        else:
            mutants = choose(AREAS[name].modules(), options.count, options.seed)
        with tempfile.TemporaryDirectory() as folder:
            ended = run_area(name, mutants, options.workers, pathlib.Path(folder))
        kept.write_text(json.dumps([(dataclasses.asdict(m), how) for m, how in ended.items()]))
        for mutant in [mutant for mutant, how in ended.items() if how == "survived"]:
            say("\n" + difference(mutant))
        say(f"\n{name}: {len(ended)} mutants, {dict(collections.Counter(ended.values()))}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
