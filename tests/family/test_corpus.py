"""The corpus is the book's prose: nothing else of its pages, and from an installation too."""

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import numpy as np
import pytest
import yaml

from softmaxbook.family.corpus import clean, find_book, read_book
from softmaxbook.family.counts import CountModel, perplexity
from softmaxbook.family.tokens import Vocabulary, tokenise

ROOT = Path(__file__).parents[2]
BOOK = read_book()
CONTENTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))

PAGE = """---
kernelspec:
  name: python3
---

# A heading of three words

(a-target)=
Softmax of **two** logits is in*variant*, see {cite:p}`a2020` and [the *next* page](next.md#part).
```{code-cell} ipython3
z = "This is no prose at all"
```

$$
p = \\text{this is no prose}
$$ (label)

Let $z = (1, 2)$ be logits; `np.exp(z)` overflows ({cite:t}`b`).
:::{admonition} A title of some words
:class: tip

- A point _with_ emphasis in it.
1. The snake_case_name stays, as 2 * 3 does.
:::
| a table | with | words |
<!-- a comment of many words -->
Too short.
"""


def test_a_page_becomes_its_sentences():
    assert clean(PAGE) == [
        "Softmax of two logits is invariant, see and the next page.",
        "Let ⟨formula⟩ be logits; ⟨code⟩ overflows ().",
        "A point with emphasis in it.",
        "The snake_case_name stays, as 2 * 3 does.",
    ]


def test_every_page_with_prose_is_there_in_its_part():
    parts = {
        Path(chapter["file"]).name: part["caption"]
        for part in CONTENTS["parts"]
        for chapter in part["chapters"]
    }
    found = {chapter.name: chapter.part for chapter in BOOK}
    assert found.pop("index") == ""
    assert found.items() <= parts.items()
    assert len(parts) - len(found) <= 3
    assert [c.name for c in BOOK[1:]] == [name for name in parts if name in found]


def test_nothing_but_prose_is_left():
    sentences = [sentence for chapter in BOOK for sentence in chapter.sentences]
    assert len(sentences) > 1500
    for sentence in sentences:
        assert not re.search(r"[`$|\\]|\{|\}|\]\(|import |:class:|⟩\w|\w⟨", sentence), sentence


def test_grows_with_the_book(tmp_path):
    (tmp_path / "book").mkdir()
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    for page in ROOT.glob("book/*.md"):
        shutil.copy(page, tmp_path / "book")
    assert read_book(tmp_path) == BOOK
    with (tmp_path / "book/overflow.md").open("a", encoding="utf-8") as page:
        page.write("\nA sentence that nobody has read before.\n")
    grown = next(c for c in read_book(tmp_path) if c.name == "overflow")
    assert grown.sentences[-1] == "A sentence that nobody has read before."


def test_the_count_model_foresees_the_book_better_than_chance():
    """A chapter held out: smoothing by shorter contexts beats one token, which beats chance."""
    held_out = next(c for c in BOOK if c.name == "overflow")
    rest = [tokenise(s) for c in BOOK if c is not held_out for s in c.sentences]
    vocabulary = Vocabulary.of(rest, min_count=2)
    text, test = (
        [vocabulary.encode(tokens) for tokens in sentences]
        for sentences in (rest, map(tokenise, held_out.sentences[:40]))
    )

    def score(order):
        model = CountModel(len(vocabulary), order, strength=5.0).fit(text)
        return perplexity(np.concatenate([model.log_probabilities(s) for s in test]))

    single, pairs = score(1), score(2)
    assert pairs < 0.6 * single < 0.3 * len(vocabulary)


def test_an_installed_package_brings_the_book_along(tmp_path):
    checkout, environment = tmp_path / "checkout", tmp_path / "venv"
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "weights")
    for name in ("src", "book"):
        shutil.copytree(ROOT / name, checkout / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE", "_toc.yml"):
        shutil.copy(ROOT / name, checkout)
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    wheel += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(checkout)]
    subprocess.run(wheel, check=True)
    subprocess.run([*install, *map(str, tmp_path.glob("*.whl"))], check=True)
    shutil.rmtree(checkout)
    code = (
        f"import sys; sys.path.append({str(Path(np.__file__).parents[1])!r})\n"
        "from softmaxbook.family.corpus import find_book, read_book\n"
        "print(find_book()); print(sum(len(c.sentences) for c in read_book()))"
    )
    run = subprocess.run([python, "-c", code], check=True, capture_output=True, text=True, cwd="/")
    place, count = run.stdout.splitlines()
    assert Path(place) == (environment / "share" / "softmaxbook").resolve()
    assert int(count) == sum(len(chapter.sentences) for chapter in BOOK)


def test_a_book_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no table of contents _toc\.yml"):
        read_book(tmp_path)
    (tmp_path / "_toc.yml").write_text("root: book/index\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="is in the table of contents, but not there"):
        read_book(tmp_path)
    assert find_book() == ROOT
