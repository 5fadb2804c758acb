"""The measurements that take longer than a page may.

``python -m softmaxbook.experiments`` runs what is missing in the stored tables of
``softmaxbook/results`` and goes on where it was stopped. Pages and explorables read the tables.
"""

from softmaxbook.experiments.tables import Table, by_seed, stored

__all__ = ["Table", "by_seed", "stored"]
