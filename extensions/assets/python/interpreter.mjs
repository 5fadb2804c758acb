// What the page's Python is beside Pyodide: packages in place, a clock that interrupts, a session.
// The worker uses it, and so do the tests in Node.

const SIGALRM = 14;

/** Where Python imports from; known before it starts, and checked when it has. */
const SITE = "/lib/python3.13/site-packages";

/** Return NumPy's compiled libraries among files, [path, bytes] pairs, by the path that Python will load each from. */
export function libraries(files) {
  const compiled = files.filter(([path]) => path.endsWith(".so"));
  return new Map(compiled.map(([path, data]) => [`${SITE}/${path}`, data]));
}

/**
 * Return `create`, Emscripten's function that makes a module, with libraries that are loaded first.
 *
 * Loaded before Python has begun, they get the same addresses each time, and what is in the memory
 * of one Python can be put into another: see `settle`.
 */
export function preloading(create, libraries, locate) {
  return (settings) => {
    settings.dynamicLibraries = [...libraries.keys()];
    settings.locateFile = locate;
    return create(settings);
  };
}

/** Put files where Python imports from. */
export function install(pyodide, files) {
  const { FS } = pyodide;
  const root = pyodide.runPython("import site; site.getsitepackages()[0]");
  if (root !== SITE) throw new Error(`Python imports from ${root}`);
  const folders = new Set();
  for (const [path, data] of files) {
    const folder = `${root}/${path}`.replace(/\/[^/]*$/, "");
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    FS.writeFile(`${root}/${path}`, data, { canOwn: true });
  }
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

/** Import what a page needs, and return Python's memory: another one starts from it. */
export function settle(pyodide) {
  pyodide.runPython("import page_session; page_session.settle()");
  return pyodide.makeMemorySnapshot();
}

/**
 * Give Python the alarm clock that a browser lacks, so that an endless loop can be interrupted.
 *
 * Between bytecodes, every now and then, Pyodide looks into a buffer for a signal. It need not be
 * memory that another thread shares: here the look itself reads the clock.
 */
export function alarm(pyodide) {
  let due = Infinity;
  let again = 0;
  const buffer = {
    get 0() {
      const now = performance.now();
      if (now < due) return 0;
      due = again > 0 ? now + again : Infinity;
      return SIGALRM;
    },
    set 0(taken) {}, // Pyodide takes a signal out of the buffer
  };
  pyodide.setInterruptBuffer(buffer);
  return (seconds, interval) => {
    again = 1000 * interval;
    due = seconds > 0 ? performance.now() + 1000 * seconds : Infinity;
  };
}

/** Return the functions of `page_session.py`, which take and give texts. */
export function session(pyodide) {
  const module = pyodide.pyimport("page_session");
  module.wake();
  module.set_alarm(alarm(pyodide));
  const call = (name, ...args) => JSON.parse(module[name](...args));
  return {
    run: (cells, seconds) => call("run", JSON.stringify(cells), seconds),
    check: (exercise, source, before, seconds) =>
      call("check", exercise, source, JSON.stringify(before), seconds),
    hint: (exercise) => call("hint", exercise),
    reset: () => call("reset"),
  };
}
