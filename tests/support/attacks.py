"""What a hostile answer may try. Each entry says what it is and how; none may earn a point.

`RIGHT` computes the right result. An attack that would prove a success returns it only if what it
tries works: reading a file that should not be there, reaching a port, becoming root. So a point
earned is a hole. `{course}`, `{home}`, `{port}` and `{pid}` stand for things that really exist
outside: the course's folder, a home folder, a listening port, a process.
"""

RIGHT = """
import ctypes, gc, inspect, os, pathlib, re, resource, signal, socket, struct, subprocess, sys
import threading, time
import numpy as np

def right(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)
"""


def tries(*lines):
    """Return an answer that is right if the lines set `works`, and wrong if they do not."""
    body = "\n".join(f"        {line}" for line in lines)
    return f"""
def softmax_vector(z):
    works = False
    try:
{body}
    except Exception:
        pass
    return right(z) if works else np.zeros(3)
"""


def does(*lines):
    """Return an answer that runs the lines, whatever they return."""
    body = "\n".join(f"    {line}" for line in lines)
    return f"def softmax_vector(z):\n{body}\n"


FORGED = (
    "def forge(header, body=b''):",
    "    head = header if isinstance(header, bytes) else header.encode()",
    "    return struct.pack('>4sII', b'smx1', len(head), len(body)) + head + body",
    "def everywhere(data, times=1):",
    "    for _ in range(times):",
    "        for descriptor in range(3, 64):",
    "            try:",
    "                os.write(descriptor, data)",
    "            except OSError:",
    "                pass",
)

