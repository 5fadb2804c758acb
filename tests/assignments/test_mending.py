"""Whatever becomes of a notebook, its answers are found, or an instructor is told."""

import json

import handins
import jupytext
import nbconvert
import nbformat
import numpy as np
import pytest
from handins import RIGHT, cell_of, code, markdown, names_after, written
from hypothesis import given, settings
from hypothesis import strategies as st

from softmaxbook.assignments.assignment import ManualQuestion
from softmaxbook.assignments.collecting.mending import mend
from softmaxbook.assignments.collecting.reading import read
from softmaxbook.assignments.settings import load
from softmaxbook.assignments.submissions.pieces import statements
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import (
    Answer,
    Submission,
    read_submission,
    write_submission,
)
from softmaxbook.exercises import exercises

LSE = "write-log-sum-exp"


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    return handins.assignment(tmp_path_factory.mktemp("course"))


def submission(week, data, name="week1.ipynb"):
    found = mend(week, "ada", read(name, data))
    return Submission("ada", found.answers, found.preamble, tuple(found.log), tuple(found.problems))


def sound(submission, id):
    """Return whether an answer does what the right one does."""
    if submission.answers[id].kind == "missing":
        return False
    if submission.answers[id].kind == "text":
        return RIGHT[id] in submission.answers[id].source
    names = names_after(submission, id)
    try:
        if id == "write-log-sum-exp":
            return bool(np.isclose(names["log_sum_exp"](np.zeros(2)), np.log(2)))
        if id == "write-log-softmax":
            return np.allclose(names["log_probabilities"](np.zeros((1, 2))), -np.log(2))
    except (KeyError, NameError, TypeError):  # what was handed out returns None
        return False
    expected = {}
    exec(RIGHT[id], expected)
    name = f"answer_{id.replace('-', '_')}"
    return names.get(name) == expected[name]


# ── the table of damages ─────────────────────────────────────────────────────────────────────
#
# Each takes a hand-in in which everything is right, and returns the file that arrives. Named beside
# it: words of the log, words of the problems (none: nobody needs to look), and what is lost.

DAMAGES = {}


def damage(log="", problem="", lost=(), name="week1.ipynb"):
    def keep(function):
        DAMAGES[function.__name__] = (function, log, problem, tuple(lost), name)
        return function

    return keep


@damage()
def nothing_at_all(found):
    return written(found)


@damage()
def outputs_and_counts(found):
    cell_of(found, LSE)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    return written(found)


@damage(log="MB of outputs")
def huge_outputs(found):
    text = "0.123456789 " * 600_000
    cell_of(found, LSE)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    return written(found)


@damage(problem="write-log-sum-exp: no cell of this id is left", lost=[LSE, "write-log-softmax"])
def an_answer_deleted(found):
    found["cells"].remove(cell_of(found, LSE))
    return written(found)


@damage()
def all_questions_deleted(found):
    found["cells"] = [c for c in found["cells"] if not c["id"].startswith(("question", "about"))]
    return written(found)


@damage(log="of the hand-out is gone; put back")
def the_cell_of_the_imports_deleted(found):
    found["cells"].remove(cell_of(found, "setup"))
    return written(found)


@damage()
def cells_in_another_order(found):
    found["cells"].reverse()
    return written(found)


@damage(log="2 times, all the same")
def an_answer_duplicated(found):
    found["cells"].append(cell_of(found, LSE))
    return written(found)


@damage(problem="answer it differently")
def an_answer_duplicated_and_changed(found):
    second = {**cell_of(found, LSE), "id": "other"}
    cell_of(found, LSE)["source"] = "def log_sum_exp(logits):\n    return 0 * logits[..., 0]"
    found["cells"].append(second)
    return written(found)


@damage()
def a_duplicate_left_as_it_was_handed_out(found):
    begun = {**cell_of(found, LSE), "source": "def log_sum_exp(logits):\n    ...  # your code"}
    found["cells"].append(begun)
    return written(found)


