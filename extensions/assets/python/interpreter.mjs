// What the page's Python is beside Pyodide: packages in place, a clock that interrupts, a session.
// The worker uses it, and so do the tests in Node.
import { unzipped } from "./archive.mjs";

const SIGALRM = 14;

/** Put the files of wheels where Python imports from. */
export async function install(pyodide, wheels) {
  const { FS } = pyodide;
  const root = pyodide.runPython("import site; site.getsitepackages()[0]");
  const folders = new Set();
  for (const files of await Promise.all(wheels.map(unzipped))) {
    for (const [path, data] of files) {
      const folder = `${root}/${path}`.replace(/\/[^/]*$/, "");
      if (!folders.has(folder)) FS.mkdirTree(folder);
      folders.add(folder);
      FS.writeFile(`${root}/${path}`, data, { canOwn: true });
    }
  }
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
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
