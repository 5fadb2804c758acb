"""The pages as the rules see them: prose, code cells, header. Each rule returns the faults."""

import ast
import re
from pathlib import Path

import yaml

BOOK = Path(__file__).parents[2] / "book"
TOC = yaml.safe_load((BOOK.parent / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = [chapter["file"] for part in TOC["parts"] for chapter in part["chapters"]]
# What the strict build leaves.
BUILT = [f"{page}.html" for page in [TOC["root"], *CHAPTERS, "search", "genindex"]]

# Decimals that are not computed: the numbers of theorems and sections in the works that are cited.
CITED = re.compile(r"(?:Theorem|Lemma|Section|Figure|Table|equation|version)s? \d+\.\d+")
# After these a point does not end a sentence.
ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|cf|vs|al|Fig|Eq|Sec|Dr|St|[A-Z])\.")

FENCE = re.compile(r"^ *(`{3,}|~{3,})(.*)$")


class Page:
    """A MyST page, cut into its header, its prose line by line and its code cells."""

    def __init__(self, text):
        self.header, self.prose, self.cells, self.languages = {}, [], [], []
        lines = iter(text.splitlines())
        if text.startswith("---\n"):
            next(lines)
            self.header = yaml.safe_load("\n".join(iter(lambda: next(lines), "---")))
        for line in lines:
            fence = FENCE.match(line)
            if fence is None:
                self.prose.append(line)
            else:
                block = list(iter(lambda: next(lines), fence[0][: fence.end(1)]))
                if fence[2].startswith("{code-cell}"):
                    code = [line for line in block if not line.startswith((":", "%"))]
                    self.cells.append(ast.parse("\n".join(code)))
                    self.languages.append(fence[2].removeprefix("{code-cell}").strip())

    @classmethod
    def read(cls, path):
        return cls(Path(path).read_text(encoding="utf-8"))

    def sentences(self):
        """Yield the lines of prose without code, addresses and directives."""
        for line in self.prose:
            if not line.startswith((":", "(")):
                yield re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]*>", "", line)


def typed_decimals(page):
    """Return the decimals in prose and formulas: a number that could be computed is computed."""
    text = "\n".join(CITED.sub("", line) for line in page.sentences())
    return re.findall(r"\d+\.\d+", text)


def other_languages(page):
    """Return what cells are called beside the usual name; Jupytext warns where a page mixes two."""
    return [language for language in page.languages if language != "ipython3"]


def crowded_lines(page):
    """Return the lines, of tables and lists aside, that hold more than one sentence."""
    crowded = []
    for line in page.sentences():
        plain = ABBREVIATIONS.sub("", re.sub(r'\$[^$]*\$|"[^"]*"|“[^”]*”', "", line))
        aside = re.match(r" *([-*|]|\d+\.) ", plain)
        if not aside and re.search(r"[.!?][”’\")]* +[“‘\"(]?[A-Z]", plain):
            crowded.append(line)
    return crowded


def is_exercise(cell):
    """Return whether a cell hands an answer to an exercise: there, defining is the lesson."""
    return any(isinstance(n, ast.Attribute) and n.attr == "check" for n in ast.walk(cell))


def definitions(page):
    """Return the names of the functions and classes that the page defines, exercises aside."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    told = [cell for cell in page.cells if not is_exercise(cell)]
    return [node.name for cell in told for node in ast.walk(cell) if isinstance(node, kinds)]


def imports(page):
    """Return (module, name) for everything that the page imports; name is None for a module."""
    found = []
    for node in (node for cell in page.cells for node in ast.walk(cell)):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.module, alias.name) for alias in node.names]
    return found


def private_names(page):
    """Return the underscore names that the page takes from others, and ways around the package."""
    nodes = [node for cell in page.cells for node in ast.walk(cell)]
    reached = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    reached += [part for module, name in imports(page) for part in (*module.split("."), name or "")]
    private = [name for name in reached if re.fullmatch(r"_[a-z]\w*", name)]
    bypasses = [ast.unparse(n) for n in nodes if isinstance(n, ast.Attribute) and n.attr == "path"]
    return private + [name for name in bypasses if name == "sys.path"]
