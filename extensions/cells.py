"""What a page's cells need, read from their text: cells before them, and modules.

A reader of the built site runs one cell, and expects what it would give in a notebook that was run
up to there. So the cells that its names come from are found, and those that change what the names
stand for. What no browser has is found too, through the package's own imports: a function may
load a library only when it is called.
"""

from __future__ import annotations

import ast
import symtable
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

HARMLESS = frozenset(
    """
    all any argmax argmin argsort astype copy count cumsum diagonal dot endswith flatten format get
    index isdigit items join keys lower max mean min nonzero predict predict_proba prod ravel repeat
    replace reshape round split startswith std strip sum swapaxes tobytes tolist transpose upper
    values var
    """.split()  # noqa: SIM905
)
"""Methods that leave what they belong to as it was; of any other it is not known."""

FORBIDDEN = frozenset(
    {"multiprocessing", "signal", "socket", "subprocess", "threading", "tracemalloc", "urllib"}
)
"""Parts of the standard library that do not work in a browser."""

NAMES = {
    "anywidget": "a notebook's widgets",
    "ipywidgets": "a notebook's widgets",
    "traitlets": "a notebook's widgets",
    "scipy": "SciPy",
    "sklearn": "scikit-learn",
    "torch": "PyTorch",
    "torchvision": "PyTorch",
    "safetensors": "PyTorch",
}
"""How a reader knows what is missing, where it is not by the module's name."""

ELSEWHERE = "a notebook"
"""What is said of a part of the package that the page's Python does not bring along."""


@dataclass(frozen=True)
class Import:
    """A name that an import statement binds: the statement for it alone, and what it means."""

    name: str
    statement: str
    module: str
    member: str | None


@dataclass
class Statement:
    """A statement of a cell's first level: what it is made of, and what it follows from."""

    tree: ast.stmt
    source: str
    is_last: bool = False
    gives: frozenset[str] = frozenset()
    needs: list[int] = field(default_factory=list)
    missing: frozenset[str] = frozenset()

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What it imports, wherever in it."""
        return tuple(_imports(self.tree))

    @cached_property
    def used(self) -> frozenset[str]:
        """The names that it takes from before."""
        return frozenset(_taken([self.tree], set()))

    @cached_property
    def bound(self) -> frozenset[str]:
        """The names that it gives a value."""
        top = symtable.symtable(self.source, "<cell>", "exec").get_symbols()
        return frozenset(
            each.get_name() for each in top if each.is_assigned() or each.is_imported()
        )

    @cached_property
    def changed(self) -> frozenset[str]:
        """The names whose values it may change in place."""
        changed = set()
        for node in ast.walk(self.tree):
            match node:
                case ast.Call(ast.Attribute(owner, method)) if method not in HARMLESS:
                    changed.add(_root(owner))
                case ast.AugAssign(target=target):
                    changed.add(_root(target))
                case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                    changed |= {_root(each) for each in targets if not isinstance(each, ast.Name)}
        return frozenset(each for each in changed if each)

    @cached_property
    def passed_on(self) -> frozenset[str]:
        """The names that it hands to functions."""
        calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        given = [each for call in calls for each in (*call.args, *(k.value for k in call.keywords))]
        return frozenset(each.id for each in given if isinstance(each, ast.Name))

    @cached_property
    def settings(self) -> frozenset[str]:
        """The modules whose settings it may change, as `np.set_printoptions` does."""
        match self.tree:
            case ast.Expr(ast.Call(ast.Attribute() as called)) if not self.is_last:
                return frozenset({root} if (root := _root(called)) else ())
        return frozenset()


@dataclass
class Cell:
    """A code cell, and, once :func:`connect` has run, what keeps it from running on the page."""

    index: int
    source: str
    tags: Collection[str] = ()
    needs: list[int] = field(default_factory=list)
    missing: tuple[str, ...] = ()

    @cached_property
    def asked(self) -> tuple[str, str] | None:
        """The exercise that the last line checks, and the name of the answer."""
        match ast.parse(self.source).body:
            case [
                *_,
                ast.Expr(
                    ast.Call(
                        ast.Attribute(
                            ast.Call(ast.Name("exercise"), [ast.Constant(str(id))]), "check"
                        ),
                        [ast.Name(name), *_],
                    )
                ),
            ]:
                return id, name
        return None

    @cached_property
    def text(self) -> str:
        """What a reader edits: of an exercise the starter alone."""
        if not self.asked:
            return self.source
        last = ast.parse(self.source).body[-1].lineno
        return "\n".join(self.source.splitlines()[: last - 1]).strip("\n")

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The statements of its text."""
        body = ast.parse(self.text).body
        return tuple(
            Statement(each, ast.get_source_segment(self.text, each) or "", each is body[-1])
            for each in body
        )

    @cached_property
    def runs(self) -> bool:
        """Whether there is something to be run, and all that it needs."""
        return bool(self.statements) and not self.missing


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _taken(body: list[ast.stmt], own: set[str]) -> set[str]:
    """Return the names that statements read, but for their `own`: a loop's, and what it sets first.

    `own` gains what the statements surely bind.
    """
    taken: set[str] = set()
    for each in body:
        match each:
            case ast.For(target, iterated, inner, otherwise):
                taken |= (_read(iterated) | _read(target) - _set(target)) - own
                taken |= _taken(inner, own | _set(target)) | _taken(otherwise, set(own))
            case ast.If(test, inner, otherwise):
                taken |= _read(test) - own
                taken |= _taken(inner, set(own)) | _taken(otherwise, set(own))
            case ast.With(items, inner):
                for item in items:
                    taken |= _read(item.context_expr) - own
                    own |= _set(item.optional_vars) if item.optional_vars else set()
                taken |= _taken(inner, own)
            case ast.Assign(targets):
                taken |= _read(each) - own
                own |= {target.id for target in targets if isinstance(target, ast.Name)}
            case _:
                taken |= _read(each) - own
    return taken


