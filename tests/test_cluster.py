"""A cluster: each call is answered once, whatever dies meanwhile, and no unfit worker is used."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("distributed")

import calls
from clusters import Loopback, end

from softmaxbook import cluster
from softmaxbook.cluster import Cluster, ClusterError

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.filterwarnings("default"),  # of a library whose processes are killed
]

SUPPORT = Path(__file__).parent / "support"
WITH_CALLS = {"PYTHONPATH": os.pathsep.join([str(SUPPORT), *sys.path])}


@pytest.fixture
def loopback():
    with Loopback() as made:
        yield made


def called(there, function, number):
    """Return the results in order, after making sure that each came once."""
    found = list(there.call(function, (b"%d" % k for k in range(number))))
    assert sorted(k for k, _ in found) == list(range(number))
    return [result for _, result in sorted(found, key=lambda pair: pair[0])]


def test_each_call_is_answered_once_and_what_it_raises_is_its_result(loopback):
    loopback.start_worker(threads=2, **WITH_CALLS)
    with Cluster(loopback.address, calls.fit) as there:
        assert called(there, calls.twice, 30) == [b"%d" % (2 * k) for k in range(30)]
        ((_, raised),) = there.call(calls.twice, [b"no number"])
        assert isinstance(raised, ValueError)


@pytest.mark.parametrize(
    ("took", "size"), [(0.0, 8), (0.001, 8), (0.1, 8), (0.4, 2), (3.0, 1), (500.0, 1)]
)
def test_a_parcel_holds_what_takes_a_moment(took, size):
    known = cluster._Size(4)
    known.learn(4, took)
    assert known.calls == size
    for _ in range(9):
        known.learn(1, 0.001)
    assert known.calls == cluster.LARGEST


def test_calls_are_read_only_a_few_ahead(loopback):
    loopback.start_worker(**WITH_CALLS)
    read = 0

    def given():
        nonlocal read
        for read in range(1, 101):  # noqa: B007
            yield b"1"

    with Cluster(loopback.address, calls.fit) as there:
        results = there.call(calls.twice, given())
        next(results)
        assert read <= cluster.AHEAD + 1
        results.close()


def test_short_calls_travel_together_and_one_that_raises_harms_no_other(loopback):
    loopback.start_worker(threads=2, **WITH_CALLS)
    given = [b"%d" % k for k in range(400)]
    given[200] = b"no number"
    read, found, most = 0, {}, 0

    def reading():
        nonlocal read
        for each in given:
            read += 1
            yield each

    with Cluster(loopback.address, calls.fit) as there:
        for number, result in there.call(calls.twice, reading()):
            assert number not in found
            found[number] = result
            most = max(most, read - len(found))
    assert 2 * cluster.AHEAD < most <= 2 * cluster.AHEAD * cluster.LARGEST
    assert isinstance(found.pop(200), ValueError)
    assert found == {k: b"%d" % (2 * k) for k in range(400) if k != 200}


def test_a_worker_that_is_killed_loses_nothing(loopback):
    first = loopback.start_worker("first", **WITH_CALLS)
    with Cluster(loopback.address, calls.fit) as there:
        results = there.call(calls.slowly, (b"%d" % k for k in range(12)))
        found = [next(results)]
        end(first)  # all that is under way may only run there
        loopback.start_worker("second", **WITH_CALLS)
        found += results
    assert sorted(found) == [(k, b"%d" % k) for k in range(12)]


def test_a_scheduler_that_is_lost_and_comes_back_loses_nothing(loopback):
    loopback.start_worker(**WITH_CALLS)
    told = []
    with Cluster(loopback.address, calls.fit, tell=told.append) as there:
        results = there.call(calls.slowly, (b"%d" % k for k in range(12)))
        found = [next(results)]
        end(loopback.scheduler)

        def again():
            time.sleep(1)
            loopback.start_scheduler()
            loopback.start_worker(**WITH_CALLS)

        other = threading.Thread(target=again)
        other.start()
        found += results
        other.join()
    assert sorted(found) == [(k, b"%d" % k) for k in range(12)]
    assert any("is lost" in each for each in told)


def test_an_unfit_worker_is_named_and_gets_nothing(loopback):
    loopback.start_worker(**WITH_CALLS)
    told = []
    with Cluster(loopback.address, calls.fit, tell=told.append) as there:
        # not before: were it alone there, the command would give up
        loopback.start_worker(NOT_FIT="it is too old", **WITH_CALLS)
        until = time.monotonic() + 60
        while not any("is left out: it is too old" in each for each in told):
            assert time.monotonic() < until, told
            assert set(called(there, calls.who, 6)) == {b""}
            called(there, calls.slowly, 6)  # for longer than it takes to look who is there
    assert len([each for each in told if "left out" in each]) == 1


@pytest.fixture
def older(tmp_path):
    """Return the environment of a process whose package is one from before clusters."""
    (tmp_path / "softmaxbook").mkdir()
    (tmp_path / "softmaxbook" / "__init__.py").touch()
    return {"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}


def test_a_worker_without_the_function_or_the_program_is_named(loopback, older):
    without = [each for each in sys.path if Path(each or ".").resolve() != SUPPORT]
    worker = loopback.start_worker(PYTHONPATH=os.pathsep.join(without))
    refused = pytest.raises(ClusterError, match=r"no worker .* is fit .*cannot import")
    with refused, Cluster(loopback.address, calls.fit):
        pass
    end(worker)
    loopback.start_worker(**older)
    with refused, Cluster(loopback.address, calls.fit):
        pass


def test_a_scheduler_without_the_program_is_named(older):
    with (
        Loopback(**older) as loopback,
        pytest.raises(ClusterError, match=r"the scheduler .* cannot import"),
        Cluster(loopback.address, calls.fit),
    ):
        pass


def test_who_has_no_scheduler_is_told(monkeypatch):
    monkeypatch.setattr(cluster, "FIRST_SECONDS", 1.0)
    for address in ("tcp://127.0.0.1:1", "nonsense://here"):
        there = Cluster(address, calls.fit)
        with pytest.raises(ClusterError, match="no scheduler answers"):
            there.__enter__()


def test_no_address_is_none_of_dask_s_own_clusters():
    with pytest.raises(ClusterError, match="give the address"):
        Cluster(" ", calls.fit).__enter__()


def test_a_program_says_how_it_differs():
    here = cluster.program()
    assert not cluster.differences(here)
    assert "other files" in cluster.differences(here | {"softmaxbook": "else"})
    assert "it has python" in cluster.differences(here | {"python": "2.7"})
    assert "(none)" in cluster.differences(here | {"no-such-library": "1.0"})
