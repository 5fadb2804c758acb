"""Explorables that compute with the stored weights of a network."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import traitlets

from softmaxbook.widgets.explorable import Explorable
from softmaxbook.widgets.modules import served_weights


class WeightedExplorable(Explorable):
    """An explorable whose ES module reads a checkpoint; a subclass says which."""

    weights = traitlets.Unicode(read_only=True).tag(sync=True)

    @property
    def checkpoint(self) -> Path:
        """The file with the weights."""
        raise NotImplementedError

    @traitlets.default("weights")
    def _bytes_of_the_checkpoint(self) -> str:
        content = b64encode(self.checkpoint.read_bytes()).decode()
        return f"data:application/octet-stream;base64,{content}"

    def state(self) -> dict[str, Any]:
        """Return the traits that the ES module reads; on a page the weights are a file's address.

        The built site serves the file once, for all pages and instances. A Jupyter front-end has no
        folder beside the module, so the trait brings the file's bytes.
        """
        return super().state() | {"weights": f"../{served_weights(self.checkpoint)}"}
