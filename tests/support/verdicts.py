"""What the engine says of many answers, computed alike by any Python: that of a page too.

Run as `main(…)` with the source of `test_styles.py`, which stands in a file here and not there.
"""

import ast
import fractions
import functools
import json
import math
import time

import numpy as np

from softmaxbook.exercises import exercise, exercises

ELSEWHERE = ("torch", "tensor")  # styles that need what a page does not have


def functions():
    """Return the exercises that are answered with a function."""
    return [each for each in exercises() if each.form == "function"]


def single(solution):
    """Return a solution in single precision."""

    def answer(*arguments):
        own = [np.float32(a) if np.ndim(a) and a.dtype.kind == "f" else a for a in arguments]
        with np.errstate(all="ignore"):
            return np.asarray(solution(*own), dtype=np.float32)

    return answer


def listed(solution):
    """Return a solution whose result is a list."""

    def answer(*arguments):
        with np.errstate(all="ignore"):
            return np.asarray(solution(*arguments)).tolist()

    return answer


def styles(source):
    """Return the right answers in odd styles, without those of libraries that are elsewhere."""

    def is_elsewhere(node):
        return any(word in ast.unparse(node) for word in ELSEWHERE)

    kept = []
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not is_elsewhere(node):
            kept.append(node)
        if isinstance(node, ast.Assign) and node.targets[0].id == "RIGHT":
            node.value.elts = [each for each in node.value.elts if not is_elsewhere(each)]
            kept.append(node)
            break
    names = {"np": np, "math": math, "functools": functools, "fractions": fractions}
    exec(compile(ast.Module(kept, []), "<styles>", "exec"), names)
    return names["RIGHT"]


def main(source):
    """Return JSON of {what was answered: what the engine says}, and the seconds that it took."""
    said = {}
    for each in functions():
        attempt = exercise(each.id)
        said[each.id, "solution"] = attempt.check(each.solution)
        said[each.id, "single precision"] = attempt.check(single(each.solution))
        said[each.id, "list"] = attempt.check(listed(each.solution))
        for mistake in each.mistakes:
            said[each.id, mistake.__name__] = attempt.check(mistake)
    for number, answer in enumerate(styles(source)):
        said["style", str(number)] = exercise("softmax-of-a-batch").check(answer)
    return json.dumps({" / ".join(of): str(verdict) for of, verdict in said.items()})


def seconds(id, repeats=5):
    """Return how long a check of an exercise's solution takes: the shortest of some."""
    attempt, taken = exercise(id), []
    for _ in range(repeats):
        start = time.perf_counter()
        attempt.check(attempt.exercise.solution)
        taken.append(time.perf_counter() - start)
    return min(taken)
