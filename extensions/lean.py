"""What a page loads, made small when the site is written.

Style sheets of the theme, of its parts and of the book become one, without the rules that no page
can use (`purged`). Scripts do not hold up the reading of the page. Drawings keep their look, and
lose digits that nobody sees (`light`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import tinycss2
from sphinx.application import Sphinx

from softmaxbook.theme import css_variables

from .builders import is_site

GROUPING = ("media", "supports", "layer", "container")
OURS = "sb-"
"""Scripts put names of ours together of pieces, so they all stay."""

UNREAD = {"bootstrap.js", "searchindex.js"}
"""Scripts that no page runs, and words of the text."""


def names(pages: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return every class and id that stands in a page, and every word of a script.

    Examples
    --------
    >>> sorted(names(['<p id="a" class="b c">d</p>'], ["x.classList.add('is-open')"]))
    ['a', 'add', 'b', 'c', 'classList', 'is-open', 'x']
    """
    found: set[str] = set()
    for page in pages:
        for _, value in re.findall(r"""\b(?:class|id)=(["'])(.*?)\1""", page, re.DOTALL):
            found.update(value.split())
    for script in scripts:
        found.update(re.findall(r"[A-Za-z_][\w-]*", script))
    return found


def purged(css: str, used: set[str]) -> str:
    """Return a style sheet without the rules whose classes and ids are not used.

    Examples
    --------
    >>> purged(".a .b, .a:not(.b) { top: 0 } @media print { #c { top: 0 } } p { top: 0 }", {"a"})
    '.a:not(.b){top: 0}p{top: 0}'
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_rule(rule, used) for rule in rules)


def without_unread(css: str, elsewhere: str) -> str:
    """Return a style sheet without the custom properties that nothing reads, here or `elsewhere`.

    Examples
    --------
    >>> without_unread("a{--b:1;--c:2;--d:var(--c);top:0}", "")
    'a{top:0}'
    >>> without_unread("a{--b:1;--c:2;--d:var(--c);top:0}", "x.style = 'left: var(--d)'")
    'a{--c:2;--d:var(--c);top:0}'
    """
    apart = set(PROPERTY.findall(elsewhere))
    while (kept := _declaring(css, apart | set(READ.findall(css)))) != css:
        css = kept
    return css


PROPERTY = re.compile(r"--[\w-]+")
READ = re.compile(rf"var\(\s*({PROPERTY.pattern})")
DECLARED = re.compile(
    rf"""(?<=[{{;])\s*({PROPERTY.pattern})\s*:(?:"[^"]*"|'[^']*'|[^;}}"'])*(?:;|(?=}}))"""
)
"""A custom property with its value, in which a text may hold anything."""


def _declaring(css: str, read: set[str]) -> str:
    return DECLARED.sub(
        lambda at: at[0] if at[1] in read or at[1].startswith(f"--{OURS}") else "", css
    )


def _rule(rule: Any, used: set[str]) -> str:
    write = tinycss2.serialize
    if rule.type == "qualified-rule":
        kept = [write(one).strip() for one in _parts(rule.prelude) if _reaches(one, used)]
        return f"{','.join(kept)}{{{_body(rule)}}}" if kept else ""
    if rule.type != "at-rule" or rule.at_keyword in ("charset", "import"):
        return ""  # what is imported is read in its place
    start = f"@{rule.at_keyword}{write(rule.prelude).rstrip()}"
    if rule.content is None:
        return f"{start};"
    if rule.at_keyword not in GROUPING:
        return f"{start}{{{_body(rule)}}}"
    inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    kept = [text for text in (_rule(each, used) for each in inner) if text]
    return f"{start}{{{''.join(kept)}}}" if kept else ""


def _body(rule: Any) -> str:
    return re.sub(r"\s+", " ", tinycss2.serialize(rule.content)).strip().rstrip(";")


def _parts(tokens: Iterable[Any]) -> list[list[Any]]:
    """Return what stands between the commas."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _reaches(selector: list[Any], used: set[str]) -> bool:
    for before, token in zip([None, *selector], selector, strict=False):
        if token.type == "hash" and token.value not in used:
            return False
        is_class = token.type == "ident" and before is not None and before == "."
        if is_class and token.value not in used and not token.value.startswith(OURS):
            return False
        any_of = token.type == "function" and token.lower_name in ("is", "where")
        if any_of and not any(_reaches(part, used) for part in _parts(token.arguments)):
            return False
    return True


def read(sheet: Path) -> str:
    """Return a style sheet with what it imports."""
    css = sheet.read_text(encoding="utf-8")
    return re.sub(r'@import\s+"([^"]+)";?', lambda at: read(sheet.parent / at[1]), css)


LINK = re.compile(
    r' *<link\b(?=[^>]* rel="stylesheet")[^>]* href="([^"?]*_static/)([^"?]+)[^>]*>\n?'
)
OWN = "katex/"
"""What stays a style sheet of its own: only pages with formulas load it, its fonts beside it."""


def join_styles(app: Sphinx, exception: Exception | None) -> None:
    """Give the pages one style sheet in place of a dozen, without what none of them uses."""
    site = Path(app.outdir)
    static = site / "_static"
    if exception or not is_site(app):
        return
    pages = {path: path.read_text(encoding="utf-8") for path in _pages(site)}
    linked = {path: _linked(html) for path, html in pages.items()}
    sheets = list(dict.fromkeys(name for names in linked.values() for name in names))
    if not sheets:
        return  # Sphinx wrote no page
    scripts = [p for p in static.rglob("*.*js") if p.name not in UNREAD and "python" not in p.parts]
    texts = [script.read_text("utf-8") for script in scripts]
    used = names(pages.values(), texts)
    css = "".join(purged(read(static / name), used) for name in sheets)
    css = without_unread(css, "".join([*pages.values(), *texts]))
    for former in (static / "styles").glob("book-*.css"):
        former.unlink()
    joined = f"styles/book-{hashlib.sha256(css.encode()).hexdigest()[:12]}.css"
    (static / joined).write_text(css, encoding="utf-8")
    for path, html in pages.items():
        if linked[path]:
            path.write_text(_relinked(html, joined), encoding="utf-8")


def _pages(site: Path) -> list[Path]:
    inside = ("_static", "_sources", "_downloads")
    return [p for p in site.rglob("*.html") if p.relative_to(site).parts[0] not in inside]


def _linked(html: str) -> list[str]:
    return [name for _, name in LINK.findall(html) if not name.startswith(OWN)]


def _relinked(html: str, joined: str) -> str:
    first = True

    def link(match: re.Match[str]) -> str:
        nonlocal first
        if match[2].startswith(OWN):
            return match[0]
        written = f'<link rel="stylesheet" href="{match[1]}{joined}" />\n' if first else ""
        first = False
        return written

    return LINK.sub(link, html)


DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
NUMBER = r"-?\d*\.?\d+(?:e-?\d+)?"
BROAD = 100
"""Points: what is less broad is no drawing of matplotlib's, and may be in other units."""

DIGITS = 2
"""Of a point, which is at most a tenth of a rem (`softmaxbook.theme.svg`): 0.016 pixels."""


def light(html: str) -> str:
    """Return a page's HTML with the same drawings in fewer characters."""
    return DRAWING.sub(lambda drawing: _redrawn(drawing[0]), html)


def _redrawn(svg: str) -> str:
    box = re.search(r'viewBox="0 0 (\d+)', svg)
    if box is None or int(box[1]) < BROAD:
        return svg
    referred = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))

    def identity(match: re.Match[str]) -> str:
        return match[0] if match[1] in referred else ""

    svg = re.sub(r' id="([^"]+)"', identity, svg)
    svg = re.sub(r' d="([^"]+)"', lambda path: f' d="{shortened(path[1])}"', svg)
    svg = re.sub(r' ([xy])="([^"]+)"', lambda at: f' {at[1]}="{_number(float(at[2]))}"', svg)
    return re.sub(r">\s+<", "><", svg) if "<text" not in svg else re.sub(r">\n\s*<", "><", svg)


