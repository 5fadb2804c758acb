// A distribution for the ear: a note for each class, in order. The likelier a class, the higher and the
// longer its note. One note sounds at a time, and never louder than LOUDEST.

export const LOUDEST = 0.2; // of full scale
const [LOW, HIGH] = [220, 880]; // hertz, of probability 0 and 1
const [SHORT, LONG] = [0.12, 0.7]; // seconds
const [GAP, RISE, FADE] = [0.06, 0.015, 0.03];

export function notes(probabilities) {
  let start = 0.05;
  return probabilities.map((p) => {
    const note = { frequency: LOW * (HIGH / LOW) ** p, start, length: SHORT + (LONG - SHORT) * p };
    start += note.length + GAP;
    return note;
  });
}

// Schedules the notes on an audio context; returns what ends them and when the last one is over.
export function schedule(context, list) {
  const volume = context.createGain();
  volume.gain.value = LOUDEST;
  volume.connect(context.destination);
  const now = context.currentTime;
  const voices = list.map(({ frequency, start, length }) => {
    const [voice, shape] = [context.createOscillator(), context.createGain()];
    const [from, to] = [now + start, now + start + length];
    voice.frequency.value = frequency;
    shape.gain.setValueAtTime(0, from);
    shape.gain.linearRampToValueAtTime(1, from + RISE);
    shape.gain.setValueAtTime(1, to - FADE);
    shape.gain.linearRampToValueAtTime(0, to);
    voice.connect(shape).connect(volume);
    voice.start(from);
    voice.stop(to);
    return voice;
  });
  return { volume, last: voices.at(-1) };
}

// Plays a distribution on a context that the reader's press has made; `ended` is called once, also
// after the returned function has stopped it. A hidden page is silent.
export function play(context, probabilities, ended) {
  const { volume, last } = schedule(context, notes(probabilities));
  let over = false;
  function stop() {
    if (over) return;
    over = true;
    document.removeEventListener("visibilitychange", whenHidden);
    volume.gain.cancelScheduledValues(context.currentTime);
    volume.gain.setValueAtTime(LOUDEST, context.currentTime);
    volume.gain.linearRampToValueAtTime(0, context.currentTime + FADE);
    setTimeout(() => context.close(), 1000 * FADE + 20);
    ended();
  }
  const whenHidden = () => document.hidden && stop();
  document.addEventListener("visibilitychange", whenHidden);
  last.addEventListener("ended", stop);
  return stop;
}
