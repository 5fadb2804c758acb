"""Explorables that link to exercises in the book's pages."""

from __future__ import annotations

import traitlets

from softmaxbook import places
from softmaxbook.widgets.explorable import Explorable


class LeadingExplorable(Explorable):
    """An explorable whose ES module makes links by `placeOf` of `parts/places.mjs`."""

    site = traitlets.Unicode(help="where the pages are; empty where they lie beside").tag(sync=True)

    @traitlets.default("site")
    def _address_of_the_site(self) -> str:
        return places.site()
