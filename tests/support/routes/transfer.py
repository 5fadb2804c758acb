"""Second routes to the solutions of Part IV's exercises: PyTorch, SciPy and scikit-learn."""

import numpy as np
import pytest
from scipy.stats import sem
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

import softmaxbook as sb

torch = pytest.importorskip("torch")
nn = torch.nn


def tensor(values):
    """Return floats as tensors of the same precision."""
    return torch.tensor(np.asarray(values), dtype=torch.float64)


def linear(weight, bias=None):
    """Return a layer of PyTorch with these weights."""
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None).double()
    with torch.no_grad():
        layer.weight.copy_(tensor(weight))
        if bias is not None:
            layer.bias.copy_(tensor(bias))
    return layer


def gain_interval(transfer, scratch, quantile):
    """Return the mean gain and its standard error, as SciPy computes it, to both sides."""
    half = quantile * sem(transfer - scratch)
    return np.array([-half, half]) + np.mean(transfer - scratch)


def pulled(features, targets, source, strength):
    """Return the least squares of rows to which the penalty has added some."""
    n, d = features.shape
    rows = np.vstack([features / np.sqrt(n), np.sqrt(strength) * np.eye(d)])
    sought = np.concatenate([targets / np.sqrt(n), np.sqrt(strength) * source])
    return np.linalg.lstsq(rows, sought, rcond=None)[0]


def frozen_norm(inputs, mean, variance, scale, shift):
    """Return what PyTorch's layer gives in evaluation mode."""
    layer = nn.BatchNorm1d(len(mean), eps=1e-5).double().eval()
    state = {"running_mean": mean, "running_var": variance, "weight": scale, "bias": shift}
    layer.load_state_dict({name: tensor(value) for name, value in state.items()}, strict=False)
    return layer(tensor(inputs)).detach().numpy()


def features_of(pictures, weight, dropout):
    """Return what a network with dropout gives in evaluation mode."""
    network = nn.Sequential(linear(weight), nn.ReLU(), nn.Dropout(dropout)).eval()
    return network(tensor(pictures)).detach().numpy()


def misfits(network, stored):
    """Return what PyTorch says when it loads."""
    module = nn.Module()
    for name, shape in network.items():
        owner, _, own = name.rpartition(".")
        if owner and owner not in dict(module.named_children()):
            module.add_module(owner, nn.Module())
        module.get_submodule(owner).register_parameter(own, nn.Parameter(torch.zeros(shape)))
    state = {name: torch.zeros(shape) for name, shape in stored.items()}
    other = 0
    try:
        module.load_state_dict(state, strict=False)
    except RuntimeError as error:
        other = str(error).count("size mismatch")
    own = dict(module.state_dict())
    found = module.load_state_dict({name: own.get(name, state[name]) for name in state}, False)
    return [len(found.missing_keys), len(found.unexpected_keys), other]


def train_head(features, labels, n_classes, rate, n_steps):
    """Return what PyTorch's loss and optimiser make of a head of zeros."""
    head = linear(np.zeros((n_classes, features.shape[1])))
    optimiser = torch.optim.SGD(head.parameters(), lr=rate)
    for _ in range(n_steps):
        optimiser.zero_grad()
        nn.functional.cross_entropy(head(tensor(features)), torch.tensor(labels)).backward()
        optimiser.step()
    return head.weight.detach().numpy()


def features_gradient(features, weight, bias, labels):
    """Return PyTorch's gradient in what enters the head."""
    entered = tensor(features).requires_grad_()
    logits = linear(weight, bias)(entered)
    nn.functional.cross_entropy(logits, torch.tensor(labels)).backward()
    return entered.grad.numpy()


def learning(n_stages, every, step):
    """Return for each stage whether the step at which it opens has come."""
    return [step >= every * (n_stages - 1 - stage) for stage in range(n_stages)]


def reported(validation, test):
    """Return the test accuracy of the row that comes last when sorted by validation."""
    rows = sorted(zip(validation.tolist(), test.tolist(), strict=True), key=lambda row: sum(row[0]))
    return np.mean(rows[-1][1])