def _set(target: ast.expr) -> set[str]:
    """Return the names that a target binds: none of those whose values it only changes."""
    return {
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _read(node: ast.AST) -> set[str]:
    """Return the names that a piece of code takes from outside of its functions and loops."""
    tables = [symtable.symtable(ast.unparse(node), "<cell>", "exec")]
    read = {each.get_name() for each in tables[0].get_symbols() if each.is_referenced()}
    while tables:
        table = tables.pop()
        tables += table.get_children()
        if table.get_type() != "module":
            read |= {each.get_name() for each in table.get_symbols() if each.is_global()}
    return read


def _imports(tree: ast.AST) -> Iterator[Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                name = each.asname or each.name.partition(".")[0]
                yield Import(name, ast.unparse(ast.Import([each])), each.name, None)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                statement = ast.unparse(ast.ImportFrom(node.module, [each], 0))
                yield Import(each.asname or each.name, statement, node.module, each.name)


Place = tuple[str, str | None]
"""A module, or one of its members."""


class Library:
    """What importing a module, or calling what it defines, asks for besides the standard library.

    Parameters
    ----------
    folder : Path
        The folder that holds the package.
    package : str
        Its name: only this package's files are read.
    """

    def __init__(self, folder: Path, package: str = "softmaxbook") -> None:
        self.folder = folder
        self.package = package
        self._trees: dict[str, ast.Module | None] = {}
        self._found: dict[Place, frozenset[str]] = {}
        self._direct: dict[Place, tuple[str | Place, ...]] = {}

    def loads(self, module: str, member: str | None = None) -> frozenset[str]:
        """Return the modules that importing `module` loads, and those that using `member` does.

        Modules of the package are among them, by their whole names; of others the first part, and
        the standard library is left out.
        """
        start = module, member
        if start not in self._found:
            self._found[start] = frozenset(self._reached(start))
        return self._found[start]

    def _reached(self, start: Place) -> set[str]:
        found: set[str] = set()
        seen: set[Place] = set()
        ahead = [start]
        while ahead:
            here = ahead.pop()
            if here in seen:
                continue
            seen.add(here)
            if here not in self._direct:
                self._direct[here] = tuple(self._leads_to(*here))
            for each in self._direct[here]:
                found.add(each) if isinstance(each, str) else ahead.append(each)
        return found

    def _leads_to(self, module: str, member: str | None) -> Iterator[str | Place]:
        """Yield what is loaded, and where else to look, for a module or for a member of it."""
        return self._of_member(module, member) if member else self._of_module(module)

    def imported(self, module: str, member: str | None) -> frozenset[str]:
        """Return the modules that a line loads by which `member` is imported, but not yet used."""
        is_module = member and self._tree(f"{module}.{member}") is not None
        return self.loads(f"{module}.{member}" if is_module else module)

    def _of_module(self, module: str) -> Iterator[str | Place]:
        root = module.partition(".")[0]
        if root != self.package:
            if root not in sys.stdlib_module_names:
                yield root
            return
        parent = module.rpartition(".")[0]
        if parent:
            yield parent, None
        tree = self._tree(module)
        if tree is None:
            return
        yield module
        for each in self._at_once(tree.body):
            yield from self._of_import(module, each, call=False)

    def _of_member(self, module: str, member: str) -> Iterator[str | Place]:
        if self._tree(f"{module}.{member}") is not None:
            yield f"{module}.{member}", None
            return
        yield module, None
        tree = self._tree(module)
        if tree is None:
            return
        for statement in tree.body:
            if getattr(statement, "name", None) == member:
                for each in ast.walk(statement):
                    if isinstance(each, ast.Import | ast.ImportFrom):
                        yield from self._of_import(module, each, call=True)
                    elif isinstance(each, ast.Name) and each.id != member:
                        yield module, each.id
            elif isinstance(statement, ast.ImportFrom) and any(
                member == (each.asname or each.name) for each in statement.names
            ):
                yield from self._of_import(module, statement, call=True, only=member)

    def _of_import(
        self, importer: str, node: ast.Import | ast.ImportFrom, call: bool, only: str = ""
    ) -> Iterator[str | Place]:
        if isinstance(node, ast.Import):
            for each in node.names:
                yield each.name, None
            return
        module = self._absolute(importer, node)
        for each in node.names:
            if only in ("", each.asname or each.name):
                is_module = self._tree(f"{module}.{each.name}") is not None
                yield module, each.name if call or is_module else None

    def _absolute(self, importer: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = importer.split(".")
        above = node.level - self._is_folder(importer)
        base = parts[: len(parts) - above]
        return ".".join([*base, *([node.module] if node.module else [])])

    def _is_folder(self, module: str) -> bool:
        return (self.folder / module.replace(".", "/") / "__init__.py").is_file()

    def _tree(self, module: str) -> ast.Module | None:
        if module not in self._trees:
            place = self.folder / module.replace(".", "/")
            file = place / "__init__.py" if self._is_folder(module) else place.with_suffix(".py")
            known = module.partition(".")[0] == self.package and file.is_file()
            self._trees[module] = ast.parse(file.read_text(encoding="utf-8")) if known else None
        return self._trees[module]

    def _at_once(self, body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
        """Yield the imports that run when the module is imported."""
        for statement in body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                yield statement
            elif isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
                yield from self._at_once(statement.orelse)
            elif isinstance(statement, ast.If | ast.Try | ast.With):
                yield from self._at_once(statement.body)


def missing(loaded: Collection[str], provided: Collection[str]) -> frozenset[str]:
    """Return, in words, which of some modules are not provided.

    Examples
    --------
    >>> missing({"numpy", "torch"}, {"numpy"})
    frozenset({'PyTorch'})
    """
    lacking = {each for each in loaded if each not in provided}
    outside = {NAMES.get(each, each) for each in lacking if not each.startswith("softmaxbook")}
    return frozenset(outside or ({ELSEWHERE} if lacking else ()))


def connect(cells: list[Cell], library: Library, provided: Collection[str]) -> list[Statement]:
    """Find out what each cell follows from, and what it lacks; return the statements of all cells.

    It is asked of each statement: who needs an array needs the line that makes it, and not the
    figure that is drawn below that line.
    """
    known: list[Statement] = []
    givers: dict[str, int] = {}  # the latest statement that made a name what it is
    imported: dict[str, Import] = {}
    generators: set[str] = set()  # of random numbers: whoever is handed one changes it
    settings: set[int] = set()  # statements on which how numbers are printed may depend
    for cell in cells:
        start = len(known)
        for statement in cell.statements:
            statement.needs = sorted({givers[each] for each in statement.used if each in givers})
            for name in statement.bound:
                imported.pop(name, None)
                generators.discard(name)
            imported |= {e.name: e for e in statement.imports if e.name in statement.bound}
            if "default_rng(" in statement.source:
                generators |= statement.bound
            changed = statement.changed | (statement.passed_on & generators)
            statement.gives = statement.bound | statement.settings | (changed - set(imported))
            loaded = {each.module.partition(".")[0] for each in statement.imports} & FORBIDDEN
            for line in statement.imports:
                loaded |= library.imported(line.module, line.member)
            for name in statement.used & set(imported):
                loaded |= _loads(statement, imported[name], library)
            before = (known[each].missing for each in statement.needs)
            statement.missing = missing(loaded, provided).union(*before)
            if statement.settings & set(imported) and not statement.missing:
                settings.add(len(known))
            givers |= dict.fromkeys(statement.gives, len(known))
            known.append(statement)
        lacking = {what for each in cell.statements for what in each.missing}
        if cell.asked:
            lacking |= missing(_of_exercise(cell.asked[0], library), provided)
        cell.missing = tuple(sorted(lacking - {ELSEWHERE} or lacking))
        needed = settings.union(*(each.needs for each in cell.statements))
        cell.needs = sorted(each for each in needed if each < start)
    return known


def _loads(statement: Statement, line: Import, library: Library) -> frozenset[str]:
    """Return what a name asks for: of a module, those of its members that a statement uses."""
    found = library.loads(line.module, line.member)
    module = f"{line.module}.{line.member}" if line.member else line.module
    for node in ast.walk(statement.tree):
        match node:
            case ast.Attribute(ast.Name(name), member) if name == line.name:
                found |= library.loads(module, member)
    return found


def _of_exercise(id: str, library: Library) -> frozenset[str]:
    """Return what the module of an exercise loads, when it is imported and when it checks.

    Without the exercises themselves: an edition that has none on its pages runs programs as well.
    """
    stem = id.replace("-", "_")
    found: set[str] = set()
    for path in (library.folder / library.package / "exercises").glob(f"*/{stem}.py"):
        found |= library.loads(f"{library.package}.exercises.{path.parent.name}.{stem}")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                for each in node.names:
                    found |= library.loads(each.name)
    own = f"{library.package}.exercises"
    return frozenset(each for each in found if not f"{each}.".startswith(f"{own}."))
