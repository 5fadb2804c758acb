"""The code of the interactive textbook about softmax.

The mathematics is here, and needs NumPy alone.
Figures, explorables and exercises live in their own modules, which are imported by name.
"""

from softmaxbook.family.choices import nested_logit
from softmaxbook.family.gumbel import gumbel_max, gumbel_softmax
from softmaxbook.family.lookup import attention
from softmaxbook.family.sparse import entmax15, sparsemax
from softmaxbook.family.trees import hierarchical_softmax
from softmaxbook.learning.labels import one_hot
from softmaxbook.learning.losses import (
    binary_cross_entropy,
    binary_cross_entropy_gradient,
    cross_entropy,
    cross_entropy_and_gradient,
    cross_entropy_gradient,
    kl_divergence,
)
from softmaxbook.learning.multiclass import OneVsOne, OneVsRest
from softmaxbook.learning.regression import LogisticRegression, SoftmaxRegression
from softmaxbook.numerics.derivatives import (
    check_jacobian,
    finite_difference_jacobian,
    jacobian,
    jvp,
    logsumexp_hessian,
    vjp,
)
from softmaxbook.numerics.formats import FORMATS, FloatFormat, thresholds
from softmaxbook.numerics.logarithms import log_softmax, logsumexp
from softmaxbook.numerics.naive import (
    log_of_softmax,
    naive_log_softmax,
    naive_logsumexp,
    naive_softmax,
)
from softmaxbook.numerics.probabilities import entropy, sigmoid, softmax
from softmaxbook.numerics.streaming import RunningLogSumExp, online_softmax, softmax_weighted_mean

__all__ = [
    "FORMATS",
    "FloatFormat",
    "LogisticRegression",
    "OneVsOne",
    "OneVsRest",
    "RunningLogSumExp",
    "SoftmaxRegression",
    "attention",
    "binary_cross_entropy",
    "binary_cross_entropy_gradient",
    "check_jacobian",
    "cross_entropy",
    "cross_entropy_and_gradient",
    "cross_entropy_gradient",
    "entmax15",
    "entropy",
    "finite_difference_jacobian",
    "gumbel_max",
    "gumbel_softmax",
    "hierarchical_softmax",
    "jacobian",
    "jvp",
    "kl_divergence",
    "log_of_softmax",
    "log_softmax",
    "logsumexp",
    "logsumexp_hessian",
    "naive_log_softmax",
    "naive_logsumexp",
    "naive_softmax",
    "nested_logit",
    "one_hot",
    "online_softmax",
    "sigmoid",
    "softmax",
    "softmax_weighted_mean",
    "sparsemax",
    "thresholds",
    "vjp",
]
