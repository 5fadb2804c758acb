// Which code has to run before a cell, so that it gives what a notebook would give that was run up
// to there. The build has found out what each statement of the page follows from; what a reader
// types is looked through for names that the page has given a value.

const NAME = /(?<![.\p{L}\p{N}_])[\p{L}_][\p{L}\p{N}_]*/gu; // not what stands behind a dot

const namesIn = (text) => new Set(text.match(NAME) ?? []);

const BINDING = [
  /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([\p{L}_][\p{L}\p{N}_]*)/gmu,
  /^[ \t]*([\p{L}\p{N}_\s,()*]+?)(?::[^=\n]+)?=(?!=)/gmu,
  /\bimport[ \t]+(.+)$/gmu,
  /\bfor[ \t]+(.+?)[ \t]+in\b/gmu,
  /\bas[ \t]+([\p{L}_][\p{L}\p{N}_]*)/gmu,
];

/** The names to which a text seems to give a value. */
export function boundIn(text) {
  return new Set(BINDING.flatMap((form) => [...text.matchAll(form)].flatMap((match) => [...namesIn(match[1])])));
}

/**
 * The cells to run before cell `index` with the text `text`, as [{id, source}] in order.
 * `edits` maps cells to what a reader has made of them; such a cell runs as a whole.
 */
export function cellsBefore({ cells, statements }, index, text, edits = new Map()) {
  const wanted = new Set();
  const taken = new Map();

  function want(number) {
    const { cell, needs } = statements[number];
    if (edits.has(cell)) take(cell);
    else if (!wanted.has(number)) {
      wanted.add(number);
      needs.forEach(want);
    }
  }

  function take(cell) {
    if (taken.has(cell)) return;
    taken.set(cell, edits.get(cell));
    cells[cell].needs.forEach(want);
    lookUp(edits.get(cell), cell);
  }

  function lookUp(written, cell) {
    for (const name of namesIn(written)) {
      const number = statements.findLastIndex(({ gives }, i) => i < cells[cell].first && gives.includes(name));
      const edited = [...edits.keys()].filter((other) => other < cell && boundIn(edits.get(other)).has(name));
      const nearest = Math.max(-1, ...edited);
      if (nearest > (statements[number]?.cell ?? -1)) take(nearest);
      else if (number >= 0) want(number);
    }
  }

  cells[index].needs.forEach(want);
  if (text !== cells[index].text || edits.size) lookUp(text, index);

  const sources = new Map([...wanted].sort((a, b) => a - b).map((number) => [statements[number].cell, []]));
  for (const number of [...wanted].sort((a, b) => a - b)) sources.get(statements[number].cell).push(statements[number].source);
  for (const [cell, written] of taken) sources.set(cell, [written]);
  return [...sources].sort(([a], [b]) => a - b).map(([cell, parts]) => ({ id: `before ${cell}`, source: parts.join("\n") }));
}

/** What a name that Python does not know needs, in words, where a cell that cannot run here makes it. */
export function lackingFor({ lacking }, error) {
  const [, name] = error.match(/NameError: name '([^']+)'/) ?? [];
  return name && Object.hasOwn(lacking, name) ? [name, lacking[name]] : undefined;
}
