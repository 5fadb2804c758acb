// What the reader did stays in this browser. A browser may forbid even that; then it is forgotten.

const STORE = "softmaxbook:";

function attempt(action, otherwise) {
  try {
    return action() ?? otherwise;
  } catch {
    return otherwise;
  }
}

export const remember = (id, record) => attempt(() => localStorage.setItem(STORE + id, JSON.stringify(record)));
export const recall = (id) => attempt(() => JSON.parse(localStorage.getItem(STORE + id)), {});
export const forget = (id) => attempt(() => localStorage.removeItem(STORE + id));
