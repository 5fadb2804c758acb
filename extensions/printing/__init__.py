"""The whole book as one PDF, printed by Chromium from the built site.

What happens, in this order:

- `site` reads the pages of a built site in the order of its contents.
- `paper` makes a page fit for paper: nothing is folded, answers stand at the chapter's end, and
  what needs a script is gone or leads to the page where it lives.
- `joining` puts the pages into one document, in which no name is given twice.
- `matter` makes what only a printed book has: contents and indexes with the numbers of pages.
- `document` is the HTML of the whole, and its style sheet is `paper.css`.
- `chromium` lays it out, sees that nothing is too wide, and prints it until each number holds.
- `finishing` adds to the PDF what Chromium leaves out.

`python -m extensions.printing SITE TARGET` does all of it.
"""

from __future__ import annotations


class PrintingError(Exception):
    """Why there is no PDF, and what to do about it."""
