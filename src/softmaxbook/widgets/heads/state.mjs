// What the heads have learnt so far, and what they make of the drawing: the explorable's numbers.

import { range } from "../numerics/numbers.mjs";
import { counted, doubled, enlarged } from "../numerics/pictures.mjs";
import { softmax } from "../numerics/softmax.mjs";
import { judged, logitsOf, nearest, products, smoothness, walk } from "../numerics/training.mjs";
import { collection, inputs } from "./backbone.mjs";

export const KINDS = ["features", "pixels"];
export const SIZE = 10;
const NEIGHBOURS = 5;
const STRIDE = 5; // steps between those whose held-out loss is drawn

// The places of the held-out curve whose heads are judged at once, where the loss falls fastest. The last
// one is too; the others follow.
const EARLY = new Set([0, 1]);

const forKinds = (value) => Object.fromEntries(KINDS.map((kind) => [kind, value(kind)]));
const winner = (logits) => logits.indexOf(Math.max(...logits));

// Numbers that depend on the same things are computed once until one of them changes.
function remembered(compute) {
  let [known, value] = [null, null];
  return (...given) => {
    if (!known || given.some((each, i) => each !== known[i])) [known, value] = [given, compute(...given)];
    return value;
  };
}

// `prepared()` says whether the inputs of the held-out digits are there.
export function lesson(backbone, { pool, heldOut, chosen }, prepared) {
  const source = collection(backbone, pool);
  const held = collection(backbone, heldOut);
  const heldRows = (kind) => range(held.digits.length).map((i) => held.input(i)[kind]);
  const placed = new Map(held.digits.map((digit, i) => [doubled(digit).join(), i]));

  const labelled = remembered((perClass, seed) => {
    const places = chosen[perClass][seed];
    const rows = forKinds((kind) => places.map((i) => source.input(i)[kind]));
    const gram = forKinds((kind) => products(rows[kind], rows[kind]));
    return {
      rows, gram,
      digits: places.map((i) => source.digits[i]),
      labels: places.map((i) => source.labels[i]),
      bound: forKinds((kind) => smoothness(gram[kind])),
    };
  });
  const crossed = remembered((set, ready) => ready && forKinds((kind) => products(heldRows(kind), set.rows[kind])));
  // The way of each head from step 0, as far as somebody has looked, and what held-out digits say of it.
  const course = remembered((set, rate) => forKinds((kind) => ({ rate: rate / set.bound[kind], way: [], tests: new Map() })));
  const seen = remembered((drawing) => {
    const digit = counted(drawing);
    return { digit, truth: placed.get(drawing.join()), row: inputs(backbone, enlarged(digit)) };
  });

  // What the held-out digits say of the head after a step.
  function tested(kind, run, cross, step) {
    if (!run.tests.has(step)) run.tests.set(step, judged(logitsOf(cross[kind], run.way[step].coefficients, SIZE), held.labels));
    return run.tests.get(step);
  }

  const trained = remembered((set, cross, runs, steps) => forKinds((kind) => {
    const run = runs[kind];
    run.way = walk({ gram: set.gram[kind], labels: set.labels, size: SIZE }, run.rate, steps, run.way);
    const step = Math.min(steps, run.way.length - 1);
    const judge = (place) => tested(kind, run, cross, place * STRIDE);
    const places = cross ? range(Math.ceil(run.way.length / STRIDE)) : [];
    places.filter((place) => EARLY.has(place) || place === places.at(-1)).forEach(judge);
    const known = (place) => run.tests.has(place * STRIDE);
    return {
      rate: run.rate,
      losses: run.way.map(({ loss }, i) => [i, loss]),
      // Through the heads that have been judged by now, and one more of those that have not.
      heldLosses: () => places.filter(known).map((place) => [place * STRIDE, judge(place).loss]),
      * others() { for (const place of places) if (!known(place)) yield judge(place); },
      trained: run.way[step],
      tested: cross ? tested(kind, run, cross, step) : undefined,
    };
  }));

  const neighbours = remembered((set, { row }) => forKinds((kind) => nearest(row[kind], set.rows[kind], NEIGHBOURS)));

  function verdict(kind, set, { coefficients }, drawn) {
    const logits = Array.from(logitsOf(products([drawn.row[kind]], set.rows[kind]), coefficients, SIZE));
    const biases = range(SIZE).map((k) => set.labels.reduce((total, _, i) => total + coefficients[i * SIZE + k], 0));
    const found = neighbours(set, drawn)[kind];
    return { logits, biases, found, winner: winner(logits), p: softmax(logits) };
  }

  function compute({ per_class: perClass, seed, rate, steps, drawing }) {
    const set = labelled(perClass, seed);
    const now = trained(set, crossed(set, prepared()), course(set, rate), steps);
    const drawn = seen(drawing);
    const says = forKinds((kind) => verdict(kind, set, now[kind].trained, drawn));
    return { set, now, says, drawn, truth: held.labels[drawn.truth], perClass, rate, steps, drawing };
  }

  // The drawing of the next held-out digit after a place for which `wanted(i)`; undefined without one.
  function nextHeldOut(after, wanted = () => true) {
    const count = held.digits.length;
    const place = range(count).map((i) => (after + 1 + i) % count).find(wanted);
    return place === undefined ? undefined : doubled(held.digits[place]);
  }

  // Judges, one after the other, the heads whose held-out loss `compute` has left for later.
  function* rest({ now }) {
    for (const kind of KINDS) yield* now[kind].others();
  }
  return { compute, rest, nextHeldOut, heldLabels: held.labels, sources: [held, source] };
}
