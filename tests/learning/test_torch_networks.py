"""PyTorch's network: the same gradients, the same training, and dropout only while training."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from softmaxbook.learning.datasets import load
from softmaxbook.learning.networks import ACTIVATIONS, Network, Recipe, train
from softmaxbook.learning.torch_networks import as_torch, torch_logits, train_torch
from softmaxbook.numerics.probabilities import softmax

DIGITS = load("digits").standardised()
activated = pytest.mark.parametrize("activation", ACTIVATIONS)


# second routes


@activated
@pytest.mark.parametrize(
    "options", [{}, {"label_smoothing": 0.1, "class_weight": np.linspace(0.5, 2, 10)}]
)
def test_gradients_are_those_written_by_hand(activation, options):
    network = Network(64, 32, 10, activation, seed=4)
    model = as_torch(network)
    features, labels = DIGITS.train.features[:200], DIGITS.train.labels[:200]
    weight = options.get("class_weight")
    loss = torch.nn.functional.cross_entropy(
        model(torch.tensor(features)),
        torch.tensor(labels),
        None if weight is None else torch.tensor(weight),
        label_smoothing=options.get("label_smoothing", 0.0),
    )
    loss.backward()
    value, gradients = network.loss_and_gradients(features, labels, **options)
    assert_allclose(value, loss.item(), rtol=1e-12)
    for name, parameter in model.named_parameters():
        assert_allclose(gradients[name], parameter.grad.numpy(), atol=1e-12)


@activated
def test_training_passes_the_same_points(activation):
    recipe = Recipe(epochs=3, weight_decay=0.01, label_smoothing=0.1)
    network = Network(64, 16, 10, activation, seed=1)
    model = as_torch(network)
    ours = train(network, DIGITS.train, recipe, 7, DIGITS.validation, progress=False)
    peers = train_torch(model, DIGITS.train, recipe, 7, DIGITS.validation, progress=False)
    assert_allclose(ours.losses, peers.losses, rtol=1e-9)
    assert_array_equal(ours.accuracies, peers.accuracies)
    for name, parameter in model.state_dict().items():
        assert_allclose(network.parameters[name], parameter.numpy(), atol=1e-9)


def test_class_weights_weigh_alike():
    recipe = Recipe(epochs=1, class_weight=[1.0, 3.0, *[1.0] * 8])
    network = Network(64, 8, 10)
    model = as_torch(network)
    train(network, DIGITS.train, recipe, progress=False)
    train_torch(model, DIGITS.train, recipe, progress=False)
    assert_allclose(network.parameters["output.bias"], model.output.bias.detach(), atol=1e-10)


# dropout


def test_dropout_acts_while_training_and_never_afterwards():
    network = Network(64, 32, 10)
    model = as_torch(network, dropout=0.5)
    features = DIGITS.test.features
    assert_allclose(torch_logits(model, features), network.logits(features), atol=1e-12)
    model.train()
    rows = torch.tensor(features)
    assert not torch.equal(model(rows), model(rows))
    # On average the scaled, thinned network is the whole one.
    torch.manual_seed(0)
    mean = torch.stack([model(rows[:5]).detach() for _ in range(4000)]).mean(0)
    assert_allclose(mean, network.logits(features[:5]), atol=0.15)


def test_dropout_changes_what_is_learnt():
    def trained(dropout):
        model = as_torch(Network(64, 8, 10), dropout)
        history = train_torch(model, DIGITS.train, Recipe(epochs=2), progress=False)
        return torch_logits(model, DIGITS.train.features), history.losses[-1]

    (logits, loss), (thinned_logits, thinned_loss) = trained(0.0), trained(0.5)
    assert not np.allclose(logits, thinned_logits)
    assert thinned_loss > 1.5 * loss  # half the units are missing while it trains


def test_dropout_repeats_with_its_seed_and_leaves_the_random_state():
    def trained(seed):
        model = as_torch(Network(64, 8, 10), dropout=0.3)
        train_torch(model, DIGITS.train, Recipe(epochs=1), seed, progress=False)
        return torch_logits(model, DIGITS.test.features)

    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    assert_array_equal(trained(0), trained(0))
    assert not np.array_equal(trained(0), trained(1))
    assert torch.equal(torch.rand(3), expected)


def test_copy_is_independent():
    network = Network(64, 8, 10)
    before = {name: value.copy() for name, value in network.parameters.items()}
    model = as_torch(network)
    train_torch(model, DIGITS.train, Recipe(epochs=1), progress=False)
    for name, value in before.items():
        assert_array_equal(network.parameters[name], value)


# why the network must end in logits


def test_softmax_twice_is_another_loss():
    network = Network(64, 8, 10, seed=2)
    features, labels = DIGITS.test
    right = torch.nn.functional.cross_entropy(
        torch.tensor(network.logits(features)), torch.tensor(labels)
    )
    twice = torch.nn.functional.cross_entropy(
        torch.tensor(softmax(network.logits(features))), torch.tensor(labels)
    )
    assert abs(right - twice) > 0.01
