"""What the book becomes for e-readers; `extensions/travel.py` tells Sphinx of it."""
