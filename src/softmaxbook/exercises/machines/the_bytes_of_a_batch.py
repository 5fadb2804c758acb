"""The bytes of a batch."""

from softmaxbook.checking import Exercise, probe


def solution(n_rows, n_classes, n_devices):
    return 2 * 8 * n_rows * (n_devices - 1)


def all_logits(n_rows, n_classes, n_devices):
    """These are the logits. A device sends two numbers a row, however many classes it holds."""
    return 8 * n_rows * n_classes / n_devices * (n_devices - 1)


def one_number_a_row(n_rows, n_classes, n_devices):
    """A device sends two numbers for each row: its maximum and its scaled sum."""
    return 8 * n_rows * (n_devices - 1)


def to_itself_too(n_rows, n_classes, n_devices):
    """A device knows its own numbers: it sends them to the others."""
    return 2 * 8 * n_rows * n_devices


def all_devices_together(n_rows, n_classes, n_devices):
    """This is what all devices together send. One device is asked for."""
    return 2 * 8 * n_rows * (n_devices - 1) * n_devices


def numbers_not_bytes(n_rows, n_classes, n_devices):
    """These are numbers. Each of them has 8 bytes."""
    return 2 * n_rows * (n_devices - 1)


def bits_not_bytes(n_rows, n_classes, n_devices):
    """These are bits. Eight of them are a byte, and a number in double precision has 8 bytes."""
    return 2 * 64 * n_rows * (n_devices - 1)


def sent_once(n_rows, n_classes, n_devices):
    """This is what it sends to one of the others. There are more of them."""
    return 2 * 8 * n_rows


EXERCISE = Exercise(
    title="The bytes of a batch",
    kind="predict",
    difficulty=1,
    form="number",
    statement=lambda n_rows, n_classes, n_devices: (
        f"""
        {n_devices} devices share {n_classes} classes, and a batch has {n_rows} rows. For each row
        every device sends its maximum and its scaled sum to each of the other devices, in double
        precision with 8 bytes a number.
        How many bytes does **one** device send?
        """
    ),
    solution=solution,
    mistakes=(
        all_logits,
        one_number_a_row,
        to_itself_too,
        all_devices_together,
        numbers_not_bytes,
        bits_not_bytes,
        sent_once,
    ),
    probes=(probe("the question", 1024, 200_000, 4),),
    tolerance=1e-5,
    fresh=lambda rng: (
        2 ** int(rng.integers(7, 13)),
        int(rng.choice([50_000, 120_000, 200_000])),
        int(rng.choice([4, 6, 10])),
    ),
    nudge="Which of the three numbers in the question does the answer not depend on?",
    hints=(
        "Begin with one row and one other device: two numbers.",
        "Then all rows, then all the others. The number of classes plays no part.",
    ),
    explanation=lambda n_rows, n_classes, n_devices: (
        f"2 numbers × 8 bytes × {n_rows} rows × {n_devices - 1} others; the logits of a device "
        f"would be {n_classes // n_devices} numbers a row in place of 2."
    ),
)
