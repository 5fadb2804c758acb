"""Train `GlyphNet` on letters and signs: ``python -m softmaxbook.transfer.pretraining``."""

from __future__ import annotations

import argparse
import platform
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from softmaxbook.learning.datasets import Part
from softmaxbook.learning.torch_networks import accuracy
from softmaxbook.transfer.backbones import CHECKPOINT, GlyphNet
from softmaxbook.transfer.glyphs import CLASSES, FONTS, draw_glyphs

N_TRAIN = 80_000
N_TEST = 9_600
EPOCHS = 8
BATCH = 128
RATE = 0.1


def pretrain(
    data: Part, n_classes: int, epochs: int = EPOCHS, seed: int = 0, progress: bool = True
) -> GlyphNet:
    """Train a new `GlyphNet` on pictures.

    Parameters
    ----------
    data : Part
        Features of shape (n_samples, 1, 16, 16).
    n_classes : int
    epochs : int
        Passes over the pictures, with a learning rate that rises once and falls to nearly 0.
    seed : int
    progress : bool
        Whether to show a bar.

    Returns
    -------
    GlyphNet
        In evaluation mode.

    Notes
    -----
    Stochastic gradient descent with momentum on the cross-entropy of the logits; rate 0.1 at its
    highest, batches of 128.

    References
    ----------
    Smith and Topin, *Super-Convergence: Very Fast Training of Neural Networks Using Large Learning
    Rates* (2019), arXiv 1708.07120: the rate's course.

    Used in the chapter *transfer*.
    """
    from tqdm import tqdm

    pictures, labels = torch.tensor(data.features), torch.tensor(data.labels)
    n_steps = max(1, len(labels) // BATCH)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = GlyphNet(n_classes)
        optimiser = torch.optim.SGD(model.parameters(), RATE, momentum=0.9, weight_decay=5e-4)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, n_steps * epochs)
        bar = tqdm(total=n_steps * epochs, desc="pretraining", disable=not progress, leave=False)
        model.train()
        for _ in range(epochs):
            order = torch.randperm(len(labels))
            for rows in torch.split(order[: n_steps * BATCH], BATCH):
                optimiser.zero_grad()
                loss: Tensor = functional.cross_entropy(model(pictures[rows]), labels[rows])
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
                bar.update()
        bar.close()
    return model.eval()


def main() -> None:
    """Pretrain, measure on new pictures, and write the checkpoint with its provenance."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=CHECKPOINT, help="file to write")
    file: Path = parser.parse_args().to
    model = pretrain(draw_glyphs(N_TRAIN, seed=0), len(CLASSES))
    half = {name: value.half() for name, value in model.state_dict().items()}
    model.load_state_dict({name: value.float() for name, value in half.items()})
    measured = accuracy(model, draw_glyphs(N_TEST, seed=1))
    provenance = {
        "command": "python -m softmaxbook.transfer.pretraining",
        "pictures": f"{N_TRAIN} drawn with seed 0, {len(CLASSES)} classes, {len(FONTS)} fonts",
        "epochs": str(EPOCHS),
        "accuracy on new pictures": f"{measured:.4f} of {N_TEST} drawn with seed 1",
        "versions": f"Python {platform.python_version()}, torch {torch.__version__}, "
        f"numpy {np.__version__}",
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    save_file(half, file, provenance)
    print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB, accuracy {measured:.4f}")


if __name__ == "__main__":
    main()
