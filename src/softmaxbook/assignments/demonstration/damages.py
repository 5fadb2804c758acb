"""What happens to notebooks between the hand-out and the hand-in: each returns a file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .styles import BATCH, HAND, MARGIN, SUM, VECTOR

Notebook = dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file that is handed in."""

    name: str
    data: bytes


Damage = Callable[[Notebook, str], File]


def whole(notebook: Notebook, name: str) -> File:
    """Return the notebook as it is: each source is a list of lines, as Jupyter writes it."""
    lines = [
        {**cell, "source": "".join(cell["source"]).splitlines(keepends=True)}
        for cell in notebook["cells"]
    ]
    text = json.dumps({**notebook, "cells": lines}, ensure_ascii=False, indent=1)
    return File(f"{name}.ipynb", text.encode())


def renamed(notebook: Notebook, name: str) -> File:
    """Return the notebook under the name that a browser gives a second download."""
    return File("Untitled (3).ipynb", whole(notebook, name).data)


def without_metadata(notebook: Notebook, name: str) -> File:
    """Return a notebook whose cells have lost all metadata and ids, as other editors save it."""
    cells = [{key: cell[key] for key in ("cell_type", "source")} for cell in notebook["cells"]]
    return whole({"cells": cells, "nbformat": 4}, name)


def with_code_as_text(notebook: Notebook, name: str) -> File:
    """Return a notebook whose functions have become Markdown, one keystroke each."""
    spoilt = copy.deepcopy(notebook)
    for cell in spoilt["cells"]:
        if cell["id"] in (VECTOR, BATCH, SUM):
            cell["cell_type"] = "markdown"
    return whole(spoilt, name)


def with_cells_deleted(notebook: Notebook, name: str) -> File:
    """Return a notebook without any question, and without the answer on log-sum-exp."""
    kept = [
        cell
        for cell in notebook["cells"]
        if cell["id"] != SUM and not cell["id"].startswith("question-")
    ]
    return whole({**notebook, "cells": kept}, name)


def with_cells_doubled(notebook: Notebook, name: str) -> File:
    """Return a notebook with each answer twice, the later one above, and one of them spoilt."""
    spoilt = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if cell["id"] in (HAND, VECTOR, BATCH, MARGIN):
            spoilt["cells"].insert(2, copy.deepcopy(cell))
        if cell["id"] == SUM:
            first = {**cell, "source": "def log_sum_exp(z):\n    return np.log(np.exp(z).sum(-1))"}
            spoilt["cells"].insert(2, first)
    return whole(spoilt, name)


def cut_off(notebook: Notebook, name: str) -> File:
    """Return the first part of the file, up to the middle of the answer on log-sum-exp."""
    data = whole(notebook, name).data
    cut = data.index(b"maximum", data.index(b"def log_sum_exp"))
    return File(f"{name}.ipynb", data[:cut])


def as_program(notebook: Notebook, name: str) -> File:
    """Return the notebook as JupyterLab exports it as a program."""
    parts = ["#!/usr/bin/env python", "# coding: utf-8"]
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        is_code = cell["cell_type"] == "code"
        shown = text if is_code else "\n".join(f"# {line}" for line in text.splitlines())
        parts.append(f"# In[ ]:\n\n\n{shown}" if is_code else shown)
    return File(f"{name}.py", "\n\n\n".join(parts).encode())
