"""The published notebooks where the package is not installed: a class's hub, or Colab."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from hosting import Host

from extensions.launch import Repository
from extensions.notebooks import installation

ROOT = Path(__file__).parents[2]
HERE = "https://github.com/reader/softmaxbook"
REPOSITORY = Repository(HERE, "main", True)
HOSTS = {  # of the page's libraries; `make hosts` executes all notebooks on both
    "hub": ["numpy", "matplotlib"],
    "colab": ["numpy", "matplotlib", "scipy", "scikit-learn", "torch", "torchvision", "tqdm"],
}
AUTHOR = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A"), ("EMAIL", "a@example.org"))
}
EVERYTHING = "EVERY_NOTEBOOK" in os.environ


def source(repository, *libraries):
    return installation(ROOT, repository, libraries)


@pytest.mark.parametrize(
    ("url", "archive"),
    [
        (HERE, f"{HERE}/archive/main.zip"),
        (
            "https://gitlab.com/group/part/book",
            "https://gitlab.com/group/part/book/-/archive/main/book.zip",
        ),
        ("https://codeberg.org/reader/book", "git+https://codeberg.org/reader/book@main"),
    ],
)
def test_the_package_comes_from_the_book_s_own_repository(url, archive):
    assert f"'softmaxbook[book] @ {archive}'" in source(Repository(url, "main", True))


def test_the_index_of_small_builds_is_asked_only_where_pytorch_is_needed():
    assert "--extra-index-url" not in source(REPOSITORY, "json", "scipy")
    assert "--extra-index-url" in source(REPOSITORY, "json", "torch")


@pytest.mark.parametrize(
    ("there", "installed"),
    [
        ([], [f"softmaxbook[book] @ {HERE}/archive/main.zip", "mpmath", "scikit-learn"]),
        (["softmaxbook", "mpmath"], ["scikit-learn"]),  # where another page has been before
        (["softmaxbook", "mpmath", "sklearn"], []),
    ],
)
def test_each_thing_is_installed_where_it_is_missing(there, installed, monkeypatch):
    """As IPython has a cell run: its line of pip is a call with what stands behind the names."""
    code = source(REPOSITORY, "mpmath", "sklearn").replace("%pip install --quiet $missing", "pip()")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name in there or None)
    asked = []
    names = {"pip": lambda: asked.extend(shlex.split(names["missing"]))}
    exec(code, names)
    assert [each.partition("==")[0] for each in asked] == installed


def test_without_a_repository_the_first_cell_says_what_is_missing(monkeypatch):
    code = source(None)
    exec(code, {})  # here, the package is installed
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install"):
        exec(code, {})


def test_colab_finds_the_notebooks_on_a_branch_of_their_own(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there.git"
    git("init", "-q", "--bare", there)
    git("init", "-q", "-b", "main", here)
    (here / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "notebooks", here / ".ci")
    git("-C", here, "add", ".")
    git("-C", here, "commit", "-q", "-m", "Start")
    git("-C", here, "remote", "add", "origin", there)
    push = subprocess.run([here / ".ci" / "notebooks", tmp_path], capture_output=True, text=True)
    assert push.returncode == 1
    assert push.stderr.startswith("No notebooks in ")

    built = tmp_path / "built"
    built.mkdir()
    for text in ("one", "another"):  # the second push replaces the first
        (built / "overflow.ipynb").write_text(text)
        subprocess.run([here / ".ci" / "notebooks", built], env=os.environ | AUTHOR, check=True)
        assert git("-C", there, "show", "notebooks:book/overflow.ipynb") == text
    assert git("-C", there, "rev-list", "--count", "notebooks").strip() == "1"
    assert git("-C", here, "status", "--porcelain") == "", "the work tree and its index stay"


def git(*arguments):
    command = ["git", *map(str, arguments)]
    done = subprocess.run(
        command, env=os.environ | AUTHOR, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module", params=HOSTS if EVERYTHING else ["hub"])
def host(request, tmp_path_factory):
    return Host(tmp_path_factory.mktemp(request.param), *HOSTS[request.param])


@pytest.mark.long
@pytest.mark.xdist_group("hosts")
def test_notebooks_start_where_the_package_is_missing(site, host, monkeypatch):
    assert not host.has("softmaxbook")
    published = {path.stem: path for path in (site / "_sources" / "book").glob("*.ipynb")}
    assert len(published) > 20
    for page in sorted(published) if EVERYTHING else ["overflow"]:
        executed = nbformat.read(site.parent / f"jupyter_execute/book/{page}.ipynb", as_version=4)
        notebook = nbformat.read(published[page], as_version=4)
        # As a site that knows its repository publishes it, whether or not this copy has a remote.
        notebook.cells[0].source = source(REPOSITORY, *executed.metadata.libraries)
        host.run(page, notebook, monkeypatch)
        assert host.has("softmaxbook")
