"""Summaries and their merge in JavaScript agree with the package, extremes included."""

import numpy as np
from agreement import CASES, agree
from javascript import call

from softmaxbook.family.parallel import merge, softmax_of_part, summarise

FINITE = [z for z, _ in CASES if np.isfinite(z).all()]


def pieces(z, n_parts):
    return [part.tolist() for part in np.array_split(z, min(n_parts, len(z)))]


def test_summaries():
    results = call("numerics/shards", [("summarise", z) for z in FINITE])
    for result, z in zip(results, FINITE, strict=True):
        maximum, scaled_sum = summarise(z)
        agree([result["maximum"], result["scaledSum"]], [maximum, scaled_sum])


def test_the_merge_and_the_shares():
    parts = [pieces(z, 1 + place % 4) for place, z in enumerate(FINITE)]
    told = [[summarise(part) for part in each] for each in parts]
    given = [
        [{"maximum": float(s.maximum), "scaledSum": float(s.scaled_sum)} for s in each]
        for each in told
    ]
    merged = call("numerics/shards", [("merge", each) for each in given])
    for result, each in zip(merged, told, strict=True):
        whole = merge(each)
        agree([result["maximum"], result["scaledSum"]], [whole.maximum, whole.scaled_sum])
    some = list(zip(parts, merged, told, strict=True))[::7]
    shares = call("numerics/shards", [("shares", each[0], whole) for each, whole, _ in some])
    for result, (each, _, summaries) in zip(shares, some, strict=True):
        agree(result, softmax_of_part(each[0], merge(summaries)), scale=1.0)


def test_nothing_and_a_forgotten_factor():
    nothing, some, wrong = call(
        "numerics/shards",
        [
            ("summarise", []),
            ("merge", [{"maximum": -np.inf, "scaledSum": 0}, {"maximum": 2, "scaledSum": 1.5}]),
            ("merge", [{"maximum": 3, "scaledSum": 1}, {"maximum": 1, "scaledSum": 2}], False),
        ],
    )
    assert nothing == {"maximum": -np.inf, "scaledSum": 0}
    assert (some["maximum"], some["scaledSum"]) == (2, 1.5)
    assert (wrong["maximum"], wrong["scaledSum"]) == (3, 3)