def stopping(accuracies, patience):
    """Return the first look whose last `patience` looks hold nothing better than before them."""
    peaks = np.maximum.accumulate(accuracies)
    over = np.flatnonzero(peaks[patience:] == peaks[:-patience]) + patience
    last = over[0] if over.size else len(accuracies) - 1
    return [last, np.argmax(accuracies[: last + 1])]


def stepped(weights, gradients, stages, frozen, rate, decay, shrinkage):
    """Return what PyTorch's optimiser makes of one parameter group a weight."""
    parameters = [nn.Parameter(tensor(each)) for each in weights]
    groups = []
    for parameter, gradient, stage, held in zip(parameters, gradients, stages, frozen, strict=True):
        parameter.grad = None if held else tensor(gradient)
        groups.append({"params": [parameter], "lr": rate * decay ** int(max(stages) - stage)})
    torch.optim.SGD(groups, weight_decay=shrinkage).step()
    return torch.stack([each.detach() for each in parameters]).numpy()


def end_of_tuning(features, targets, start):
    """Return the start and the shortest way from it that fits, from a decomposition."""
    return start + np.linalg.lstsq(features, targets - features @ start, rcond=None)[0]


def advantage(learnt, others, threshold):
    """Return scikit-learn's balanced accuracy of the guesses, from 0 for chance to 1."""
    truth = np.repeat([1, 0], [len(learnt), len(others)])
    guesses = np.concatenate([learnt, others]) < threshold
    return balanced_accuracy_score(truth, guesses, adjusted=True)


def area(learnt, others):
    """Return scikit-learn's area under the curve, with minus the loss as the score."""
    truth = np.repeat([1, 0], [len(learnt), len(others)])
    return roc_auc_score(truth, -np.concatenate([learnt, others]))


def two_task_loss(surprises, known):
    """Return the sum of PyTorch's losses, which ignore the label −100."""
    total = 0.0
    for column, there in zip(surprises.T, known.T, strict=True):
        p = tensor(np.exp(-column))
        labels = torch.where(torch.tensor(there) == 1, 0, -100)
        loss = nn.functional.cross_entropy(torch.stack([p, 1 - p], 1).log(), labels)
        total += float(loss.nan_to_num(0.0))
    return total


def meta_gradient(start, curvature, optimum, rate):
    """Return PyTorch's gradient through the inner step."""

    def loss(weights):
        gap = weights - tensor(optimum)
        return gap @ tensor(curvature) @ gap / 2

    begin = tensor(start).requires_grad_()
    (slope,) = torch.autograd.grad(loss(begin), begin, create_graph=True)
    (gradient,) = torch.autograd.grad(loss(begin - rate * slope), begin)
    return gradient.numpy()


ROUTES = {
    "transfer": {
        "standardise-by-the-training-part": lambda train, other: (
            StandardScaler().fit(train).transform(other)
        ),
        "mend-the-interval": gain_interval,
        "derive-the-pull-to-the-source": pulled,
    },
    "heads": {
        "mend-the-frozen-normalisation": frozen_norm,
        "mend-the-features": features_of,
        "what-does-not-fit": misfits,
        "train-a-head": train_head,
        "derive-the-slope-at-the-features": features_gradient,
    },
    "finetuning": {
        "mend-the-unfreezing": learning,
        "mend-the-report": reported,
        "stop-early": stopping,
        "write-a-step-in-groups": stepped,
        "derive-where-it-ends": end_of_tuning,
    },
    "sharing": {
        "write-the-loss-of-two-tasks": two_task_loss,
    },
    "ensembles": {
        "write-the-geometric-mean": lambda p: sb.softmax(np.log(p).mean(axis=0)),
    },
    "fewshot": {
        "mend-reptile": lambda start, ends, rate: np.average(
            [start, ends.mean(axis=0)], axis=0, weights=[1 - rate, rate]
        ),
        "derive-the-meta-gradient": meta_gradient,
    },
    "membership": {
        "mend-the-attack": advantage,
        "write-the-auc": area,
    },
}
"""Functions by the ids of the exercises, by chapter."""
