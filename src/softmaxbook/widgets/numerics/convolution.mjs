// The forward pass of GlyphNet: a picture of 16 × 16 pixels, 256 features, the logits of its old head.
// It agrees with backbones.py in PyTorch to 1e-4 (tests/widgets/test_convolution.py).

const SIDE = 16;
const EPSILON = 1e-5; // of PyTorch's batch normalisation
const BLOCKS = [
  { name: "block1", shrink: true },
  { name: "block2", shrink: true },
  { name: "block3", shrink: false },
  { name: "block4", shrink: true },
];

// The network of a checkpoint's tensors. In evaluation a batch normalisation multiplies each map by a
// number and adds one, so it goes into the convolution before it.
export function network(tensors) {
  return {
    blocks: BLOCKS.map(({ name, shrink }) => ({ ...folded(tensors, name), shrink })),
    head: { weights: tensors["fc.weight"].values, biases: tensors["fc.bias"].values },
  };
}

function folded(tensors, name) {
  const of = (part) => tensors[`${name}.normalisation.${part}`].values;
  const { shape: [to, from], values } = tensors[`${name}.convolution.weight`];
  const [gains, shifts, means, variances] = ["weight", "bias", "running_mean", "running_var"].map(of);
  const scales = gains.map((gain, k) => gain / Math.sqrt(variances[k] + EPSILON));
  return {
    from, to,
    weights: values.map((weight, i) => weight * scales[Math.floor(i / (9 * from))]),
    biases: shifts.map((shift, k) => shift - means[k] * scales[k]),
  };
}

// The features of a picture, 256 numbers in rows from 0 to 1, and the logits of the old head.
export function forward({ blocks, head }, picture) {
  let [maps, side] = [picture, SIDE];
  for (const block of blocks) {
    maps = rectified(convolved(block, maps, side));
    if (block.shrink) [maps, side] = [halved(maps, block.to, side), side / 2];
  }
  const features = Array.from(maps);
  const size = features.length;
  const logits = Array.from(head.biases, (bias, k) => {
    let logit = bias;
    for (let i = 0; i < size; i++) logit += head.weights[k * size + i] * features[i];
    return logit;
  });
  return { features, logits };
}

const rectified = (maps) => {
  for (let i = 0; i < maps.length; i++) if (maps[i] < 0) maps[i] = 0;
  return maps;
};

// The maps with a rim of zeros, one pixel wide.
function padded(maps, count, side) {
  const wide = side + 2;
  const result = new Float64Array(count * wide * wide);
  for (let row = 0; row < count * side; row++) {
    const target = Math.floor(row / side) * wide * wide + ((row % side) + 1) * wide + 1;
    for (let x = 0; x < side; x++) result[target + x] = maps[row * side + x];
  }
  return result;
}

// A 3 × 3 convolution with its biases. The nine products are written out: this loop is the explorable's time.
function convolved({ from, to, weights, biases }, maps, side) {
  const wide = side + 2;
  const source = padded(maps, from, side);
  const result = new Float64Array(to * side * side);
  for (let o = 0; o < to; o++) {
    const place = o * side * side;
    result.fill(biases[o], place, place + side * side);
    for (let i = 0; i < from; i++) {
      const w = 9 * (o * from + i);
      const [a, b, c] = [weights[w], weights[w + 1], weights[w + 2]];
      const [d, e, f] = [weights[w + 3], weights[w + 4], weights[w + 5]];
      const [g, h, j] = [weights[w + 6], weights[w + 7], weights[w + 8]];
      for (let y = 0; y < side; y++) {
        const top = i * wide * wide + y * wide;
        const [middle, low, out] = [top + wide, top + 2 * wide, place + y * side];
        for (let x = 0; x < side; x++) {
          result[out + x] += a * source[top + x] + b * source[top + x + 1] + c * source[top + x + 2]
            + d * source[middle + x] + e * source[middle + x + 1] + f * source[middle + x + 2]
            + g * source[low + x] + h * source[low + x + 1] + j * source[low + x + 2];
        }
      }
    }
  }
  return result;
}

// The largest of each 2 × 2 pixels.
function halved(maps, count, side) {
  const half = side / 2;
  const result = new Float64Array(count * half * half);
  for (let i = 0; i < result.length; i++) {
    const at = 2 * side * Math.floor(i / half) + 2 * (i % half);
    result[i] = Math.max(maps[at], maps[at + 1], maps[at + side], maps[at + side + 1]);
  }
  return result;
}
