"""The sandbox: what hostile answers try, and that none of it wins, costs others, or gets out."""

import os
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from attacks import ATTACKS, PREAMBLES, RIGHT, VALUES
from course import KNOWN, answered, assignment, hand_in, with_package

from softmaxbook.assignments.course import CourseError
from softmaxbook.assignments.marks.grading import grade
from softmaxbook.assignments.sandbox import box as sandboxes
from softmaxbook.assignments.sandbox import seccomp
from softmaxbook.assignments.sandbox.box import Limits, Sandbox
from softmaxbook.assignments.sandbox.conversation import Conversation

pytestmark = [
    pytest.mark.xdist_group("attacks"),  # graded once, for all tests
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is of Linux"),
]

QUICK = Limits(seconds=1.0)
IDS = ("softmax-of-one-vector", "write-softplus", "softmax-by-hand")
TARGET, REST = IDS[0], IDS[1:]
# These prove themselves by what they reach, so without a sandbox they earn points.
REACHING = (
    "reads the course",
    "reads the other submissions",
    "reads the home folder",
    "reads the passwords",
    "reads /proc",
    "connects to a port of this machine",
    "writes into the home folder",
    "asks a program of the system",
    "anonymous files",
)
# These prove themselves by what they find in the process that they run in.
LOOKING = (
    "reads the environment",
    "looks through the frames for the solution",
    "looks through the memory for the solution",
    "looks through the memory for the inputs to come",
    "imports the exercises",
    "imports the grader",
    "searches all files for the solutions",
)


class Outside:
    """What is outside of the sandbox, and whether somebody touched it."""

    def __init__(self, folder):
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        (self.home / "diary").write_text("private")
        self.process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.callers = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            self.callers.append(caller)
            caller.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.process.kill()
        self.process.communicate()

    def filled(self, code, course):
        """Return an attack with the names of real things."""
        return RIGHT + code.format(
            course=str(course),
            home=str(self.home),
            port=self.listener.getsockname()[1],
            pid=self.process.pid,
        )


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    found = Outside(tmp_path_factory.mktemp("outside"))
    os.environ["SECRET_OF_THE_TEACHER"] = "full marks"
    yield found
    del os.environ["SECRET_OF_THE_TEACHER"]
    found.close()


def by_name(week, table, submissions, **options):
    """Grade one submission for each entry of a table; return the records by its names."""
    hand_in(week, *submissions)
    records = {each.student: each for each in grade(week, limits=QUICK, **options).marks}
    return {name: records[f"s{number}"] for number, name in enumerate(table)}


@pytest.fixture(scope="module")
def attacked(tmp_path_factory, outside):
    """Return the record of each attack: one answer is hostile, two are right."""
    week = with_package(assignment(tmp_path_factory.mktemp("attacks") / "week", *IDS))
    hostile = [
        answered(week, f"s{number}", softmax_of_one_vector=outside.filled(code, week.course))
        for number, code in enumerate(ATTACKS.values())
    ]
    return week, by_name(week, ATTACKS, hostile)


def earned(marks):
    return {each.id: each.points for each in marks.exercises}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_costs_only_itself(attacked, name):
    week, records = attacked
    points = earned(records[name])
    assert points[TARGET] == 0, records[name]
    assert {id: points[id] for id in REST} == {id: week.chosen(id).total for id in REST}


def test_nothing_outside_was_touched(attacked, outside):
    week, records = attacked
    assert outside.process.poll() is None
    assert outside.callers == []
    assert [each.name for each in outside.home.iterdir()] == ["diary"]
    expected = [week.folder / "marks" / f"s{number}.json" for number in range(len(records))]
    assert sorted((week.folder / "marks").iterdir()) == sorted(expected)
    assert not (week.course / "marks").exists()


def test_no_worker_is_left_behind(attacked):
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    names = [Path(f"/proc/{each}/comm").read_text().strip() for each in children]
    assert "bwrap" not in names


