// Judging what a reader answers to a question: pure functions, no page.
//
// A question is what `softmaxbook.exercises.question_data` returns: { form, percent, labels,
// accepted, mistakes: [{ hint, … }] }. A number's `accepted` holds { values, tolerances, rounding },
// one a label, and each mistake { values, tolerances }; of a choice both hold a `letter`.

import { readings } from "./readings.mjs";

// Whether a value agrees with a target: within the absolute tolerance, NaN with NaN, ∞ with ∞.
export function agrees(value, target, tolerance) {
  if (Number.isNaN(target) || Number.isNaN(value)) return Number.isNaN(target) && Number.isNaN(value);
  if (!Number.isFinite(target) || !Number.isFinite(value)) return target === value;
  return Math.abs(value - target) <= tolerance;
}

// The judgement on an answer, a list of texts or one letter: { status, hint }. The status is
// "correct", "mistake", "wrong", "empty" or "unreadable"; the hint is what the reader is told. Where a
// text cannot be read, `field` is its position.
export function judge(question, answer) {
  return question.form === "choice" ? judgeChoice(question, answer[0]) : judgeNumbers(question, answer);
}

function judgeChoice({ accepted, mistakes }, letter) {
  if (!letter) return { status: "empty", hint: "Choose one first." };
  if (letter === accepted.letter) return { status: "correct", hint: "" };
  const mistake = mistakes.find((each) => each.letter === letter);
  return mistake ? { status: "mistake", hint: mistake.hint } : { status: "wrong", hint: "Not this one." };
}

function judgeNumbers(question, texts) {
  if (texts.some((text) => text.trim() === "")) return { status: "empty", hint: "Type a number first." };
  const read = texts.map((text) => readings(text, question.percent));
  const field = read.findIndex((each) => each.length === 0);
  if (field >= 0) {
    const forms = /^\s*[-+−]?0[xob]/i.test(texts[field])
      ? "Write it with the digits 0 to 9, to base ten."
      : "Forms such as 0.25, 0,25, 1/4, 25 % and 1e-3 are understood.";
    return { status: "unreadable", hint: `“${texts[field]}” is not a number. ${forms}`, field };
  }
  const { values, tolerances } = question.accepted;
  const near = (target, widths) => read.map((each, i) => each.some((value) => agrees(value, target[i], widths[i])));
  const right = near(values, tolerances);
  if (right.every(Boolean)) return { status: "correct", hint: "" };
  const mistake = question.mistakes.find((each) => near(each.values, each.tolerances).every(Boolean));
  if (mistake) return { status: "mistake", hint: mistake.hint };
  const hint = nudge(question, read.map(([value]) => value), right);
  return { status: "wrong", hint: question.nudge ? `${hint} ${question.nudge}` : hint };
}

function nudge({ labels, accepted, percent }, values, right) {
  if (percent && values.some((value) => value < 0 || value > 1)) return "A probability lies between 0 and 1.";
  if (values.length > 1) {
    const total = (list) => list.reduce((a, b) => a + b, 0);
    const wrong = labels.filter((_, i) => !right[i]).join(", ");
    const off = Math.abs(total(accepted.values) - 1) < 1e-9 && Math.abs(total(values) - 1) > 0.02;
    return `Not yet: look again at ${wrong}.${off ? " Your numbers do not sum to 1." : ""}`;
  }
  const [value] = values;
  const [aim] = accepted.values;
  const counted = Number.isInteger(value) && Number.isInteger(aim);  // of these rounding loses no digit
  if (!Number.isFinite(aim) || !Number.isFinite(value)) return "Not yet.";
  if (value === -aim) return "Not yet: the size is right, the sign is not.";
  const ratio = value / aim;
  const direction = value > aim ? "large" : "small";
  if (ratio > 20 || (ratio > 0 && ratio < 0.05)) return `Not yet: much too ${direction}. The order of magnitude is off.`;
  const shortened = [...Array(16).keys()].some((digits) => Number(aim.toPrecision(digits + 1)) === value);
  if (!counted && shortened) {
    return `Not yet, but close: give more digits${Math.abs(aim) < 0.1 ? "; zeros at the front do not count" : ""}.`;
  }
  if (!counted && agrees(value, aim, accepted.rounding[0])) {
    return "Not yet, but close: calculate with more digits and round only at the end.";
  }
  const little = !counted && Math.abs(ratio - 1) < 0.1;
  return `Not yet: too ${direction}${little ? ", by more than rounding on the way explains" : ""}.`;
}
