// When a question comes back: the Free Spaced Repetition Scheduler, told what the reader did.
//
// A record holds the times at which the question was missed on its page, and the scheduler's card
// once it has one. All times are ISO texts, so that a record is plain JSON.

import { Rating, createEmptyCard, fsrs } from "../vendor/ts-fsrs.mjs";

// In whole days, and without chance: the same answers at the same times come back at the same times.
const scheduler = fsrs({ enable_fuzz: false, enable_short_term: false });

// A card as plain JSON, with ISO texts for its times.
const plain = (card) => JSON.parse(JSON.stringify(card));
const rated = (card, when, rating) => plain(scheduler.next(card, new Date(when), rating).card);

// The record with a card that knows of every miss on the page.
export function caughtUp(record) {
  const { missed = [], ...rest } = record;
  let { card } = rest;
  for (const time of [...missed].sort()) {
    if (card && new Date(card.last_review) >= new Date(time)) continue;
    card = rated(card ?? createEmptyCard(new Date(time)), time, Rating.Again);
  }
  return { ...rest, missed: [], card };
}

// The record after an answer on the page Review, at its first try.
export function answered(record, right, when = Date.now()) {
  const { card = createEmptyCard(new Date(when)), rounds = 0 } = caughtUp(record);
  return { missed: [], card: rated(card, when, right ? Rating.Good : Rating.Again), rounds: rounds + 1 };
}

const midnight = (time) => new Date(time.getFullYear(), time.getMonth(), time.getDate() + 1);

// The ids of what is due before the day ends, the longest overdue first; and when the next is.
export function due(records, when = Date.now()) {
  const dated = Object.entries(records)
    .filter(([, { card }]) => card)
    .map(([id, { card }]) => [id, new Date(card.due)])
    .sort(([, one], [, two]) => one - two);
  const today = dated.filter(([, time]) => time < midnight(new Date(when)));
  return { today: today.map(([id]) => id), later: dated.length - today.length, next: dated[today.length]?.[1] ?? null };
}
