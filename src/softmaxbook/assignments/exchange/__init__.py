"""Marks and hand-outs in the formats of Canvas, Moodle, Gradescope, nbgrader, and spreadsheets."""