def test_without_the_sandbox_the_same_attacks_reach_what_they_want(tmp_path):
    # Shows that the table can tell a sandbox from none: these earn points, though the comparison
    # is outside all the same.
    beyond = Outside(tmp_path / "outside")
    try:
        week = assignment(tmp_path / "week", *IDS)
        hostile = [
            answered(week, f"s{k}", softmax_of_one_vector=beyond.filled(ATTACKS[name], week.course))
            for k, name in enumerate(REACHING)
        ]
        records = by_name(week, REACHING, hostile, unsafe=True)
        full = dict.fromkeys(REACHING, week.chosen(TARGET).total)
        assert {name: earned(each)[TARGET] for name, each in records.items()} == full
    finally:
        beyond.close()


@pytest.mark.parametrize("name", LOOKING)
def test_in_the_grader_s_own_process_the_same_attacks_find_the_solution(name, outside, tmp_path):
    names = {}
    exec(outside.filled(ATTACKS[name], tmp_path), names)
    exercise = KNOWN[TARGET]  # a local that a frame shows
    given = exercise.given[0]
    assert np.allclose(names["softmax_vector"](given), exercise.solution(given))


@pytest.fixture(scope="module")
def preceded(tmp_path_factory):
    week = assignment(tmp_path_factory.mktemp("preambles") / "week", *IDS)
    handed = [
        answered(week, f"s{number}", preamble=code)
        for number, code in enumerate(PREAMBLES.values())
    ]
    return week, by_name(week, PREAMBLES, handed)


@pytest.mark.parametrize("name", PREAMBLES)
def test_a_bad_preamble_costs_only_itself(preceded, name):
    week, records = preceded
    assert records[name].automatic == week.total


@pytest.fixture(scope="module")
def valued(tmp_path_factory):
    week = assignment(tmp_path_factory.mktemp("values") / "week", *IDS)
    name = week.chosen("softmax-by-hand").variable
    handed = [
        answered(week, f"s{number}", softmax_by_hand=code.format(name=name))
        for number, code in enumerate(VALUES.values())
    ]
    return week, by_name(week, VALUES, handed)


@pytest.mark.parametrize("name", VALUES)
def test_a_hostile_value_costs_only_itself(valued, name):
    week, records = valued
    assert records[name].automatic == week.total - week.chosen("softmax-by-hand").total


def test_no_bubblewrap_is_told(monkeypatch):
    monkeypatch.setattr(sandboxes.shutil, "which", lambda *a, **k: None)
    with pytest.raises(CourseError, match=r"apt install bubblewrap.*--unsafe-no-sandbox"):
        Sandbox()


def test_an_old_bubblewrap_is_refused(monkeypatch, tmp_path):
    old = tmp_path / "bwrap"
    old.write_text("#!/bin/sh\necho bubblewrap 0.4.1\n")
    old.chmod(0o755)
    monkeypatch.setattr(sandboxes.shutil, "which", lambda *a, **k: str(old))
    with pytest.raises(CourseError, match=r"0\.8 or newer; here is bubblewrap 0\.4\.1"):
        Sandbox()


def test_a_sandbox_that_cannot_start_is_told(monkeypatch):
    with Sandbox() as box, Conversation(box) as talk:
        monkeypatch.setattr(Sandbox, "arguments", lambda self: ["--ro-bind", "/nowhere", "/"])
        with pytest.raises(CourseError, match="the worker does not start"):
            talk.start()


def test_the_worker_has_no_module_with_solutions():
    with Sandbox() as box:
        files = [path.relative_to(box._folder) for path in box._folder.rglob("*.py")]
        texts = [(box._folder / each).read_text() for each in files]
    assert len(files) > 10
    assert not [text for text in texts if "EXERCISE = " in text]
    assert not [each for each in files if each.name in ("judging.py", "grading.py")]


def test_what_is_slow_to_import_is_imported_before_the_processes_part():
    source = "import numpy as np\nnp.testing.assert_equal(1, 1)"
    watching = (
        "import sys\nbefore = set(sys.modules)",
        "def softmax_vector(z):\n    raise ValueError(' '.join(set(sys.modules) - before))",
    )
    target = KNOWN[TARGET]
    with Sandbox() as box, Conversation(box, source) as talk:
        report = talk.examine(
            target, target.name, (*watching[:1], source, *watching[1:]), target.probes[:2]
        )
    assert [each.message for each in report.outcomes] == ["", ""]


