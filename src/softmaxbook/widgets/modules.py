"""The ES modules of the explorables: where they are, what each imports, and several as one.

`numerics/` holds what is computed without a page, `parts/` what several explorables draw, and a
folder for each explorable the module that a host mounts, of the folder's name, with what it alone
draws.
"""

from __future__ import annotations

import posixpath
import re
import zlib
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the ES modules and the style sheet of the explorables are."""

SHARED = "shared.mjs"
"""The file of a site with what most explorables need."""

HOST = "host.mjs"
"""The script of a page that mounts the explorables."""

LICENCE = "vendor/LICENSE"
"""That of a library which is written into the text of an explorable."""

CHECKPOINTS = FOLDER.with_name("weights")


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


def explorables() -> tuple[str, ...]:
    """Return the folders that hold a module which a host mounts.

    Examples
    --------
    >>> "logits" in explorables(), "parts" in explorables()
    (True, False)
    """
    folders = [path.partition("/")[0] for path in all_modules()]
    return tuple(dict.fromkeys(name for name in folders if entry(name) in all_modules()))


def shared() -> tuple[str, ...]:
    """Return the modules that most explorables need, at once or later, each after what it needs.

    Examples
    --------
    >>> "parts/ui.mjs" in shared(), "heads/state.mjs" in shared()
    (True, False)
    """
    every = [needed(entry(name), later=True) for name in explorables()]
    wanting = Counter(path for paths in every for path in paths)
    return tuple(path for path, count in wanting.items() if 2 * count > len(every))


def publish(target: Path) -> None:
    """Copy all ES modules, and the weights that they fetch, into a folder that a host serves."""
    for path in all_modules():
        _write(target / path, _read(path, FOLDER))
    _publish_weights(target)


def publish_joined(target: Path, others: Collection[str] = ()) -> None:
    """Write what :func:`publish` copies in few files, so that a page asks for few.

    In the place of each explorable's own module stands :func:`bundle` of it, beside one file that
    most of them share, :data:`SHARED`. Of single modules there are those alone that `others`, which
    scripts of the host import, need.
    """
    apart = shared()
    _write(target / SHARED, _exporting(apart))
    for name in explorables():
        _write(target / entry(name), bundle(name, apart=apart))
    for path in {HOST, *(each for other in others for each in needed(other, later=True))}:
        _write(target / path, _read(path, FOLDER))
    _write(target / LICENCE, _read(LICENCE, FOLDER))
    _publish_weights(target)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _publish_weights(target: Path) -> None:
    for weights in CHECKPOINTS.glob("*.safetensors"):
        (target / served_weights(weights)).write_bytes(packed_weights(weights.read_bytes()))


def served_weights(checkpoint: Path) -> str:
    """Return the name of the file from which a page reads a checkpoint.

    Examples
    --------
    >>> served_weights(Path("glyphnet.safetensors"))
    'glyphnet.weights'
    """
    return f"{checkpoint.stem}.weights"


def packed_weights(content: bytes) -> bytes:
    """Return a checkpoint of 16-bit numbers as a page fetches it: small, whoever serves it.

    Few hosts compress a file that they do not know, and the bytes of a number have little in
    common: so the numbers' first bytes stand together, and after them the second ones, which hold
    sign and exponent. `numerics/tensors.mjs` undoes it.
    """
    start = 8 + int.from_bytes(content[:8], "little")
    header, numbers = content[:start], content[start:]
    return zlib.compress(header + numbers[::2] + numbers[1::2], 9)


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


def bundle(name: str, folder: Path = FOLDER, apart: Collection[str] = ()) -> str:
    """Return the module of an explorable as one text: those it imports stand before it, each once.

    A Jupyter front-end loads one module and has no folder beside it to import another from.
    The built site serves one text an explorable, and what they share in a file that is `apart`.

    Parameters
    ----------
    name : str
        The explorable's folder.
    folder : Path
        Where to look for modules.
    apart : collection of str, optional
        Paths of modules that the text imports from :data:`SHARED`.

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
    parts = [_as_constant(path, _read(path, folder)) for path in imported if path not in apart]
    own = _without_imports(mounted, _read(mounted, folder))
    _refuse_what_is_left(
        mounted, re.sub(rf"^export (?=default\b|{_DECLARED})", "", own, flags=re.MULTILINE)
    )
    taken = ", ".join(_constant(path) for path in imported if path in apart)
    imports = [f'import {{ {taken} }} from "../{SHARED}";'] if taken else []
    return "\n".join([*imports, *parts, own])


def _exporting(paths: Sequence[str]) -> str:
    """Return modules as one text that exports them, each under the name that bundles know."""
    parts = [_as_constant(path, _read(path, FOLDER)) for path in paths]
    return "\n".join([*parts, f"export {{ {', '.join(map(_constant, paths))} }};\n"])


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
