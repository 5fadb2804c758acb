"""A page of its own, from a template: no script, readable in light, dark, print and on a phone.

Whatever a template shows is escaped, unless it was made here: Markdown by :func:`prose`, and the
report's pictures. The page's own policy forbids scripts and requests, should anything slip through.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from softmaxbook.theme import css_variables

from ..course import CourseError
from ..wording import counted, points

if TYPE_CHECKING:
    from jinja2 import Environment
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markupsafe import Markup

# What a terminal or the direction of writing would act on, and what no text file can hold.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def page(template: str, **shown: Any) -> str:
    """Return a whole page: a template with what it shows.

    Raises
    ------
    CourseError
        If Jinja2 or markdown-it-py is not installed.
    """
    return _environment().get_template(template).render(shown)


@cache
def _environment() -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ModuleNotFoundError:
        raise CourseError("pages are made with Jinja2: pip install Jinja2") from None
    made = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        finalize=visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"points": points, "counted": counted, "prose": prose}
    made.globals["colours"] = trusted(css_variables())
    return made


def trusted(markup: str) -> Markup:
    """Return HTML that a template shows as it is: none of it is of a student."""
    from markupsafe import Markup

    return Markup(markup)


def visible(value: object) -> str:
    r"""Return a value as text, with characters without a shape written out; HTML stays as it is.

    Examples
    --------
    >>> visible("<b>\x1b[31m")
    '<b>\\u001b[31m'
    """
    if isinstance(value, str) and hasattr(value, "__html__"):
        return value
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", str(value))


def prose(words: str) -> Markup:
    """Return the Markdown of hints and messages as HTML: paragraphs, ``code`` and emphasis.

    No word of it makes a link, a picture, a heading or a tag.

    Examples
    --------
    >>> print(prose("Divide by *each* sum: `axis=-1`."))
    <p>Divide by <em>each</em> sum: <code>axis=-1</code>.</p>
    """
    return trusted(_markdown().render(visible(words)).strip())


@cache
def _markdown() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
    except ModuleNotFoundError:
        raise CourseError("pages need markdown-it-py: pip install markdown-it-py") from None
    made = MarkdownIt("zero").enable(["backticks", "emphasis"])
    made.inline.ruler.at("emphasis", _emphasis)
    return made


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Take stars at the edge of words for emphasis: ``2*x + 3*y`` and ``__init__`` are programs.

    This is CommonMark's rule for underscores, applied to stars.
    """
    from markdown_it.rules_inline.state_inline import Delimiter

    if silent or state.src[state.pos] != "*":
        return False
    stars = state.scanDelims(state.pos, canSplitWord=False)
    for _ in range(stars.length):
        state.push("text", "", 0).content = "*"
        place = len(state.tokens) - 1
        state.delimiters.append(
            Delimiter(ord("*"), stars.length, place, -1, stars.can_open, stars.can_close)
        )
    state.pos += stars.length
    return True
