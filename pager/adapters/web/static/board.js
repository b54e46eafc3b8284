// Keeps the board up to date. Without this file the page works too: it loads itself again.
(() => {
  "use strict";

  const EVERY_MS = 1000;
  const TIME_OUT_MS = 4000;
  const LOST_AFTER_MS = 5000;
  const MINUTE_MS = 60_000;
  const UNAUTHORIZED = 401;
  const LOST = "the service does not answer"; // for board_alarm.js
  const HOURS_FROM_MIN = 120; // from here on minutes alone are hard to read
  const board = document.getElementById("encounters");
  const news = document.getElementById("news");
  const touch = document.getElementById("touch");
  const ends = document.getElementById("ends");
  const endsAt = document.getElementById("ends-at");
  const signedOut = document.getElementById("signed-out");
  const clock = new Intl.DateTimeFormat("en-US", { timeZone: board.dataset.zone, timeStyle: "medium" });
  const minuteClock = new Intl.DateTimeFormat("en-US", { timeZone: board.dataset.zone, timeStyle: "short" });
  let etag = null;
  let isAsking = false;
  let unansweredSince = null; // by performance.now(), like all that is not the service's time
  let heardAt = 0;
  let serviceTime = 0; // what the service's clock showed at heardAt: the viewer's own may be wrong

  function hear(time) {
    heardAt = performance.now();
    serviceTime = Date.parse(time);
    unansweredSince = null;
  }

  async function poll() {
    if (isAsking) return;
    isAsking = true;
    unansweredSince ??= performance.now();
    try {
      await ask();
    } catch {
      // No answer. tell() says so when it has lasted.
    } finally {
      isAsking = false;
    }
    tell();
  }

  async function ask() {
    const response = await fetch(board.dataset.url, {
      headers: etag ? { "If-None-Match": etag } : {},
      signal: AbortSignal.timeout(TIME_OUT_MS),
    });
    if (response.status === UNAUTHORIZED) return endOfSession();
    const time = response.headers.get("Board-Time"); // missing where something else answers, a proxy for instance
    if (!time || (!response.ok && response.status !== 304)) return;
    if (response.status !== 304) {
      show(await response.text());
      etag = response.headers.get("ETag");
    }
    signedOut.hidden = true;
    showWhileSignedIn(true);
    tellOfTheEnd(response.headers.get("Session-Ends"));
    hear(time);
  }

  /** Half an hour ahead the service says when the session ends; it no longer does once somebody has signed in again. */
  function tellOfTheEnd(time) {
    if (time) write(endsAt, minuteClock.format(Date.parse(time)));
    ends.hidden = !time;
  }

  /** Show nothing any more to whoever sits there now. It comes back by itself once somebody has signed in again. */
  function endOfSession() {
    etag = null;
    ends.hidden = true;
    board.replaceChildren();
    showWhileSignedIn(false);
    news.textContent = "";
    signedOut.hidden = false;
    unansweredSince = null;
  }

  /** Forms too name people and numbers. */
  function showWhileSignedIn(isSignedIn) {
    for (const part of document.querySelectorAll(".while-signed-in")) part.hidden = !isSignedIn;
  }

  /** Put what has changed in place of the old, and leave the rest alone: focus, selection, a click half done. */
  function show(html) {
    const before = readNews();
    const focused = board.contains(document.activeElement) ? document.activeElement : null;
    const known = new Map([...board.children].map((child) => [child.id, child]));
    const fresh = [...new DOMParser().parseFromString(html, "text/html").body.children];
    fresh.forEach((item, index) => {
      item.served = item.outerHTML;
      const old = known.get(item.id);
      known.delete(item.id);
      const kept = old && old.served === item.served ? old : item;
      if (old && kept !== old) {
        keepOpen(old, kept);
        old.replaceWith(kept);
      }
      if (board.children[index] !== kept) board.insertBefore(kept, board.children[index] ?? null);
    });
    known.forEach((gone) => gone.remove());
    if (focused && !focused.isConnected) (document.getElementById(focused.id) ?? board).focus({ preventScroll: true });
    sayWhatChanged(before);
  }

  /** What somebody has opened or shut stays so. */
  function keepOpen(old, fresh) {
    for (const part of old.querySelectorAll("details[id]")) {
      const same = fresh.querySelector(`#${CSS.escape(part.id)}`);
      if (same) same.open = part.open;
    }
  }

  function readNews() {
    return new Map([...board.querySelectorAll("[data-news]")].map((part) => [part.id, part.dataset.news]));
  }

  /** Tell screen readers which states have changed; of a new encounter the summary tells. */
  function sayWhatChanged(before) {
    const changed = [...readNews()].filter(([id, text]) => before.has(id) && before.get(id) !== text);
    if (changed.length) news.textContent = changed.map(([, text]) => text).join(". ");
  }

  function inMinutes(ms) {
    const minutes = Math.floor(ms / MINUTE_MS);
    if (minutes < 1) return "less than 1 min";
    return minutes < HOURS_FROM_MIN ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  }

  /** Bring to this second what changes by itself: the time left, and whether the service still answers. */
  function tell() {
    const now = serviceTime + performance.now() - heardAt;
    for (const part of board.querySelectorAll("[data-respond-by]")) {
      const left = Date.parse(part.dataset.respondBy) - now;
      write(part, left > 0 ? `${inMinutes(left)} left` : `late by ${inMinutes(-left)}`);
      part.classList.toggle("is-late", left <= 0);
    }
    const isLost = unansweredSince !== null && performance.now() - unansweredSince >= LOST_AFTER_MS;
    write(touch, isLost ? `Lost touch with the service. What is shown is how it was at ${clock.format(serviceTime)}, ` +
      "and may be wrong by now. Trying again every second." : "");
    if (isLost) touch.dataset.need = LOST;
    else delete touch.dataset.need;
    told();
  }

  function write(part, text) {
    if (part.textContent !== text) part.textContent = text;
  }

  /** Others on the page, such as its alarm, look at what is shown whenever that may have changed. */
  function told() {
    document.dispatchEvent(new Event("board:told"));
  }

  for (const child of board.children) child.served = child.outerHTML;
  hear(board.dataset.now);
  setInterval(() => { poll(); tell(); }, EVERY_MS);
  document.addEventListener("visibilitychange", poll);
  tell();
})();
