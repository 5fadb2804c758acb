"""Where PyTorch is taken from: the CPU builds where they can be had, and no edit for anyone."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from serving import served

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9/"  # the port that discards, and takes no connection


@pytest.fixture
def choose(tmp_path):
    """Return a function that asks for the option of a copy of the repository that wants a torch."""
    if not sys.platform.startswith("linux"):
        pytest.skip("elsewhere PyPI's wheels are small")
    for name in (".ci/pytorch-index", ".binder/requirements.txt", "requirements.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)

    def choose(wanted, index, **settings):
        requirements = (tmp_path / "requirements.txt").read_text("utf-8")
        pinned = re.sub(r"^torch==\S+", f"torch=={wanted}", requirements, flags=re.MULTILINE)
        (tmp_path / "requirements.txt").write_text(pinned)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        done = subprocess.run(
            [tmp_path / ".ci" / "pytorch-index", sys.executable, index],
            env=plain | {"PIP_CONFIG_FILE": os.devnull} | settings,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip(), done.stderr.strip()

    return choose


@pytest.fixture
def index(tmp_path):
    """Yield the address of an index that offers version 99.0 of torch."""
    folder = tmp_path / "index" / "torch"
    folder.mkdir(parents=True)
    wheel = "torch-99.0+cpu-py3-none-any.whl"
    (folder / "index.html").write_text(f'<!doctype html><a href="{wheel}">{wheel}</a>')
    with served(folder.parent) as address:
        yield address


def test_an_index_of_cpu_builds_that_answers_is_taken(choose, index):
    option, said = choose("99.0", index)
    assert option.split() == ["--extra-index-url", index]
    assert said == f"PyTorch is taken from its index of CPU builds, {index}."


def test_one_that_lacks_the_version_or_does_not_answer_is_left(choose, index):
    for wanted, address in (("98.0", index), ("99.0", NOBODY)):
        option, said = choose(wanted, address)
        assert option == ""
        assert said.startswith("PyTorch is taken from pip's usual index")
        assert len(said.splitlines()) == 1


def test_another_index_of_the_reader_is_obeyed(choose, index):
    option, said = choose("99.0", index, PIP_EXTRA_INDEX_URL=NOBODY)
    assert option == ""
    assert said == "PyTorch is taken from where pip is set to look (pip config list)."


def test_the_torch_that_is_installed_stays(choose, index):
    assert choose(version("torch").partition("+")[0], index) == ("", "")
