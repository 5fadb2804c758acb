r"""Markdown as HTML for other programs, with formulas in the notation that each of them sets.

:func:`in_brackets` is what MathJax looks for, :func:`as_mathml` the notation of QTI 2.1, and
:func:`as_picture` what Canvas' own editor writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..course import CourseError

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Formula = Callable[[str, bool], str]  # TeX, and whether it stands on a line of its own


def in_brackets(tex: str, display: bool = False) -> str:
    r"""Return a formula in the brackets that MathJax looks for.

    Examples
    --------
    >>> in_brackets("p < 1")
    '\\(p &lt; 1\\)'
    """
    left, right = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f"{left}{escape(tex, quote=False)}{right}"


def as_mathml(tex: str, display: bool = False) -> str:
    """Return a formula as MathML.

    Raises
    ------
    CourseError
        If latex2mathml is not installed, or cannot read the formula.

    Examples
    --------
    >>> as_mathml("p").partition("<mrow>")[2]
    '<mi>p</mi></mrow></math>'
    """
    try:
        from latex2mathml.converter import convert
    except ModuleNotFoundError:
        raise CourseError("formulas need latex2mathml: pip install latex2mathml") from None
    try:
        return str(convert(tex, display="block" if display else "inline"))
    except Exception as error:  # of many kinds, for a formula that it does not know
        raise CourseError(f"the formula ${tex}$ cannot be made MathML: {error!r}") from error


def as_picture(tex: str, display: bool = False) -> str:
    """Return a formula as Canvas' editor writes it: a picture that holds the formula.

    Canvas draws it at that address of its own, which wants the formula quoted twice.

    Examples
    --------
    >>> as_picture("p/2").partition(" src=")[2].split()[0]
    '"/equation_images/p%252F2?scale=1"'
    """
    shown, address = escape(tex), quote(quote(tex, safe=""), safe="")
    return (
        f'<img class="equation_image" title="{shown}" alt="LaTeX: {shown}" '
        f'src="/equation_images/{address}?scale=1" data-equation-content="{shown}" />'
    )


def html_of(
    text: str,
    formula: Formula = in_brackets,
    picture: Callable[[str], str] = str,
    inline: bool = False,
) -> str:
    r"""Return Markdown as HTML that is XML, too.

    Parameters
    ----------
    text : str
        Tags in it are text like any other.
    formula : callable
        What becomes of a formula.
    picture : callable
        What becomes of the address of a picture.
    inline : bool
        Whether it stands within a line: then it is no paragraph.

    Raises
    ------
    CourseError
        If markdown-it-py or its plugins are not installed.

    Examples
    --------
    >>> html_of("Is $p < 1$?")
    '<p>Is <span class="math inline">\\(p &lt; 1\\)</span>?</p>\n'
    """
    markdown, environment = _markdown(formula), {"picture": picture}
    if inline:
        return str(markdown.renderInline(text, environment))
    return str(markdown.render(text, environment))


@cache
def _markdown(formula: Formula) -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.dollarmath import dollarmath_plugin
    except ModuleNotFoundError:
        raise CourseError(
            "questions need markdown-it-py and its plugins: "
            "pip install markdown-it-py mdit-py-plugins"
        ) from None

    def drawn(tex: str, options: Mapping[str, Any]) -> str:
        return formula(tex, bool(options.get("display_mode")))

    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.use(dollarmath_plugin, renderer=drawn)
    made.add_render_rule("image", _image)
    return made


def _image(
    self: Any, tokens: Sequence[Token], place: int, options: Any, env: dict[str, Any]
) -> str:
    token = tokens[place]
    token.attrSet("src", env["picture"](str(token.attrGet("src"))))
    return str(self.image(tokens, place, options, env))
