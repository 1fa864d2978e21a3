"""
The stubs of ``globus_core.aio``, made from the signatures of the synchronous classes.

Each public class that is awaited has a class in the stub of its plugin, with the same methods and
parameters. What a method returns is what :func:`globus_core.aio.wrap` makes of it.
"""

from __future__ import annotations

import ast
import functools
import inspect
import pathlib
import textwrap
import types
import typing as t

import globus_core
from globus_core.paging import Paginator
from globus_core.paging.table import find_paging
from globus_core_async.liveness import is_facade_class
from tests.layout.annotations import Names, Place, alias_value, source_of, tree, value_at
from tests.layout.house import KERNEL, PLUGINS, stub_names

FOLDER = PLUGINS / "globus_core_async" / "awaited"
#: data that the rule for facades takes for something that is awaited, since it is made with an id
_DATA = ("Consent", "PaginatorTable", "RequestCallerInfo", "RedirectHTTPServer")
_SHAPES = "globus_core_async.awaited.shapes"
_ITERATORS = ("Iterator", "Iterable", "Generator")
_MANAGERS = ("AbstractContextManager", "ContextManager")
_HOMES = {
    "Self": "typing_extensions",
    **dict.fromkeys(("AsyncIterator", "Callable", "Coroutine"), "collections.abc"),
}
_PAGE = ("globus_core.paging.base", "PageT")
_KEPT = ("__contains__", "__getitem__", "__len__", "__bool__", "__str__")
_HEADER = """\
# mypy: disable-error-code="assignment,override,misc"
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false
"""


@functools.cache
def awaited_classes() -> dict[str, type]:
    """
    The public classes of ``globus_core`` that are awaited, by name.
    """
    found = {}
    for name in sorted(stub_names(KERNEL / "__init__.pyi") - set(_DATA)):
        value = getattr(globus_core, name)
        if isinstance(value, type) and is_facade_class(value):
            found[name] = value
    return found


def stub_of(cls: type) -> str:
    """
    The name of the stub of a class: that of its plugin.

    :param cls: the synchronous class
    """
    package = cls.__module__.partition(".")[0]
    return package.removeprefix("globus_core").strip("_") or "kernel"


def stubs() -> dict[pathlib.Path, str]:
    """
    The text of each stub, before it is formatted.
    """
    by_stub: dict[str, list[type]] = {}
    for cls in awaited_classes().values():
        by_stub.setdefault(stub_of(cls), []).append(cls)
    return {FOLDER / f"{name}.pyi": _Stub(classes).text() for name, classes in by_stub.items()}


def bases_of(cls: type) -> list[type]:
    """
    The awaited classes from which an awaited class is derived.

    :param cls: the synchronous class
    """
    awaited = awaited_classes().values()
    for base in cls.__mro__[1:]:
        if base in awaited:
            return [base]
    return []


def members_of(cls: type) -> dict[str, tuple[type, t.Any]]:
    """
    The members that a class has of itself or of bases that have no stub, each with its class.

    :param cls: the synchronous class
    """
    inherited = {base for one in bases_of(cls) for base in one.__mro__} | {object, t.Generic}
    found: dict[str, tuple[type, t.Any]] = {}
    for base in cls.__mro__:
        if base not in inherited and base.__module__.startswith("globus_core"):
            for name, value in vars(base).items():
                found.setdefault(name, (base, value))
    return found


def function_of(member: t.Any) -> types.FunctionType | None:
    """
    The function of a method or property; None for anything else.

    :param member: as it is in the class
    """
    function = getattr(member, "__func__", None) or getattr(member, "fget", None) or member
    function = getattr(function, "func", function)  # of a cached property
    return function if isinstance(function, types.FunctionType) else None


