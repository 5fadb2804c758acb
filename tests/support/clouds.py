"""Points of three classes, and the models that the package fits to them."""

import warnings

import numpy as np

from softmaxbook import OneVsOne, OneVsRest, SoftmaxRegression

METHODS = ("softmax", "rest", "ones")


def clouds(rng):
    """Three clouds, from far apart to on top of each other."""
    labels = np.concatenate([[0, 1, 2], rng.integers(0, 3, rng.integers(3, 58))])
    centres = rng.uniform(0, 3) * rng.normal(size=(3, 2))
    return centres[labels] + rng.normal(size=(len(labels), 2)), labels


def separable(rng):
    features, labels = clouds(rng)
    angle = 2 * np.pi * labels / 3
    return 0.3 * features + 20 * np.stack([np.cos(angle), np.sin(angle)], axis=-1), labels


def tied(rng):
    """Points of a coarse grid: many share a place, some with another class."""
    features, labels = clouds(rng)
    return np.round(features), labels


def one_point_classes(rng):
    n = rng.integers(1, 12)
    labels = np.array([0] * n + [1, 2])
    return rng.normal(size=(n + 2, 2)), labels


def missing_class(rng):
    features, labels = clouds(rng)
    kept = labels != rng.integers(3)
    return features[kept], labels[kept]


def on_a_line(rng):
    features, labels = clouds(rng)
    return features * [1.0, 0.0], labels


def one_place(rng):
    """All points at one place: only the intercepts can learn."""
    _, labels = clouds(rng)
    return np.tile(rng.normal(size=2), (len(labels), 1)), labels


def fitted(model, features, labels):
    """Fit as far down as rounding allows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return model.fit(features, labels)


def packages(features, labels, penalty):
    """Return the package's models in the page's order."""
    options = {"penalty": penalty, "tolerance": 1e-15}
    models = [SoftmaxRegression(**options), OneVsRest(**options), OneVsOne(**options)]
    return [fitted(model, features, labels) for model in models]


def samples(features, labels):
    return np.column_stack([features, labels]).tolist()
