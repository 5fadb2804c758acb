"""The hand-written network: its gradients by differences, its training, its errors."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.learning.datasets import Part, load
from softmaxbook.learning.intervals import mean_interval, over_seeds
from softmaxbook.learning.losses import cross_entropy
from softmaxbook.learning.networks import ACTIVATIONS, Network, Recipe, accuracy, batches, train
from softmaxbook.numerics.derivatives import finite_difference_jacobian

activated = pytest.mark.parametrize("activation", ACTIVATIONS)
DIGITS = load("digits").standardised()


def small(activation="tanh", seed=0):
    """Return a small network and rows for it."""
    rng = np.random.default_rng(seed)
    data = Part(rng.normal(size=(9, 4)), rng.integers(3, size=9))
    return Network(4, 5, 3, activation, seed), data


# identities


@activated
def test_derivatives_of_activations(activation):
    chosen = ACTIVATIONS[activation]
    x = np.linspace(-6, 6, 40)  # does not hold 0, where ReLU has no derivative
    step = 1e-6
    slope = (chosen.function(x + step) - chosen.function(x - step)) / (2 * step)
    assert_allclose(chosen.derivative(x), slope, atol=1e-9)
    values = chosen.function(np.linspace(-40, 40, 1001))
    assert values.min() >= chosen.low
    assert values.max() <= chosen.high


@activated
@pytest.mark.parametrize("options", [{}, {"label_smoothing": 0.2, "class_weight": [1.0, 2.0, 0.5]}])
def test_backpropagation_is_finite_differences(activation, options):
    network, data = small(activation)
    loss, gradients = network.loss_and_gradients(*data, **options)
    assert loss == cross_entropy(network.logits(data.features), data.labels, **options)
    assert gradients.keys() == network.parameters.keys()
    for name, value in list(network.parameters.items()):

        def shifted_loss(flat, name=name, shape=value.shape):
            network.parameters[name] = flat.reshape(shape)
            return np.atleast_1d(network.loss_and_gradients(*data, **options)[0])

        slopes = finite_difference_jacobian(shifted_loss, value.ravel())
        network.parameters[name] = value
        assert_allclose(gradients[name], slopes.reshape(value.shape), atol=1e-8)


def test_batches_hold_every_row_once():
    rows = list(batches(10, 4, np.random.default_rng(1)))
    assert [len(part) for part in rows] == [4, 4, 2]
    assert_array_equal(np.sort(np.concatenate(rows)), np.arange(10))
    assert not np.array_equal(np.concatenate(rows), np.arange(10))


def test_probabilities_are_the_softmax_of_logits():
    network, data = small()
    p = network.predict_proba(data.features)
    assert_allclose(p.sum(axis=-1), 1)
    assert_array_equal(p.argmax(axis=-1), network.predict(data.features))
    assert network.score(*data) == np.mean(network.predict(data.features) == data.labels)
    assert accuracy(p, data.labels) == network.score(*data)


def test_initial_signal_neither_shrinks_nor_grows():
    network = Network(400, 300, 200, "relu", seed=2)
    x = np.random.default_rng(3).normal(size=(500, 400))
    assert network.logits(x).std() == pytest.approx(1, rel=0.1)


# training


def test_training_is_repeatable_and_depends_on_its_seeds():
    def logits(weights, order):
        network = Network(64, 8, 10, seed=weights)
        train(network, DIGITS.train, Recipe(epochs=1), seed=order, progress=False)
        return network.logits(DIGITS.test.features)

    assert_array_equal(logits(0, 0), logits(0, 0))
    assert not np.array_equal(logits(0, 0), logits(1, 0))
    assert not np.array_equal(logits(0, 0), logits(0, 1))


def test_one_step_of_plain_descent():
    network, data = small()
    network.parameters["hidden.bias"] = np.linspace(-1, 1, 5)  # which no decay may touch
    before = dict(network.parameters)
    loss, gradients = network.loss_and_gradients(*data)
    recipe = Recipe(epochs=1, batch_size=9, learning_rate=0.1, weight_decay=0.01)
    history = train(network, data, recipe, progress=False)
    assert history.losses[0] == pytest.approx(loss)
    for name, value in before.items():
        pull = gradients[name] + (0.01 * value if name.endswith("weight") else 0)
        assert_allclose(network.parameters[name], value - 0.1 * pull, rtol=1e-12)


def test_history_watches_another_part():
    network = Network(64, 32, 10)
    history = train(
        network, DIGITS.train, Recipe(epochs=4), watch=DIGITS.validation, progress=False
    )
    assert history.losses.shape == history.accuracies.shape == (4,)
    assert history.losses[-1] < history.losses[0] / 3
    assert history.accuracies[-1] == network.score(*DIGITS.validation)
    assert train(network, DIGITS.train, Recipe(epochs=1), progress=False).accuracies.shape == (0,)


def test_weight_decay_makes_weights_smaller():
    def size(decay):
        network = Network(64, 16, 10)
        train(network, DIGITS.train, Recipe(epochs=5, weight_decay=decay), progress=False)
        return np.linalg.norm(network.parameters["hidden.weight"])

    assert size(0.01) < 0.8 * size(0.0)


def test_digits_are_learnt_over_ten_seeds():
    def run(seed):
        network = Network(64, 32, 10, seed=seed)
        train(network, DIGITS.train, seed=seed, progress=False)
        return network.score(*DIGITS.validation)

    accuracies = over_seeds(run, progress=False)
    assert len(set(accuracies)) > 1  # the seed matters
    interval = mean_interval(accuracies)
    assert 0.94 < interval.low < interval.mean < interval.high < 0.99


def test_progress_bar_is_shown_on_request(capsys):
    network, data = small()
    train(network, data, Recipe(epochs=2))
    assert "epochs" in capsys.readouterr().err
    train(network, data, Recipe(epochs=2), progress=False)
    assert capsys.readouterr().err == ""


# errors


def test_unknown_activation():
    with pytest.raises(ValueError, match=r"one of \('relu', 'sigmoid', 'tanh'\), got 'softmax'"):
        Network(4, 5, 3, "softmax")


def test_wrong_rows():
    network, _ = small()
    with pytest.raises(ValueError, match="features have 3 columns; the network takes 4"):
        network.logits(np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"features\[0, 1\] = nan is not finite"):
        network.predict([[0.0, np.nan, 0.0, 0.0]])
    with pytest.raises(ValueError, match=r"labels\[1\] = 3 is not a class"):
        network.loss_and_gradients(np.zeros((2, 4)), [0, 3])
    with pytest.raises(ValueError, match=r"2 rows need as many labels, got shape \(3,\)"):
        network.score(np.zeros((2, 4)), [0, 1, 2])


def test_empty_batches():
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        train(*small(), Recipe(batch_size=0), progress=False)
