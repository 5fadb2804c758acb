"""Every row is in one part, classes are mixed alike, and scaling sees the training part only."""

import re
import sys
from types import ModuleType
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import datasets as peers
from sklearn.preprocessing import StandardScaler

from softmaxbook.learning.datasets import (
    SHARES,
    SOURCES,
    Part,
    Standardiser,
    load,
    load_mnist,
    noisy_labels,
    stratified_split,
    thinned,
)

named = pytest.mark.parametrize("name", SOURCES)


def stacked(dataset):
    parts = dataset.train, dataset.validation, dataset.test
    return [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]


def in_order(features, labels):
    table = np.column_stack([features, labels])
    return table[np.lexsort(table.T)]


# identities


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=200),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.integers(0, 9),
)
def test_split_holds_every_row_once_and_mixes_classes_alike(labels, weights, seed):
    shares = np.array(weights) / sum(weights)
    parts = stratified_split(labels, shares, seed)
    assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(labels)))
    for label in set(labels):
        counts = [np.count_nonzero(np.array(labels)[part] == label) for part in parts]
        assert_array_equal(np.abs(counts - shares * labels.count(label)) <= 1, True)


def test_split_depends_on_its_seed_alone():
    labels = np.repeat(np.arange(3), 40)
    first, again, other = (stratified_split(labels, seed=seed) for seed in (1, 1, 2))
    for part, same in zip(first, again, strict=True):
        assert_array_equal(part, same)
    assert any(not np.array_equal(part, same) for part, same in zip(first, other, strict=True))


@named
def test_parts_hold_what_scikit_learn_has(name):
    features, labels = getattr(peers, f"load_{name.replace(' ', '_')}")(return_X_y=True)
    assert_array_equal(in_order(*stacked(load(name))), in_order(features, labels))


@named
def test_parts_have_the_shares(name):
    dataset = load(name)
    parts = dataset.train, dataset.validation, dataset.test
    total = sum(len(part.labels) for part in parts)
    for share, part in zip(SHARES, parts, strict=True):
        assert abs(len(part.labels) - share * total) <= dataset.n_classes
        assert_array_equal(np.unique(part.labels), np.arange(dataset.n_classes))
    assert len(dataset.feature_names) == dataset.train.features.shape[1]


@named
def test_training_part_is_standardised_and_others_follow_it(name):
    dataset, scaled = load(name), load(name).standardised()
    features = scaled.train.features
    varies = np.ptp(dataset.train.features, axis=0) > 0
    assert_allclose(features.mean(axis=0), 0, atol=1e-12)
    assert_allclose(features.std(axis=0), varies, atol=1e-12)
    # Other parts are scaled by the training part, so they are near but not at mean 0, deviation 1.
    assert np.abs(scaled.test.features[:, varies].mean(axis=0)).max() > 1e-3
    peer = StandardScaler().fit(dataset.train.features)
    for part, raw in ((scaled.validation, dataset.validation), (scaled.test, dataset.test)):
        assert_allclose(part.features, peer.transform(raw.features), rtol=1e-12, atol=1e-12)
        assert_array_equal(part.labels, raw.labels)


def test_constant_feature_becomes_zero_though_its_mean_is_rounded():
    column = np.full((3, 1), 0.1)
    assert column.std() > 0  # rounding alone
    assert_array_equal(Standardiser.fit(column).transform(column), np.zeros((3, 1)))


@pytest.mark.parametrize("array", load("iris").train + load("iris").standardised().test)
def test_shared_arrays_cannot_be_changed(array):
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0


def test_noise_changes_the_share_it_says():
    labels = np.arange(1000) % 4
    for rate in (0, 0.25, 1):
        noisy = noisy_labels(labels, rate, 4, seed=3)
        assert np.count_nonzero(noisy != labels) == rate * 1000
        assert set(noisy.tolist()) == {0, 1, 2, 3}
    # With all labels wrong, each of the three other classes is about as frequent.
    shifts = np.bincount((noisy_labels(labels, 1, 4, seed=3) - labels) % 4, minlength=4)
    assert shifts[0] == 0
    assert shifts[1:].min() > 280


def test_thinning_keeps_whole_rows():
    part = Part(np.arange(40.0).reshape(20, 2), np.arange(20) % 2)
    kept = thinned(part, (1, 0.5), seed=0)
    assert_array_equal(np.bincount(kept.labels), [10, 5])
    assert_array_equal(kept.features[:, 0] / 2 % 2, kept.labels)


