"""How large is an adapter?"""

from softmaxbook.checking import Exercise, probe


def solution(n_in, n_out, rank):
    return rank * (n_in + n_out)


def full_matrix(n_in, n_out, rank):
    """This is the whole matrix, which stays frozen. What learns are the two thin ones, A and B."""
    return n_in * n_out


def rank_times_the_matrix(n_in, n_out, rank):
    """You multiplied both sides of the layer. A has rank × inputs numbers and B outputs × rank:
    they are added."""
    return rank * n_in * n_out


def one_of_the_two(n_in, n_out, rank):
    """This is A alone. B leads back to the outputs, and learns too."""
    return rank * n_in


def only_the_way_back(n_in, n_out, rank):
    """This is B alone. A leads from the inputs to the rank, and learns too."""
    return rank * n_out


def frozen_counted(n_in, n_out, rank):
    """You counted the frozen matrix too. It is there, and it does not learn."""
    return n_in * n_out + rank * (n_in + n_out)


def square_between(n_in, n_out, rank):
    """You put a rank × rank matrix between the two. There is none: the change is B times A."""
    return rank * (n_in + n_out) + rank * rank


EXERCISE = Exercise(
    title="How large is an adapter?",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_in, n_out, rank: (
        f"""
        A linear layer has {n_in} inputs and {n_out} outputs, and is frozen.
        Beside it learns an adapter of rank {rank}.
        How many numbers does the adapter have?
        """
    ),
    solution=solution,
    mistakes=(
        full_matrix,
        rank_times_the_matrix,
        one_of_the_two,
        only_the_way_back,
        frozen_counted,
        square_between,
    ),
    probes=(probe("the question", 288, 96, 4),),
    tolerance=1e-5,
    fresh=lambda rng: (
        int(rng.integers(20, 60)) * 10,
        int(rng.integers(5, 15)) * 10,
        int(rng.integers(2, 9)),
    ),
    nudge="Draw the two matrices: what goes into each, and what comes out?",
    hints=(
        "The change of the matrix is B A. A takes the inputs to as many numbers as the rank says.",
        "A has rank × inputs numbers, B has outputs × rank.",
    ),
    explanation=lambda n_in, n_out, rank: (
        f"{rank}·({n_in} + {n_out}) = {solution(n_in, n_out, rank)}; the frozen matrix has "
        f"{n_in * n_out}."
    ),
)