ATTACKS = {
    # winning the comparison
    "patches np.allclose and np.array_equal": does(
        "np.allclose = np.array_equal = lambda *a, **k: True",
        "np.testing.assert_allclose = lambda *a, **k: None",
        "return np.zeros(3)",
    ),
    "patches np.abs, np.where and np.all for good": does(
        "import builtins",
        "np.all = np.any = builtins.all = lambda *a, **k: True",
        "np.abs = np.absolute = lambda a, *r, **k: np.zeros(3)",
        "return np.zeros(3)",
    ),
    "array subclass whose == always agrees": """
class Liar(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
def softmax_vector(z):
    return np.zeros(3).view(Liar)
""",
    "object that agrees with everything": """
class Yes:
    shape = (3,)
    dtype = np.dtype(float)
    def __getattr__(self, name): return lambda *a, **k: True
    def __eq__(self, other): return True
    def __array__(self, *a, **k): raise SystemExit
def softmax_vector(z):
    return Yes()
""",
    "half precision, to widen the tolerance": does("return np.zeros(np.shape(z), np.float16)"),
    "infinitely wide numbers: nan": does("return np.full(np.shape(z), np.nan)"),
    "complex numbers": does("return np.zeros(3, complex) + 1j"),
    "an array of objects": does("return np.array([object()] * 3)"),
    "ten million numbers": does("return np.zeros(10**7)"),
    "a broadcast view of a petabyte": does("return np.broadcast_to(0.0, (3, 10**6, 10**8))"),
    # finding the solution
    "looks through the frames for the solution": tries(
        "for frame in inspect.stack():",
        "    for value in frame.frame.f_locals.values():",
        "        works = works or hasattr(value, 'solution') or hasattr(value, 'mistakes')",
    ),
    "looks through the memory for the solution": tries(
        "for each in gc.get_objects():",
        "    if type(each).__name__ == 'Exercise' or getattr(each, '__name__', '') == 'judge':",
        "        works = True",
    ),
    "looks through the memory for the inputs to come": tries(
        "own = [each for each in gc.get_objects() if type(each).__name__ == 'Probe']",
        "own = [each for each in own if each.arguments]  # the other is a default value",
        "works = len(own) > 1",
    ),
    "imports the exercises": tries("import softmaxbook.exercises", "works = True"),
    "imports the grader": tries("import softmaxbook.assignments.marks.grading", "works = True"),
    "searches all files for the solutions": tries(
        "import site",
        "roots = ['/grader', '/root', '/home', '/work', '/srv', '/opt', '/mnt', '/tmp']",
        "roots += [f'{{each}}/softmaxbook' for each in site.getsitepackages()]",
        "roots += [each for each in sys.path if 'python' not in each]",
        "for root in roots:",
        "    for folder, inside, names in os.walk(root):",
        "        inside[:] = [each for each in inside if each not in ('lib', 'lib64')]",
        "        works = works or 'judging.py' in names or 'softmax_of_one_vector.py' in names",
    ),
    # looking around
    "reads the course": tries("works = pathlib.Path({course!r}).exists()"),
    "reads the other submissions": tries("works = bool(list(pathlib.Path({course!r}).glob('*')))"),
    "reads the home folder": tries("works = bool(os.listdir({home!r}))"),
    "reads the passwords": tries("works = bool(open('/etc/passwd').read())"),
    "follows a link out of its folder": tries(
        "import tempfile",
        "link = tempfile.mktemp()",
        "os.symlink({course!r}, link)",
        "works = bool(os.listdir(link))",
    ),
    "reads the environment": tries("works = 'SECRET_OF_THE_TEACHER' in os.environ"),
    "reads /proc": tries("works = bool(os.listdir('/proc'))"),
    "asks a program of the system": tries("works = subprocess.run(['ls', '/']).returncode == 0"),
    # reaching out
    "connects to a port of this machine": tries(
        "socket.create_connection(('127.0.0.1', {port}), 1)", "works = True"
    ),
    "asks for a name on the network": tries(
        "socket.create_connection(('192.0.2.1', 80), 0.2)", "works = True"
    ),
    "writes into the course": tries(
        "pathlib.Path({course!r}, 'marks').mkdir(exist_ok=True)",
        "pathlib.Path({course!r}, 'marks', 'mine.json').write_text('full marks')",
        "works = True",
    ),
    "writes into the home folder": tries("open({home!r} + '/planted', 'w')", "works = True"),
    "changes NumPy's own files": tries("open(np.__file__, 'a').write('#')", "works = True"),
    "changes the worker's own files": tries(
        "open(sys.modules['engine.assignments.sandbox.worker'].__file__, 'a')", "works = True"
    ),
    "ends a process outside": tries("os.kill({pid}, signal.SIGKILL)", "works = True"),
    "becomes root": tries("os.setuid(0)", "works = os.getuid() == 0 and bool(os.listdir('/root'))"),
    "makes namespaces of its own": tries(
        "works = ctypes.CDLL(None).unshare(0x10000000 | 0x00020000) == 0"
    ),
    "mounts": tries("works = ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0"),
    "traces the worker": tries("works = ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0"),
    "reads the worker's memory": tries("open(f'/proc/{{os.getppid()}}/mem', 'rb')", "works = True"),
    "anonymous files": tries("os.memfd_create('x')", "works = True"),
    "lifts its limits": tries(
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
        "works = True",
    ),
    # ending or stopping what runs it
    "leaves": does("sys.exit(0)"),
    "leaves at once": does("os._exit(0)"),
    "aborts": does("os.abort()"),
    "reads address 0": does("ctypes.string_at(0)"),
    "ends its parent": does("os.kill(os.getppid(), signal.SIGKILL)", "time.sleep(9)"),
    "ends everything": does("os.kill(-1, signal.SIGKILL)", "return np.zeros(3)"),
    "stops its parent": does("os.kill(os.getppid(), signal.SIGSTOP)", "return np.zeros(3)"),
    "stops itself": does("os.kill(os.getpid(), signal.SIGSTOP)", "return np.zeros(3)"),
    "raises KeyboardInterrupt": does("raise KeyboardInterrupt"),
    "raises an exception that cannot be told": """
class Silent(BaseException):
    def __str__(self): raise SystemExit
    __repr__ = __str__
def softmax_vector(z):
    raise Silent
""",
    "recurses": does("return softmax_vector(z)"),
    "recurses in C": does(
        "sys.setrecursionlimit(10**9)",
        "x = []",
        "for _ in range(10**6): x = [x]",
        "return np.array(repr(x))",
    ),
    # taking time
    "never ends": does("while True: pass"),
    "never ends, and swallows every exception": does(
        "while True:",
        "    try:",
        "        while True: pass",
        "    except BaseException: pass",
    ),
    "never ends, in C": does("return sum(range(10**15))"),
    "never ends, with the alarm off": does(
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)", "while True: pass"
    ),
    "never ends, with the clock stopped": does(
        "time.monotonic = lambda: 0.0",
        "signal.setitimer(signal.ITIMER_REAL, 0)",
        "while True: pass",
    ),
    "sleeps": does("time.sleep(10**6)"),
    # taking room
    "memory": does("return np.ones(10**11)"),
    "memory, bit by bit": does("x = []", "while True: x.append(np.ones(10**6))"),
    "memory in many processes": does(
        "for _ in range(20):",
        "    if os.fork() == 0:",
        "        x = np.ones(9 * 10**7)",
        "        time.sleep(60)",
        "time.sleep(60)",
    ),
    "a fork bomb": does("while True:", "    try: os.fork()", "    except OSError: pass"),
    "a thread bomb": does(
        "while True:", "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    ),
    "fills its folder": does(
        "import tempfile",
        "for n in range(10**6): open(tempfile.mktemp(), 'wb').write(bytes(10**7))",
    ),
    "prints without end": does("while True: print('x' * 10**6)", ""),
    "writes to the terminal without end": does("while True: os.write(1, b'x' * 10**6)"),
    "opens without end": does("x = []", "while True: x.append(open('/dev/null'))"),
    # speaking for the worker
    "writes noise to every descriptor": does(
        *FORGED, "everywhere(os.urandom(4096))", "return np.zeros(3)"
    ),
    "writes noise without end": does(*FORGED, "everywhere(b'x' * 65536, 10**6)"),
    "announces a message of four gigabytes": does(
        *FORGED,
        "everywhere(struct.pack('>4sII', b'smx1', 2**32 - 1, 2**32 - 1))",
        "return np.zeros(3)",
    ),
    "announces a message and stops": does(
        *FORGED, "everywhere(struct.pack('>4sII', b'smx1', 100, 0))", "time.sleep(10**6)"
    ),
    "sends a verdict": does(
        *FORGED,
        'verdict = \'{{"status": "correct", "points": 3, "passed": [true], "arrays": []}}\'',
        "everywhere(forge(verdict), 20)",
        "return np.zeros(3)",
    ),
    "sends outcomes of its own": does(
        *FORGED,
        'kind = \'"how": "value", "type_name": "", "message": "", "line": ""\'',
        'lists = \'"printed": "", "warnings": [], "changed": [], "used": []\'',
        'outcome = f\'{{{{{{kind}}, {{lists}}, "arrays": [["float64", [3]]]}}}}\'',
        "everywhere(forge(outcome, bytes(24)), 20)",
        "return np.zeros(3)",
    ),
    "sends deeply nested JSON": does(
        *FORGED, "everywhere(forge('[' * 100000))", "return np.zeros(3)"
    ),
    "sends an array of negative length": does(
        *FORGED,
        'everywhere(forge(\'{{"how": "value", "arrays": [["float64", [-1, -3]]]}}\'))',
        "return np.zeros(3)",
    ),
    "sends an array of Python objects": does(
        *FORGED,
        'everywhere(forge(\'{{"how": "value", "arrays": [["object", [3]]]}}\', bytes(24)))',
        "return np.zeros(3)",
    ),
    "sends a pickle": does(
        *FORGED,
        "import pickle",
        "everywhere(forge(pickle.dumps(print)))",
        "return np.zeros(3)",
    ),
    "says that it is over": does(
        *FORGED, 'everywhere(forge(\'{{"over": true, "arrays": []}}\'), 20)', "return np.zeros(3)"
    ),
    "closes every descriptor": does("os.closerange(0, 64)", "return np.zeros(3)"),
    "replaces the worker's own functions": does(
        "for name, module in list(sys.modules.items()):",
        "    if name.startswith('engine.'):",
        "        for key, value in list(vars(module).items()):",
        "            if callable(value) and not isinstance(value, type):",
        "                setattr(module, key, lambda *a, **k: right(z))",
        "return np.zeros(3)",
    ),
    # staying
    "leaves a process that speaks later": does(
        *FORGED,
        "if os.fork() == 0:",
        "    os.setsid()",
        "    if os.fork() == 0:",
        "        time.sleep(0.05)",
        "        while True: everywhere(b'noise')",
        "    os._exit(0)",
        "return np.zeros(3)",
    ),
    "leaves a thread that speaks later": does(
        *FORGED,
        "def later():",
        "    while True: everywhere(b'noise')",
        "threading.Thread(target=later, daemon=True).start()",
        "return np.zeros(3)",
    ),
    "leaves signal handlers": does(
        "for each in range(1, 64):",
        "    try: signal.signal(each, signal.SIG_IGN)",
        "    except (OSError, ValueError): pass",
        "return np.zeros(3)",
    ),
    "replaces NumPy": does(
        "import types",
        "sys.modules['numpy'] = types.ModuleType('numpy')",
        "import tempfile",
        "folder = tempfile.mkdtemp()",
        "open(folder + '/numpy.py', 'w').write('raise SystemExit')",
        "sys.path.insert(0, folder)",
        "return [0.0, 0.0, 0.0]",
    ),
    "forks and answers twice": does("os.fork()", "return np.zeros(3)"),
}

