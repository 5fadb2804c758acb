"""The registry of exercises: solutions pass, mistakes are named, and probes tell them apart."""

import inspect
import itertools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import routes.attention
import routes.choices
import routes.language
import routes.learning
import routes.relatives
import routes.transfer

import softmaxbook as sb
import softmaxbook.exercises
from softmaxbook.checking.comparison import expectations, same
from softmaxbook.checking.judging import made
from softmaxbook.checking.placeholders import is_starter
from softmaxbook.checking.soundness import answered, unseparated
from softmaxbook.checking.specification import can_surround, hint_of, name_of, source_of
from softmaxbook.exercises import (
    CHAPTERS,
    Aspect,
    Exercise,
    Status,
    exercise,
    exercises,
    index,
    probe,
    question_data,
)

ALL = exercises()
FUNCTIONS = [each for each in ALL if each.form == "function"]
NUMBERS = [each for each in ALL if each.form == "number"]
CHOICES = [each for each in ALL if each.form == "choice"]


def ids(values):
    return [value.id for value in values]


# ── the registry ─────────────────────────────────────────────────────────────────────────────


def test_ids_are_unique_and_chapters_agree():
    assert len({each.id for each in ALL}) == len(ALL)
    assert all(each.chapter == chapter for chapter, own in CHAPTERS.items() for each in own)


def test_part_one_has_every_kind_in_enough_number():
    part = [each for each in ALL if each.chapter in ("probabilities", "derivatives", "overflow")]
    assert len(part) >= 18
    for chapter in ("probabilities", "derivatives", "overflow"):
        kinds = {each.kind for each in part if each.chapter == chapter}
        assert kinds == {"write", "predict", "choose", "derive", "find"}


@pytest.mark.parametrize(
    ("chapters", "least"),
    [
        (("relatives", "machines", "choices", "language", "attention"), 26),
        (("transfer", "heads", "finetuning"), 18),
    ],
    ids=("part three", "part four"),
)
def test_later_parts_have_every_kind_in_every_chapter(chapters, least):
    assert sum(len(exercises(chapter)) for chapter in chapters) >= least
    for chapter in chapters:
        kinds = {each.kind for each in exercises(chapter)}
        assert kinds == {"write", "predict", "choose", "derive", "find"}


def test_the_short_chapters_have_every_kind_together():
    short = ("sharing", "ensembles", "fewshot", "membership")
    assert {each.kind for chapter in short for each in exercises(chapter)} == {
        *("write", "predict", "choose", "derive", "find")
    }
    assert all(len({each.kind for each in exercises(chapter)}) > 1 for chapter in short)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_goes_from_easy_to_hard(chapter):
    difficulties = [each.difficulty for each in CHAPTERS[chapter]]
    assert difficulties == sorted(difficulties)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_names_each_of_its_files_once(chapter):
    files = (Path(softmaxbook.exercises.__file__).parent / chapter).glob("[!_]*.py")
    assert sorted(path.stem.replace("_", "-") for path in files) == sorted(ids(CHAPTERS[chapter]))


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_its_module_is_found_by_its_id(each):
    module = inspect.getmodule(each.mistakes[0]).__name__.rpartition(".")[2]
    assert module.replace("_", "-") == each.id


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_answers_hide_no_name_that_a_page_may_use(chapter):
    names = [each.name for each in CHAPTERS[chapter] if each.form == "function"]
    assert len(set(names)) == len(names)
    assert not set(names) & {*sb.__all__, "plots", "theme"}


def test_filters_and_index_cover_all():
    assert sum(len(exercises(difficulty=n)) for n in (1, 2, 3)) == len(ALL)
    assert set(exercises("overflow", kind="find")) <= set(exercises(kind="find"))
    assert all(f"#exercise-{each.id}" in str(index()) for each in ALL)


def test_an_unknown_id_names_those_there_are():
    with pytest.raises(KeyError, match="softmax-of-one-vector"):
        exercise("softmax")