@damage(log="found in cell")
def metadata_and_ids_gone(found):
    found["metadata"] = {}
    for cell in found["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return written(found)


@damage()
def metadata_gone_and_ids_left(found):
    for cell in found["cells"]:
        cell["metadata"] = {}
    return written(found)


@damage()
def ids_gone_and_metadata_left(found):
    for cell in found["cells"]:
        del cell["id"]
    return written(found)


@damage(log="found by its mark")
def a_manual_answer_without_ids(found):
    cell = cell_of(found, "why-the-shift")
    cell["metadata"] = {}
    del cell["id"]
    return written(found)


@damage(log="found below its question")
def a_manual_answer_in_a_new_cell(found):
    found["cells"].remove(cell_of(found, "why-the-shift"))
    found["cells"].append(markdown(RIGHT["why-the-shift"]))
    return written(found)


@damage()
def a_manual_answer_goes_on_in_a_new_cell(found):
    cell = cell_of(found, "why-the-shift")
    cell["source"] = "First of all:"
    found["cells"].append(markdown("## Because\n" + RIGHT["why-the-shift"]))
    return written(found)


@damage(log="the question's own cell")
def a_manual_answer_in_the_question(found):
    found["cells"].remove(cell_of(found, "why-the-shift"))
    cell_of(found, "question-why-the-shift")["source"] += [f"\n\n{RIGHT['why-the-shift']}"]
    return written(found)


@damage(log="the cell of the answer is gone", lost=["why-the-shift"])
def a_manual_answer_deleted(found):
    found["cells"].remove(cell_of(found, "why-the-shift"))
    return written(found)


@damage()
def a_manual_answer_as_code(found):
    cell = cell_of(found, "why-the-shift")
    found["cells"][found["cells"].index(cell)] = {**code(cell["source"]), "id": cell["id"]}
    return written(found)


@damage(log="is markdown; read as code")
def code_as_markdown(found):
    for id in (LSE, "what-does-it-print"):
        cell_of(found, id)["cell_type"] = "markdown"
    return written(found)


@damage(log="is raw; read as code")
def code_as_raw(found):
    cell_of(found, LSE)["cell_type"] = "raw"
    return written(found)


@damage(log="is markdown; read as code")
def code_between_fences_and_ids_gone(found):
    cell = cell_of(found, LSE)
    found["cells"][found["cells"].index(cell)] = markdown(
        f"My answer:\n\n```python\n{cell['source']}\n```\nDone."
    )
    return written(found)


@damage(log="two halves; put together")
def a_function_split_in_two(found):
    cell = cell_of(found, LSE)
    at = cell["source"].index("    m = np.where")
    head, tail = cell["source"][:at], cell["source"][at:]
    cell["source"] = head
    found["cells"].insert(found["cells"].index(cell) + 1, code(tail))
    return written(found)


@damage(log="two halves; put together")
def a_function_split_behind_its_head(found):
    cell = cell_of(found, LSE)
    head, _, tail = cell["source"].partition("\n")
    cell["source"] = head
    found["cells"].insert(found["cells"].index(cell) + 1, {**cell, "source": tail, "id": "half"})
    return written(found)


@damage()
def a_helper_split_off(found):
    cell = cell_of(found, LSE)
    cell["source"] = cell["source"].replace("np.max(", "largest(")
    helper = code("def largest(x, **how):\n    return np.max(x, **how)")
    found["cells"].insert(found["cells"].index(cell), helper)
    return written(found)


@damage(log="found in cell")
def two_answers_merged(found):
    cell = cell_of(found, LSE)
    other = cell_of(found, "write-log-softmax")
    cell["source"] += "\n\n" + other["source"]
    found["cells"].remove(other)
    return written(found)


@damage(log="found in cell")
def everything_in_one_cell(found):
    sources = [c["source"] for c in found["cells"] if c["cell_type"] == "code"]
    text = "\n\n".join("".join(each) for each in sources)
    found["cells"] = [code(text), cell_of(found, "why-the-shift")]
    return written(found)


@damage(log="its parts are read", lost=["write-log-softmax"], problem="is not Python")
def merged_with_one_that_is_broken(found):
    cell = cell_of(found, LSE)
    other = cell_of(found, "write-log-softmax")
    cell["source"] += "\n\ndef log_probabilities(logits):\n    return logits - (\n"
    found["cells"].remove(other)
    return written(found)


@damage(lost=[LSE, "write-log-softmax"], problem="is not Python")
def one_function_that_is_not_python(found):
    cell_of(found, LSE)["source"] = "def log_sum_exp(logits)\n    return 1"
    return written(found)


@damage(log="taken as `log_sum_exp`")
def a_function_renamed(found):
    cell = cell_of(found, LSE)
    cell["source"] = cell["source"].replace("log_sum_exp", "LogSumExp")
    return written(found)


@damage(log="has lost the answer's name; put back")
def a_number_without_its_name(found):
    cell_of(found, "where-exp-overflows")["source"] = "# my result\n31.2"
    return written(found)


@damage(log="has lost the answer's name; put back")
def a_number_under_another_name(found):
    cell_of(found, "where-exp-overflows")["source"] = "x = 30\nanswer = x + 1.2"
    return written(found)


@damage(log="“d” is taken as it is written")
def a_letter_without_quotation_marks(found):
    cell_of(found, "what-does-it-print")["source"] = "answer_what_does_it_print = d  # nan"
    return written(found)


@damage(log="lines that only a notebook understands")
def magics_and_shell_lines(found):
    cell_of(found, "setup")["source"] = "%matplotlib inline\n!pip install numpy\nimport numpy as np"
    cell_of(found, LSE)["source"] = "%%time\n" + RIGHT[LSE]
    return written(found)


@damage(problem="cell 8 seems to answer it", lost=[LSE, "write-log-softmax"])
def a_program_that_a_cell_magic_writes_to_a_file(found):
    cell = cell_of(found, LSE)
    cell["source"] = next(each.starter for each in exercises() if each.id == LSE)
    place = found["cells"].index(cell)
    found["cells"].insert(place, code("%%writefile week1.py\n" + RIGHT[LSE]))
    return written(found)


@damage(log="typographic spaces")
def spaces_of_a_word_processor(found):
    cell = cell_of(found, LSE)
    cell["source"] = cell["source"].replace("    ", "\xa0   ").replace(" - ", " − ")
    return written(found)


@damage(log="typographic spaces")
def a_program_through_a_word_processor(found):
    cell = cell_of(found, LSE)
    source = "".join(cell["source"]) + '\nNAME = "a"\nSIZE = 3 - 2\n'
    cell["source"] = (
        source.replace('"a"', "“a”").replace("3 - 2", "3 – 2").replace("    ", "\xa0" * 4)
    )
    return written(found)


@damage(problem="write-log-sum-exp: it is not Python", lost=[LSE, "write-log-softmax"])
def a_program_with_the_next_text_behind_it(found):
    cell = cell_of(found, LSE)
    cell["source"] = "".join(cell["source"]) + "\n3. Log-softmax, which isn't the log of softmax\n"
    return written(found)


@damage(problem="write-log-sum-exp: it is not Python", lost=[LSE, "write-log-softmax"])
def a_photo_in_place_of_a_program(found):
    cell_of(found, LSE)["source"] = "![sheet.png](attachment:sheet.png)"
    cell_of(found, LSE)["cell_type"] = "markdown"
    return written(found)


@damage(problem="has its id, but does not answer it", lost=[LSE, "write-log-softmax"])
def a_photo_in_a_cell_of_code(found):
    cell_of(found, LSE)["source"] = "![sheet.png](attachment:sheet.png)"
    return written(found)


@damage(problem="and was written in Python 3.99.1", lost=[LSE, "write-log-softmax"])
def a_program_in_a_newer_python(found):
    cell_of(found, LSE)["source"] = "def log_sum_exp(logits) =>\n    return logits.sum()"
    found["metadata"]["language_info"]["version"] = "3.99.1"
    return written(found)


@damage(log="what stands beside its line is no Python", lost=["why-the-shift"], name="week1.py")
def a_number_between_words_that_are_no_python(found):
    words = r"Let \N be $\xi$, it's \x"
    return as_program(found).replace("= 31.2", f"= 30 + 1.2\n{words}").encode()


@damage(log="halves of a line")
def a_number_split_within_its_name(found):
    cell = cell_of(found, "where-exp-overflows")
    cell["source"] = "answer_where_exp_"
    found["cells"].insert(found["cells"].index(cell) + 1, code("overflows = 31.2"))
    return written(found)


@damage(log="prompts are taken off")
def copied_with_prompts(found):
    cell = cell_of(found, LSE)
    first, *rest = cell["source"].splitlines()
    cell["source"] = "\n".join([f">>> {first}", *(f"... {line}" for line in rest)])
    return written(found)


@damage(log="no cell; left out")
def entries_that_are_no_cells(found):
    found["cells"] += [None, 3, {"cell_type": "code"}, {"source": {"a": 1}}]
    return written(found)


@damage(problem="damaged")
def cut_off_in_the_last_cell(found):
    found["cells"].append(found["cells"].pop(found["cells"].index(cell_of(found, "setup"))))
    found["cells"].insert(0, code("import numpy as np"))
    data = written(found)
    return data[: data.rindex(b"import numpy") + 3]


@damage(problem="damaged", lost=["write-log-softmax", "break-the-log-of-softmax", "why-the-shift"])
def cut_off_within_an_answer(found):
    cell = cell_of(found, LSE)
    cell["source"] = (cell["source"] + "\nA = 1\nB = 2").splitlines(keepends=True)
    data = written(found)
    return data[: data.index(b"B = 2") - 8]


@damage(problem="damaged")
def with_marks_of_a_merge(found):
    text = written(found).decode()
    head = text.index('  "cell_type": "code"')
    end = text.index('   "execution_count"') if '   "execution_count"' in text else head
    at = text.rindex(" {\n", 0, max(head, end))
    return (text[:at] + "<<<<<<< HEAD\n=======\n>>>>>>> mine\n" + text[at:]).encode()


@damage(log="utf-8-sig")
def a_byte_order_mark(found):
    return b"\xef\xbb\xbf" + written(found)


@damage(log="utf-16")
def in_utf_16(found):
    return written(found).decode().encode("utf-16")


@damage(log="UTF-16 without saying so")
def in_utf_16_without_a_mark(found):
    return written(found).decode().encode("utf-16-le")


@damage(log="JSON within JSON")
def as_json_within_json(found):
    return json.dumps(written(found).decode()).encode()


@damage(log="Windows-1252")
def in_another_encoding(found):
    cell_of(found, "about")["source"] = "für Übung"
    found["cells"] = [
        c for c in found["cells"] if c["cell_type"] == "code" or "question" not in c["id"]
    ]
    return written(found).decode().encode("cp1252")


@damage(log="nbformat 3")
def in_the_format_of_2014(found):
    for cell in found["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
            cell["language"] = "python"
        del cell["id"]
    heading = {"cell_type": "heading", "level": 1, "metadata": {}, "source": "Title"}
    sheet = {"cells": [heading, *found["cells"]], "metadata": {}}
    return written({"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [sheet]})


def as_program(found):
    sources = [c["source"] for c in found["cells"] if c["cell_type"] == "code"]
    return "\n\n".join("".join(each) for each in sources)


@damage(log="is a program", name="week1.py", lost=["why-the-shift"])
def as_a_program(found):
    return as_program(found).encode()


@damage(log="is a program", name="week1.ipynb", lost=["why-the-shift"])
def as_a_program_named_like_a_notebook(found):
    return as_program(found).encode()


@damage(log="is a program", name="week1.py")
def as_a_program_with_marks(found):
    parts = []
    for cell in found["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            parts.append(f"# %%\n{source}\n")
        else:
            words = "".join(f"# {line}\n" for line in source.splitlines())
            parts.append(f"# %% [markdown]\n{words}")
    return "\n".join(parts).encode()


@damage(log="is a program", name="week1.py")
def as_colab_writes_a_program(found):
    r"""Text stands between quotation marks, and backslashes of formulas stay as they are."""
    text = r"Let $\xi$ be the shift, $\underbrace{x}_{1}$ and \N."
    parts = ['# -*- coding: utf-8 -*-\n"""week1\n\nAutomatically generated by Colab.\n"""']
    for cell in found["cells"]:
        source = "".join(cell["source"])
        is_code = cell["cell_type"] == "code"
        parts += [source, f'"""{text}"""'] if is_code else [f'"""{source}"""']
    return "\n\n".join(parts).encode()


@damage(log="is a program", name="week1.py")
def as_nbconvert_writes_a_program(found):
    return nbconvert.PythonExporter().from_notebook_node(as_notebook(found))[0].encode()


@damage(log="a notebook saved as a web page", name="week1.html")
def as_nbconvert_writes_a_web_page(found):
    return nbconvert.HTMLExporter().from_notebook_node(as_notebook(found))[0].encode()


@damage(log="is a page", name="week1.md")
def as_a_page(found):
    parts = []
    for cell in found["cells"]:
        source = "".join(cell["source"])
        parts.append(f"```python\n{source}\n```" if cell["cell_type"] == "code" else source)
    return "\n\n".join(parts).encode()


@damage(log="is a web page", problem="running text", name="onlinetext.html", lost=["why-the-shift"])
def pasted_as_online_text(found):
    lines = as_program(found).replace("&", "&amp;").replace("<", "&lt;").splitlines()
    return ("<p>" + "<br>".join(each.replace(" ", "&nbsp;") for each in lines) + "</p>").encode()


@damage(name="my solution (final).ipynb")
def a_renamed_file(found):
    return written(found)


def as_notebook(found):
    return nbformat.reads(json.dumps(found), as_version=4)


@damage(log="is a page", name="week1.md")
def as_the_page_that_jupytext_writes(found):
    return jupytext.writes(as_notebook(found), "md:myst").encode()


@damage(log="is a page", name="week1.md")
def as_the_markdown_that_jupytext_writes(found):
    return jupytext.writes(as_notebook(found), "md:markdown").encode()


@damage(log="is a program", name="week1.py")
def as_the_program_that_jupytext_writes(found):
    return jupytext.writes(as_notebook(found), "py:percent").encode()


@damage(log="nbformat 3")
def as_nbformat_writes_the_format_of_2014(found):
    return nbformat.writes(nbformat.convert(as_notebook(found), 3), version=3).encode()


ALL = (*RIGHT,)


@damage(problem="is empty", lost=ALL)
def an_empty_file(found):
    return b""


@damage(problem="is empty", lost=ALL)
def blank_lines_only(found):
    return b"\xef\xbb\xbf \n\n"


@damage(problem="a PDF", lost=ALL)
def a_printed_notebook(found):
    return b"%PDF-1.7\n..."


@damage(problem="no notebook", lost=ALL)
def another_kind_of_json(found):
    return b'{"a": 1}'


@damage(problem="no notebook", lost=ALL)
def a_list_of_json(found):
    return b"[1, 2]"


@damage(problem="no text", lost=ALL)
def random_bytes(found):
    return bytes(range(256)) * 20


@damage(problem="damaged", lost=ALL)
def json_nested_without_end(found):
    return b'{"cell_type": ' + b"[" * 100_000


@damage(problem="week7")
def another_assignment(found):
    found["metadata"]["softmaxbook"]["assignment"] = "week7"
    return written(found)


@pytest.mark.parametrize("case", DAMAGES)
def test_damages_are_mended_or_told(week, case):
    function, log, problem, lost, name = DAMAGES[case]
    found = submission(week, function(handins.notebook(week)), name)
    right = {id for id in RIGHT if sound(found, id)}
    assert right == set(RIGHT) - set(lost), (found.log, found.problems)
    assert any(log in line for line in found.log) or not log, found.log
    assert any(problem in str(each) for each in found.problems) or not problem, found.problems
    assert found.needs_a_look == bool(problem), found.problems


def test_the_words_of_a_program_of_colab_are_the_answer_and_not_the_file(week):
    data = as_colab_writes_a_program(handins.notebook(week))
    assert (
        submission(week, data, "week1.py")
        .answers["why-the-shift"]
        .source.startswith(RIGHT["why-the-shift"])
    )
    assert "import numpy" not in submission(week, data, "week1.py").answers["why-the-shift"].source


def told(found):
    """Return whether all answers are right, or an instructor is told that something is wrong."""
    return bool(found.problems) or all(sound(found, id) for id in RIGHT)


def test_wherever_a_file_is_cut_it_is_told(week):
    data = written(handins.notebook(week))
    silent = [cut for cut in range(0, len(data) - 2, 97) if not told(submission(week, data[:cut]))]
    assert silent == []


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_file_with_a_hole_or_with_rubbish_is_told_and_raises_nothing(week, data):
    whole = written(handins.notebook(week))
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
    rubbish = data.draw(st.binary(max_size=30))
    found = submission(week, whole[:first] + rubbish + whole[last:])
    lost = {id for id in RIGHT if found.answers[id].kind == "missing"}
    assert found.problems or lost <= {"why-the-shift"}


@given(st.binary(max_size=2000) | st.text(max_size=2000).map(str.encode))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_without_an_exception(week, data):
    assert submission(week, data).needs_a_look


def test_an_untouched_notebook_is_nothing_but_starters(week):
    found = submission(week, written(handins.notebook(week, {})))
    assert found.log == found.problems == ()
    kinds = {id: answer.kind for id, answer in found.answers.items()}
    assert kinds["why-the-shift"] == "missing"
    assert {*kinds.values()} == {"code", "value", "missing"}
    assert found.answers[LSE].source == week.chosen(LSE).exercise.starter
    assert found.preamble == "import numpy as np"


def test_a_decimal_comma_is_taken_as_text(week):
    answers = {**RIGHT, "where-exp-overflows": "answer_where_exp_overflows = 31,2"}
    found = submission(week, written(handins.notebook(week, answers)))
    assert names_after(found, "where-exp-overflows")["answer_where_exp_overflows"] == "31,2"
    answers["where-exp-overflows"] = "answer_where_exp_overflows = 31.2 %"
    found = submission(week, written(handins.notebook(week, answers)))
    assert names_after(found, "where-exp-overflows")["answer_where_exp_overflows"] == "31.2 %"


def test_a_pair_that_is_asked_for_stays_a_pair(week):
    answers = {**RIGHT, "break-the-log-of-softmax": "answer_break_the_log_of_softmax = 800,0"}
    found = submission(week, written(handins.notebook(week, answers)))
    name = "answer_break_the_log_of_softmax"
    assert names_after(found, "break-the-log-of-softmax")[name] == (800, 0)


@pytest.mark.parametrize("ending", ["md", "md:myst", "py:percent", "ipynb"])
def test_two_manual_answers_do_not_run_into_each_other(tmp_path, ending):
    second = ManualQuestion("why-not", "Why not?", "Why not the mean?", (("it depends", 1.0),))
    week = handins.assignment(tmp_path, manual=(handins.WHY, second))
    answers = {**RIGHT, "why-not": "It could be far from the largest."}
    found = handins.notebook(week, answers)
    for cell in found["cells"]:
        cell["metadata"] = {}
    text = jupytext.writes(as_notebook(found), ending)
    name = f"week1.{ending.partition(':')[0]}"
    got = submission(week, text.encode(), name).answers
    assert got["why-the-shift"].source == RIGHT["why-the-shift"]
    assert got["why-not"].source == answers["why-not"]


def test_a_variant_of_somebody_else_is_told(tmp_path):
    week = handins.assignment(tmp_path, variants=True)
    own = submission(week, written(handins.notebook(week, student="ada")))
    assert not own.needs_a_look
    theirs = submission(week, written(handins.notebook(week, student="bob")))
    assert theirs.problems == (Kind.OF_ANOTHER_STUDENT.of(owner="bob", student="ada"),)


def test_an_answer_may_use_what_others_define_and_nothing_else_of_them():
    found = Submission(
        "ada",
        {
            "one": Answer(
                "code", "EPS = 1e-3\nBIG = 9 ** 9 ** 9\nprint('no')\ndef f(x): return EPS"
            ),
            "two": Answer("code", "@staticmethod\ndef g(x):\n    return f(x); y = 2"),
            "three": Answer("text", "words"),
        },
        "import math",
    )
    assert found.program("two") == (
        "import math",
        "EPS = 1e-3",
        "def f(x): return EPS",
        "@staticmethod\ndef g(x):\n    return f(x); y = 2",
    )


def test_statements_are_taken_apart_by_lines():
    assert list(statements("a = 1; b = 2\nif a:\n    c = '''\n\x0c'''\n# end")) == [
        "a = 1; b = 2",
        "if a:\n    c = '''\n\x0c'''",
    ]
    assert list(statements("def (")) == ["def ("]


def test_a_submission_is_stored_and_read_again(tmp_path, week):
    found = submission(week, written(handins.notebook(week)))
    write_submission(tmp_path / "mended.json", found)
    assert read_submission(tmp_path / "mended.json") == found


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"answers": {"a": {"kind": "evil"}}}', "\ud800"])
def test_a_file_that_is_no_submission_is_refused(tmp_path, text):
    from softmaxbook.assignments.course import CourseError

    (tmp_path / "mended.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(CourseError, match="collect it again"):
        read_submission(tmp_path / "mended.json")


def test_mending_runs_nothing(week, tmp_path):
    evil = f"open({str(tmp_path / 'ran')!r}, 'w')"
    answers = {id: f"{evil}\n{source}" for id, source in RIGHT.items()}
    submission(week, written(handins.notebook(week, answers)))
    assert not (tmp_path / "ran").exists()


def test_surrogates_and_zeros_in_a_source_do_no_harm(week, tmp_path):
    notebook = handins.notebook(week)
    cell_of(notebook, LSE)["source"] = "x = '\ud800'\0\n"
    found = submission(week, json.dumps(notebook).encode())
    write_submission(tmp_path / "mended.json", found)
    assert read_submission(tmp_path / "mended.json").student == "ada"


def test_the_assignment_is_what_was_saved(week):
    assert load(week.folder) == week


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("a.ipynb", lambda n: n["cells"].extend([code("x = 1")] * 600), "500 are read"),
        ("a.ipynb", lambda n: n["cells"].append(code("x = 1\n" * 60_000)), "characters; left out"),
        ("a.ipynb", lambda n: n["cells"].extend([code("x = 1\n" * 40_000)] * 9), "far more text"),
    ],
)
def test_hand_ins_that_are_made_to_take_long_are_cut_short(week, name, make, words):
    found = handins.notebook(week)
    make(found)
    assert any(words in str(each) for each in submission(week, written(found), name).problems)


@pytest.mark.parametrize(
    "data",
    [b'{"id":' * 50_000, b'{"cell_type": "code", "source": ["a", ' * 20_000, b"<p>" * 200_000],
)
def test_damage_without_end_is_told(week, data):
    assert submission(week, data).needs_a_look
