"""The build itself, on small books: nothing stale survives, and nothing wrong passes."""

import os
import re
import shutil
import subprocess

import pytest
from books import ROOT, Book

NUMBER = """
# Number

```{code-cell}
import time
from softmaxbook.number import VALUE
print("value", VALUE, "run", time.time_ns())
```
"""

OTHER = """
# Other

```{code-cell}
import time
print("value", 1, "run", time.time_ns())
```
"""

EXPLORABLE = """
# Explorable

The formula $p_i = e^{z_i} / \\sum_j e^{z_j}$.

\\begin{align}
a &= b \\\\
c &= d
\\end{align}

```{code-cell}
:tags: [hide-input]
from softmaxbook.widgets import LogitsExplorer
LogitsExplorer()
```

:::{dropdown} The `answer`
42, see [the equation](#answer)
:::

(answer)=
## Answer

| way | points |
|---|---|
| 2 heads | ▲ +1.5 |
| a trunk | 0.9 [0.8, 1.0] |
"""


STRICT = ["-n", "-W", "--keep-going"]


def shown(book, page):
    """Return the value that a page shows, and when it was executed."""
    return re.search(r"value (\d+) run (\d+)", book.html(page)).groups()


def test_no_stale_number_survives_and_no_other_page_is_executed(tmp_path):
    book = Book(tmp_path, number=NUMBER, other=OTHER)
    module = tmp_path / "src" / "softmaxbook" / "number.py"

    module.write_text("VALUE = 41\n")
    code, said = book.build()
    assert code == 0, said
    assert re.search(r"^executing 2 pages, [12] at a time$", said, re.MULTILINE)
    assert re.search(r"^2 of 2: book/(number|other), \d+\.\d s$", said, re.MULTILINE)
    assert "WARNING" not in said
    value, run = shown(book, "number")
    other = shown(book, "other")
    assert value == "41"
    files = book.files()
    assert "_static/styles/pydata-sphinx-theme.css" in files

    assert book.build()[0] == 0
    assert shown(book, "number") == ("41", run), "nothing changed, so nothing may run again"
    assert book.files() == files, "nothing changed, so nothing may be missing from the site"

    # What is executed by a build that fails must be shown by the next one.
    module.write_text("VALUE = 42\n")
    book.write(other=OTHER.replace("print", "1 / 0; print"))
    assert book.build()[0] != 0
    book.write(other=OTHER)
    assert book.build()[0] == 0
    assert shown(book, "number")[0] == "42"
    assert shown(book, "other") == other, "it follows from nothing that changed"


@pytest.fixture(scope="session")
def explorable(tmp_path_factory):
    """Return a strictly built book with an explorable, and what the build said."""
    book = Book(tmp_path_factory.mktemp("book"), explorable=EXPLORABLE)
    code, said = book.build(*STRICT)
    assert code == 0, said
    return book, said


@pytest.mark.xdist_group("explorable")
def test_without_a_remote_there_are_no_links_and_a_word_about_it(explorable):
    book, said = explorable
    assert said.count("No git remote `origin`") == 1
    html = book.html("explorable")
    assert "mybinder.org" not in html
    assert "executablebooks/jupyter-book" not in html


@pytest.mark.xdist_group("explorable")
def test_explorables_need_their_host_and_nothing_else(explorable):
    book, _ = explorable
    html = book.html("explorable")
    assert html.count("explorables/host.mjs") == 1
    files = [html.index(file) for file in ("host.mjs", "shared.mjs", "logits/logits.mjs", ".css")]
    assert files == sorted(files), "what is asked for first is there first"
    assert 'class="sb-explorable"' in html
    assert "widget-state+json" not in html
    assert "export default" not in html
    assert "explorables/host.mjs" not in book.html("index")
    notebook = (book.folder / "_build/html/_sources/book/explorable.ipynb").read_text("utf-8")
    assert "sb-explorable" in notebook
    assert "widget-view+json" not in notebook
    assert "export default" not in notebook


