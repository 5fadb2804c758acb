"""``python -m softmaxbook`` is the command ``softmaxbook``."""

import sys

from softmaxbook.assignments.command import main

sys.exit(main())
