"""The sources that claims quote, with the day on which their words were read."""

from __future__ import annotations

from softmaxbook.claims.claim import Quotation

_READ = "28 November 2026"


def linear_classification(section: str, of_what: str = "") -> Quotation:
    """Return the notes of CS231n on linear classification."""
    return Quotation(
        "CS231n, Linear classification",
        "https://cs231n.github.io/linear-classify/",
        f"section *{section}*" + (f", {of_what}" if of_what else ""),
        _READ,
    )


def transfer_notes(place: str) -> Quotation:
    """Return the notes of CS231n on transfer learning."""
    return Quotation(
        "CS231n, Transfer learning",
        "https://cs231n.github.io/transfer-learning/",
        place,
        _READ,
    )


def dive(place: str) -> Quotation:
    """Return the chapter on softmax regression of *Dive into Deep Learning*."""
    return Quotation(
        "Dive into Deep Learning, Softmax regression",
        "https://github.com/d2l-ai/d2l-en/blob/master/chapter_linear-classification/softmax-regression.md",
        place,
        _READ,
    )


def pytorch(page: str, title: str, place: str = "first paragraph") -> Quotation:
    """Return a page of PyTorch's documentation, by the end of its address."""
    return Quotation(
        f"PyTorch, {title}",
        f"https://docs.pytorch.org/docs/stable/generated/{page}.html",
        place,
        _READ,
    )


def paper(title: str, number: str, place: str) -> Quotation:
    """Return a paper on arXiv, by its number."""
    return Quotation(title, f"https://arxiv.org/abs/{number}", place, _READ)


PYTORCH_TUTORIAL = Quotation(
    "PyTorch, Transfer learning tutorial",
    "https://docs.pytorch.org/tutorials/beginner/transfer_learning_tutorial.html",
    "section *ConvNet as fixed feature extractor*, in a public copy",
    _READ,
)
TENSORFLOW = Quotation(
    "TensorFlow 2 quickstart for beginners",
    "https://www.tensorflow.org/tutorials/quickstart/beginner",
    "the note on `tf.nn.softmax`, in public copies of the notebook",
    _READ,
)
TORCHVISION = Quotation(
    "torchvision's own warning, until pull request 6654 changed it",
    "https://github.com/pytorch/vision/pull/6654",
    "lines that the pull request takes out",
    _READ,
)
