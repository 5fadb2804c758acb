"""Print a built site as one PDF: `python -m extensions.printing SITE TARGET`."""

from __future__ import annotations

import argparse
import sys
from os import environ
from pathlib import Path

from extensions.launch import from_ci, from_git, git_in, site_address

from . import PrintingError, site
from .chromium import chromium, printed
from .document import SHEETS, whole
from .finishing import finished


def main() -> None:
    """Read the command line, and print."""
    parser = argparse.ArgumentParser(prog="python -m extensions.printing", description=__doc__)
    parser.add_argument("site", type=Path, help="folder of the built site")
    parser.add_argument("target", type=Path, help="the PDF to be written")
    parser.add_argument("--paper", default="a4", choices=sorted(SHEETS))
    options = parser.parse_args()
    repository = from_ci(environ) or from_git(git_in(Path(__file__).parent))
    address = site_address(environ, repository)
    try:
        book = whole(site.read(options.site.resolve()), address, options.paper)
        with chromium() as browser:
            pdf = finished(printed(browser, book), book)
    except PrintingError as error:
        sys.exit(str(error))
    options.target.parent.mkdir(parents=True, exist_ok=True)
    options.target.write_bytes(pdf)


if __name__ == "__main__":
    main()
