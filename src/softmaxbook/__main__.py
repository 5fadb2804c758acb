"""``python -m softmaxbook`` is the command ``softmaxbook``."""

import sys

from softmaxbook.assignments.command import main

if __name__ == "__main__":
    sys.exit(main())
