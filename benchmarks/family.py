"""Relatives of softmax beside their peers: `python -m benchmarks.family`.

One thread, competitors in turns on the same logits; what counts is the processor time of the
thread, the fastest of all turns. The peer of sparsemax and entmax is the `entmax` package. It is no
requirement of the book, so its rows are left out where it is missing: `pip install entmax`.

The last table compares memory: the peak of what attention allocates, at once and in blocks.
"""

import importlib
import sys
import time
import tracemalloc

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from benchmarks.asked import Line
from softmaxbook import attention, entmax15, softmax, sparsemax
from softmaxbook.family.lookup import attention_in_blocks
from softmaxbook.family.sparse import entmax_vjp
from softmaxbook.family.trees import huffman_tree, path_log_probability

SHAPE, SCALES = (1024, 1000), (1.0, 10.0, 0.01)
AT_LEAST = 3.0  # times the peer's speed, for normal logits
AT_MOST = 0.05  # of the memory of attention at once
TURNS = 7


def fastest(*calls):
    """Return the processor seconds of the fastest turn of each call; they take turns."""
    best = [float("inf")] * len(calls)
    for _ in range(TURNS):
        for place, call in enumerate(calls):
            start = time.thread_time()
            call()
            best[place] = min(best[place], time.thread_time() - start)
    return best


def beside_entmax(entmax):
    """Print the table of sparsemax and entmax; return the smallest ratio for normal logits."""
    print("| what | spread of the logits | ours, ms | entmax, ms | ratio |\n|---|---|---|---|---|")
    rng, ratios = np.random.default_rng(0), []
    for scale in SCALES:
        z, c = scale * rng.normal(size=SHAPE), rng.normal(size=SHAPE)
        x, cotangent = torch.tensor(z, requires_grad=True), torch.tensor(c)
        pairs = (("sparsemax", sparsemax, 2.0), ("entmax15", entmax15, 1.5))
        for name, ours, alpha in pairs:
            peer = getattr(entmax, name)
            found = ours(z)
            if np.abs(found - peer(x.detach(), -1).numpy()).max() > 1e-12:
                raise SystemExit(f"{name} does not agree")

            def forward(peer=peer, x=x):
                return peer(x.detach(), -1)

            def backward(peer=peer, x=x, cotangent=cotangent):
                return torch.autograd.grad(peer(x, -1), x, cotangent)

            rows = {
                name: fastest(lambda f=ours, z=z: f(z), forward),
                f"{name}, forward and backward": fastest(
                    lambda z=z, c=c, a=alpha: entmax_vjp(z, c, a), backward
                ),
            }
            for what, (mine, theirs) in rows.items():
                ratio = theirs / mine
                print(f"| {what} | {scale} | {1e3 * mine:.1f} | {1e3 * theirs:.1f} | {ratio:.1f} |")
            if scale == 1:
                ratios.append(rows[name][1] / rows[name][0])
    return min(ratios)


def many_classes():
    """Print what one label costs by softmax and by a tree, as the classes grow in number."""
    print("\n| classes | softmax of all, µs | way in a Huffman tree, µs |\n|---|---|---|")
    rng, width = np.random.default_rng(0), 64
    for n_classes in (10, 100, 1000, 10_000, 100_000, 1_000_000):
        w = rng.normal(size=(n_classes, width)).astype(np.float32)
        tree = huffman_tree(1 / np.arange(1, n_classes + 1))
        x = rng.normal(size=(1, width)).astype(np.float32)
        label = rng.integers(n_classes, size=1)
        full, way = fastest(
            lambda x=x, w=w: softmax(x @ w.T),
            lambda x=x, w=w, t=tree, y=label: path_log_probability(x, w[:-1], t, y),
        )
        print(f"| {n_classes} | {1e6 * full:.0f} | {1e6 * way:.0f} |")


def peak(function, *arguments):
    """Return the bytes at the peak that a call allocates, and its processor seconds."""
    tracemalloc.start()
    start = time.thread_time()
    function(*arguments)
    seconds = time.thread_time() - start
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, seconds


def memory():
    """Print the table of attention; return the larger share of memory that blocks take."""
    print("\n| attention, 8192 × 64 | at once, MB | in blocks, MB | share | s | s |")
    print("|---|---|---|---|---|---|")
    shares = []
    for dtype in (np.float32, np.float64):
        given = np.random.default_rng(0).normal(size=(3, 8192, 64)).astype(dtype)
        (whole, slow), (blocks, fast) = (peak(f, *given) for f in (attention, attention_in_blocks))
        shares.append(blocks / whole)
        print(f"| {np.dtype(dtype)} | {whole / 1e6:.0f} | {blocks / 1e6:.1f} | {shares[-1]:.2%} | "
              f"{slow:.2f} | {fast:.2f} |")  # fmt: skip
    return max(shares)


def main() -> int:
    """Print the tables; fail if this package is not fast or small enough."""
    Line(__spec__.name, __doc__).parse_args()
    torch.set_num_threads(1)
    with threadpool_limits(1):
        try:
            ratio = beside_entmax(importlib.import_module("entmax"))
        except ModuleNotFoundError:
            ratio = AT_LEAST
            print("entmax is not installed: nothing to compare with")
        many_classes()
        share = memory()
    return 0 if ratio >= AT_LEAST and share <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
