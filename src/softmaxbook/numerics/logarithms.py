"""Log-sum-exp and the logarithm of softmax, with all their digits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis, check_temperature
from softmaxbook.numerics.exponentials import gaps, shift_for
from softmaxbook.numerics.rows import by_rows, column, maxima, smallest
from softmaxbook.numerics.sums import rest_of_sum


def _logsumexp(rows: FloatArray, temperature: float, out: FloatArray) -> None:
    """Fill `out` with m + log(1 + R), the maximum and the sum of the others relative to it."""
    index, top = maxima(rows)
    shift = shift_for(rows, temperature, top)
    rest = rest_of_sum(rows, index, top, shift, temperature, out=np.empty_like(rows))
    out[...] = top + column(np.log1p(rest))
    if not smallest(top) > -np.inf:  # the logarithm of an empty sum
        np.copyto(out, top, where=top == -np.inf)


def logsumexp(logits: ArrayLike, axis: int = -1) -> FloatArray:
    r"""Return the logarithm of the sum of the exponentials, a smooth maximum.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Real numbers z; −inf adds nothing to the sum.
    axis : int
        The axis to sum over.

    Returns
    -------
    ndarray or scalar
        Log-sum-exp without `axis`, in the floating-point type of the logits (float64 for integers).
        It lies between max z and max z + log K. A row of −inf alone gives −inf, the logarithm
        of an empty sum; a row with +inf gives +inf; a row with NaN gives NaN.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there is nothing to sum.

    Notes
    -----
    .. math:: \operatorname{LSE}(z) = \log \sum_k e^{z_k}
        = m + \log\Bigl(1 + \sum_{k \ne j} e^{z_k - m}\Bigr),
        \qquad m = z_j = \max_k z_k

    The maximum stays outside the sum, so that ``log1p`` sees the rest with all its digits
    (P. Blanchard, D. J. Higham and N. J. Higham, Accurately computing the log-sum-exp and softmax
    functions, IMA Journal of Numerical Analysis 41, 2311–2330, 2021, doi 10.1093/imanum/draa038,
    Algorithm 4.1). The error is a few units in the last place of the larger of the
    result and max \|z\|; where the two terms cancel, the condition number max \|z\| / \|LSE\| of
    equation (2.2) there forbids a small relative error.

    Examples
    --------
    >>> float(logsumexp([1000.0, 1000.0]))
    1000.6931471805599
    >>> float(logsumexp([0.0, -40.0]))
    4.248354255291589e-18

    Derived in the chapter *overflow*.
    """
    z = as_floats(logits)
    axis = check_axis(z, axis)
    return by_rows(_logsumexp, z, axis, width=1).squeeze(axis)[()]


def _log_softmax(rows: FloatArray, temperature: float, out: FloatArray) -> None:
    """Fill `out` with (z − m) / T − log(1 + R)."""
    index, top = maxima(rows)
    shift = shift_for(rows, temperature, top)
    rest = rest_of_sum(rows, index, top, shift, temperature, out)
    log_p = gaps(rows, top, temperature, out, finite=shift is None)
    log_p -= column(np.log1p(rest))


def log_softmax(logits: ArrayLike, axis: int = -1, temperature: float = 1.0) -> FloatArray:
    r"""Return the logarithm of softmax, without forming the probabilities.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray
        Log-probabilities, at most 0, of the shape and the floating-point type of the logits
        (float64 for integers). Masks are −inf; of k entries +inf each is −log k, and the
        others in their row are −inf; a row of masks alone, and a row with NaN, is NaN.

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    .. math:: \log p_i = \frac{z_i - m}{T}
        - \log\Bigl(1 + \sum_{k \ne j} e^{(z_k - m) / T}\Bigr),
        \qquad m = z_j = \max_k z_k

    Both terms have the same sign, so nothing cancels. For the largest logit the first is 0, and
    ``log1p`` keeps even a log-probability of −1e-300. Algorithm 4.1 of Blanchard, Higham
    and Higham (2021, doi 10.1093/imanum/draa038), carried to the logarithm.

    Examples
    --------
    >>> log_softmax([0.0, -40.0])
    array([-4.24835426e-18, -4.00000000e+01])
    >>> log_softmax([0.0, -800.0])
    array([   0., -800.])

    Derived in the chapter *overflow*.
    """
    z = as_floats(logits)
    return by_rows(_log_softmax, z, check_axis(z, axis), check_temperature(temperature))
