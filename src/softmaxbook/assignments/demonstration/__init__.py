"""A made class, with what each hand-in has to earn: ``make demo-class``.

`answers` writes what the students answer, `damages` is what happens to their files, `cases` is the
class, `lesson` the course and its assignment, and ``python -m`` runs it all.
"""
