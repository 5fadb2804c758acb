#!/usr/bin/env bash
# Chromium 156.0.8078.108 (Debian's, headless) prints an SVG with hatched bars that matplotlib 3.11.2
# wrote; pikepdf 10.18.0 looks into the PDF.
#
# matplotlib writes a hatching as a `<pattern>` of lines. Chromium prints lines as lines, but what a
# pattern fills as bitmaps, a picture and a mask for each shape, though all of the SVG are vectors. A
# book of figures with hatched bars gains megabytes, and its hatchings blur when it is enlarged.
#
# Seen: `plain bars: 0 bitmaps, 5 hatched bars: 10 bitmaps`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check matplotlib==3.11.2 pikepdf==10.18.0
chromium --version

cat > shown.py << 'EOF'
import subprocess
import sys
from pathlib import Path

import matplotlib
import pikepdf

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402


def bitmaps(name, **look):
    """Print a figure of five bars, and count the bitmaps in what is printed."""
    figure, axes = pyplot.subplots()
    axes.bar(range(5), [1, 2, 3, 2, 1], **look)
    figure.savefig(f"{name}.svg")
    svg = Path(f"{name}.svg").read_text(encoding="utf-8")
    assert "<image" not in svg
    page = Path(f"{name}.html")
    page.write_text(f"<!doctype html>{svg[svg.index('<svg') :]}", encoding="utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    printed = page.with_suffix(".pdf")
    subprocess.run(
        [*command, f"--print-to-pdf={printed}", page.resolve().as_uri()],
        check=True, capture_output=True, timeout=120,
    )
    with pikepdf.open(printed) as pdf:
        return sum(each.get("/Subtype") == "/Image" for each in pdf.objects
                   if isinstance(each, pikepdf.Stream))


plain, hatched = bitmaps("plain", color="white"), bitmaps("hatched", color="white", hatch="//")
print(f"plain bars: {plain} bitmaps, 5 hatched bars: {hatched} bitmaps")
if plain or not hatched:
    sys.exit("the behaviour has changed")
EOF
env/bin/python shown.py
