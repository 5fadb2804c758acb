#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian's, headless) shows a page with an inline SVG that matplotlib 3.11.2 wrote.
#
# matplotlib's SVG holds `<style>*{stroke-linejoin: round; stroke-linecap: butt}</style>`. In a file of its
# own this is the drawing's. Inline, a style sheet is the document's: it outdoes the presentation
# attributes of every other drawing of the page, so that a dot drawn as a line of no length with round
# ends is not drawn at all, and the browser styles the whole page anew for every such figure that it
# comes to. (A page of ours with six of them: about 21 000 elements were styled until its first figure could be
# used; without these sheets about 3600.)
#
# Seen: `alone: round, beside a figure: butt`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check matplotlib==3.11.2
chromium --version

cat > shown.py << 'EOF'
import re
import subprocess
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

DOT = '<svg viewBox="0 0 9 9"><path id="dot" d="M4 4h0" stroke="red" stroke-linecap="round"/></svg>'
ASK = "<script>document.title = getComputedStyle(document.getElementById('dot')).strokeLinecap</script>"


def ends(figure):
    """Return how the dot's line ends on a page with a figure."""
    page = Path("page.html")
    page.write_text(f"<!doctype html><title></title>{DOT}{figure}{ASK}", encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    run = subprocess.run([*command, page.resolve().as_uri()], check=True, capture_output=True,
                         timeout=120, text=True)
    return re.search("<title>(.*?)</title>", run.stdout)[1]


pyplot.plot([1, 2])
pyplot.savefig("figure.svg")
svg = Path("figure.svg").read_text(encoding="utf-8")
alone, beside = ends(""), ends(svg[svg.index("<svg") :])
print(f"alone: {alone}, beside a figure: {beside}")
if (alone, beside) != ("round", "butt"):
    sys.exit("the behaviour has changed")
EOF
env/bin/python shown.py
