"""Measuring: a cluster gives the rows that this machine gives."""

import pytest

pytest.importorskip("distributed")

from clusters import Loopback

from softmaxbook.cluster import ClusterError
from softmaxbook.experiments.measuring import EXPERIMENTS, elsewhere, here

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.filterwarnings("default"),  # of a library whose processes are killed
]


def test_a_cluster_measures_what_this_machine_measures():
    cell = next(EXPERIMENTS["exploration"].cells())
    (local,) = here("exploration", [cell], 1)
    with Loopback() as loopback:
        loopback.start_worker()
        (remote,) = elsewhere("exploration", [cell], loopback.address)
    assert {key: str(value) for key, value in remote.items()} == {
        key: str(value if isinstance(value, str) else float(value)) for key, value in local.items()
    }


def test_a_worker_of_several_threads_is_left_out():
    with Loopback() as loopback:
        loopback.start_worker(threads=2)
        with pytest.raises(ClusterError, match="--nthreads 1"):
            next(elsewhere("exploration", [], loopback.address))
