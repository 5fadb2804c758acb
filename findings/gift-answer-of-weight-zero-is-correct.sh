#!/usr/bin/env bash
# gift-pegjs 1.0.2 (Node 20).
#
# In GIFT, a number that is worth nothing can have a feedback of its own: `=%0%0.5:0.01#…`. Moodle
# reads the weight, and gives no points. gift-pegjs keeps the weight and says `isCorrect: true`, so a
# quiz that goes by `isCorrect` gives full points to a known mistake.
#
# Seen: `0.25: weight 100, isCorrect true`, `0.5: weight 0, isCorrect true`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund gift-pegjs@1.0.2

cat > shown.cjs << 'EOF'
const { parse } = require("gift-pegjs");

const text = "::A half of a half::How much is it?{#=%100%0.25:0.01 =%0%0.5:0.01#That is a half.}\n";
const [{ type, choices }] = parse(text);
const seen = choices.map(({ text, weight, isCorrect }) => `${text.number}: weight ${weight}, isCorrect ${isCorrect}`);
console.log(type, seen.join("; "));
const [right, wrong] = choices;
if (!(right.isCorrect && wrong.weight === 0 && wrong.isCorrect)) {
  console.error("the behaviour has changed");
  process.exit(1);
}
EOF
node shown.cjs
