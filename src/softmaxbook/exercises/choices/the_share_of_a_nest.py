"""The share of the car."""

import numpy as np

from softmaxbook.checking import Exercise, probe


def solution(car, bus, dissimilarity):
    buses = dissimilarity * np.log(2 * np.exp(bus / dissimilarity))
    return 1 / (1 + np.exp(buses - car))


def parameter_before_the_sum_forgotten(car, bus, dissimilarity):
    """Your inclusive value lacks its λ. The logarithm of the sum is in the units of the nest;
    multiplied by λ it is a utility again."""
    return 1 / (1 + np.exp(np.log(2 * np.exp(bus / dissimilarity)) - car))


def no_nest(car, bus, dissimilarity):
    """This is plain softmax over three: the two buses count as if they had nothing in common."""
    return np.exp(car) / (np.exp(car) + 2 * np.exp(bus)) + 0 * dissimilarity


def one_bus(car, bus, dissimilarity):
    """This is the share beside one bus alone, the limit λ → 0. With λ above 0, two buses are a
    little more than one."""
    return 1 / (1 + np.exp(bus - car)) + 0 * dissimilarity


def share_of_one_bus(car, bus, dissimilarity):
    """This is the share of one bus. The car's is asked for: what both buses leave over."""
    return (1 - solution(car, bus, dissimilarity)) / 2


def share_of_the_buses(car, bus, dissimilarity):
    """This is the share of both buses together. The car's is asked for: 1 minus it."""
    return 1 - solution(car, bus, dissimilarity)


def everything_scaled(car, bus, dissimilarity):
    """You divided the car's utility by λ as well. λ belongs to the nest of the buses; the car is
    outside of it."""
    return 1 / (1 + 2 * np.exp((bus - car) / dissimilarity))


def parameter_turned_round(car, bus, dissimilarity):
    """You multiplied by λ inside and divided by it outside. Inside the nest utilities are divided
    by λ, and the logarithm of their sum is multiplied by it."""
    return 1 / (1 + np.exp(np.log(2 * np.exp(bus * dissimilarity)) / dissimilarity - car))


EXERCISE = Exercise(
    title="The share of the car",
    kind="predict",
    difficulty=2,
    form="number",
    digits=3,
    percent=True,
    statement=lambda car, bus, dissimilarity: (
        f"""
        The car has the utility {car:g}.
        The red bus and the blue bus have the utility {bus:g} each, and are a nest with
        $\\lambda = {dissimilarity:g}$.
        What is the share of the **car** in the nested logit model? Give three significant digits.
        """
    ),
    solution=solution,
    mistakes=(
        parameter_before_the_sum_forgotten,
        no_nest,
        one_bus,
        share_of_one_bus,
        share_of_the_buses,
        everything_scaled,
        parameter_turned_round,
    ),
    probes=(probe("the question", 1.2, 0.5, 0.4),),
    fresh=lambda rng: (
        float(rng.choice([0.8, 1.0, 1.2, 1.5])),
        float(rng.choice([0.3, 0.5, 0.6])),
        float(rng.choice([0.3, 0.4, 0.5, 0.6])),
    ),
    nudge="Check: it lies between the share beside one bus and the share beside two of softmax.",
    hints=(
        "First the inclusive value of the two buses: λ · log(Σ exp(u / λ)).",
        "Then softmax of two: the car's utility and the inclusive value.",
    ),
    explanation=lambda car, bus, dissimilarity: (
        f"The buses are together worth {bus:g} + {dissimilarity:g} · log 2 = "
        f"{bus + dissimilarity * np.log(2):.4f}, and the sigmoid of {car:g} minus that is "
        f"{solution(car, bus, dissimilarity):.4f}."
    ),
)
