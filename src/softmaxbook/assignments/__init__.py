"""A course that an instructor can run: release, collect, grade, feedback.

The command is ``softmaxbook assignment …``; ``softmaxbook assignment --help`` teaches it.
A course is any folder, and an assignment is a folder in it (:mod:`.assignment`).
"""
