"""The symbols of the formulas on the pages: letters with their accents, and their indices."""

import re
from collections import Counter

FENCED = re.compile(r"^( *)(`{3,}|~{3,})[^`\n]*\n.*?^\1\2`*\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
MATHEMATICS = re.compile(
    r"(?<!\\)\$\$(.+?)\$\$|\\begin\{(align|gather|equation)\*?\}(.+?)\\end\{\2\*?\}"
    r"|(?<![\\$])\$([^$\n]+?)(?<!\\)\$",
    re.DOTALL,
)
# Words in formulas, and what is no letter: sizes, environments, spaces.
WORDS = re.compile(
    r"\\(?:text|textbf|mathrm|operatorname|begin|end|tag|hspace|color|textcolor)\*?(?:\[[^]]*\])?"
    r"\{(?:[^{}]|\{[^{}]*\})*\}"
)
ACCENTS = ("bar", "hat", "tilde", "dot", "vec", "widehat", "widetilde", "overline", "underline")
ALPHABETS = ("mathbf", "mathcal", "mathbb", "mathsf", "boldsymbol", "mathfrak")
GREEK = re.findall(
    r"\w+",
    """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
    pi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi
    Psi Omega ell nabla partial imath""",
)
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[a-zA-Z]|[{}_^']|\S")


def formulas(text):
    """Return the formulas of a page, in order, without those that a cell computes."""
    prose = CODE.sub("", FENCED.sub("", text))
    return [next(filter(None, (m[1], m[3], m[4]))) for m in MATHEMATICS.finditer(prose)]


def tokens(formula):
    """Return the pieces of a formula, words left out."""
    return TOKEN.findall(WORDS.sub(" ", formula))


def group(pieces, start):
    """Return where the group that begins at `start` ends."""
    if start < len(pieces) and pieces[start] == "{":
        depth = 0
        for place in range(start, len(pieces)):
            depth += {"{": 1, "}": -1}.get(pieces[place], 0)
            if depth == 0:
                return place + 1
    return start + 1


def symbols(formula):
    r"""Return the symbols of a formula and its indices: two counts.

    An accent or an alphabet belongs to the letter; a letter below is an index, one above is a
    symbol.

    >>> bases, indices = symbols(r"\bar z + p_i^{\mathbf 1} = e^{\beta z_j}")
    >>> print(*sorted(bases), "with", *sorted(indices))
    \bar z \beta \mathbf 1 e p z with i j
    """
    bases, indices = Counter(), Counter()
    _read(tokens(formula), bases, indices)
    return bases, indices


def _read(pieces, bases, indices):
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        name = piece[1:]
        if piece == "_":
            end = group(pieces, place + 1)
            _read(pieces[place + 1 : end], indices, indices)
            place = end
        elif piece[0] == "\\" and name in ACCENTS + ALPHABETS:
            end = group(pieces, place + 1)
            inner = [each for each in pieces[place + 1 : end] if each not in "{}"]
            if name in ALPHABETS or len(inner) == 1:
                bases[f"{piece} {''.join(inner)}"] += 1
            else:
                _read(inner, bases, indices)
            place = end
        else:
            if piece.isalpha() or (piece[0] == "\\" and name in GREEK):
                bases[piece] += 1
            place += 1


def first_symbol(formula):
    r"""Return the symbol that a formula begins with, or nothing if it begins with none.

    >>> print(first_symbol(r"\bar z"), first_symbol("H(p)"), first_symbol(r"\log p"))
    \bar z H None
    """
    pieces = tokens(formula)
    start = pieces[0] if pieces else ""
    named = start[1:] in (*GREEK, *ACCENTS, *ALPHABETS)
    return next(iter(symbols(formula)[0]), None) if start.isalpha() or named else None