def shortened(path: str) -> str:
    """Return a path of straight lines and curves in relative steps, rounded where it stands.

    A path with other commands is left as it is.

    Examples
    --------
    >>> shortened("M 40.351916 51.134689 L 73.548087 51.134689 L 73.548087 17.938517 z")
    'M40.35 51.13h33.2v-33.19z'
    >>> shortened("M 0 0 Q 0.5 1.25 1 0")
    'M0 0q.5 1.25 1 0'
    """
    tokens = re.findall(rf"[A-Za-z]|{NUMBER}", path)
    if not tokens or set(re.findall(r"[A-Za-z]", re.sub(NUMBER, "", path))) - set("MLQCzZ"):
        return path
    scale = 10**DIGITS
    written: list[str] = []
    here = start = (0, 0)
    at = 0
    command = ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
            if command in "zZ":
                written.append("z")
                here = start
                continue
        count = {"M": 2, "L": 2, "Q": 4, "C": 6}[command]
        numbers = [round(float(token) * scale) for token in tokens[at : at + count]]
        at += count
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        steps = [n - here[i % 2] for i, n in enumerate(numbers)]
        if command == "M":
            first = not written
            written.append(("M" if first else "m") + _joined(numbers if first else steps, scale))
            start = points[-1]
            command = "L"
        elif command == "L" and not steps[1]:
            written.append("h" + _joined(steps[:1], scale))
        elif command == "L" and not steps[0]:
            written.append("v" + _joined(steps[1:], scale))
        else:
            written.append(command.lower() + _joined(steps, scale))
        here = points[-1]
    return "".join(written)


def _joined(numbers: list[int], scale: int) -> str:
    text = ""
    for number in numbers:
        one = _number(number / scale)
        text += one if not text or one.startswith("-") else f" {one}"
    return text


def _number(value: float) -> str:
    text = f"{value:.{DIGITS}f}".rstrip("0").rstrip(".")
    text = re.sub(r"^(-?)0\.", r"\1.", text)
    return "0" if text in ("-0", "") else text


COLOURS = f"<style>{css_variables()}</style>"
LATE = 950
"""After what adds scripts to a page."""


def lighten(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Make a page's drawings small, and let its scripts wait until it has been read."""
    if "body" in context:
        context["body"] = light(context["body"].replace(COLOURS, ""))  # they are in the style sheet
    if page == "search":
        return  # its own script needs the others at once
    scripts = context["script_files"]
    scripts[:] = [_waiting(script) for script in scripts]


def _waiting(script: Any) -> Any:
    """Return a copy, since pages share their scripts, that runs when the page has been read.

    One that is written into the page waits its turn as a module.
    """
    attributes = getattr(script, "attributes", None)
    if attributes is None or attributes.get("type") == "module":
        return script
    waits = {"defer": "defer"} if script.filename else {"type": "module"}
    return type(script)(script.filename, priority=script.priority, **{**attributes, **waits})


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx."""
    app.connect("html-page-context", lighten, priority=LATE)
    app.connect("build-finished", join_styles, priority=LATE)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
