"""Importing torchvision, also beside a build of PyTorch that its compiled part was not made for."""

from __future__ import annotations

import importlib
from typing import Any

_DECLARED: list[Any] = []  # a library's declarations live as long as the library object


def import_torchvision(part: str, told: str) -> Any:
    """Return a module of torchvision.

    Parameters
    ----------
    part : str
        Such as "models".
    told : str
        The beginning of the message where torchvision is missing: what comes from it.

    Returns
    -------
    module

    Raises
    ------
    ImportError
        If torchvision is not installed, or does not fit the installed PyTorch.

    Notes
    -----
    Package indexes offer torchvision for Linux built for CUDA. Beside a CPU build of PyTorch its
    compiled operators cannot be loaded, and the import stops at the first that it wants to extend,
    ``nms``. Nothing in this book uses them, so their declarations are enough to go on. A matched
    pair never comes here.

    Examples
    --------
    >>> import_torchvision("datasets", "these data come from torchvision").MNIST.__name__
    'MNIST'
    """
    name = f"torchvision.{part}"
    try:
        try:
            return importlib.import_module(name)
        except RuntimeError as error:
            if "operator torchvision::nms does not exist" not in str(error) or _DECLARED:
                raise
        _declare_operators()
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{told}: pip install torchvision"
        raise ImportError(message, name="torchvision") from error
    except RuntimeError as error:  # its compiled part was built for another PyTorch
        message = (
            f"torchvision does not fit the installed PyTorch: install a matching pair ({error})"
        )
        raise ImportError(message, name="torchvision") from error


def _declare_operators() -> None:
    import torch

    library: Any = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _DECLARED.append(library)
