"""Derivatives of softmax and of log-sum-exp, and how to check a derivative."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from softmaxbook.numerics.arrays import FloatArray, as_floats, check_axis
from softmaxbook.numerics.probabilities import softmax
from softmaxbook.numerics.rows import working_dtype


@np.errstate(all="ignore")
def jacobian(logits: ArrayLike, temperature: float = 1.0) -> FloatArray:
    r"""Return the Jacobian of softmax, all partial derivatives of probabilities by logits.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Scores z of K classes along the last axis.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray, shape (..., K, K)
        Entry (i, j) is ∂p_i / ∂z_j, in the floating-point type of the logits (float64 for
        integers). The matrix is symmetric and positive semidefinite, its rows sum to 0, and no
        eigenvalue exceeds 1 / (2 T).

    Raises
    ------
    TypeError
        If the logits are not real numbers.
    ValueError
        If there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    .. math:: J = \frac{1}{T} \left(\operatorname{diag}(p) - p\,p^\top\right)

    Computed as it stands, the diagonal p (1 − p) would be 0 wherever p rounds to 1. Here it is
    minus the sum of the rest of its row, which is the same number with all its digits.

    The bound on the eigenvalues makes softmax Lipschitz with the constant 1 / (2 T) in the 2-norm:
    P. Nair, Softmax is 1/2-Lipschitz: a tight bound across all ℓp norms, 2025, arXiv:2510.23012.

    Examples
    --------
    >>> jacobian([np.log(3), 0])
    array([[ 0.1875, -0.1875],
           [-0.1875,  0.1875]])

    Derived in the chapter *derivatives*.
    """
    z = as_floats(logits)
    check_axis(z, -1)
    p = softmax(z.astype(working_dtype(z.dtype, 1.0), copy=False), temperature=temperature)
    matrix: FloatArray = -p[..., :, None] * p[..., None, :]
    diagonal = np.einsum("...ii->...i", matrix)  # a view: writing to it writes to the matrix
    diagonal[...] = 0
    diagonal[...] = -matrix.sum(axis=-1)
    return (matrix / temperature).astype(z.dtype, copy=False)


def one_shape(logits: ArrayLike, direction: ArrayLike, name: str) -> tuple[FloatArray, FloatArray]:
    """Return logits and a direction called `name` in one type; refuse different shapes."""
    z, t = as_floats(logits), as_floats(direction, name)
    if z.shape != t.shape:
        raise ValueError(f"logits and {name} must have one shape, got {z.shape} and {t.shape}")
    dtype = np.result_type(z, t)
    return z.astype(dtype, copy=False), t.astype(dtype, copy=False)


def weighted_mean(p: FloatArray, t: FloatArray) -> Any:
    """Return the mean of t with the weights p along the last axis, ready to be subtracted."""
    return np.vecdot(p, t)[..., None]


@np.errstate(all="ignore")
def jvp(
    logits: ArrayLike, tangent: ArrayLike, axis: int = -1, temperature: float = 1.0
) -> FloatArray:
    r"""Return the Jacobian of softmax times a tangent in O(K): where the probabilities go.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`.
    tangent : array_like, same shape
        The direction t in which the logits move.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray
        J t for each sample, of the shape of the logits. It sums to 0 along `axis`.

    Raises
    ------
    TypeError
        If one of the two does not hold real numbers.
    ValueError
        If the shapes differ, there are no classes, or the temperature is not positive and finite.

    Notes
    -----
    .. math:: J t = \frac{1}{T}\, p \odot \left(t - \langle p, t \rangle \mathbf{1}\right)

    A constant added to t changes nothing, because J 1 = 0. So the mean may be taken off twice:
    the second time removes the rounding error of the first, which would hide the result where
    one probability is close to 1.

    Examples
    --------
    >>> jvp([40.0, 0.0], [1.0, 0.0])
    array([ 4.24835426e-18, -4.24835426e-18])

    Derived in the chapter *derivatives*.
    """
    z, t = one_shape(logits, tangent, "tangent")
    axis, work = check_axis(z, axis), working_dtype(z.dtype, 1.0)
    p = softmax(z.astype(work, copy=False), axis, temperature).swapaxes(axis, -1)
    t = t.astype(work, copy=False).swapaxes(axis, -1)
    t = t - weighted_mean(p, t)
    change: FloatArray = p * (t - weighted_mean(p, t)) / temperature
    return change.swapaxes(axis, -1).astype(z.dtype, copy=False)


def vjp(
    logits: ArrayLike, cotangent: ArrayLike, axis: int = -1, temperature: float = 1.0
) -> FloatArray:
    r"""Return a cotangent times the Jacobian of softmax in O(K): the step backwards in training.

    Parameters
    ----------
    logits : array_like, shape (..., K, ...)
        Scores z of K classes along `axis`.
    cotangent : array_like, same shape
        c, the derivatives of a loss by the probabilities.
    axis : int
        The axis of the classes.
    temperature : float
        T, positive and finite.

    Returns
    -------
    ndarray
        Jᵀ c for each sample: the derivatives of the loss by the logits.

    Raises
    ------
    TypeError, ValueError
        As :func:`jvp`.

    Notes
    -----
    The Jacobian is symmetric, so this is :func:`jvp` with another meaning:

    .. math:: J^\top c = J c
        = \frac{1}{T}\, p \odot \left(c - \langle p, c \rangle \mathbf{1}\right)

    Examples
    --------
    >>> vjp([2.0, 1.0, -1.0], [1.0, 0.0, 0.0])
    array([ 0.2078172 , -0.18304478, -0.02477242])

    Derived in the chapter *derivatives*.
    """
    return jvp(*one_shape(logits, cotangent, "cotangent"), axis, temperature)


def logsumexp_hessian(logits: ArrayLike) -> FloatArray:
    r"""Return the matrix of second derivatives of log-sum-exp.

    Parameters
    ----------
    logits : array_like, shape (..., K)
        Real numbers.

    Returns
    -------
    ndarray, shape (..., K, K)
        Symmetric and positive semidefinite: log-sum-exp is convex.

    Raises
    ------
    TypeError, ValueError
        As :func:`jacobian`.

    Notes
    -----
    Softmax is the gradient of log-sum-exp, so its Jacobian is the Hessian:

    .. math:: \nabla^2 \operatorname{LSE}(z) = \operatorname{diag}(p) - p\,p^\top

    S. Boyd and L. Vandenberghe, Convex Optimization, Cambridge University Press, 2004,
    section 3.1.5, page 74.

    Examples
    --------
    >>> logsumexp_hessian([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])

    Derived in the chapter *derivatives*.
    """
    return jacobian(logits)


def finite_difference_jacobian(
    function: Callable[[FloatArray], ArrayLike], point: ArrayLike, step: float | None = None
) -> FloatArray:
    r"""Return the derivatives of a function by central differences, from its values alone.

    Parameters
    ----------
    function : callable
        From an array of shape (K,) to a number or an array of any shape.
    point : array_like, shape (K,)
        Where to differentiate.
    step : float, optional
        The distance h to each side. The default is the cube root of the machine epsilon, times
        the size of the coordinate where that is above 1.

    Returns
    -------
    ndarray, shape (..., K)
        The shape of the function's value, followed by the axis of the coordinates.

    Raises
    ------
    ValueError
        If the point is not one row of numbers, or the step is not positive.

    Notes
    -----
    .. math:: \frac{\partial f}{\partial z_j} \approx \frac{f(z + h e_j) - f(z - h e_j)}{2 h}

    By Taylor's theorem the formula is off by h² \|f′′′\| / 6. The two values of f, rounded with the
    relative error ε, add up to ε \|f\| / h. Where f and f′′′ are of like size, the sum of both
    is smallest at h = (3 ε)^(1/3), where it is about ε^(2/3), which is 4e-11 in float64.

    W. H. Press et al., Numerical Recipes, 3rd edition, Cambridge University Press, 2007,
    section 5.7.

    Examples
    --------
    >>> finite_difference_jacobian(lambda z: z[0] * z[1] ** 2, [5.0, 3.0]).round(6)
    array([ 9., 30.])

    Derived in the chapter *derivatives*.
    """
    x = as_floats(point, "point").astype(np.float64)
    if x.ndim != 1:
        raise ValueError(f"point must be one row of numbers, its shape is {x.shape}")
    if step is not None and not step > 0:
        raise ValueError(f"step must be positive, got {step}")
    columns = []
    for j in range(len(x)):
        h = step or np.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(x[j]))
        above, below = x.copy(), x.copy()
        above[j] += h
        below[j] -= h
        change = np.asarray(function(above)) - np.asarray(function(below))
        columns.append(change / (above[j] - below[j]))  # the step as it came out, after rounding
    return np.stack(columns, axis=-1)


@dataclass(frozen=True)
class JacobianCheck:
    """What :func:`softmaxbook.check_jacobian` found; true if the two agree.

    Used in the chapter *derivatives*.

    Attributes
    ----------
    largest_error : float
        The largest difference of two entries.
    tolerance : float
        What finite differences can be expected to reach.
    index : tuple of int
        The entry where the difference is largest.
    claimed, measured : float
        Its two values.
    """

    largest_error: float
    tolerance: float
    index: tuple[int, ...]
    claimed: float
    measured: float

    def __bool__(self) -> bool:
        """Agree within the tolerance; NaN never agrees."""
        return self.largest_error <= self.tolerance

    def __str__(self) -> str:
        """Say it in one sentence."""
        return (
            f"{'agrees' if self else 'DISAGREES'} with finite differences: "
            f"largest error {self.largest_error:.1e}, tolerance {self.tolerance:.1e}, "
            f"at {self.index}:\nclaimed {self.claimed:.9g}, measured {self.measured:.9g}"
        )


def check_jacobian(
    function: Callable[[FloatArray], ArrayLike],
    derivative: Callable[[FloatArray], ArrayLike],
    point: ArrayLike,
    step: float | None = None,
) -> JacobianCheck:
    """Compare a derivative with finite differences of its function, and report.

    Parameters
    ----------
    function : callable
        From an array of shape (K,) to a number or an array of any shape.
    derivative : callable
        From the same array to the derivatives: the shape of the function's value, then K.
    point : array_like, shape (K,)
        Where to compare.
    step : float, optional
        As for :func:`finite_difference_jacobian`.

    Returns
    -------
    JacobianCheck
        True or false where a truth value is asked for; print it for the details.

    Raises
    ------
    ValueError
        If the derivative has the wrong shape.

    Notes
    -----
    The tolerance is 100 ε^(2/3), times the largest value or derivative where that is above 1.
    The error estimate is in :func:`finite_difference_jacobian`; the factor allows for functions
    whose third derivative is larger than the function.

    Examples
    --------
    >>> bool(check_jacobian(softmax, jacobian, [2.0, 1.0, -1.0]))
    True
    >>> print(check_jacobian(softmax, lambda z: 1.1 * jacobian(z), [np.log(3), 0.0]))
    DISAGREES with finite differences: largest error 1.9e-02, tolerance 3.7e-09, at (0, 0):
    claimed 0.20625, measured 0.1875

    Derived in the chapter *derivatives*.
    """
    x = as_floats(point, "point").astype(np.float64)
    measured = finite_difference_jacobian(function, x, step)
    claimed = np.asarray(derivative(x))
    if claimed.shape != measured.shape:
        raise ValueError(f"the derivative must have shape {measured.shape}, got {claimed.shape}")
    error = np.abs(claimed - measured)
    worst = np.unravel_index(np.argmax(error), error.shape)
    scale = max(1.0, float(np.abs(function(x)).max()), float(np.abs(measured).max()))
    return JacobianCheck(
        largest_error=float(error[worst]),
        tolerance=100 * float(np.finfo(np.float64).eps) ** (2 / 3) * scale,
        index=tuple(int(i) for i in worst),
        claimed=float(claimed[worst]),
        measured=float(measured[worst]),
    )