@pytest.mark.xdist_group("explorable")
def test_formulas_are_set_at_build_time_and_numbered_once(explorable):
    book, _ = explorable
    html = book.html("explorable")
    assert html.count('<span class="katex" role="img"') == 2
    assert "<math" not in html, "each formula stands once"
    assert html.count("eqn-num") == 0, "KaTeX must not number what Sphinx numbers"
    assert html.count('class="eqno"') == 1
    assert "katex.min.css" in html
    assert "katex.min.css" not in book.html("index")


@pytest.mark.xdist_group("explorable")
def test_a_figure_stands_before_its_code_and_numbers_stand_in_columns(explorable):
    book, _ = explorable
    html = book.html("explorable")
    assert html.index('class="sb-explorable"') < html.index('<details class="admonition hide')
    numeric = re.findall(r'<t[hd] class="[^"]*sb-numeric"><p>(.*?)</p>', html)
    assert numeric == ["points", "▲\xa0+1.5", "0.9 [0.8,\xa01.0]"]


@pytest.mark.xdist_group("explorable")
def test_what_is_folded_is_one_element_with_marked_up_words(explorable):
    book, _ = explorable
    html = book.html("explorable")
    folded = re.search(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", html, re.DOTALL)
    assert ">answer</span></code>" in folded[1]
    assert 'href="#answer"' in folded[2]


@pytest.mark.xdist_group("explorable")
def test_with_a_remote_the_page_opens_on_binder(explorable):
    book, _ = explorable
    for command in ("init -q -b main", "remote add origin git@github.com:reader/fork.git"):
        subprocess.run(["git", *command.split()], cwd=book.folder, check=True)
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    commit = ["commit", "-q", "--allow-empty", "-m", "Start"]
    subprocess.run(["git", *identity, *commit], cwd=book.folder, check=True)
    code, said = book.build(*STRICT)
    assert code == 0, said
    html = book.html("explorable")
    target = "mybinder.org/v2/gh/reader/fork/main?urlpath=lab/tree/book/explorable.md"
    assert target in html
    assert "https://github.com/reader/fork/edit/main/book/explorable.md" in html


def test_a_formula_that_cannot_be_set_fails_every_strict_build(tmp_path):
    book = Book(tmp_path, formula="\n# Formula\n\n$\\nosuchcommand$\n")
    for _ in range(2):  # Sphinx alone would forget the warning and pass the second time
        code, said = book.build(*STRICT)
        assert code != 0
        assert re.search(r"formula\.md:\d+: WARNING: .*nosuchcommand", said)
    book.write(formula="\n# Formula\n\n$\\alpha$\n")
    assert book.build(*STRICT)[0] == 0


GLOSSARY = """
# Glossary

```{glossary}
logit
  A score.

  [Words](words.md#the-end)
```

:::{keywords}
- [Words](words.md#the-end): raw score
:::
"""

WORDS = """
# Words

```{code-cell}
from IPython.display import Markdown
Markdown("Two logits, and `logit` in code.")
```

A logit more.

## The end
"""


def test_a_word_is_explained_once_a_page_even_if_a_cell_says_it(tmp_path):
    book = Book(tmp_path, glossary=GLOSSARY, words=WORDS)
    code, said = book.build(*STRICT)
    assert code == 0, said
    html = book.html("words")
    assert html.count('aria-describedby="note-term-logit"') == 1
    assert re.search(r'<p>Two <a [^>]*glossary.html#term-logit"><span[^>]*>logits</span></a>', html)
    assert re.search(r'role="tooltip" id="note-term-logit" hidden>[^/]*A score\.', html)
    assert "raw score" not in book.html("glossary")
    notebooks = {file.stem for file in tmp_path.glob("_build/html/_sources/**/*.ipynb")}
    assert notebooks == {"words"}, "where there is nothing to run, there is no notebook"
    index = (tmp_path / "_build" / "html" / "searchindex.js").read_text(encoding="utf-8")
    assert '"raw score": [[2, "the-end", true]]' in index
    book.write(glossary=GLOSSARY.replace("A score", "A number"))
    assert book.build(*STRICT)[0] == 0
    assert "A number." in book.html("words"), "its note is the glossary's"


def index_entries(folder):
    """Return the words that the search of a built book has for its sections."""
    index = (folder / "_build" / "html" / "searchindex.js").read_text("utf-8")
    return re.search(r'"indexentries": *\{[^}]*\}', index)[0]


def test_a_section_is_found_by_the_glossary_s_words_after_every_build(tmp_path):
    glossary = "# Glossary\n\n```{glossary}\nodds\n  Out of one. [More](number.md)\n```\n"
    book = Book(tmp_path, number="# Number\n", other="# Other\n", glossary=glossary)
    assert book.build(*STRICT)[0] == 0
    found = index_entries(tmp_path)
    assert '"odds":' in found
    book.write(other="# Other\n\nMore words.\n")
    assert book.build(*STRICT)[0] == 0
    assert index_entries(tmp_path) == found


def test_a_section_that_moves_to_an_earlier_page_fails_no_strict_build(tmp_path):
    section = "\n(moved)=\n## A section\n"
    book = Book(tmp_path, earlier="# Earlier\n", later=f"# Later\n{section}")
    assert book.build(*STRICT)[0] == 0
    book.write(earlier=f"# Earlier\n{section}", later="# Later\n")
    code, said = book.build(*STRICT)
    assert code == 0, said


PACKAGE = """
# Names

## In the package

| name | what it does |
|---|---|
| `{}` | leads to its entry |

```{{eval-rst}}
.. py:function:: softmaxbook.draw
.. py:function:: softmaxbook.family.samplers.draw
.. py:function:: softmaxbook.softmax(logits)
```
"""


def test_an_unknown_or_ambiguous_name_fails_every_strict_build(tmp_path):
    book = Book(tmp_path, names=PACKAGE.format("sofmax(logits)"))
    for _ in range(2):
        code, said = book.build(*STRICT)
        assert code != 0
        assert re.search(r"names\.md:\d+: WARNING: .*not found: sofmax", said)
    book.write(names=PACKAGE.format("draw"))
    code, said = book.build(*STRICT)
    assert code != 0
    assert re.search(r"WARNING: more than one target found for cross-reference 'draw'", said)
    book.write(names=PACKAGE.format("softmax(logits)"))
    assert book.build(*STRICT)[0] == 0
    assert 'href="#softmaxbook.softmax"' in book.html("names")


def test_a_cell_that_raises_fails_the_build_with_three_lines(tmp_path):
    cells = "```{code-cell}\nprint(1)\n```\n\n```{code-cell}\ndef f():\n    1 / 0\n\nf()\n```\n"
    book = Book(tmp_path, broken=f"\n# Broken\n\n{cells}")
    code, said = book.build()
    assert code != 0
    where, why, advice = said.strip().splitlines()[-3:]
    line = 1 + (tmp_path / "book" / "broken.md").read_text().splitlines().index("def f():")
    assert where == f"book/broken.md:{line}: cell 2 of 2 failed."
    assert why == "  ZeroDivisionError: division by zero"
    assert "Traceback (most" not in said
    log = re.search(r"The traceback is in (\S+)\.$", advice)[1]
    assert "1 / 0" in (tmp_path / log).read_text()
    assert "\x1b" not in (tmp_path / log).read_text()


def test_what_a_cell_writes_to_stderr_fails_every_strict_build_and_is_quoted(tmp_path):
    cell = "```{code-cell}\nimport warnings\n\nwarnings.warn('careful')\n```\n"
    book = Book(tmp_path, careless=f"\n# Careless\n\n{cell}")
    for _ in range(2):
        code, said = book.build(*STRICT)
        assert code != 0
        assert re.search(
            r"careless\.md:\d+: WARNING: cell 1 writes to stderr: .*UserWarning: careful", said
        )


def make(folder, *arguments, **environment):
    done = subprocess.run(
        ["make", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )
    return done.returncode, done.stdout + done.stderr


def test_make_alone_lists_the_targets():
    code, said = make(ROOT)
    targets = re.findall(r"^  make ([\w-]+) +\S", said, re.MULTILINE)
    assert code == 0
    assert {"book", "serve", "test", "lint", "bench", "clean"} <= set(targets)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(targets) == set(phony[1].split())


def test_an_old_python_is_refused_with_advice(tmp_path):
    for name in ("Makefile", "requirements.txt", "constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    code, said = make(tmp_path, "book", "PYTHON=false")
    assert code != 0
    assert "needs Python 3.11 or newer" in said
    assert not (tmp_path / ".venv").exists()
