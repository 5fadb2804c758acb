"""Networks that have learnt a source task: one of the book's own, three of torchvision's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from urllib.error import URLError

import torch
from torch import Tensor, nn

from softmaxbook.learning.torchvision_import import import_torchvision
from softmaxbook.transfer.glyphs import CLASSES

CHECKPOINT = Path(__file__).parents[1] / "weights" / "glyphnet.safetensors"
"""The weights of `GlyphNet` after `make pretrain`, and their provenance."""

BACKBONES = ("glyphnet", "resnet18", "resnet50", "vgg16")
"""The networks that :func:`load_backbone` knows by name."""


class GlyphNet(nn.Module):
    """A convolutional network for pictures of 16 × 16 pixels.

    Parameters
    ----------
    n_classes : int

    Notes
    -----
    Four blocks of a 3 × 3 convolution, batch normalisation and ReLU, three of them with a maximum
    over 2 × 2 pixels, then 256 features and a linear head `fc` that gives logits: 73 thousand
    parameters with 48 classes.

    Examples
    --------
    >>> GlyphNet(10)(torch.zeros(2, 1, 16, 16)).shape
    torch.Size([2, 10])

    Used in the chapter *transfer*.
    """

    def __init__(self, n_classes: int = len(CLASSES)) -> None:
        super().__init__()
        self.block1 = _block(1, 16, shrink=True)
        self.block2 = _block(16, 32, shrink=True)
        self.block3 = _block(32, 64, shrink=False)
        self.block4 = _block(64, 64, shrink=True)
        self.flatten = nn.Flatten()
        self.fc = nn.Linear(256, n_classes)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return logits, shape (n_samples, n_classes), of pictures (n_samples, 1, 16, 16)."""
        maps = self.block4(self.block3(self.block2(self.block1(pictures))))
        logits: Tensor = self.fc(self.flatten(maps))
        return logits


def _block(n_in: int, n_out: int, shrink: bool) -> nn.Sequential:
    block = nn.Sequential()
    block.add_module("convolution", nn.Conv2d(n_in, n_out, 3, padding=1, bias=False))
    block.add_module("normalisation", nn.BatchNorm2d(n_out))
    block.add_module("relu", nn.ReLU())
    if shrink:
        block.add_module("maximum", nn.MaxPool2d(2))
    return block


def load_backbone(name: str, weights: str | Path | Any | None = "DEFAULT") -> nn.Module:
    """Return a network with the weights that it learnt on its source task.

    Parameters
    ----------
    name : {"glyphnet", "resnet18", "resnet50", "vgg16"}
    weights : "DEFAULT", another name of torchvision's, a member of its enumeration, path or None
        A path names a file of this network's parameters (.safetensors, or a state dict saved by
        ``torch.save``). None is for training from scratch: random weights, asked for by name.

    Returns
    -------
    torch.nn.Module
        In evaluation mode, with the head of the source task.

    Raises
    ------
    ValueError
        If the name or the weights' name is unknown, or a file is damaged or of another network.
    FileNotFoundError
        If the weights are not on this machine and cannot be fetched; names the file, where it goes
        and what works without a network. Random weights never take their place.
    ImportError
        If torchvision is needed and not installed.

    Notes
    -----
    torchvision's weights are looked for in PyTorch's own folder (``torch.hub.get_dir()``) and
    fetched from there on if they are missing.

    Examples
    --------
    >>> load_backbone("glyphnet").fc.out_features
    48

    References
    ----------
    He, Zhang, Ren and Sun, *Deep Residual Learning for Image Recognition* (2016),
    doi 10.1109/CVPR.2016.90. Simonyan and Zisserman, *Very Deep Convolutional Networks for
    Large-Scale Image Recognition* (2015), arXiv 1409.1556.

    Used in the chapters *transfer* and *heads*.
    """
    if name not in BACKBONES:
        raise ValueError(f"no backbone {name!r}; there are {', '.join(BACKBONES)}")
    if name == "glyphnet":
        model: nn.Module = GlyphNet()
        source = CHECKPOINT if weights == "DEFAULT" else weights
    else:
        models = torchvision_models()
        model, source = models.get_model(name), weights
    state: Mapping[str, Tensor]
    if source is None:
        return model.eval()
    if isinstance(source, Path) or (isinstance(source, str) and _looks_like_a_path(source)):
        state = read_weights(Path(source))
    elif name == "glyphnet":
        raise ValueError(f"glyphnet has weights 'DEFAULT', a file or None, not {weights!r}")
    else:
        state = _published(name, source)
    fill(model, state, f"{source}")
    return model.eval()


def _looks_like_a_path(text: str) -> bool:
    return "/" in text or "\\" in text or Path(text).suffix in (".pt", ".pth", ".safetensors")


