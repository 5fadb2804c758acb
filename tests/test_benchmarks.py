"""Every benchmark says what it measures before it measures anything, and refuses a wrong word."""

import importlib
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
NAMES = [path.stem for path in FOLDER.glob("*.py") if "def main(" in path.read_text("utf-8")]


def said(name, word, monkeypatch, capsys):
    """Return how a benchmark ends that is given one word, and what it prints."""
    module = importlib.import_module(f"benchmarks.{name}")
    monkeypatch.setattr(sys, "argv", [name, word])
    with pytest.raises(SystemExit) as ended:
        module.main()
    return ended.value.code, capsys.readouterr()


@pytest.mark.parametrize("name", NAMES)
def test_help_says_what_is_measured(name, monkeypatch, capsys):
    code, printed = said(name, "--help", monkeypatch, capsys)
    assert code == 0
    usage, about, *_ = printed.out.split("\n\n")
    assert usage.startswith(f"usage: python -m benchmarks.{name} ")
    assert 20 < len(about) < 160
    assert about.endswith(".")


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_word_is_refused_in_one_sentence(name, monkeypatch, capsys):
    code, printed = said(name, "--nonsense", monkeypatch, capsys)
    assert code == 2
    assert printed.out == ""
    wanted = f"python -m benchmarks.{name}: unrecognized arguments: --nonsense; "
    assert printed.err.startswith(wanted)
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "word", "says"),
    [
        ("cluster", "0", "'0' is no whole number above 0"),
        ("grading", "many", "'many' is no whole number above 0"),
        ("pages_python", "1.5", "'1.5' is no whole number above 0"),
        ("throughput", "-1", "-1"),
        ("events", "hats", "there is no explorable hats"),
        ("pages", "hats", "there is no page hats with code"),
        ("jupyterlite", "--rounds=0", "'0' is no whole number above 0"),
        ("loading", "/hats", "there is no /hats/book/"),
        ("builds", "/hats", "/hats is no checkout of this repository"),
    ],
)
def test_what_is_wrong_is_named(name, word, says, monkeypatch, capsys):
    code, printed = said(name, word, monkeypatch, capsys)
    assert code == 2
    assert says in printed.err
