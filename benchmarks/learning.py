"""Losses, regression and networks beside PyTorch and scikit-learn, all on one thread.

Run by `python -m benchmarks.learning`. Every pair is timed in turns, so that whatever else the
machine does slows both, and the fastest run of each counts.
"""

import time

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression as PeerRegression
from threadpoolctl import threadpool_limits

from benchmarks.asked import Line
from softmaxbook.learning.datasets import Part, Standardiser, load
from softmaxbook.learning.losses import cross_entropy_and_gradient
from softmaxbook.learning.networks import Network, Recipe, train
from softmaxbook.learning.regression import SoftmaxRegression
from softmaxbook.learning.torch_networks import as_torch, train_torch


def fastest(ours, peer, seconds=2.0):
    """Return the fastest run of each in milliseconds, timed in turns for some seconds."""
    ours(), peer()  # the first run also imports and allocates
    best = [float("inf"), float("inf")]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for place, function in enumerate((ours, peer)):
            start = time.perf_counter()
            function()
            best[place] = min(best[place], 1e3 * (time.perf_counter() - start))
    return best


def row(what, ours, peer, note=""):
    """Print one line of the table."""
    print(f"| {what} | {ours:.3g} | {peer:.3g} | {ours / peer:.2f} | {note} |", flush=True)


def loss_and_gradient(shape, dtype):
    """Time cross-entropy with its gradient against PyTorch's forward and backward pass."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=shape).astype(dtype), rng.integers(shape[1], size=shape[0])
    z, y = torch.tensor(logits, requires_grad=True), torch.tensor(labels)

    def peer():
        loss = torch.nn.functional.cross_entropy(z, y)
        return loss, torch.autograd.grad(loss, z)[0]

    times = fastest(lambda: cross_entropy_and_gradient(logits, labels), peer)
    row(f"loss and gradient {shape}, {np.dtype(dtype)}", *times, "PyTorch")


def all_digits():
    """Return the whole set of digits, standardised."""
    features, labels = load_digits(return_X_y=True)
    return Part(Standardiser.fit(features).transform(features), labels)


def regression(ours, peer, what):
    """Time a fit on all digits against scikit-learn's, and say how far both are from the end."""
    data = all_digits()
    end = SoftmaxRegression(tolerance=1e-12).fit(*data).coef_
    times = fastest(lambda: ours.fit(*data), lambda: peer.fit(*data))
    away = [np.abs(model.coef_ - end).max() for model in (ours, peer)]
    row(f"fit on digits, {what}", *times, "scikit-learn; error {:.0e} and {:.0e}".format(*away))


def network():
    """Time one epoch of the NumPy network against the same in PyTorch."""
    digits = load("digits").standardised().train
    network, recipe = Network(64, 32, 10), Recipe(epochs=1)
    model = as_torch(network)
    times = fastest(
        lambda: train(network, digits, recipe, progress=False),
        lambda: train_torch(model, digits, recipe, progress=False),
    )
    row("one epoch of the network", *times, "PyTorch")


def main():
    """Print the table."""
    Line(__spec__.name, __doc__).parse_args()
    torch.set_num_threads(1)
    print("| what | ours, ms | peer, ms | ratio | peer |\n| --- | --- | --- | --- | --- |")
    with threadpool_limits(1):
        for shape in ((1000, 10), (10_000, 1000)):
            for dtype in (np.float64, np.float32):
                loss_and_gradient(shape, dtype)
        for tolerance in (1e-4, 1e-6, 1e-8):
            regression(
                SoftmaxRegression(tolerance=tolerance),
                PeerRegression(tol=tolerance, max_iter=10_000),
                f"gradient ≤ {tolerance:g}",
            )
        regression(SoftmaxRegression(), PeerRegression(), "default settings")
        network()


if __name__ == "__main__":
    main()
