// A softmax head on rows of features, trained by gradient descent from 0: pure functions, no page.
// They follow objectives.py and descent.py without a penalty and agree with them to 1e-8
// (tests/widgets/test_training.py).
//
// From 0, every step adds to the head a combination of the rows it is trained on: W = Aᵀ X, b = Aᵀ 1.
// So the rows' inner products are all that a step needs, and with 20 rows of 256 features it costs
// 20 × 20 × 10 products in place of 20 × 256 × 10. A coefficient stands at [row × classes + class].

// ⟨x, y⟩ + 1 for each pair of a row and another; the 1 is the intercept's.
export function products(rows, others) {
  return rows.map((x) => {
    const found = new Float64Array(others.length);
    others.forEach((y, place) => {
      let total = 1;
      for (let i = 0; i < x.length; i++) total += x[i] * y[i];
      found[place] = total;
    });
    return found;
  });
}

// A bound on the curvature of the mean cross-entropy: half the largest eigenvalue of the mean of
// x xᵀ, which is that of the products too. Found by multiplying until it no longer grows.
export function smoothness(gram) {
  const n = gram.length;
  let direction = gram.map((row) => row[0]);
  let largest = 0;
  for (let round = 0; round < 1000; round++) {
    const size = Math.hypot(...direction);
    direction = direction.map((value) => value / size);
    const image = gram.map((row) => row.reduce((total, value, i) => total + value * direction[i], 0));
    const next = image.reduce((total, value, i) => total + value * direction[i], 0);
    if (Math.abs(next - largest) <= 1e-14 * next) break;
    [largest, direction] = [next, image];
  }
  return largest / (2 * n);
}

// The logits of rows that are known by their products with the rows of the training, row after row.
export function logitsOf(cross, coefficients, size) {
  const logits = new Float64Array(cross.length * size);
  for (let at = 0; at < cross.length; at++) {
    const [row, start] = [cross[at], at * size];
    // Five classes at once: a number of the row is read for all, and no sum waits for another.
    let k = 0;
    for (; k + 5 <= size; k += 5) {
      let [a, b, c, d, e] = [0, 0, 0, 0, 0];
      for (let i = 0, from = k; i < row.length; i++, from += size) {
        const x = row[i];
        a += x * coefficients[from];
        b += x * coefficients[from + 1];
        c += x * coefficients[from + 2];
        d += x * coefficients[from + 3];
        e += x * coefficients[from + 4];
      }
      logits[start + k] = a;
      logits[start + k + 1] = b;
      logits[start + k + 2] = c;
      logits[start + k + 3] = d;
      logits[start + k + 4] = e;
    }
    for (; k < size; k++) {
      let rest = 0;
      for (let i = 0, from = k; i < row.length; i++, from += size) rest += row[i] * coefficients[from];
      logits[start + k] = rest;
    }
  }
  return logits;
}

// The mean cross-entropy of logits, the winner of each row, the share of winners that are the
// labels, and p − t. In plain loops that leave little behind: a walk takes thousands of rows.
export function judged(logits, labels) {
  const [count, size] = [labels.length, logits.length / labels.length];
  const residuals = new Float64Array(logits.length);
  const winners = new Array(count);
  let [loss, right] = [0, 0];
  for (let row = 0, start = 0; row < count; row++, start += size) {
    const [end, truth] = [start + size, start + labels[row]];
    let top = start;
    for (let at = start + 1; at < end; at++) if (logits[at] > logits[top]) top = at;
    const highest = logits[top];
    let total = 0;
    for (let at = start; at < end; at++) total += residuals[at] = Math.exp(logits[at] - highest);
    for (let at = start; at < end; at++) residuals[at] /= total;
    residuals[truth] -= 1;
    loss += Math.log(total) + highest - logits[truth];
    if (top === truth) right++;
    winners[row] = top - start;
  }
  return { loss: loss / count, accuracy: right / count, winners, residuals };
}

// The way of a head up to a step: its coefficients, loss and accuracy at each. `path` is what is
// known of it; it ends early where the next head is not finite: the learning rate is too large.
export function walk({ gram, labels, size }, rate, steps, path = []) {
  const way = [...path];
  const arrive = (coefficients) => ({ coefficients, ...judged(logitsOf(gram, coefficients, size), labels) });
  if (!way.length) way.push(arrive(new Float64Array(labels.length * size)));
  const stride = rate / labels.length;
  while (way.length <= steps) {
    const { coefficients, residuals } = way.at(-1);
    const there = new Float64Array(coefficients.length);
    for (let i = 0; i < there.length; i++) there[i] = coefficients[i] - stride * residuals[i];
    const next = arrive(there);
    if (!Number.isFinite(next.loss)) break;
    way.push(next);
  }
  return way;
}

// The places of the rows nearest to one, the nearest first, with their Euclidean distances.
export function nearest(row, others, count) {
  const distances = others.map((other, place) => {
    let total = 0;
    for (let i = 0; i < row.length; i++) total += (row[i] - other[i]) ** 2;
    return { place, distance: Math.sqrt(total) };
  });
  return distances.sort((a, b) => a.distance - b.distance || a.place - b.place).slice(0, count);
}
