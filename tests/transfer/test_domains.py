"""Distances between domains have the laws of distances; relations carry over without features."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.linalg import sqrtm
from torch import nn

from softmaxbook.transfer.backbones import load_backbone
from softmaxbook.transfer.domains import (
    domain_distance,
    frechet_distance,
    learn_relations,
    similarities,
    vote,
)
from softmaxbook.transfer.glyphs import draw_glyphs
from softmaxbook.transfer.heads import extract_features
from softmaxbook.transfer.targets import digit_pictures, few_labels, shuffled_digits


def cloud(seed, n=60, k=4, scale=1.0):
    rng = np.random.default_rng(seed)
    return scale * (rng.normal(size=(n, k)) @ rng.normal(size=(k, k)) + rng.normal(size=k))


seeds = st.integers(0, 10_000)


@given(seeds, seeds, st.sampled_from([1e-6, 1.0, 1e6]))
@settings(deadline=None, max_examples=60)
def test_distance_is_the_formula_with_a_root_of_a_product(a, b, scale):
    x, y = cloud(a, scale=scale), cloud(b, n=40, scale=scale)
    c, d = np.cov(x.T), np.cov(y.T)
    cross = np.real(np.trace(sqrtm(c @ d)))
    square = np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(c) + np.trace(d) - 2 * cross
    assert_allclose(frechet_distance(x, y) ** 2, square, atol=1e-7 * np.trace(c + d))


@given(seeds, seeds, seeds)
@settings(deadline=None, max_examples=60)
def test_distance_has_the_laws_of_distances(a, b, c):
    x, y, z = cloud(a), cloud(b), cloud(c)
    assert frechet_distance(x, x[::-1]) == 0
    assert_allclose(frechet_distance(x, y), frechet_distance(y, x), rtol=1e-9, atol=1e-9)
    through = frechet_distance(x, y) + frechet_distance(y, z)
    assert frechet_distance(x, z) <= through + 1e-9


def test_in_one_dimension_it_compares_mean_and_deviation():
    x, y = cloud(0, k=1), cloud(1, k=1)
    expected = np.hypot(x.mean() - y.mean(), x.std(ddof=1) - y.std(ddof=1))
    assert_allclose(frechet_distance(x, y), expected, rtol=1e-9)


def test_with_diagonal_covariances_the_columns_add_up():
    signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], dtype=float)
    x, y = signs * [1, 2, 3] + [0, 0, 5], signs * [4, 2, 1]
    columns = [frechet_distance(x[:, [k]], y[:, [k]]) ** 2 for k in range(3)]
    assert_allclose(frechet_distance(x, y) ** 2, sum(columns), rtol=1e-12)


@given(seeds)
@settings(deadline=None, max_examples=30)
def test_a_shift_is_as_far_as_it_is_long_and_a_rotation_of_both_changes_nothing(seed):
    x, y = cloud(seed), cloud(seed + 1)
    step = np.array([3.0, 0, 4, 0])
    assert_allclose(frechet_distance(x, x + step), 5, rtol=1e-9)
    turn = np.linalg.qr(cloud(seed + 2, n=4))[0]
    assert_allclose(frechet_distance(x @ turn, y @ turn), frechet_distance(x, y), rtol=1e-9)


def test_fewer_rows_than_features_still_have_a_distance():
    x, y = cloud(0, n=3, k=8), cloud(1, n=5, k=8)
    assert np.isfinite(frechet_distance(x, y))
    assert frechet_distance(x, x) == 0


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[1.0]], [[1.0], [2.0]], "at least two rows"),
        ([[1.0], [2.0]], [[1.0, 2.0], [3.0, 4.0]], "as many columns"),
        ([1.0, 2.0], [1.0, 2.0], "two tables"),
        ([[1.0], [np.nan]], [[1.0], [2.0]], "finite"),
    ],
)
def test_bad_clouds_are_named(x, y, message):
    with pytest.raises(ValueError, match=message):
        frechet_distance(x, y)


def test_domain_distance_is_that_of_the_features_and_grows_as_pixels_move():
    model, glyphs = load_backbone("glyphnet"), draw_glyphs(600, seed=5).features
    targets = [shuffled_digits(share).train.features[:600] for share in (0.0, 0.5, 1.0)]
    distances = [domain_distance(model, glyphs, target) for target in targets]
    features = [extract_features(model, pictures) for pictures in (glyphs, targets[0])]
    assert distances[0] == frechet_distance(*features)
    same = domain_distance(model, glyphs, draw_glyphs(600, seed=6).features)
    assert same < distances[0] < distances[1] < distances[2]


def test_similarities_are_cosines_of_any_length():
    x, y = cloud(0, n=5), cloud(1, n=7)
    expected = [[a @ b / np.sqrt((a @ a) * (b @ b)) for b in y] for a in x]
    assert_allclose(similarities(x, y), expected, rtol=1e-12)
    assert_allclose(similarities(3 * x, y / 7), expected, rtol=1e-12)
    assert similarities([[0.0, 0.0]], [[1.0, 2.0]]).tolist() == [[0.0]]


def test_votes_are_probabilities_between_the_nearest_and_the_census():
    table, labels = np.random.default_rng(0).normal(size=(30, 12)), np.arange(12) % 3
    p = vote(table, labels, 4, temperature=0.7)
    assert_allclose(p.sum(axis=1), 1)
    assert (p[:, 3] == 0).all()
    by_hand = [
        [sum(np.exp(s / 0.7) for s, y in zip(row, labels, strict=True) if y == k) for k in range(3)]
        for row in table
    ]
    by_hand /= np.sum(by_hand, axis=1, keepdims=True)
    assert_allclose(p[:, :3], by_hand, rtol=1e-12)
    nearest = vote(table, labels, 4, temperature=1e-6)
    assert (nearest.argmax(axis=1) == labels[table.argmax(axis=1)]).all()
    assert_allclose(vote(table, labels, 3, temperature=1e9), 1 / 3)


@pytest.mark.parametrize(
    ("labels", "message"), [([0, 1], "each column"), ([0, 1, 5], "from 0 to 2")]
)
def test_bad_votes_are_named(labels, message):
    with pytest.raises(ValueError, match=message):
        vote([[1.0, 2.0, 3.0]], labels, 3)


def test_relations_alone_carry_over_to_another_network():
    train, test = digit_pictures().train, digit_pictures().test
    few = few_labels(train, 5, seed=0)
    teacher = extract_features(load_backbone("glyphnet"), train.features)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        student = nn.Sequential(nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 32))

    def right():
        def read(part):
            with torch.no_grad():
                return student(torch.tensor(part.features)).numpy()

        return np.mean(
            vote(similarities(read(test), read(few)), few.labels, 10).argmax(1) == test.labels
        )

    before = right()
    relations = similarities(teacher - teacher.mean(0), teacher - teacher.mean(0))
    losses = learn_relations(student, train.features, relations, progress=False)
    assert losses[-20:].mean() < 0.2 * losses[0]
    assert right() > before + 0.02
    assert not student.training


def test_same_seed_same_student():
    x = cloud(0, n=20)
    relations = similarities(x, x)
    students = []
    for _ in range(2):
        torch.manual_seed(1)
        students.append(nn.Linear(4, 3))
        learn_relations(students[-1], x, relations, n_steps=5, batch_size=8, progress=False)
    assert torch.equal(students[0].weight, students[1].weight)


def test_relations_need_one_row_a_picture():
    with pytest.raises(ValueError, match=r"3 pictures have 3 × 3 relations, got \(3, 2\)"):
        learn_relations(nn.Linear(2, 2), np.zeros((3, 2)), np.zeros((3, 2)), progress=False)
