"""What a benchmark is asked: `--help` says what it measures, a wrong word gets one sentence."""

import argparse
import re


class Line(argparse.ArgumentParser):
    """The line that starts a benchmark.

    Parameters
    ----------
    module : str
        The benchmark's name as Python knows it, `__spec__.name`.
    about : str
        Its docstring: the first paragraph is what `--help` says.
    """

    def __init__(self, module, about):
        said = re.sub(r": `python -m [^`]*`", "", about.partition("\n\n")[0])
        super().__init__(prog=f"python -m {module}", description=said, allow_abbrev=False)

    def error(self, message):
        """Say in one sentence what is wrong, and end."""
        self.exit(2, f"{self.prog}: {message}; --help tells what it takes.\n")


def count(text):
    """Return a whole number above 0."""
    if not re.fullmatch(r"0*[1-9][0-9]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