class _Stub:
    """The stub of the classes of one plugin."""

    def __init__(self, classes: list[type]) -> None:
        self._classes = classes
        own = [name for cls in classes for name in (cls.__name__, _pages_name(cls))]
        self._names = Names(own)

    def text(self) -> str:
        rank = {cls: len(cls.__mro__) for cls in self._classes}
        parts = [self._class(cls) for cls in sorted(self._classes, key=lambda c: rank[c])]
        return "\n".join([_HEADER, *self._names.lines(), *parts]) + "\n"

    def _class(self, cls: type) -> str:
        lines = []
        bases = [self._awaited(base) for base in bases_of(cls)] or [self._shape("Facade")]
        if cls is Paginator:
            bases.append(f"{self._typing('Generic')}[{self._use(*_PAGE)}]")
        elif issubclass(cls, Paginator):
            bases = [f"{base}[{self._use(*_PAGE)}]" for base in bases]
        pages = self._pages(cls)
        for name, (owner, member) in members_of(cls).items():
            if name == "paginated" and pages:
                lines += ["@property", f"def paginated(self) -> {_pages_name(cls)}: ..."]
            elif name == "__iter__":
                lines.append(self._iteration(member))
            elif name == "__enter__":
                lines.append(f"async def __aenter__(self) -> {self._typing('Self')}: ...")
                lines.append("async def __aexit__(self, *exc_info: object) -> None: ...")
            elif name == "__init__" or name in _KEPT or not name.startswith("_"):
                lines += self._member(owner, name, member)
        known = {*members_of(cls), *(n for b in bases_of(cls) for n in dir(b))}
        known.update(name for base in bases_of(cls) for name in self._attributes(base))
        lines += [line for name, line in self._attributes(cls).items() if name not in known]
        if pages and "paginated" not in members_of(cls):
            lines += ["@property", f"def paginated(self) -> {_pages_name(cls)}: ..."]
        body = textwrap.indent("\n".join(lines) or "...", "    ")
        return f"{pages}\nclass {cls.__name__}({', '.join(bases)}):\n{body}\n"

    def _iteration(self, member: t.Any) -> str:
        function = function_of(member)
        assert function is not None
        returned = _definition(function).returns
        item = returned.slice if isinstance(returned, ast.Subscript) else ast.Constant(...)
        written = self._written(item, function.__module__, returned=True)
        return f"def __aiter__(self) -> {self._typing('AsyncIterator')}[{written}]: ..."

    # methods, properties and attributes

    def _member(self, owner: type, name: str, member: t.Any) -> list[str]:
        function = function_of(member)
        if function is None:
            return [self._constant(owner, name, member)]
        definition = _definition(function)
        module = function.__module__
        if not isinstance(member, (types.FunctionType, classmethod, staticmethod)):
            if name == "paginated":  # of a client that has none
                return ["@property", f"def paginated(self) -> {self._typing('Any')}: ..."]
            returned = self._written(definition.returns, module, returned=True)
            return ["@property", f"def {name}(self) -> {returned}: ..."]
        parameters = self._parameters(definition.args, module)
        if name == "__init__":
            return [f"def __init__({parameters}) -> None: ..."]
        written = self._written(definition.returns, module, returned=True)
        if name in _KEPT:
            return [f"def {name}({parameters}) -> {written}: ..."]
        shape = self._shaped(definition, module)
        kind = "@classmethod\n" if isinstance(member, classmethod) else ""
        kind = "@staticmethod\n" if isinstance(member, staticmethod) else kind
        if shape is not None:
            return [f"{kind}def {name}({parameters}) -> {shape}: ..."]
        return [f"{kind}async def {name}({parameters}) -> {written}: ..."]

    def _shaped(self, definition: ast.FunctionDef, module: str) -> str | None:
        """The type of what is iterated or entered as well as awaited; None for anything else."""
        returned = definition.returns
        if not isinstance(returned, ast.Subscript):
            return None
        kind = ast.unparse(returned.value).rpartition(".")[2]
        item = returned.slice.elts[0] if isinstance(returned.slice, ast.Tuple) else returned.slice
        written = self._written(item, module, returned=True)
        decorators = [ast.unparse(decorator) for decorator in definition.decorator_list]
        if kind in _MANAGERS or any(d.endswith("contextmanager") for d in decorators):
            return f"{self._shape('Entered')}[{written}]"
        if kind in _ITERATORS:
            return f"{self._shape('Each')}[{written}]"
        return None

    def _constant(self, owner: type, name: str, member: t.Any) -> str:
        for node in _class_node(owner).body:
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == name:
                annotation = ast.unparse(node.annotation)
                if "ClassVar" not in annotation:
                    written = self._written(node.annotation, owner.__module__, returned=True)
                    return f"{name}: {written}"
        if isinstance(member, type):
            return f"{name}: type[{self._use(member.__module__, member.__name__)}]"
        kind = type(member)
        if kind.__module__.startswith("globus_core") and hasattr(kind, "all"):  # scopes
            return f"{name}: {self._use(kind.__module__, kind.__name__)}"
        if isinstance(member, (bool, int, str, float)):
            return f"{name}: {type(member).__name__}"
        if name == "resource_server":
            return f"{name}: str | None"
        return f"{name}: {self._typing('Any')}"

    def _attributes(self, cls: type) -> dict[str, str]:
        """The public attributes that constructors set."""
        found: dict[str, str] = {}
        constructors = [vars(base).get("__init__") for base in cls.__mro__]
        for function in filter(None, map(function_of, constructors)):
            if not function.__module__.startswith("globus_core"):
                continue
            definition = _definition(function)
            parameters = {a.arg: a.annotation for a in _arguments(definition.args)}
            for node in ast.walk(definition):
                annotation: ast.expr | None = None
                target: ast.expr
                if isinstance(node, ast.AnnAssign):
                    target, annotation, value = node.target, node.annotation, node.value
                elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                    target, value = node.targets[0], node.value
                else:
                    continue
                if not (isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self"):
                    continue
                if isinstance(value, ast.Name) and annotation is None:
                    annotation = parameters.get(value.id)
                if not target.attr.startswith("_"):
                    kind = self._written(annotation, function.__module__, returned=True)
                    found.setdefault(target.attr, f"{target.attr}: {kind}")
        return found

    def _pages(self, cls: type) -> str:
        """The class of ``paginated``; empty if a class has none of its own."""
        if not isinstance(getattr(cls, "paginated", None), property):
            return ""
        names = [name for name in dir(cls) if find_paging(cls, name)]
        if not [name for name in names if name in members_of(cls)]:
            return ""
        lines = []
        paginator = self._awaited(Paginator)
        for name in names:
            function = function_of(getattr(cls, name))
            assert function is not None
            definition = _definition(function)
            parameters = self._parameters(definition.args, function.__module__)
            page = self._written(definition.returns, function.__module__, returned=True)
            lines.append(f"def {name}({parameters}) -> {paginator}[{page}]: ...")
        body = textwrap.indent("\n".join(lines), "    ")
        return f"class {_pages_name(cls)}:\n{body}\n"

    # parameters and annotations

    def _parameters(self, arguments: ast.arguments, module: str) -> str:
        new = ast.parse(f"def f({ast.unparse(arguments)}): ...").body[0]
        assert isinstance(new, ast.FunctionDef)
        for argument in _arguments(new.args):
            if argument.annotation is not None:
                written = self._parameter(argument.annotation, module)
                argument.annotation = ast.parse(written, mode="eval").body
        for defaults in (new.args.defaults, new.args.kw_defaults):
            defaults[:] = [d and self._default(d, module) for d in defaults]  # type: ignore[misc]
        return ast.unparse(new.args)

    def _default(self, value: ast.expr, module: str) -> ast.expr:
        if isinstance(value, (ast.Constant, ast.UnaryOp)):
            return value
        if isinstance(value, ast.Name):
            return ast.Name(self._use(*source_of(module, value.id)))
        if isinstance(value, ast.Tuple):
            return ast.Tuple([self._default(part, module) for part in value.elts])
        if isinstance(value, ast.Attribute):
            return ast.Attribute(self._default(value.value, module), value.attr)
        raise ValueError(f"a default that cannot be written: {ast.unparse(value)}")

    def _parameter(self, annotation: ast.expr, module: str) -> str:
        """What an argument may be: facades, and asynchronous functions and iterators, as well."""
        options = []
        for option in _options(annotation):
            written = self._written(option, module)
            options.append(written)
            place = source_of(module, ast.unparse(option)) if isinstance(option, ast.Name) else None
            cls = place and value_at(place)
            kind = alias_value(place) if place and cls is None else option
            where = place[0] if place and cls is None else module
            if isinstance(cls, type) and is_facade_class(cls):
                options.append(self._awaited_or_any(cls))
            elif place and _is_protocol(place):
                options.append(self._shape("Facade"))
            elif isinstance(kind, ast.Subscript):
                options += self._asynchronous(kind, where)
        return " | ".join(dict.fromkeys(options))

    def _asynchronous(self, kind: ast.Subscript, module: str) -> t.Iterator[str]:
        name = ast.unparse(kind.value).rpartition(".")[2]
        if name == "Callable" and isinstance(kind.slice, ast.Tuple):
            given, result = (self._written(part, module) for part in kind.slice.elts)
            coroutine = f"{self._typing('Coroutine')}[{self._typing('Any')}, {self._typing('Any')}"
            yield f"{self._typing('Callable')}[{given}, {coroutine}, {result}]]"
        elif name in ("Iterable", "Iterator"):
            yield f"{self._typing('AsyncIterator')}[{self._written(kind.slice, module)}]"

    def _written(self, annotation: ast.expr | None, module: str, *, returned: bool = False) -> str:
        """
        An annotation in the stub.

        :param annotation: the annotation; None if there is none
        :param module: where it is
        :param returned: whether it is of something that ``wrap`` has gone over
        """
        if annotation is None:
            return self._typing("Any")
        copy = ast.parse(ast.unparse(annotation), mode="eval").body
        if isinstance(copy, ast.Constant) and isinstance(copy.value, str):
            copy = ast.parse(copy.value, mode="eval").body
        return ast.unparse(_Written(self, module, returned).visit(copy))

    def name_of(self, name: str, module: str, returned: bool) -> str:
        """
        What stands in the stub for a name in an annotation.

        :param name: the name
        :param module: where the annotation is
        :param returned: whether it is of something that ``wrap`` has gone over
        """
        place = source_of(module, name)
        value = value_at(place)
        if returned and isinstance(value, type) and value.__name__ not in _DATA:
            if value is Paginator:
                return self._awaited(value)
            if is_facade_class(value):
                return self._awaited_or_any(value)
        return name if place[0] == "builtins" else self._use(*place)

    # names

    def _use(self, module: str, name: str) -> str:
        wanted = name or module.rpartition(".")[2]
        if module == "typing" and not name:
            wanted = "t"
        if name in awaited_classes() and "awaited" not in module:
            wanted = f"Sync{name}"
        place = _PAGE if name == _PAGE[1] else (module, name)  # one variable for all paginators
        return self._names.use(place, wanted)

    def _typing(self, name: str) -> str:
        return self._use(_HOMES.get(name, "typing"), name)

    def _shape(self, name: str) -> str:
        return self._use(_SHAPES, name)

    def _awaited(self, cls: type) -> str:
        if cls in self._classes:
            return cls.__name__
        return self._use(f"globus_core_async.awaited.{stub_of(cls)}", cls.__name__)

    def _awaited_or_any(self, cls: type) -> str:
        known = awaited_classes().get(cls.__name__) is cls
        return self._awaited(cls) if known else self._typing("Any")


class _Written(ast.NodeTransformer):
    """Puts the names of a stub into an annotation."""

    def __init__(self, stub: _Stub, module: str, returned: bool) -> None:
        self._stub, self._module, self._returned = stub, module, returned

    def visit_Name(self, node: ast.Name) -> ast.expr:
        written = self._stub.name_of(node.id, self._module, self._returned)
        return ast.parse(written, mode="eval").body

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if ast.unparse(node.value).rpartition(".")[2] == "Literal":
            return ast.Subscript(self.visit(node.value), node.slice)
        return ast.Subscript(self.visit(node.value), self.visit(node.slice))


def _pages_name(cls: type) -> str:
    return f"{cls.__name__}Pages"


def _options(annotation: ast.expr) -> list[ast.expr]:
    if isinstance(annotation, ast.BinOp):
        return [*_options(annotation.left), *_options(annotation.right)]
    return [annotation]


def _is_protocol(place: Place) -> bool:
    if not place[0].startswith("globus_core"):
        return False
    for node in ast.walk(tree(place[0])):
        if isinstance(node, ast.ClassDef) and node.name == place[1]:
            return any("Protocol" in ast.unparse(base) for base in node.bases)
    return False


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    further = (arguments.vararg, arguments.kwarg)
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [*named, *(one for one in further if one is not None)]


def _definition(function: types.FunctionType) -> ast.FunctionDef:
    original = inspect.unwrap(function)
    node = ast.parse(textwrap.dedent(inspect.getsource(original))).body[0]
    assert isinstance(node, ast.FunctionDef)
    return node


def _class_node(cls: type) -> ast.ClassDef:
    node = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    assert isinstance(node, ast.ClassDef)
    return node


__all__ = ("FOLDER", "awaited_classes", "bases_of", "function_of", "members_of", "stub_of", "stubs")
