// A reader's program as a notebook: what has to be there, the cells before it, the text, the check.

const cell = (cell_type, id, source) => ({
  cell_type, id, metadata: {}, source,
  ...(cell_type === "code" ? { execution_count: null, outputs: [] } : {}),
});

/** The notebook, as data. `start` installs the package where it is missing. */
export function notebook({ title, address, start, before, text, exercise, name }) {
  const cells = [cell("markdown", "about", `# ${title}\n\nFrom [the page](${address}), with what was typed there.`), cell("code", "installation", start)];
  before.forEach(({ source }, i) => cells.push(cell("code", `before-${i + 1}`, source)));
  cells.push(cell("code", "program", text));
  if (exercise) cells.push(cell("code", "check", `from softmaxbook.exercises import exercise\n\nexercise("${exercise}").check(${name})`));
  return {
    cells,
    metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" }, language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/** Hand a file to the reader: it goes from the browser to the disk, and nowhere else. */
export function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
