"""Softmax across processes: each holds the logits of its own classes, and sends two numbers a row.

The same steps as in ``softmaxbook.family.parallel``, by ``torch.distributed`` over gloo.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor, distributed

from softmaxbook.family.parallel import split_classes
from softmaxbook.learning.labels import check_class_numbers
from softmaxbook.numerics.arrays import FloatArray, as_array, as_floats, check_axis

GRACE = 0.5  # seconds in which a death that made another process fail becomes known


class Share(NamedTuple):
    """What one process knows at the end.

    Used in the chapter *machines*.

    Parameters
    ----------
    losses : torch.Tensor, shape (n,)
        The cross-entropy of the rows whose label the process holds, 0 for the others.
    gradient : torch.Tensor, shape (n, K_part)
        p − y for the classes of the process.
    bytes_sent : int
        What it sent, its summary once to each of the others.
    """

    losses: Tensor
    gradient: Tensor
    bytes_sent: int


class Outcome(NamedTuple):
    """What all processes together have found.

    Used in the chapter *machines*.

    Parameters
    ----------
    losses : ndarray, shape (n,)
        The cross-entropy of each row.
    gradient : ndarray, shape (n, K)
        The gradient of each row's own loss.
    bytes_sent : list of int
        By each process.
    """

    losses: FloatArray
    gradient: FloatArray
    bytes_sent: list[int]


def cross_entropy_of_share(logits: Tensor, labels: Tensor, first_class: int) -> Share:
    """Return a process's share of loss and gradient, after one exchange with all others.

    To be called by every process of the default group of ``torch.distributed``.

    Parameters
    ----------
    logits : torch.Tensor, shape (n, K_part)
        The logits of the process's own classes.
    labels : torch.Tensor of int64, shape (n,)
        Class numbers among all classes.
    first_class : int
        The number of the process's first class.

    Returns
    -------
    Share

    Notes
    -----
    Sent are the maximum and the scaled sum of each row, in float64, whatever the number of classes.

    Derived in the chapter *machines*.
    """
    z = logits.double()
    maximum = z.amax(dim=-1)
    mine = torch.stack([maximum, _relative(z, maximum[:, None]).sum(dim=-1)])
    everyone = [torch.empty_like(mine) for _ in range(distributed.get_world_size())]
    distributed.all_gather(everyone, mine)
    maxima, sums = torch.stack(everyone, dim=1)
    top = maxima.amax(dim=0)
    total = (sums * _relative(maxima, top)).sum(dim=0)
    total[top == -torch.inf] = torch.nan  # a row of masks alone has no probabilities
    gradient = _relative(z, top[:, None]) / total[:, None]
    own = labels - first_class
    rows = torch.nonzero((own >= 0) & (own < z.shape[1])).flatten()
    place = rows, own[rows]
    losses = torch.zeros_like(top)
    losses[rows] = torch.where(z[place] == top[rows], 0, top[rows] - z[place]) + total[rows].log()
    gradient[place] -= 1
    return Share(losses, gradient.to(logits.dtype), mine.nbytes * (len(everyone) - 1))


def cross_entropy_by_processes(
    logits: ArrayLike,
    labels: ArrayLike,
    n_processes: int,
    time_limit: float = 60.0,
    signals: Mapping[int, int] | None = None,
) -> Outcome:
    """Return cross-entropy and gradient, computed by real processes that share the classes.

    Parameters
    ----------
    logits : array_like, shape (n, K)
        Cut along the classes; each process gets its own part and nothing else.
    labels : array_like of int, shape (n,)
        Class numbers.
    n_processes : int
        From 1 to K.
    time_limit : float
        Seconds, from the start of the processes to the last answer.
    signals : mapping of int to int, optional
        To see what a failure does: the process with this number sends itself this signal before it
        sends its summary, such as ``{1: signal.SIGKILL}``.

    Returns
    -------
    Outcome

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If a label is no class, the shapes do not fit, or there are more processes than classes.
    RuntimeError
        If a process ends before it has answered, or reports an error. The others are stopped.
    TimeoutError
        If one has not answered within the time limit. All are stopped.

    Notes
    -----
    The processes talk over the loopback interface only. Where the system has a fork server, PyTorch
    is imported once. As with every use of ``multiprocessing``, a script that calls this must do
    so below ``if __name__ == "__main__":``.

    Examples
    --------
    >>> outcome = cross_entropy_by_processes([[2.0, 1.0, -1.0]], [2], n_processes=2)
    >>> print(outcome.losses.round(6), outcome.gradient.round(6), outcome.bytes_sent)
    [3.349012] [[ 0.705385  0.259496 -0.964881]] [16, 16]

    Used in the chapter *machines*.
    """
    z = as_floats(logits)
    check_axis(z, -1)
    if z.ndim != 2 or np.shape(labels) != z.shape[:1]:
        raise ValueError(f"logits (n, K) and labels (n,) are needed, got {z.shape}")
    numbers = check_class_numbers(as_array(labels, "labels"), z.shape[1]).astype(np.int64)
    parts = split_classes(z.shape[1], n_processes)
    with tempfile.TemporaryDirectory() as folder:
        team = _Team(Path(folder) / "rendezvous", n_processes, time_limit, dict(signals or {}))
        try:
            for rank, part in enumerate(parts):
                team.start(rank, np.ascontiguousarray(z[:, part]), numbers, part.start)
            shares = team.answers()
        finally:
            team.stop()
    losses = np.sum([share[0] for share in shares], axis=0)
    gradient = np.concatenate([share[1] for share in shares], axis=1)
    return Outcome(losses, gradient, [share[2] for share in shares])


class _Team:
    """Processes, and the pipes on which they answer."""

    def __init__(
        self, rendezvous: Path, size: int, time_limit: float, signals: dict[int, int]
    ) -> None:
        self.rendezvous, self.size, self.signals = rendezvous, size, signals
        self.time_limit, self.deadline = time_limit, time.monotonic() + time_limit
        self.processes: list[Any] = []
        self.pipes: list[Connection] = []
        methods = multiprocessing.get_all_start_methods()
        method = "forkserver" if "forkserver" in methods else "spawn"
        self.context: Any = multiprocessing.get_context(method)
        if method == "forkserver":
            self.context.set_forkserver_preload([__name__])

    def start(self, rank: int, *share: Any) -> None:
        """Start one process with its share of the logits."""
        here, there = self.context.Pipe(duplex=False)
        about = rank, self.size, str(self.rendezvous), self.time_limit, self.signals.get(rank)
        process = self.context.Process(target=_work, args=(there, *about, *share), daemon=True)
        try:
            process.start()
        except BrokenPipeError as error:
            raise RuntimeError(self.silence(rank)) from error
        there.close()
        self.processes.append(process)
        self.pipes.append(here)

    def answers(self) -> Sequence[Any]:
        """Wait for every answer; raise as soon as one cannot come any more."""
        found: dict[int, Any] = {}
        while len(found) < self.size:
            missing = [rank for rank in range(self.size) if rank not in found]
            left = max(0.0, self.deadline - time.monotonic())
            ready = wait([self.pipes[rank] for rank in missing], timeout=left)
            if not ready:
                raise TimeoutError(
                    f"processes {missing} of {self.size} had not answered after "
                    f"{self.time_limit:g} s; all are stopped, and there is no result"
                )
            for rank in missing:
                if self.pipes[rank] in ready:
                    found[rank] = self.answer(rank)
        return [found[rank] for rank in range(self.size)]

    def answer(self, rank: int) -> Any:
        """Return what a process has sent; say why, if that is no result."""
        try:
            answer = self.pipes[rank].recv()
        except EOFError:
            answer = self.silence(rank)
        if not isinstance(answer, str):
            return answer
        raise RuntimeError(f"{self.first_death() or answer}; there is no result")

    def silence(self, rank: int) -> str:
        """Say that a process is gone, and what it may need."""
        return (
            f"process {rank} of {self.size} ended without an answer (the program must be a file "
            'that calls this below `if __name__ == "__main__":`, or a notebook)'
        )

    def first_death(self) -> str | None:
        """Name a process that was ended from outside: the others fail in consequence."""
        end = time.monotonic() + GRACE
        for process in self.processes:
            process.join(max(0.0, end - time.monotonic()))
        for rank, process in enumerate(self.processes):
            if process.exitcode is not None and process.exitcode < 0:
                name = signal.Signals(-process.exitcode).name
                return f"process {rank} of {self.size} was ended by {name} before it had answered"
        return None

    def stop(self) -> None:
        """End whatever still runs, and close everything."""
        for process in self.processes:
            process.kill()
        for process, pipe in zip(self.processes, self.pipes, strict=True):
            process.join()
            process.close()
            pipe.close()


def _work(
    pipe: Connection,
    rank: int,
    size: int,
    rendezvous: str,
    time_limit: float,
    own_signal: int | None,
    logits: FloatArray,
    labels: FloatArray,
    first_class: int,
) -> None:
    """Join the others, exchange summaries, and answer with a share or with what went wrong."""
    try:
        torch.set_num_threads(1)
        os.environ["GLOO_SOCKET_IFNAME"] = _loopback()
        distributed.init_process_group(
            "gloo",
            init_method=Path(rendezvous).as_uri(),
            rank=rank,
            world_size=size,
            timeout=timedelta(seconds=time_limit),
        )
        # Nobody begins, or ends, while others still join: a slow one would find the door closed,
        # and gloo would write about it to stderr.
        distributed.barrier()
        if own_signal is not None:
            os.kill(os.getpid(), own_signal)
        share = cross_entropy_of_share(torch.tensor(logits), torch.tensor(labels), first_class)
        pipe.send((share.losses.numpy(), share.gradient.numpy(), share.bytes_sent))
        distributed.destroy_process_group()
    except Exception as error:
        pipe.send(f"process {rank} of {size} failed: {type(error).__name__}: {error}")


def _loopback() -> str:
    """Return the name of the interface that stays inside the machine."""
    names = [name for _, name in socket.if_nameindex()]
    found = [name for name in names if name in ("lo", "lo0")]
    if not found:
        raise OSError(f"no loopback interface is among {names}")
    return found[0]


def _relative(values: Tensor, top: Tensor) -> Tensor:
    """Return exp(values − top), with ∞ − ∞ as 0; nothing but zeros where all are −inf."""
    same = (values == top) & (top > -torch.inf)
    return torch.where(same, 0, values - torch.where(top == -torch.inf, 0, top)).exp()
