// A sound and a changed title when an encounter needs a human, until it no longer does or somebody silences it.
(() => {
  "use strict";

  const EVERY_MS = 4000;
  const BEEPS = [[880, 0], [660, 0.22], [880, 0.44]]; // hertz, and when in seconds
  const BEEP_SECONDS = 0.18;
  const title = document.title;
  const bar = document.getElementById("alarm");
  const words = document.getElementById("alarm-words");
  const button = document.getElementById("alarm-button");
  const silenced = new Set();
  let audio = null;
  let soundedAt = -Infinity;

  function needs() {
    return [...document.querySelectorAll("[data-need]")].map((part) => part.dataset.need);
  }

  function look() {
    const now = needs();
    for (const known of silenced) if (!now.includes(known)) silenced.delete(known);
    const loud = now.filter((need) => !silenced.has(need));
    document.title = now.length ? `(${now.length}) Needs you! ${title}` : title;
    show(now, loud);
    if (loud.length && performance.now() - soundedAt >= EVERY_MS) sound();
  }

  function show(now, loud) {
    bar.hidden = now.length === 0;
    bar.dataset.alarm = loud.length === 0 ? "silent" : isOn() ? "sounding" : "blocked";
    const agencies = document.querySelectorAll("#encounters [data-need]").length;
    const who = agencies === 1 ? "One agency needs you." : `${agencies} agencies need you.`;
    const what = [agencies ? who : "", agencies < now.length ? "The service does not answer." : ""].join(" ").trim();
    const how = { silent: " The sound is off until something else does.", blocked: " The browser keeps the sound off.", sounding: "" };
    write(words, what + how[bar.dataset.alarm]);
    button.hidden = loud.length === 0;
    write(button, isOn() ? "Silence" : "Turn the sound on");
  }

  function write(part, text) {
    if (part.textContent !== text) part.textContent = text;
  }

  function isOn() {
    audio ??= new AudioContext();
    return audio.state === "running";
  }

  function sound() {
    if (!isOn()) return;
    soundedAt = performance.now();
    for (const [hertz, after] of BEEPS) {
      const tone = new OscillatorNode(audio, { frequency: hertz });
      const volume = new GainNode(audio, { gain: 0.25 });
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + after);
      tone.stop(audio.currentTime + after + BEEP_SECONDS);
    }
  }

  // A browser lets a page make sounds once somebody has done something on it.
  const wake = () => { if (!isOn()) audio.resume().then(look); };
  for (const deed of ["pointerdown", "keydown"]) document.addEventListener(deed, wake);
  button.addEventListener("click", () => {
    if (isOn()) needs().forEach((need) => silenced.add(need));
    look();
  });
  document.addEventListener("board:told", look);
  look();
})();
