// Queries, keys and values as tables of numbers to edit.

import { change, html, numberField, scrollable, setText } from "../parts/ui.mjs";

const LIMIT = 10;

export function matrices(model, ui) {
  const tables = [
    matrix(model, ui, { trait: "query_rows", title: "queries: what each one looks for", what: "query", names: "queryNames" }),
    matrix(model, ui, { trait: "key_rows", title: "keys: what each one can be found by", what: "key", names: "keyNames" }),
    matrix(model, ui, { trait: "value_rows", title: "values: what is found", what: "value", names: "keyNames" }),
  ];
  return {
    root: html("div", { class: "sb-matrices" }, ...tables.map((table) => table.root)),
    update: (state) => tables.forEach((table) => table.update(state)),
  };
}

function matrix(model, { signal, say }, { trait, title, what, names }) {
  const rows = model.get(trait);
  const put = (i, j) => (value) => {
    const next = model.get(trait).map((row, a) => row.map((old, b) => (a === i && b === j ? value : old)));
    change(model, { [trait]: next });
  };
  const heads = rows.map(() => html("th", { scope: "row" }));
  const places = rows.map((row, i) => row.map((_, j) => numberField({
    name: "", min: -LIMIT, max: LIMIT, step: 0.5, onValue: put(i, j), say, signal,
  })));
  const lines = rows.map((_, i) => html("tr", {}, heads[i], ...places[i].map((field) => html("td", {}, field.root))));
  const table = html("table", { class: "sb-numbers" }, html("tbody", {}, ...lines));
  return {
    root: html("div", {}, html("p", { class: "sb-title" }, title), scrollable(title, table)),
    update(state) {
      model.get(trait).forEach((row, i) => {
        setText(heads[i], state[names][i]);
        row.forEach((value, j) => {
          places[i][j].set(value);
          places[i][j].input.setAttribute("aria-label", `${what} of ${state[names][i]}, number ${j + 1}`);
        });
      });
    },
  };
}
