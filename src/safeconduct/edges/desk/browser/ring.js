// SPDX-License-Identifier: AGPL-3.0-or-later
/** The sound of a telephone that rings: made here, and quiet where the browser allows none. */

const HERTZ = 425;
const LOUD = 0.08;
const SOUNDS = 1; // Seconds.
const EVERY = 4000; // Milliseconds.

let context = null;
let timer = 0;

function once() {
  context ??= new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = HERTZ;
  volume.gain.value = LOUD;
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + SOUNDS);
}

export function ring() {
  if (timer) return;
  once();
  timer = setInterval(once, EVERY);
}

export function hush() {
  clearInterval(timer);
  timer = 0;
  context?.close();
  context = null;
}