# errors


def test_unknown_set_is_named_beside_those_that_exist():
    with pytest.raises(ValueError, match=r"no data set 'mnist'; there are 'digits', 'iris'"):
        load("mnist")


def test_missing_scikit_learn_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        load.__wrapped__("iris")


@pytest.mark.parametrize("shares", [(0.5, 0.4), (1.5, -0.5), (1.0, 0.0)])
def test_shares_that_are_none(shares):
    with pytest.raises(ValueError, match="positive with sum 1"):
        stratified_split([0, 1], shares)


@pytest.mark.parametrize("features", [np.zeros(3), np.zeros((0, 3))])
def test_nothing_to_standardise(features):
    with pytest.raises(ValueError, match="table with rows"):
        Standardiser.fit(features)


def test_other_features_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n_samples, 3\), got \(2, 4\)"):
        Standardiser.fit(np.ones((2, 3))).transform(np.ones((2, 4)))


@pytest.mark.parametrize(("rate", "n_classes"), [(-0.1, 3), (1.1, 3), (np.nan, 3), (0.5, 1)])
def test_impossible_noise(rate, n_classes):
    with pytest.raises(ValueError, match="rate in"):
        noisy_labels([0, 1], rate, n_classes, seed=0)


@pytest.mark.parametrize("keep", [(1.0, 1.0), (1.0, 1.0, 1.5), (1.0, 1.0, np.nan)])
def test_impossible_thinning(keep):
    with pytest.raises(ValueError, match="3 shares"):
        thinned(load("iris").train, keep, seed=0)


# MNIST, by a stand-in where torchvision is not installed


class StandIn:
    """What `load_mnist` uses of torchvision.datasets.MNIST, with files of 60 and 20 rows."""

    mirrors = ("https://mirror.example/mnist/",)
    resources = (("train.gz", "md5"), ("test.gz", "md5"))
    fetched: ClassVar = []

    def __init__(self, folder, train, download=False):
        if download:
            self.fetched.append(folder)
        if folder not in self.fetched:
            raise RuntimeError("Dataset not found.")
        n = 60 if train else 20
        self.data = torch.arange(n * 784).reshape(n, 28, 28) % 256
        self.targets = torch.arange(n) % 10

    def __len__(self):
        return len(self.targets)


@pytest.fixture
def torchvision(monkeypatch):
    package, module = ModuleType("torchvision"), ModuleType("torchvision.datasets")
    module.MNIST = StandIn
    monkeypatch.setitem(sys.modules, "torchvision", package)
    monkeypatch.setitem(sys.modules, "torchvision.datasets", module)


@pytest.mark.usefixtures("torchvision")
def test_mnist_says_what_it_would_fetch_before_it_does(capsys):
    plan = r"2 files \(12 MB: train.gz, test.gz\) from https://mirror.example/mnist/ to folder"
    with pytest.raises(FileNotFoundError, match=f"download=True would fetch {plan}"):
        load_mnist("folder")
    assert StandIn.fetched == []
    mnist = load_mnist("folder", download=True)
    assert re.match(f"Downloading MNIST: {plan}", capsys.readouterr().out)
    assert [len(part.labels) for part in (mnist.train, mnist.validation, mnist.test)] == [
        50,
        10,
        20,
    ]
    assert mnist.n_classes == 10
    pixels = np.arange(784) % 256 / 255
    assert_array_equal(mnist.train.features[0], pixels)
    assert_array_equal(mnist.test.features[0], pixels)
    assert mnist.train.labels[1] == 1
    load_mnist("folder")
    assert capsys.readouterr().out == ""  # nothing to fetch, nothing to say


@pytest.fixture
def without_torchvision(monkeypatch):
    """As if no test of this process had imported torchvision yet."""
    for name in [n for n in sys.modules if n.partition(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, name)


def test_mnist_says_what_is_missing(without_torchvision, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    with pytest.raises(ImportError, match="by way of torchvision: pip install torchvision"):
        load_mnist("folder")


def test_mnist_says_when_torchvision_does_not_fit(tmp_path, without_torchvision, monkeypatch):
    package = tmp_path / "torchvision"
    package.mkdir()
    message = "Couldn't load custom operators"
    (package / "__init__.py").write_text(f"raise RuntimeError({message!r})")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ImportError, match=f"install a matching pair .{message}"):
        load_mnist("folder")
