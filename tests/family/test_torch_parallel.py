"""Real processes that share the classes find what one finds; a dead one is named, in time."""

import multiprocessing
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

from softmaxbook import cross_entropy, cross_entropy_gradient
from softmaxbook.family.parallel import merged_cross_entropy, split_classes
from softmaxbook.family.torch_parallel import cross_entropy_by_processes


@pytest.mark.parametrize("n_processes", [2, 4])
def test_find_what_one_process_finds(n_processes):
    rng = np.random.default_rng(20261128)
    z, labels = 4 * rng.normal(size=(50, 1001)), rng.integers(1001, size=50)
    z[3, :500] = -np.inf
    labels[3] = 700
    found = cross_entropy_by_processes(z, labels, n_processes)
    assert_allclose(found.losses, cross_entropy(z, labels, "none"), rtol=1e-14)
    assert_allclose(found.gradient, cross_entropy_gradient(z, labels, "none"), atol=1e-15)
    x = torch.tensor(z, requires_grad=True)
    loss = functional.cross_entropy(x, torch.tensor(labels), reduction="none")
    assert_allclose(found.losses, loss.detach(), rtol=1e-13)
    assert_allclose(found.gradient, torch.autograd.grad(loss.sum(), x)[0], atol=1e-14)
    parts = [z[:, part] for part in split_classes(1001, n_processes)]
    losses, slopes = merged_cross_entropy(parts, labels)
    assert_allclose(found.losses, losses, rtol=1e-15)
    assert_allclose(found.gradient, np.concatenate(slopes, axis=1), atol=1e-16)
    assert found.bytes_sent == [(n_processes - 1) * 50 * 2 * 8] * n_processes
    assert found.bytes_sent[0] < 0.02 * (n_processes - 1) * parts[0].nbytes


def test_special_rows_and_single_precision():
    inf, nan = np.inf, np.nan
    z = np.array([[0, -inf, -inf], [-inf] * 3, [inf, 1, inf], [nan, 1, 2]], np.float32)
    labels = [0, 0, 2, 1]
    found = cross_entropy_by_processes(z, labels, 2)
    losses, slopes = merged_cross_entropy([z[:, :2], z[:, 2:]], labels)
    assert_array_equal(found.losses, losses)
    assert_array_equal(found.gradient, np.concatenate(slopes, axis=1))
    assert found.gradient.dtype == np.float32


@pytest.mark.parametrize("n_processes", [2, 4])
def test_a_process_that_dies_is_named_within_the_time_limit(n_processes):
    start = time.monotonic()
    with pytest.raises(RuntimeError, match=f"process 1 of {n_processes} was ended by SIGKILL"):
        cross_entropy_by_processes(
            np.zeros((2, 8)), [0, 1], n_processes, 60, signals={1: signal.SIGKILL}
        )
    assert time.monotonic() - start < 60
    assert multiprocessing.active_children() == []


def test_a_process_that_hangs_ends_at_the_time_limit():
    with pytest.raises(TimeoutError, match=r"of 2 had not answered after 4 s; .* no result"):
        cross_entropy_by_processes(np.zeros((2, 8)), [0, 1], 2, 4, signals={0: signal.SIGSTOP})
    assert multiprocessing.active_children() == []


def test_a_program_without_a_file_is_told_so():
    program = (
        "from softmaxbook.family.torch_parallel import cross_entropy_by_processes\n"
        "try:\n    cross_entropy_by_processes([[0.0, 1.0]], [0], 2)\n"
        "except RuntimeError as error:\n    print(error)\n"
    )
    run = subprocess.run([sys.executable], input=program, text=True, capture_output=True)
    assert re.match(r"process \d of 2 ended without an answer \(the program must be", run.stdout)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (([[1.0, 2.0]], [2], 2), ValueError, "is not a class"),
        (([[1.0, 2.0]], [0], 3), ValueError, "2 classes cannot be spread over 3 parts"),
        (([[1.0, 2.0]], [0, 1], 2), ValueError, "labels"),
        (([1.0, 2.0], [0], 2), ValueError, r"logits \(n, K\)"),
        ((["a"], [0], 2), TypeError, "logits must be real numbers"),
    ],
)
def test_errors_name_what_is_wrong(arguments, error, words):
    with pytest.raises(error, match=words):
        cross_entropy_by_processes(*arguments)
