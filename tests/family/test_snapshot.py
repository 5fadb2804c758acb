"""The stored text is what its model was trained on, and sentences stay on their side."""

import re
import sys

import pytest

from softmaxbook.family import snapshot
from softmaxbook.family.corpus import Chapter, read_book
from softmaxbook.family.snapshot import SIDES, on_side, read_snapshot, sentence_side, write_snapshot
from softmaxbook.family.tokens import tokenise

STORED = read_snapshot()
SENTENCES = [sentence for chapter in STORED.chapters for sentence in chapter.sentences]


def test_every_sentence_is_on_one_side():
    by_side = {side: on_side(SENTENCES, side) for side in SIDES}
    assert sum(map(len, by_side.values())) == len(SENTENCES)
    for side, shares in zip(SIDES, (0.7, 0.1, 0.2), strict=True):
        assert abs(len(by_side[side]) / len(SENTENCES) - shares) < 0.04
        assert by_side[side] == STORED.tokens(side)


def test_no_held_out_sentence_is_among_those_to_learn_from():
    learnt = {tuple(tokens) for tokens in STORED.tokens("train")}
    for side in ("validation", "test"):
        assert not learnt & {tuple(tokens) for tokens in STORED.tokens(side)}


def test_a_later_word_and_the_place_do_not_move_a_sentence():
    for sentence in SENTENCES[:200]:
        tokens = tokenise(sentence)
        assert sentence_side(tokens) == sentence_side([*tokens[:3], "another", "end"])
        assert sentence_side(tokens) == sentence_side(tokenise(sentence.upper()))


def test_some_openings_are_on_each_side():
    """Stored values: a side that changed would show the model what it is measured on."""
    stored = {"softmax is a": "validation", "the loss is": "train", "it is not": "test"}
    assert {opening: sentence_side(opening.split()) for opening in stored} == stored


def test_what_is_written_is_read_again_with_the_same_bytes(tmp_path):
    chapters = [Chapter("one", "Part I", ("A sentence of words.", "Another ⟨code⟩ one.")),
                Chapter("index", "", ("No part at all.",))]  # fmt: skip
    first, again = tmp_path / "a.gz", tmp_path / "b.gz"
    write_snapshot(chapters, "abc", first)
    write_snapshot(chapters, "abc", again)
    assert first.read_bytes() == again.read_bytes()
    assert read_snapshot(first) == ("abc", chapters)
    assert read_snapshot(first).digest != STORED.digest


def test_it_names_the_commit_that_its_pages_stand_at():
    assert re.fullmatch("[0-9a-f]{40}", STORED.commit)
    assert {"probabilities", "losses", "sharing"} <= {chapter.name for chapter in STORED.chapters}


def test_most_of_it_is_still_in_the_book():
    """A book that has been written anew wants a new snapshot, and a model trained on it."""
    today = {sentence for chapter in read_book() for sentence in chapter.sentences}
    assert sum(sentence in today for sentence in SENTENCES) > 0.6 * len(SENTENCES)


def test_the_command_takes_a_snapshot(tmp_path, monkeypatch, capsys):
    file = tmp_path / "new.gz"
    monkeypatch.setattr(sys, "argv", ["snapshot", "--commit", "f" * 40, "--to", str(file)])
    snapshot.main()
    assert read_snapshot(file) == ("f" * 40, read_book())
    assert read_snapshot(file).digest in capsys.readouterr().out


def test_errors_name_what_is_wrong(tmp_path):
    with pytest.raises(ValueError, match="side must be one of"):
        on_side(SENTENCES, "held out")
    with pytest.raises(FileNotFoundError):
        read_snapshot(tmp_path / "none.gz")


def test_strange_spaces_in_a_sentence_are_kept(tmp_path):
    said = ("a\ttab stays", "a\u2028line separator", "a\x85next line", "and the last one")
    chapters = [Chapter("page", "Part", said)]
    write_snapshot(chapters, "commit", tmp_path / "s.gz")
    assert read_snapshot(tmp_path / "s.gz").chapters == chapters


@pytest.mark.parametrize(
    ("chapter", "words"),
    [
        (Chapter("page", "Part", ("two\nlines of it",)), "must stand on one line"),
        (Chapter("a\tpage", "Part", ("one two three",)), "tabs and line ends separate"),
    ],
)
def test_what_could_not_be_read_again_is_not_written(tmp_path, chapter, words):
    with pytest.raises(ValueError, match=words):
        write_snapshot([chapter], "commit", tmp_path / "s.gz")
    assert not (tmp_path / "s.gz").exists()