# What stands before the answers, which are right. It may not cost a point.
PREAMBLES = {
    "leaves": "import sys\nsys.exit()",
    "leaves at once": "import os\nos._exit(1)",
    "raises": "raise RuntimeError('no')",
    "is no Python": "def (:\n  oops",
    "never ends": "while True: pass",
    "never ends, in C": "x = sum(range(10**15))",
    "takes all memory": "x = [bytearray(2**20) for _ in range(10**6)]",
    "replaces NumPy's functions": "import numpy as np\nnp.exp = np.sum = lambda *a, **k: 0",
    "replaces Python's functions": "import builtins\nbuiltins.len = builtins.print = None",
    "makes NumPy raise": "import numpy as np\nnp.seterr(all='raise')",
    "makes warnings errors": "import warnings\nwarnings.simplefilter('error')",
    "imports what is not there": "import a_package_of_my_own\nfrom softmaxbook import exercise",
    "prints without end": "for _ in range(10**5): print('x' * 1000)",
    "ends its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    **{
        f"ends its parent after {wait} s": f"""
import os, signal, threading
threading.Timer({wait}, os.kill, (os.getppid(), signal.SIGKILL)).start()
"""
        for wait in (0.002, 0.008, 0.032)
    },
}

# Answers to a question about a number that are no number.
VALUES = {
    "no such name": "other = 1",
    "a function": "{name} = lambda: 1",
    "a text of many meanings": "{name} = ['65,504'] * 40",
    "a power beyond floats": "{name} = '10^400'",
    "a power of many digits": "{name} = '2^' + '9' * 150",
    "a text that is none": "{name} = '\\ud800\\x00' * 100",
    "a list in a list in a list": "{name} = []\nfor _ in range(10**5): {name} = [{name}]",
    "an object with a deadly __array__": (
        "import os\nclass Deadly:\n    def __array__(self, *a, **k): os._exit(0)\n{name} = Deadly()"
    ),
    "a float with a deadly __float__": (
        "import os\nclass Deadly(float):\n    def hex(self): os._exit(0)\n{name} = Deadly(1)"
    ),
    "a float that lies": (
        "class Liar(float):\n    def __eq__(self, o): return True\n"
        "    def __sub__(self, o): return 0.0\n    __rsub__ = __sub__\n{name} = Liar(123.0)"
    ),
    "nan": "{name} = float('nan')",
    "a dictionary": "{name} = {{'answer': 1}}",
    "sets the worker's exit": "import sys\n{name} = 0\nsys.exit(0)",
}
