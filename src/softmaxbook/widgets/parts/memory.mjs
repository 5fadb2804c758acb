// What the reader did stays in this browser. A browser may forbid even that; then it is forgotten.

const STORE = "softmaxbook:";

function attempt(action, otherwise) {
  try {
    return action() ?? otherwise;
  } catch {
    return otherwise;
  }
}

// Whether it is kept.
export const remember = (id, record) => attempt(() => {
  localStorage.setItem(STORE + id, JSON.stringify(record));
  return true;
}, false);
export const recall = (id) => attempt(() => JSON.parse(localStorage.getItem(STORE + id)), {});
export const forget = (id) => attempt(() => localStorage.removeItem(STORE + id));
export const forgetAll = () => attempt(() =>
  Object.keys(localStorage).filter((key) => key.startsWith(STORE)).forEach((key) => localStorage.removeItem(key)));

// Note that a question was missed, for the page that asks it again.
export const miss = (id, when = new Date()) => {
  const records = recall("review");
  const { missed = [], ...rest } = records[id] ?? {};
  remember("review", { ...records, [id]: { ...rest, missed: [...missed, when.toISOString()] } });
};
