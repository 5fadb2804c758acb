"""The ES modules of the explorables: where they are, what each imports, and several as one.

`numerics/` holds what is computed without a page, `parts/` what several explorables draw, and a
folder for each explorable the module that a host mounts, of the folder's name, with what it alone
draws.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the ES modules and the style sheet of the explorables are."""


def entry(name: str) -> str:
    """Return the path of the module that a host mounts for the explorable `name`.

    Examples
    --------
    >>> entry("logits")
    'logits/logits.mjs'
    """
    return f"{name}/{name}.mjs"


def all_modules() -> tuple[str, ...]:
    """Return the paths of all ES modules, relative to :data:`FOLDER`.

    Examples
    --------
    >>> {"host.mjs", "parts/ui.mjs", "logits/logits.mjs"} <= set(all_modules())
    True
    """
    return tuple(path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.rglob("*.mjs")))


def publish(target: Path) -> None:
    """Copy all ES modules, and the weights that they fetch, into a folder that a host serves."""
    for path in all_modules():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDER / path, target / path)
    for weights in FOLDER.with_name("weights").glob("*.safetensors"):
        shutil.copy(weights, target)


def needed(path: str, folder: Path = FOLDER, later: bool = False) -> tuple[str, ...]:
    """Return the modules that `path` imports, directly or not, each before those that need it.

    The last one is `path` itself. With `later`, those are among them that are fetched only when
    something asks for them, by ``() => import("./d.mjs")``.

    Examples
    --------
    >>> needed("parts/ui.mjs")
    ('numerics/readings.mjs', 'numerics/numbers.mjs', 'parts/reading.mjs', 'parts/ui.mjs')
    """
    found: dict[str, None] = {}
    entered: set[str] = set()

    def add(path: str) -> None:
        if path in entered:
            return
        entered.add(path)
        text = _read(path, folder)
        for _, target in _IMPORT.findall(text):
            add(_resolved(path, target))
        found[path] = None
        for target in _LATER.findall(text) if later else ():
            add(_resolved(path, target))

    add(path)
    found.pop(path)
    return (*found, path)


def bundle(name: str, folder: Path = FOLDER) -> str:
    """Return the module of an explorable as one text: those it imports stand before it, each once.

    A Jupyter front-end loads one module and has no folder beside it to import another from.
    The built site serves the same files unbundled.

    Parameters
    ----------
    name : str
        The explorable's folder.
    folder : Path
        Where to look for modules.

    Raises
    ------
    ValueError
        If a module imports or exports in a form that is not known here, with the line. Known are
        ``import { a, b as c } from "./d.mjs";``, ``() => import("./d.mjs")``, ``export`` before
        ``const``, ``function`` and ``async function``, and ``export { a, b };``; the mounted
        module has an ``export default`` besides.

    Examples
    --------
    >>> 'from "' in bundle("logits")
    False
    """
    *imported, mounted = needed(entry(name), folder, later=True)
    parts = [_as_constant(path, _read(path, folder)) for path in imported]
    own = _without_imports(mounted, _read(mounted, folder))
    _refuse_what_is_left(
        mounted, re.sub(rf"^export (?=default\b|{_DECLARED})", "", own, flags=re.MULTILINE)
    )
    return "\n".join([*parts, own])


def _read(path: str, folder: Path) -> str:
    return (folder / path).read_text(encoding="utf-8")


def _resolved(importer: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), target))


def _as_constant(path: str, source: str) -> str:
    """Return a module as a constant that holds what it exports."""
    declared = re.findall(r"\w+", " ".join(_EXPORT.findall(source)))
    names = ", ".join([*declared, *_EXPORT_LIST.findall(source)])
    body = re.sub(
        rf"^export (?={_DECLARED})", "", _without_imports(path, source), flags=re.MULTILINE
    )
    body = _EXPORT_LIST.sub("", body)
    _refuse_what_is_left(path, body)
    return f"const {_constant(path)} = (() => {{\n{body}\nreturn {{ {names} }};\n}})();"


def _without_imports(path: str, source: str) -> str:
    """Return a module that takes what it imports from the constants before it."""

    def taken(match: re.Match[str]) -> str:
        names = match[1].replace(" as ", ": ")
        return f"const {{{names}}} = {_constant(_resolved(path, match[2]))};"

    def ready(match: re.Match[str]) -> str:
        return f"() => Promise.resolve({_constant(_resolved(path, match[1]))})"

    return _LATER.sub(ready, _IMPORT.sub(taken, source))


def _constant(path: str) -> str:
    return "module_" + re.sub(r"\W", "_", path.removesuffix(".mjs"))


def _refuse_what_is_left(path: str, source: str) -> None:
    """Refuse what would get lost, or would look for a file that is not there."""
    if left := _LEFT.search(source):
        raise ValueError(f"{path}: a bundle cannot hold `{left[0].strip()}`")


_DECLARED = r"(?:const|function|async function)\b"
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[\w./-]*\.mjs)";', re.MULTILINE)
_LATER = re.compile(r'\(\) => import\("(\.[\w./-]*\.mjs)"\)')
_EXPORT = re.compile(r"^export (?:async )?(?:const|function\*?) (\w+|\[[^\]]*\])", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export \{ ((?:\w+(?:, )?)+) \};$", re.MULTILINE)
_LEFT = re.compile(r"^ *(?:import|export)\b(?!\.).*|^.*\bimport *\(.*", re.MULTILINE)