def test_what_is_hidden_is_masked_where_it_would_be_seen():
    inside = Path(sys.prefix) / "lib"
    with Sandbox(hidden=(inside,)) as box:
        arguments = box.arguments()
    assert str(inside.resolve()) in arguments[arguments.index("--ro-bind") :]


# The kernel's own names and numbers, where its headers are installed (Debian: linux-libc-dev).
HEADERS = {
    "x86_64": ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"),
    "aarch64": ("/usr/include/asm-generic/unistd.h",),
}
CALLS = {**seccomp.DENIED, "clone": seccomp.CLONE, "clone3": seccomp.CLONE3}


def wrong_numbers(calls, machine, header):
    """Return the calls that a header gives another number, or does not know, with its number."""
    known = {name: int(n) for name, n in re.findall(r"#define __NR_(\w+)\s+(\d+)\b", header)}
    place = seccomp.MACHINES.index(machine)
    return {name: known.get(name) for name, ns in calls.items() if ns[place] != known.get(name)}


@pytest.mark.parametrize("machine", seccomp.MACHINES)
def test_the_numbers_of_denied_calls_are_those_of_the_kernel(machine):
    paths = [Path(each) for each in HEADERS[machine] if Path(each).exists()]
    if not paths:
        pytest.skip("no header of the kernel is installed")
    header = paths[0].read_text()
    assert wrong_numbers(CALLS, machine, header) == {}
    names, numbers = list(CALLS), list(CALLS.values())
    shifted = dict(zip(names, [*numbers[1:], numbers[0]], strict=True))  # a line is lost
    assert set(wrong_numbers(shifted, machine, header)) == set(names)


def test_the_filter_denies_each_call_once():
    for place, machine in enumerate(seccomp.MACHINES):
        numbers = [each[place] for each in CALLS.values()]
        assert len(set(numbers)) == len(numbers)
        assert len(seccomp.filter_program(machine)) % 8 == 0
    assert seccomp.filter_program("riscv64") == b""


LOOKS_AROUND = """
import ctypes, os, socket
def softmax_vector(z):
    held = ctypes.create_string_buffer(24)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    ctypes.CDLL(None).capget(head, held)
    rights = held.raw[:8] + held.raw[12:20]
    seen = [any(rights), os.getuid() > 0, os.getpid() < 9, os.getcwd(), os.listdir("/tmp")]
    open("left behind", "w").close()
    files = [sorted(os.listdir(each)) for each in ("/", "/dev")]
    opened = [k for k in range(64) if os.path.exists("/dev/null") and is_open(k)]
    raise ValueError(repr((seen, socket.gethostname(), socket.if_nameindex(), len(opened), files)))
def is_open(k):
    try:
        os.fstat(k)
    except OSError:
        return False
    return True
"""


nursing_here = pytest.mark.skipif(
    any(map(sandboxes._below_scratch, sandboxes._shown())),
    reason="this Python is installed below /tmp, so workers start alone",
)


def looked_around(box):
    with Conversation(box) as talk:
        report = talk.examine(
            KNOWN[TARGET], KNOWN[TARGET].name, [LOOKS_AROUND], KNOWN[TARGET].probes[:1]
        )
    return report.outcomes[0].message


@nursing_here
def test_a_worker_of_a_nursery_is_as_closed_as_one_that_started_alone():
    with Sandbox() as nursing, Sandbox() as alone:
        alone._nursing = False
        found = [looked_around(nursing), looked_around(alone), looked_around(nursing)]
        assert nursing._nursing
        assert len(nursing._idle._waiting) == 1  # both came from the same one
    assert len(set(found)) == 1
    assert found[0].startswith("([False, True, True, '/tmp', []]")


@nursing_here
def test_where_no_nursery_works_workers_start_alone(monkeypatch):
    monkeypatch.setattr(sandboxes, "_RIGHTS", ())
    with Sandbox() as box:
        assert looked_around(box)
        assert not box._nursing


@nursing_here
def test_a_nursery_that_was_ended_is_replaced():
    with Sandbox() as box:
        before = looked_around(box)
        box._idle._waiting[0].process.kill()
        box._idle._waiting[0].process.wait()
        assert looked_around(box) == before
        assert box._nursing