def read_weights(file: Path) -> dict[str, Tensor]:
    """Return the parameters in a file, which can bring nothing but numbers.

    Parameters
    ----------
    file : Path
        A .safetensors file, or one written by ``torch.save(model.state_dict(), file)``.

    Returns
    -------
    dict of str to Tensor

    Raises
    ------
    FileNotFoundError, ValueError
        If there is no such file; if it is damaged, or holds more than named tensors.
    ImportError
        If a .safetensors file is to be read and safetensors is not installed.

    Notes
    -----
    A pickle can run any program while it is read. ``weights_only=True`` allows tensors alone.

    Examples
    --------
    >>> read_weights(CHECKPOINT)["fc.weight"].shape
    torch.Size([48, 256])

    Used in the chapter *heads*.
    """
    if not file.is_file():
        raise FileNotFoundError(f"no weights at {file}")
    try:
        if file.suffix == ".safetensors":
            state = {name: value.float() for name, value in _safetensors(file).items()}
        else:
            state = torch.load(file, map_location="cpu", weights_only=True)
    except (ImportError, PermissionError):
        raise
    except UnpicklingError as error:
        raise ValueError(
            f"{file} is damaged or holds more than tensors, and was not loaded: "
            "save model.state_dict(), or fetch the file again"
        ) from error
    except Exception as error:  # whatever a torn file makes the readers say
        raise ValueError(f"{file} is damaged: delete it and fetch it again") from error
    if not isinstance(state, Mapping) or not all(isinstance(v, Tensor) for v in state.values()):
        raise ValueError(f"{file} holds no parameters by name: save model.state_dict()")
    return dict(state)


def _safetensors(file: Path) -> Mapping[str, Tensor]:
    try:
        from safetensors.torch import load_file
    except ImportError as error:
        message = f"reading {file.name} takes safetensors: pip install safetensors"
        raise ImportError(message, name="safetensors") from error
    state: Mapping[str, Tensor] = load_file(file)
    return state


def fill(model: nn.Module, state: Mapping[str, Tensor], source: str) -> None:
    """Put parameters into a model, all of them or none.

    Parameters
    ----------
    model : torch.nn.Module
    state : mapping of str to Tensor
    source : str
        Where they come from, for the error.

    Raises
    ------
    ValueError
        If names or shapes differ; names the first of them. The model is unchanged then.

    Examples
    --------
    >>> fill(GlyphNet(10), read_weights(CHECKPOINT), "the checkpoint")
    Traceback (most recent call last):
    ValueError: the checkpoint does not fit GlyphNet: fc.weight has shape (48, 256), not (10, 256);
    fc.bias has shape (48,), not (10,)

    Used in the chapter *heads*.
    """
    own = model.state_dict()
    problems = [f"{name} is missing" for name in own if name not in state]
    problems += [f"{name} is unknown" for name in state if name not in own]
    problems += [
        f"{name} has shape {tuple(state[name].shape)}, not {tuple(value.shape)}"
        for name, value in own.items()
        if name in state and value.shape != state[name].shape
    ]
    if problems:
        shown = "; ".join(problems[:3]) + (f" … ({len(problems)} in all)" * (len(problems) > 3))
        raise ValueError(f"{source} does not fit {type(model).__name__}: {shown}")
    broken = [name for name, value in state.items() if not torch.isfinite(value).all()]
    if broken:
        raise ValueError(f"{source} is damaged: {broken[0]} holds values that are no numbers")
    model.load_state_dict(dict(state))


def _published(name: str, weights: Any) -> Mapping[str, Tensor]:
    """Return the weights that torchvision publishes, from this machine or the network."""
    known = torchvision_models().get_model_weights(name)
    try:
        chosen = known[weights] if isinstance(weights, str) else known(weights)
    except (KeyError, ValueError):
        names = ", ".join(["DEFAULT", *known.__members__])
        raise ValueError(f"{name} has no weights {weights!r}; there are {names}") from None
    file = Path(torch.hub.get_dir()) / "checkpoints" / Path(chosen.url).name
    if file.is_file():
        return read_weights(file)
    try:
        state: Mapping[str, Tensor] = chosen.get_state_dict(check_hash=True, weights_only=True)
    except (URLError, OSError, RuntimeError) as error:
        raise FileNotFoundError(
            f"the weights {chosen} of {name} are not on this machine and could not be fetched "
            f"({error}). Download {chosen.url} elsewhere and save it as {file}, or work without a "
            "network: load_backbone('glyphnet') brings its weights with it"
        ) from error
    return state


def torchvision_models() -> Any:
    """Return ``torchvision.models``, also where its compiled operators do not fit PyTorch.

    Raises
    ------
    ImportError
        If torchvision is not installed, or does not fit the installed PyTorch.

    Examples
    --------
    >>> torchvision_models().resnet18().fc
    Linear(in_features=512, out_features=1000, bias=True)

    Used in the chapter *heads*.
    """
    return import_torchvision("models", "these networks come from torchvision")
