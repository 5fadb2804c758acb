"""How fast the package is, beside SciPy and PyTorch: `python -m benchmarks.speed`.

All competitors run on one thread, in turns, on the same logits. What is measured is the processor
time of the thread, so that other programs on the machine disturb little; the table shows
medians over the turns, in microseconds, and ratios of them: above 1, the package is faster.

The first line names the processor and the vector instructions in use. Those of another machine are
tried by ``NPY_DISABLE_CPU_FEATURES="X86_V4 AVX512_ICL AVX512_SPR"``, which leaves AVX2; SciPy's
softmax is made of NumPy's loops, too, PyTorch's is not and keeps what the processor has.
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
from benchmarks.asked import Line
from benchmarks.machine import processor, vector_instructions

# (shape, axis): rows short and long, few and many, and axes that are not the last.
SHAPES = [
    *[((k,), 0) for k in (3, 10, 100, 1000)],
    *[(shape, 1) for shape in ((64, 10), (4096, 3), (1000, 10), (64, 1000), (1024, 1024))],
    ((64, 50_000), 1),
    *[(shape, 0) for shape in ((10, 64), (1000, 64), (1024, 1024))],
]
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


def compare(shift: float, spread: float) -> list[float]:
    """Print a table for logits from N(shift, spread²); return the ratios SciPy / package."""
    print(f"\nlogits drawn from N({shift:g}, {spread:g}²), times in µs")
    print(
        f"{'type':8}{'shape, axis':16}{'function':13}{'package':>9}{'SciPy':>11}{'PyTorch':>11}",
        end="",
    )
    print(f"{'SciPy ÷ package':>18}{'PyTorch ÷ package':>19}")
    ratios, rng = [], np.random.default_rng(20261121)
    for dtype in (np.float32, np.float64):
        for shape, axis in SHAPES:
            z = (spread * rng.normal(size=shape) + shift).astype(dtype)
            tensor = torch.from_numpy(z)
            for name in FUNCTIONS:
                ours, scipys = getattr(sb, name), getattr(scipy.special, name)
                torchs = getattr(torch, name)
                times = medians(
                    [
                        lambda f=ours, z=z, axis=axis: f(z, axis),
                        lambda f=scipys, z=z, axis=axis: f(z, axis=axis),
                        lambda f=torchs, z=tensor, axis=axis: f(z, axis),
                    ]
                )
                package, scipy_time, torch_time = (1e6 * t for t in times)
                ratios.append(scipy_time / package)
                print(
                    f"{z.dtype.name:8}{shape!s:13}{axis:2} {name:13}{package:9.1f}",
                    f"{scipy_time:10.1f}",
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
    Line(__spec__.name, __doc__).parse_args()
    torch.set_num_threads(1)
    threadpoolctl.threadpool_limits(1)
    print(f"{processor()}, {vector_instructions()}")
    tables = {
        "N(0, 1)": compare(shift=0.0, spread=1.0),
        # Far below 0 the exponentials need a shift, as they do far above.
        "N(−50, 1)": compare(shift=-50.0, spread=1.0),
        "N(0, 5²), peaked": compare(shift=0.0, spread=5.0),
    }
    products()
    print("\nsoftmax of one row, float64")
    for k, t in cost_curve().items():
        print(f"{k:>9} classes {1e6 * t:10.1f} µs {1e9 * t / k:10.2f} ns per class")
    print()
    for label, ratios in tables.items():
        mean = statistics.geometric_mean(ratios)
        print(f"SciPy ÷ package, {label}: geometric mean {mean:.2f}, smallest {min(ratios):.2f}")
    return 0 if min(min(ratios) for ratios in tables.values()) >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
