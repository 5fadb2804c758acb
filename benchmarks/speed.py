"""How fast the package is, beside SciPy and PyTorch: `python benchmarks/speed.py`.

All competitors run on one thread, in turns, on the same logits. What is measured is the processor
time of the thread, so that other programs on the machine disturb little; the table shows
medians over the turns, in microseconds, and ratios of them: above 1, the package is faster.
"""

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import scipy.special
import threadpoolctl
import torch

import softmaxbook as sb

SHAPES = [(3,), (10,), (1000,), (64, 10), (4096, 3), (64, 1000), (1024, 1024), (64, 50_000)]
FUNCTIONS = ["softmax", "log_softmax", "logsumexp"]
TURNS, SECONDS_A_TURN = 15, 0.002

Call = Callable[[], object]


def seconds(call: Call, repetitions: int) -> float:
    """Return the processor time of one call, averaged over `repetitions`."""
    start = time.thread_time()
    for _ in range(repetitions):
        call()
    return (time.thread_time() - start) / repetitions


def medians(calls: list[Call]) -> list[float]:
    """Return the median time of each call; the calls take turns."""
    once = [min(seconds(call, 1) for _ in range(3)) for call in calls]
    repetitions = [max(1, round(SECONDS_A_TURN / max(t, 1e-7))) for t in once]
    turns = [
        [seconds(call, n) for call, n in zip(calls, repetitions, strict=True)] for _ in range(TURNS)
    ]
    return [statistics.median(times) for times in zip(*turns, strict=True)]


def compare(shift: float) -> list[float]:
    """Print a table for logits around `shift`; return the ratios SciPy / package."""
    print(f"\nlogits drawn from N({shift:g}, 1), times in µs")
    print(
        f"{'type':8}{'shape':14}{'function':13}{'package':>10}{'SciPy':>11}{'PyTorch':>11}", end=""
    )
    print(f"{'SciPy ÷ package':>18}{'PyTorch ÷ package':>19}")
    ratios, rng = [], np.random.default_rng(20261121)
    for dtype in (np.float32, np.float64):
        for shape in SHAPES:
            z = (rng.normal(size=shape) + shift).astype(dtype)
            tensor = torch.from_numpy(z)
            for name in FUNCTIONS:
                ours, scipys = getattr(sb, name), getattr(scipy.special, name)
                torchs = getattr(torch, name)
                times = medians(
                    [
                        lambda f=ours, z=z: f(z),
                        lambda f=scipys, z=z: f(z, axis=-1),
                        lambda f=torchs, z=tensor: f(z, -1),
                    ]
                )
                package, scipy_time, torch_time = (1e6 * t for t in times)
                ratios.append(scipy_time / package)
                print(
                    f"{z.dtype.name:8}{shape!s:14}{name:13}{package:10.1f}{scipy_time:11.1f}",
                    end="",
                )
                print(
                    f"{torch_time:11.1f}{ratios[-1]:18.2f}{torch_time / package:19.2f}", flush=True
                )
    return ratios


def products(sizes: tuple[int, ...] = (8, 64, 512, 4096)) -> None:
    """Print the time of a vector-Jacobian product beside that of the matrix and the product."""
    print("\nvector-Jacobian product, float64, times in µs")
    print(f"{'K':>8}{'vjp':>12}{'matrix':>12}{'matrix ÷ vjp':>16}{'vjp, ns per class':>20}")
    rng = np.random.default_rng(20261121)
    for k in sizes:
        z, c = rng.normal(size=(2, k))
        direct, dense = medians(
            [lambda z=z, c=c: sb.vjp(z, c), lambda z=z, c=c: c @ sb.jacobian(z)]
        )
        print(f"{k:8}{1e6 * direct:12.1f}{1e6 * dense:12.1f}{dense / direct:16.1f}", end="")
        print(f"{1e9 * direct / k:20.1f}")


def cost_curve(sizes: tuple[int, ...] = (10, 100, 1000, 10**4, 10**5, 10**6)) -> dict[int, float]:
    """Return the seconds that softmax takes for one row of K classes, for each K."""
    rng = np.random.default_rng(20261121)
    rows = {k: rng.normal(size=k) for k in sizes}
    return {k: medians([lambda z=z: sb.softmax(z)])[0] for k, z in rows.items()}


def main() -> int:
    """Print all tables; fail if the package is slower than SciPy anywhere or not fast enough."""
    torch.set_num_threads(1)
    threadpoolctl.threadpool_limits(1)
    ratios = compare(shift=0.0)
    # Far below 0 the exponentials need a shift, as they do far above.
    shifted = compare(shift=-50.0)
    products()
    print("\nsoftmax of one row, float64")
    for k, t in cost_curve().items():
        print(f"{k:>9} classes {1e6 * t:10.1f} µs {1e9 * t / k:10.2f} ns per class")
    print()
    for label, values in [("around 0", ratios), ("around −50", shifted)]:
        mean = statistics.geometric_mean(values)
        print(f"SciPy ÷ package, {label}: geometric mean {mean:.2f}, smallest {min(values):.2f}")
    return 0 if min(ratios) >= 1 and statistics.geometric_mean(ratios) >= 1.5 else 1


if __name__ == "__main__":
    sys.exit(main())
