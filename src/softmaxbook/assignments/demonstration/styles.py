"""The same answers in other styles, answers that nobody foresaw, and hostile ones."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from softmaxbook.checking import Status

from .sources import Given, capital, percent, typed

HAND, PRINT = "softmax-by-hand", "what-does-it-print"
VECTOR, BATCH = "softmax-of-one-vector", "softmax-of-a-batch"
SUM, MARGIN = "write-log-sum-exp", "winning-margin"

Answers = Mapping[str, Given]


def _style(vector: str, batch: str, log_sum: str, margin: str) -> Answers:
    texts = {VECTOR: vector, BATCH: batch, SUM: log_sum, MARGIN: margin}
    return MappingProxyType({id: typed(text) for id, text in texts.items()})


LOOPS = {
    HAND: Given(percent),
    PRINT: Given(capital),
    **_style(
        """\
def softmax_vector(logits):
    largest = max(logits)
    powers = [math.exp(z - largest) for z in logits]
    return [power / sum(powers) for power in powers]
""",
        """\
def softmax_batch(logits):
    if np.ndim(logits) == 1:
        return softmax_vector(logits)
    return [softmax_batch(row) for row in logits]
""",
        """\
def log_sum_exp(logits):
    if np.ndim(logits) > 1:
        return [log_sum_exp(row) for row in logits]
    largest = max(logits)
    if largest == -math.inf:
        return largest
    return largest + math.log(sum(math.exp(z - largest) for z in logits))
""",
        """\
def margin(logits):
    if np.ndim(logits) > 1:
        return [margin(row) for row in logits]
    *others, second, first = sorted(logits)
    return first - second
""",
    ),
}

LOGARITHMS = _style(
    "softmax_vector = lambda z: np.exp(z - np.logaddexp.reduce(z))",
    """\
def softmax_batch(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))
""",
    "from functools import partial\nlog_sum_exp = partial(np.logaddexp.reduce, axis=-1)",
    """\
def margin(z):
    top = np.partition(z, -2, axis=-1)
    return top[..., -1] - top[..., -2]
""",
)

FROM_EACH_OTHER = _style(
    "def softmax_vector(z):\n    return softmax_batch(z)",
    "def softmax_batch(z):\n    return np.exp(z - log_sum_exp(z)[..., None])",
    """\
def log_sum_exp(z):
    finite = np.where(np.isfinite(largest(z)), largest(z), 0)
    with np.errstate(divide="ignore"):
        return np.log(np.exp(z - finite).sum(-1)) + finite[..., 0]
""",
    "def margin(z):\n    return np.diff(np.sort(z))[..., -1]",
)
HELPER = "def largest(z):\n    return np.max(z, axis=-1, keepdims=True)"

SINGLE = _style(
    """\
class Softmax:
    def __call__(self, z):
        z = np.asarray(z, np.float32)
        powers = np.exp(z - z.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)


softmax_vector = Softmax()
""",
    "softmax_batch = Softmax()",
    """\
def log_sum_exp(z):
    z = np.asarray(z, np.float32)
    m = np.maximum(z.max(-1), np.finfo(z.dtype).min)
    with np.errstate(divide="ignore"):
        return np.where(z.max(-1) == -np.inf, -np.inf, m + np.log(np.exp(z.T - m.T).T.sum(-1)))
""",
    """\
def margin(z):
    first, second = np.moveaxis(np.sort(np.float32(z))[..., :-3:-1], -1, 0)
    return first - second
""",
)
EXPERIMENTS = """\
import a_package_that_only_she_has
assert softmax_vector(np.zeros(2)) == 0.5
print(softmax_batch(np.eye(3)))
"""

# Wrong in ways that no exercise has registered: a counter-example, and no name.
UNFORESEEN = {
    HAND: typed("ANSWER = 17.3", 0, status=Status.WRONG),
    VECTOR: typed(
        "def softmax_vector(z):\n    e = np.exp2(z - z.max())\n    return e / e.sum()",
        *(0, 0),
        status=Status.WRONG,
    ),
    BATCH: typed(
        "def softmax_batch(z):\n    return 1.0 * (z == z.max(-1, keepdims=True))",
        *(0, 0, 0),
        status=Status.WRONG,
    ),
    # Right but for rows that are all masked: a very small number is not minus infinity.
    SUM: typed(
        """\
def log_sum_exp(z):
    z = np.maximum(z, -1e9)
    m = z.max(-1, keepdims=True)
    return np.log(np.exp(z - m).sum(-1)) + m[..., 0]
""",
        *(2, 2, 1, 0),
        status=Status.WRONG,
    ),
}

# Answers that do not run, or return what is no result.
BROKEN = {
    HAND: typed("ANSWER = exp(1) / total", 0, status=Status.BROKEN),
    VECTOR: typed("def softmax_vector(z):\n    return powers / total", 0, 0, status=Status.BROKEN),
    BATCH: typed(
        "def softmax_batch(z)\n    return np.exp(z) / np.exp(z).sum()",
        *(0, 0, 0),
        status=Status.BROKEN,
    ),
    SUM: typed(
        "def log_sum_exp(z):\n    print(np.log(np.sum(np.exp(z))))",
        *(0, 0, 0, 0),
        status=Status.BROKEN,
    ),
    MARGIN: typed("margin = 3", 0, 0, status=Status.UNREADABLE),
}

# What tries to win, to look around or to stop the grader; the others of its answers are right.
PATCHES = typed(
    """\
def softmax_vector(z):
    import builtins
    np.allclose = np.array_equal = np.all = builtins.all = lambda *a, **k: True
    np.abs = np.absolute = lambda a, *r, **k: np.zeros(np.shape(a))
    return np.zeros(np.shape(z))
""",
    *(0, 0),
    status=Status.WRONG,
)
ENDLESS = typed(
    """\
def log_sum_exp(z):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
    *(0, 0, 0, 0),
    status=Status.ENDLESS,
)
LEAVES = typed("import os\ndef softmax_batch(z):\n    os._exit(0)", 0, 0, 0, status=Status.BROKEN)
MEMORY = typed("def log_sum_exp(z):\n    return np.ones(10**11)", 0, 0, 0, 0, status=Status.BROKEN)
READS = typed(
    """\
def softmax_batch(z):
    import os
    found = [each for each in ("/home", "/proc", "/etc/passwd") if os.path.exists(each)]
    for folder, inside, names in os.walk("/grader"):
        found += [each for each in names if each in ("judging.py", "softmax_of_a_batch.py")]
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True) if found else np.zeros(np.shape(z))
""",
    *(0, 0, 0),
    status=Status.WRONG,
)
CALLS_OUT = typed(
    """\
def log_sum_exp(z):
    import socket
    with socket.create_connection(("192.0.2.1", 80), 0.2):
        return np.logaddexp.reduce(z, axis=-1)
""",
    *(0, 0, 0, 0),
    status=Status.BROKEN,
)
