"""
Which mutants there are, and a random choice of them.
"""

from __future__ import annotations

import ast
import dataclasses
import pathlib
import random
import typing as t

from cosmic_ray.commands.init import _all_work_items
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

from tests.mutation.areas import ROOT


@dataclasses.dataclass(frozen=True)
class Mutant:
    """
    One change of one module.

    :ivar path: the module, below the root of the project
    :ivar operator: what cosmic-ray calls the change
    :ivar occurrence: which of the places for this change, from 0
    :ivar line: the line it changes, from 1
    """

    path: str
    operator: str
    occurrence: int
    line: int

    def code(self) -> str:
        """
        The changed module.
        """
        operator = get_operator(self.operator)()
        return t.cast("str", mutate_code(self.source(), operator, self.occurrence))

    def source(self) -> str:
        """
        The module as it is.
        """
        return (ROOT / self.path).read_text(encoding="utf-8")

    def matters(self) -> bool:
        """
        Whether the change is valid Python and more than one of annotations.
        """
        try:
            return _what_runs(self.code()) != _what_runs(self.source())
        except (SyntaxError, AttributeError):  # cosmic-ray cannot replace dotted exceptions
            return False

    def statement(self) -> range | None:
        """
        The lines of the statement it changes, without those inside; None for what runs at the
        import.
        """
        tree = ast.parse(self.source())
        functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
        inside = {
            node
            for function in ast.walk(tree)
            if isinstance(function, functions)
            for node in ast.walk(function)
            if node is not function
        }
        around = [
            _own_lines(node)
            for node in inside
            if isinstance(node, (ast.stmt, ast.excepthandler)) and self.line in _own_lines(node)
        ]
        return min(around, key=len) if around else None


def choose(modules: t.Sequence[str], count: int, seed: int) -> list[Mutant]:
    """
    Mutants that matter, at random, but the same ones for the same seed and code.

    :param modules: paths below the root of the project
    :param count: how many at most
    :param seed: of the random choice
    """
    found = [
        Mutant(path, change.operator_name, change.occurrence, change.start_pos[0])
        for path in modules
        for item in _all_work_items([pathlib.Path(ROOT / path)], {})
        for change in item.mutations
    ]
    random.Random(seed).shuffle(found)
    chosen: list[Mutant] = []
    for mutant in found:
        if len(chosen) == count:
            break
        if mutant.matters():
            chosen.append(mutant)
    return chosen


def _own_lines(node: ast.stmt | ast.excepthandler) -> range:
    body: list[ast.stmt] = getattr(node, "body", [])
    end = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
    return range(node.lineno, max(end, node.lineno + 1))


class _Stripped(ast.NodeTransformer):
    """
    Takes out what does not run: annotations, and what only type checkers read.
    """

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return ast.Pass()
        assign = ast.Assign(targets=[node.target], value=node.value)
        return self.visit_Assign(ast.copy_location(assign, node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        if "TYPE_CHECKING" in [
            target.id for target in node.targets if isinstance(target, ast.Name)
        ]:
            return ast.Pass()
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return ast.Pass() if "TYPE_CHECKING" in ast.dump(node.test) else self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        if any("overload" in ast.dump(decorator) for decorator in node.decorator_list):
            return ast.Pass()
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)


def _what_runs(code: str) -> str:
    return ast.dump(_Stripped().visit(ast.parse(code)))
