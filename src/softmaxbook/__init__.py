"""The code of the interactive textbook about softmax.

The mathematics is here, and needs NumPy alone.
Figures, explorables and exercises live in their own modules, which are imported by name.
"""

from softmaxbook.derivatives import (
    check_jacobian,
    finite_difference_jacobian,
    jacobian,
    jvp,
    logsumexp_hessian,
    vjp,
)
from softmaxbook.overflow import (
    FORMATS,
    FloatFormat,
    RunningLogSumExp,
    log_of_softmax,
    log_softmax,
    logsumexp,
    naive_log_softmax,
    naive_logsumexp,
    naive_softmax,
    online_softmax,
    softmax_weighted_mean,
    thresholds,
)
from softmaxbook.probabilities import entropy, sigmoid, softmax

__all__ = [
    "FORMATS",
    "FloatFormat",
    "RunningLogSumExp",
    "check_jacobian",
    "entropy",
    "finite_difference_jacobian",
    "jacobian",
    "jvp",
    "log_of_softmax",
    "log_softmax",
    "logsumexp",
    "logsumexp_hessian",
    "naive_log_softmax",
    "naive_logsumexp",
    "naive_softmax",
    "online_softmax",
    "sigmoid",
    "softmax",
    "softmax_weighted_mean",
    "thresholds",
    "vjp",
]
