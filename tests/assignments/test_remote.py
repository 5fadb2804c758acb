"""Grading on a cluster: the same records as here, whatever dies, and nothing that is not needed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

pytest.importorskip("distributed")

from clusters import Loopback, end
from course import answered, assignment, hand_in, program_of, with_package

from softmaxbook.assignments.assignment import Assignment, Chosen
from softmaxbook.assignments.course import CourseError, private_exercises
from softmaxbook.assignments.demonstration import winning_margin
from softmaxbook.assignments.marks import remote
from softmaxbook.assignments.marks.examiner import Examiner
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.marks.records import marks_path, read_marks
from softmaxbook.assignments.sandbox.box import Limits, Sandbox
from softmaxbook.assignments.settings import load, save
from softmaxbook.assignments.submissions.problems import Kind
from softmaxbook.assignments.submissions.submission import Answer, Submission
from softmaxbook.cluster import Cluster, ClusterError

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.filterwarnings("default"),  # of a library whose processes are killed
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux"),
]

VECTOR, BATCH, NUMBER = "softmax-of-one-vector", "softmax-of-a-batch", "softmax-by-hand"
CHOICE = "what-changes-nothing"


@pytest.fixture
def loopback():
    with Loopback() as made:
        yield made


@pytest.fixture(autouse=True)
def no_room_is_left():
    """Close what examining in this process keeps ready, or its sandboxes stay till its end."""
    yield
    remote._rooms.close()


def a_class(folder, size=4):
    """Return an assignment of every kind of question with variants, and hand-ins of every kind."""
    week = assignment(folder / "week", VECTOR, BATCH, NUMBER, CHOICE, variants=True)
    wrong = "def softmax(z):\n    import numpy as np\n    return np.exp(z) / np.exp(z).sum()\n"
    hand_in(
        week,
        *(answered(week, f"right{k}") for k in range(size)),
        answered(week, "wrong", softmax_of_one_vector=wrong, softmax_by_hand="answer = 0"),
        answered(
            week, "odd", "raise ValueError('\\udc80 é')", softmax_of_one_vector="while True: pass"
        ),
        replace(answered(week, "grouped"), owner="right0"),
    )
    save(week)
    return load(week.folder)  # as the command reads it


def stored(week):
    """Return all records as they are stored, but for the time."""
    records = {
        each.name: json.loads(each.read_text()) for each in (week.folder / "marks").glob("[!.]*")
    }
    return {name: {**record, "when": ""} for name, record in sorted(records.items())}


def test_a_cluster_gives_the_records_that_this_machine_gives(loopback, tmp_path):
    week = a_class(tmp_path)
    grade(week)
    here = stored(week)
    loopback.start_worker(threads=2)
    found = grade(week, again=True, scheduler=loopback.address)
    assert len(found.renewed) == len(here) == 7
    assert stored(week) == here
    assert not grade(week, scheduler=loopback.address).renewed
    assert not grade(week).renewed  # of either's records the other says that they hold


def test_own_exercises_travel_as_text(loopback, tmp_path):
    (tmp_path / "exercises").mkdir()
    shutil.copy(winning_margin.__file__, tmp_path / "exercises")
    (own,) = private_exercises(tmp_path).values()
    week = Assignment(tmp_path / "week", "A week", "secret", (Chosen(own, own.aspects),))
    sources = {"right": program_of(own), "wrong": f"def {own.name}(*given):\n    return 0.0\n"}
    hand_in(week, *(Submission(who, {own.id: Answer("code", s)}) for who, s in sources.items()))
    found = grade(week).marks
    assert [each.problems for each in found] == [(), ()]
    marks = {each.student: each.exercises[0] for each in found}
    assert marks["right"].points == marks["right"].of
    assert marks["wrong"].points == 0
    here = stored(week)
    loopback.start_worker()
    grade(week, again=True, scheduler=loopback.address)
    assert stored(week) == here


@pytest.mark.parametrize("package", [False, True])
def test_what_travels_is_json_and_says_no_more_than_marks_need(tmp_path, package):
    week = assignment(tmp_path / "week", VECTOR, NUMBER)
    week = with_package(week) if package else week
    submission = replace(answered(week, "ada"), file="ada-lovelace.ipynb")
    given = remote.packed(week, submission, Limits())
    assert b"ada" not in given
    assert remote.packed(replace(week, variants=True), submission, Limits()).count(b"ada") == 1
    with Sandbox(hidden=(tmp_path,), package=package) as sandbox:
        assert remote.unpacked(remote.examine(given)) == Examiner(week, sandbox).marks(submission)


def test_a_worker_killed_and_a_scheduler_restarted_change_nothing(loopback, tmp_path):
    week = a_class(tmp_path, size=12)
    grade(week)
    here = stored(week)
    first = loopback.start_worker()
    with Cluster(loopback.address, remote.unfit, remote.wanted(Limits())):
        pass
    run = subprocess.Popen(command(week, loopback, "--again"))
    wait_for_some(week)
    assert graded(week) < len(here)
    end(first)
    end(loopback.scheduler)
    loopback.start_scheduler()
    loopback.start_worker()
    assert run.wait(120) == 0
    assert stored(week) == here


def test_a_command_that_is_killed_goes_on_and_keeps_no_old_mark(loopback, tmp_path):
    week = a_class(tmp_path, size=12)
    loopback.start_worker()
    grade(week, scheduler=loopback.address)
    whole = stored(week)
    run = subprocess.Popen(command(week, loopback, "--again"))
    wait_for_some(week)
    run.send_signal(signal.SIGKILL)
    run.wait()
    done = {name for name, record in stored(week).items() if record["graded"]}
    assert 2 <= len(done) < len(whole)
    for name in whole.keys() - done:
        waiting = read_marks(marks_path(week, name.removesuffix(".json")))
        assert [each.kind for each in waiting.problems] == [Kind.WAITING]
    found = grade(week, scheduler=loopback.address)
    assert {f"{each}.json" for each in found.renewed} == whole.keys() - done
    assert stored(week) == whole


def command(week, loopback, *more):
    words = ("-m", "softmaxbook", "assignment")
    return [
        *(sys.executable, *words, "grade", week.name, "--course", str(week.course)),
        *("--scheduler", loopback.address, *more),
    ]


def graded(week):
    return sum(each["graded"] for each in stored(week).values())


def wait_for_some(week):
    """Return when all old records are set aside, and some new ones there."""
    wait_for(lambda: graded(week) <= 1)
    wait_for(lambda: graded(week) >= 2)


def wait_for(happens, seconds=60):
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_a_worker_without_a_sandbox_or_with_another_program_is_left_out(loopback, tmp_path):
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "bwrap"
    fake.write_text("#!/bin/sh\necho bubblewrap 0.1\n")
    fake.chmod(0o755)
    wanted = json.loads(remote.wanted(Limits()))
    assert not remote.unfit(remote.wanted(Limits()))
    other = wanted | {"program": wanted["program"] | {"softmaxbook": "else"}}
    assert "other files" in remote.unfit(json.dumps(other).encode())
    other = wanted | {"limits": wanted["limits"] | {"seconds": 1.0}}
    assert "something else" in remote.unfit(json.dumps(other).encode())
    code = (
        "from softmaxbook.assignments.sandbox import box, bubblewrap as b\n"
        f"b.bubblewrap = box.bubblewrap = lambda: {str(fake)!r}\n"
        "import dask.__main__ as dask; dask.main()"
    )
    words = ("worker", loopback.address, "--no-nanny", "--no-dashboard")
    loopback.start(*words, python=("-c", code))
    with (
        pytest.raises(ClusterError, match=r"no worker .* is fit .*bubblewrap 0.8 or newer"),
        Cluster(loopback.address, remote.unfit, remote.wanted(Limits())),
    ):
        pass


def test_without_a_sandbox_nothing_goes_to_a_cluster(tmp_path):
    with pytest.raises(CourseError, match="leave out --unsafe-no-sandbox"):
        grade(a_class(tmp_path), unsafe=True, scheduler="tcp://127.0.0.1:1")


def test_what_travels_over_tls_needs_the_certificate(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=softmaxbook -days 1"
    words = [*made.split(), "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(words, check=True, capture_output=True)
    options = [f"--tls-ca-file={certificate}", f"--tls-cert={certificate}", f"--tls-key={key}"]
    with Loopback(*options, scheme="tls") as loopback:
        loopback.start_worker()
        words = [sys.executable, "-c", TRY, loopback.address]
        tls = "DASK_DISTRIBUTED__COMM__TLS__"
        known = {f"{tls}CA_FILE": certificate, f"{tls}CLIENT__CERT": certificate}
        known = {name: str(path) for name, path in (known | {f"{tls}CLIENT__KEY": key}).items()}
        assert subprocess.run(words, env=os.environ | known).returncode == 0
        assert subprocess.run(words, env=os.environ, capture_output=True).returncode != 0


TRY = """
import sys
from softmaxbook import cluster
from softmaxbook.assignments.demonstration import winning_margin
from softmaxbook.assignments.marks import remote
from softmaxbook.assignments.sandbox.box import Limits
cluster.FIRST_SECONDS = 5.0
with cluster.Cluster(sys.argv[1], remote.unfit, remote.wanted(Limits())):
    pass
"""
