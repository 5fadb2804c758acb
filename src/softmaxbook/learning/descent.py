"""Two ways down a smooth convex function: along the gradient, and by Newton's steps."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from softmaxbook.numerics.arrays import FloatArray

Product = Callable[[FloatArray], FloatArray]


class Objective(Protocol):
    """What is minimised: a function of an array of parameters, with its derivatives."""

    def value_and_gradient(self, parameters: FloatArray) -> tuple[float, FloatArray]:
        """Return the value, and the gradient in the shape of the parameters."""

    def curvature(self, parameters: FloatArray) -> tuple[Product, FloatArray]:
        """Return the map v ↦ Hessian · v, and positive numbers like the Hessian's diagonal."""

    def smoothness(self) -> float:
        """Return a bound on the Hessian's eigenvalues, anywhere."""


class Descent(NamedTuple):
    """Where a descent ended, what it passed, and whether the gradient became small.

    Used in the chapter *regression*.

    Parameters
    ----------
    parameters : ndarray
    history : ndarray, shape (n_steps + 1,)
        The values from the start to the end.
    converged : bool
    """

    parameters: FloatArray
    history: FloatArray
    converged: bool


def gradient_descent(
    objective: Objective,
    start: FloatArray,
    learning_rate: float | None = None,
    max_iterations: int = 100,
    tolerance: float = 1e-6,
) -> Descent:
    r"""Walk against the gradient: θ ← θ − η ∇F(θ).

    Parameters
    ----------
    objective : Objective
    start : ndarray
    learning_rate : float, optional
        The step η; without one, 1 / L with L = ``objective.smoothness()``.
    max_iterations : int
    tolerance : float
        Stop when no entry of the gradient is larger.

    Returns
    -------
    Descent

    Warns
    -----
    RuntimeWarning
        If the values leave the range of floats: the learning rate is too large. The descent ends
        at the last finite point.

    Notes
    -----
    With η ≤ 1 / L no step can go up, F(θ − η ∇F) ≤ F(θ) − (η / 2) ‖∇F‖². Beyond 2 / L it can.

    References
    ----------
    Boyd and Vandenberghe, *Convex Optimization* (2004), section 9.3.

    Used in the chapter *regression*.
    """
    rate = learning_rate if learning_rate is not None else 1 / objective.smoothness()
    parameters, (value, gradient) = start, objective.value_and_gradient(start)
    history = [value]
    for _ in range(max_iterations):
        if np.abs(gradient).max() <= tolerance:
            break
        with np.errstate(all="ignore"):
            trial = parameters - rate * gradient
            value, gradient = objective.value_and_gradient(trial)
        if not (np.isfinite(value) and np.isfinite(gradient).all()):
            message = f"gradient descent diverged with learning_rate={rate:.3g}: use a smaller one"
            warnings.warn(message, RuntimeWarning, stacklevel=2)
            break
        parameters = trial
        history.append(value)
    return Descent(parameters, np.array(history), bool(np.abs(gradient).max() <= tolerance))


def newton(
    objective: Objective, start: FloatArray, max_iterations: int = 100, tolerance: float = 1e-6
) -> Descent:
    """Walk by Newton's steps, each found by conjugate gradients without forming the Hessian.

    Parameters
    ----------
    objective : Objective
    start : ndarray
    max_iterations : int
    tolerance : float
        Stop when no entry of the gradient is larger.

    Returns
    -------
    Descent

    Notes
    -----
    The step d solves H d = −∇F, the more accurately the smaller the gradient is, so that the
    number of correct digits grows superlinearly. It is halved until the value falls by a share of
    what the slope promises.

    References
    ----------
    Nocedal and Wright, *Numerical Optimization* (2006), chapter 7.

    Used in the chapter *regression*.
    """
    parameters, (value, gradient) = start, objective.value_and_gradient(start)
    history = [value]
    while len(history) <= max_iterations and np.abs(gradient).max() > tolerance:
        product, diagonal = objective.curvature(parameters)
        step = conjugate_gradients(product, -gradient, diagonal)
        found = _line_search(objective, parameters, value, gradient, step)
        if found is None:  # rounding hides what is left of the way down
            break
        parameters, value, gradient = found
        history.append(value)
    return Descent(parameters, np.array(history), bool(np.abs(gradient).max() <= tolerance))


def _line_search(
    objective: Objective,
    parameters: FloatArray,
    value: float,
    gradient: FloatArray,
    step: FloatArray,
) -> tuple[FloatArray, float, FloatArray] | None:
    """Return the first of θ + d, θ + d/2, … that is low enough, with its value and gradient."""
    slope, steepest = float((gradient * step).sum()), np.abs(gradient).max()
    noise = 4 * np.finfo(np.float64).eps * abs(value)
    for share in 0.5 ** np.arange(40):
        trial = parameters + share * step
        with np.errstate(all="ignore"):
            trial_value, trial_gradient = objective.value_and_gradient(trial)
        lower = trial_value < value + min(1e-4 * share * slope, -noise)
        # Near the minimum differences of values drown in rounding; the gradient still tells.
        level = trial_value <= value + noise and np.abs(trial_gradient).max() < steepest
        if lower or level:
            return trial, trial_value, trial_gradient
    return None


def conjugate_gradients(product: Product, target: FloatArray, diagonal: FloatArray) -> FloatArray:
    """Return an approximate solution x of H x = target, from products with H alone.

    Parameters
    ----------
    product : callable
        The map v ↦ H v, with H symmetric and positive semidefinite.
    target : ndarray
    diagonal : ndarray
        Numbers like H's diagonal; residuals are divided by them, so that features of different
        size do no harm.

    Returns
    -------
    ndarray
        The residual is smaller than the target by a factor that shrinks with the target.

    References
    ----------
    Nocedal and Wright, *Numerical Optimization* (2006), chapters 5 and 7.

    Used in the chapter *regression*.
    """
    scale = 1 / np.maximum(diagonal, np.finfo(np.float64).eps * max(diagonal.max(), 1e-300))
    solution, residual = np.zeros_like(target), target
    direction = scale * residual
    size = float((residual * direction).sum())
    enough = size * min(0.25, size**0.25) ** 2
    for _ in range(2 * target.size):
        if size <= enough:
            break
        image = product(direction)
        bend = float((direction * image).sum())
        if bend <= 0:  # flat, up to rounding
            break
        solution = solution + size / bend * direction
        residual = residual - size / bend * image
        scaled = scale * residual
        size, before = float((residual * scaled).sum()), size
        direction = scaled + size / before * direction
    return solution
