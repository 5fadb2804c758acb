"""A page of its own: one HTML file without script, readable in light, dark, print and on a phone.

What students wrote comes onto pages through :func:`text`, :func:`prose` or :func:`verbatim`, which
escape it. The page's own policy forbids scripts and requests, should anything slip through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from softmaxbook.theme import css_variables

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)

STYLE = """\
body { max-width: 48rem; margin: 0 auto; padding: 1rem; background: var(--sb-paper);
  color: var(--sb-ink); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.2rem; border-top: 1px solid var(--sb-line); padding-top: 1rem; }
h3 { margin-bottom: 0.3rem; font-size: 1rem; }
a { color: var(--sb-accent); }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; color: var(--sb-muted); padding-bottom: 0.3rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.8rem 0.3rem 0;
  border-bottom: 1px solid var(--sb-line); overflow-wrap: break-word; }
.long { overflow-wrap: anywhere; }
th { font-weight: 600; }
tbody th { font-weight: 400; }
tfoot th, tfoot td { font-weight: 600; }
.number { text-align: right; white-space: nowrap; padding-right: 0.4rem; }
pre, .box { background: var(--sb-panel); border-left: 4px solid var(--sb-line);
  padding: 0.6rem 0.8rem; margin: 0.4rem 0; }
pre { white-space: pre-wrap; font-size: 0.9rem; }
.box > :first-child { margin-top: 0; }
.box > :last-child { margin-bottom: 0; }
code { font-family: ui-monospace, monospace; font-size: 0.92em; }
.good { color: var(--sb-good); }
.bad { color: var(--sb-bad); }
.warn { color: var(--sb-warn); }
.muted { color: var(--sb-muted); }
.sum { font-size: 1.25rem; }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; }
@media (max-width: 32rem) {
  table { font-size: 0.88rem; }
  th, td { padding-right: 0.5rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  section, table, pre, .box, figure { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
"""

# What a terminal or the direction of writing would act on, and what no text file can hold.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def document(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML."""
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{text(title)}</title>
<style>
{css_variables()}{STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def text(words: str) -> str:
    r"""Return words as HTML that shows them and does nothing, characters without a shape included.

    Examples
    --------
    >>> text("<b>\x1b[31m")
    '&lt;b&gt;\\u001b[31m'
    """
    return escape(_UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", words))


def prose(words: str) -> str:
    """Return the Markdown of hints and messages as HTML: paragraphs, ``code`` and emphasis.

    Examples
    --------
    >>> prose("Divide by *each* sum: `axis=-1`.")
    '<p>Divide by <em>each</em> sum: <code>axis=-1</code>.</p>'
    """
    paragraphs = [each for each in re.split(r"\n\s*\n", words.strip()) if each.strip()]
    return "\n".join(f"<p>{_inline(each)}</p>" for each in paragraphs)


def _inline(words: str) -> str:
    parts = re.split(r"(`[^`]+`)", words)
    return "".join(
        f"<code>{text(part[1:-1])}</code>" if part[:1] == "`" and len(part) > 2 else _emphasis(part)
        for part in parts
    )


def _emphasis(words: str) -> str:
    shown = re.sub(r"\*\*(\S(?:[^*]*\S)?)\*\*", r"<strong>\1</strong>", text(words))
    return re.sub(r"(?<![\w*])\*(\S(?:[^*]*\S)?)\*(?![\w*])", r"<em>\1</em>", shown)


def verbatim(words: str) -> str:
    """Return words line by line, as they were typed."""
    return f"<pre>{text(words)}</pre>"


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    foot: Sequence[str] = (),
    numbers: int = 0,
) -> str:
    """Return a table of HTML cells: the first of a row heads it, the last `numbers` are figures."""
    first_number = len(head) - numbers

    def cells(row: Sequence[str], scope: str) -> str:
        made = []
        for place, cell in enumerate(row):
            side = ' class="number"' if place >= first_number else ""
            heads = scope == "col" or place == 0
            tag, scoped = ("th", f' scope="{scope}"') if heads else ("td", "")
            made.append(f"<{tag}{scoped}{side}>{cell}</{tag}>")
        return f"<tr>{''.join(made)}</tr>"

    body = "\n".join(cells(row, "row") for row in rows)
    end = f"<tfoot>{cells(foot, 'row')}</tfoot>\n" if foot else ""
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead>{cells(head, 'col')}</thead>\n"
        f"<tbody>\n{body}\n</tbody>\n{end}</table>"
    )


def figure(drawing: str, alt: str) -> str:
    """Return an SVG with its alternative text as HTML."""
    return f'<figure role="img" aria-label="{text(alt)}">{drawing}</figure>'