def test_importing_loads_neither_matplotlib_nor_torch_nor_ipython():
    program = (
        "import sys, softmaxbook.exercises; "
        "print([m for m in ('matplotlib', 'torch', 'IPython', 'ipywidgets') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# ── solutions and mistakes ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_the_solution_is_correct(each):
    verdict = exercise(each.id).check(answered(each, each.solution))
    assert verdict.status is Status.CORRECT, verdict
    assert verdict.remarks == () or each.form == "function"
    assert verdict.points == sum(aspect.points for aspect in each.aspects)


MISTAKES = [(each, mistake) for each in ALL for mistake in each.mistakes]


@pytest.mark.parametrize(
    ("each", "mistake"), MISTAKES, ids=[f"{e.id}:{m.__name__}" for e, m in MISTAKES]
)
def test_every_mistake_is_refused_with_its_own_words(each, mistake):
    verdict = exercise(each.id).check(answered(each, mistake))
    assert verdict.status is Status.MISTAKE
    assert verdict.mistakes == (name_of(mistake),)
    assert verdict.hint == hint_of(mistake)
    assert hint_of(mistake) in str(verdict)
    assert verdict.points < sum(aspect.points for aspect in each.aspects)


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_hints_of_mistakes_differ(each):
    assert len({hint_of(mistake) for mistake in each.mistakes}) == len(each.mistakes)


@pytest.mark.parametrize("each", FUNCTIONS, ids=ids(FUNCTIONS))
def test_two_probes_separate_every_pair(each):
    assert unseparated(each) == []


def test_a_pair_told_apart_by_one_lucky_probe_is_found():
    def twin(x):
        """Say a hint."""
        return np.where(x == 3, 0, x)

    def other(x):
        """Say another."""
        return -x

    def third(x):
        """Say a third."""
        return x + 1

    each = tiny(mistakes=(twin, other, third), probes=(probe("one", [1.0]), probe("two", [3.0])))
    assert unseparated(each) == [("identity", "twin")]


@pytest.mark.parametrize("each", NUMBERS, ids=ids(NUMBERS))
def test_numbers_of_questions_are_far_apart_in_every_variant(each):
    if each.observe is not None:
        functions = (each.solution, *each.mistakes)
        did = [expectations(each, function, each.probes)[0] for function in functions]
        assert not any(same(a, b, 0, 0) for a, b in itertools.combinations(did, 2))
        return
    assert each.separated()
    variants = [each.variant(seed) for seed in range(30)]
    assert all(variant.separated() for variant in variants)
    assert len({variant.prompt() for variant in variants}) > 4


@pytest.mark.parametrize("each", CHOICES, ids=ids(CHOICES))
def test_every_wrong_option_has_a_mistake_of_its_own(each):
    letters = [letter for letter, _ in each.options]
    assert each.solution() in letters  # it is computed: exactly one option holds
    assert sorted(mistake() for mistake in each.mistakes) == sorted({*letters} - {each.solution()})


SURROUNDING = [
    (each, outer, inner)
    for each in FUNCTIONS
    for outer in each.mistakes
    for inner in each.mistakes
    if can_surround(outer) and outer is not inner
]


def test_most_pairs_of_mistakes_made_together_are_named():
    """Two mistakes may cancel or look like a third one; the others are named, or told as one."""
    named = 0
    for each, outer, inner in SURROUNDING:
        verdict = exercise(each.id).check(made(outer, inner))
        if verdict.status is Status.CORRECT:  # they cancel
            continue
        named += set(verdict.mistakes) == {name_of(outer), name_of(inner)}
    assert named > 0.8 * len(SURROUNDING)


@pytest.mark.parametrize("each", FUNCTIONS, ids=ids(FUNCTIONS))
def test_any_seed_gives_the_same_verdicts(each):
    for seed in range(20):
        assert exercise(each.id).check(each.solution, seed=seed).correct
    for mistake in each.mistakes:
        assert exercise(each.id).check(mistake, seed=99).mistakes == (name_of(mistake),)


def test_fresh_probes_follow_the_seed():
    one, two, three = (FUNCTIONS[0].trials(seed)[-1].arguments[0] for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, three)


# ── second routes: the solutions against the package ─────────────────────────────────────────


def jacobians(p):
    rows = np.reshape(p, (-1, np.shape(p)[-1]))
    return np.stack([np.diag(row) - np.outer(row, row) for row in rows]).reshape(
        *np.shape(p), np.shape(p)[-1]
    )


def merged(max_1, sum_1, max_2, sum_2):
    parts = np.stack([max_1 + np.log(sum_1), max_2 + np.log(sum_2)], axis=-1)
    return sb.logsumexp(parts)


def own_program(id):
    """Return the solution that is shown, where the judge uses another."""

    def run(*arguments):
        names = {}
        each = exercise(id).exercise
        exec(each.program, names)
        return names[each.name](*arguments)

    return run


def soft_loss(logits, targets):
    """Return the loss of every label, weighted by its share of the target."""
    n, k = np.shape(logits)
    parts = [sb.cross_entropy(logits, np.full(n, label), reduction="none") for label in range(k)]
    return np.mean(np.sum(targets * np.stack(parts, axis=-1), axis=-1))


def gradient_by_the_package(logits, label, h):
    """Return the exact gradient averaged over the step: the differences, by quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    steps = h * nodes[:, None] * np.eye(len(logits))[:, None, :] + logits
    gradients = sb.softmax(steps) - np.eye(len(logits))[label]
    return np.einsum("ini,n->i", gradients, weights) / 2


PACKAGE = {
    "softmax-of-one-vector": sb.softmax,
    "softmax-of-a-batch": sb.softmax,
    "a-temperature": lambda z, t: sb.softmax(z, temperature=t),
    "logits-from-probabilities": lambda p: (
        sb.log_softmax(np.log(p)) - sb.log_softmax(np.log(p)).mean(axis=-1, keepdims=True)
    ),
    "mend-the-batch-program": sb.softmax,
    "entropy-with-zeros": sb.entropy,
    "write-the-jacobian": sb.jacobian,
    "the-log-jacobian": lambda p: sb.finite_difference_jacobian(sb.log_softmax, np.log(p)),
    "a-cotangent-through-softmax": lambda p, g: sb.vjp(np.log(p), g),
    "the-temperature-derivative": lambda z, t: sb.finite_difference_jacobian(
        lambda s: sb.softmax(z, temperature=float(s[0])), np.array([t])
    )[:, 0],
    "mend-the-batched-jacobian": jacobians,
    "write-log-sum-exp": sb.logsumexp,
    "write-log-softmax": sb.log_softmax,
    "write-softplus": lambda x: np.logaddexp(0, x),
    "write-the-sigmoid": sb.sigmoid,
    "check-a-gradient": gradient_by_the_package,
    "write-the-soft-loss": soft_loss,
} | {
    id: own_program(id)
    for id in ("put-a-new-head", "mend-the-late-optimiser", "write-parameter-groups")
}
ROUTES = (
    *(routes.learning, routes.relatives, routes.choices, routes.language, routes.attention),
    routes.transfer,
)
for part in ROUTES:
    for own in part.ROUTES.values():
        PACKAGE |= own


def test_every_function_has_a_second_route():
    own = {"where-the-sum-overflows", "merge-two-sums"}  # the two tests after the next
    assert {each.id for each in FUNCTIONS} == set(PACKAGE) | own


@pytest.mark.parametrize("id", PACKAGE)
def test_solutions_agree_with_the_package(id):
    each = exercise(id).exercise
    with np.errstate(all="ignore"):
        for given in each.trials():
            expected = PACKAGE[id](*given.arguments)
            got = each.solution(*given.arguments)
            np.testing.assert_allclose(got, expected, rtol=1e-6, atol=1e-8)


def test_merged_sums_are_the_log_sum_exp_of_all():
    each = exercise("merge-two-sums").exercise
    for given in each.trials():
        with np.errstate(divide="ignore"):
            maximum, total = each.solution(*given.arguments)
            np.testing.assert_allclose(
                maximum + np.log(total), merged(*given.arguments), rtol=1e-12
            )


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_sum_overflows_just_above_its_threshold(dtype):
    threshold = exercise("where-the-sum-overflows").exercise.solution
    z = threshold(float(np.finfo(dtype).max), 10)
    with np.errstate(over="ignore"):
        sums = [10 * np.exp(z + step) for step in (-0.01, 0.01)]
        assert [bool(np.isfinite(dtype(each))) for each in sums] == [True, False]


# ── what the learner reads ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("each", FUNCTIONS, ids=ids(FUNCTIONS))
def test_the_shown_solution_stands_alone(each):
    names = {"np": np}
    exec(each.program or source_of(each.solution), names)
    assert exercise(each.id).check(names[each.name]).correct


@pytest.mark.parametrize("each", FUNCTIONS, ids=ids(FUNCTIONS))
def test_the_starter_defines_the_function_and_is_not_attempted(each):
    names = {"np": np}
    exec(each.starter, names)
    assert is_starter(each.starter, each.name, names[each.name])
    assert exercise(each.id).check(names[each.name]).status is Status.NOT_ATTEMPTED


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_hints_come_one_by_one_and_stay_at_the_last(each):
    attempt = type(exercise(each.id))(each)
    shown = [str(attempt.hint()) for _ in range(len(each.hints) + 1)]
    assert all(hint in text for hint, text in zip(each.hints, shown, strict=False))
    assert shown[-1] == shown[-2]


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_no_statement_hint_or_starter_gives_the_solution_away(each):
    if each.form == "function":
        body = source_of(each.solution).strip().splitlines()[-1].strip()
        shown = "\n".join([each.text(), *each.hints[:-1]])
        assert body not in shown


def everything_shown(each):
    attempt = type(exercise(each.id))(each)
    texts = [attempt._repr_markdown_(), str(attempt), str(attempt.statement()), str(attempt.help())]
    texts += [str(attempt.hint()) for _ in each.hints] + [str(attempt.reveal())]
    return "\n".join([*texts, json.dumps(question_data(each), ensure_ascii=False)])


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_without_solutions_no_line_of_one_is_shown(each, monkeypatch):
    secrets = [hint_of(mistake) for mistake in each.mistakes]
    secrets += source_of(each.solution).splitlines()[1:] if each.form == "function" else []
    secrets += [name_of(mistake) for mistake in each.mistakes]
    secrets = [line.strip() for line in secrets if len(line.strip()) > 12]
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "yes")
    assert "Solution" in everything_shown(each)
    monkeypatch.setenv("SOFTMAXBOOK_SOLUTIONS", "no")
    shown = everything_shown(each)
    hinted = "\n".join(each.hints) + each.text()
    assert [line for line in secrets if line in shown and line not in hinted] == []
    assert "Solution" not in shown
    assert not {"accepted", "mistakes", "solution", "nudge"} & set(question_data(each))


@pytest.mark.parametrize("each", ALL, ids=ids(ALL))
def test_the_data_for_a_page_is_json_and_agrees_with_the_verdicts(each):
    data = json.loads(json.dumps(question_data(each, solutions=True), allow_nan=False))
    if not each.answered_in_place:
        assert data["form"] == "function"
        return
    if each.form == "choice":
        assert exercise(each.id).check(data["accepted"]["letter"]).correct
        assert [mistake["letter"] for mistake in data["mistakes"]] == [m() for m in each.mistakes]
    else:
        assert exercise(each.id).check(data["accepted"]["values"]).correct
        for mistake in data["mistakes"]:
            assert exercise(each.id).check(mistake["values"]).hint == mistake["hint"]
        assert len(data["labels"]) == len(data["accepted"]["values"])
    plain = [mistake["hint"] for mistake in data["mistakes"]]
    assert not any(
        sign in text for text in plain for sign in ("*", "$", "](")
    )  # text, not Markdown


# ── whoever writes an exercise ───────────────────────────────────────────────────────────────


def first(x):
    """Say one thing."""
    return -x


def second(x):
    """Say another."""
    return x + 1


def third(x):
    """Say a third."""
    return 2 * x


def tiny(**changes):
    values = dict(
        id="tiny", title="Tiny", chapter="overflow", kind="write", difficulty=1, statement="?",
        solution=identity, mistakes=(first, second, third), hints=("one", "two"),
        probes=(probe("one", 1.0),),
    )  # fmt: skip
    return Exercise(**{**values, **changes})


def identity(x):
    return 1.0 * x


def silent(x):
    return x


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "guess"}, "unknown kind"),
        ({"form": "essay"}, "unknown kind"),
        ({"difficulty": 4}, "difficulty"),
        ({"hints": ("one",)}, "two hints"),
        ({"mistakes": (first, second)}, "three mistakes"),
        ({"mistakes": (first, second, silent)}, "needs a docstring"),
        ({"probes": (probe("one", 1.0, aspect="elsewhere"),)}, "without points"),
        ({"probes": ()}, "one probe"),
        ({"solution": lambda x: x}, "needs a name"),
        ({"form": "choice", "options": (("a", "this"),)}, "three options"),
    ],
)
def test_an_incomplete_exercise_says_what_it_needs(changes, words):
    with pytest.raises(ValueError, match=words):
        tiny(**changes)


def placed(module):
    def solution(x):
        return 1.0 * x

    solution.__module__ = module
    return solution


def test_an_exercise_has_id_and_chapter_by_its_place_or_names_them():
    here = placed("softmaxbook.exercises.overflow.one_more")
    unnamed = tiny(id="", chapter="", solution=here)
    assert (unnamed.id, unnamed.chapter) == ("one-more", "overflow")
    assert replace(unnamed, solution=identity).id == "one-more"
    named = tiny(id="other", chapter="week 1", solution=here)
    assert (named.id, named.chapter) == ("other", "week 1")


@pytest.mark.parametrize("module", ["softmaxbook_course_one_more", "__main__", "numpy", None])
@pytest.mark.parametrize("missing", ["id", "chapter"])
def test_elsewhere_an_exercise_without_id_or_chapter_says_so(module, missing):
    with pytest.raises(ValueError, match="needs an id and a chapter"):
        tiny(**{missing: ""}, solution=placed(module))


def test_a_private_exercise_is_checked_like_any_other():
    each = tiny(aspects=(Aspect("values", 2.0),))
    attempt = type(exercise("write-softplus"))(each)
    assert attempt.check(lambda x: x + 0).points == 2.0
    assert attempt.check(lambda x: -x).mistakes == ("first",)


def test_the_example_for_contributors_is_a_sound_exercise():
    text = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = text.partition("## An exercise")[2].partition("```python\n")[2].partition("```")[0]
    names = {"__name__": "softmaxbook.exercises.probabilities.one_more_softmax"}
    exec(block, names)
    each = names["EXERCISE"]
    assert (each.id, each.chapter) == ("one-more-softmax", "probabilities")
    assert unseparated(each) == []
    attempt = type(exercise("write-softplus"))(each)
    assert attempt.check(each.solution).correct
    assert [attempt.check(mistake).hint for mistake in each.mistakes] == [
        hint_of(mistake) for mistake in each.mistakes
    ]
