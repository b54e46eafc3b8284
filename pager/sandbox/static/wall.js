// Keeps the wall of telephones up to date. Without this file the page works too: forms post, and it reloads itself.
(() => {
  "use strict";

  const EVERY_MS = 1000;
  const NOT_FROM_THIS_SESSION = 400; // the token is of an earlier one
  const root = document.getElementById("telephones");
  const news = document.getElementById("news");
  const stage = document.getElementById("stage"); // a demonstration's; elsewhere there is none
  const stageNews = document.getElementById("stage-news");
  const mistake = document.getElementById("mistake");
  let etag = `"${root.dataset.version}"`;

  /** Put the new live parts of a card in place of the old ones, keeping what is typed, focused and open. */
  function replaceLiveParts(card, fresh) {
    if (card.dataset.state !== fresh.dataset.state) {
      card.dataset.state = fresh.dataset.state;
      openWhatIsNeeded(card, fresh);
    }
    const freshParts = fresh.querySelectorAll("[data-live]");
    card.querySelectorAll("[data-live]").forEach((part, index) => {
      const freshPart = freshParts[index];
      if (part.innerHTML === freshPart.innerHTML) return;
      replaceKeepingFocus(part, freshPart, card);
    });
  }

  /** A telephone that was idle so far can be written on; what somebody has opened stays so. */
  function openWhatIsNeeded(card, fresh) {
    const [details, freshDetails] = [card, fresh].map((one) => one.querySelector("details"));
    if (details && freshDetails?.open) details.open = true;
  }

  function replaceKeepingFocus(part, freshPart, card) {
    const focus = positionOfFocus(part);
    part.replaceWith(freshPart);
    restoreFocus(freshPart, focus, card);
  }

  /** What has the focus inside a part: its label and value, which the fresh one shares. */
  function positionOfFocus(part) {
    const active = document.activeElement;
    if (!part.contains(active)) return null;
    return { tag: active.tagName, text: active.textContent, label: active.getAttribute("aria-label") };
  }

  function restoreFocus(part, focus, card) {
    if (!focus) return;
    const same = [...part.querySelectorAll(focus.tag)].find(
      (one) => one.textContent === focus.text || (focus.label && one.getAttribute("aria-label") === focus.label),
    );
    const step = part.querySelector(".is-next .ways :is(button, a)");
    const next = same || step || part.querySelector("button") || card.querySelector("button");
    if (next) next.focus({ preventScroll: true });
  }

  /** Bring the cards of a group into the new order, unless somebody is at work in it. */
  function reorder(group, ids) {
    const cards = group.querySelector(".cards");
    const isInUse = cards.contains(document.activeElement) || cards.matches(":hover");
    const isOrdered = [...cards.children].every((card, index) => card.id === ids[index]);
    if (isOrdered || isInUse) return;
    for (const id of ids) cards.append(document.getElementById(id));
  }

  /** Take over a fresh group: every card it has, new ones added. */
  function updateGroup(freshGroup) {
    const group = document.getElementById(freshGroup.id);
    const freshCards = [...freshGroup.querySelectorAll("article.telephone")];
    const ids = freshCards.map((card) => card.id);
    group.className = freshGroup.className;
    for (const fresh of freshCards) {
      const card = document.getElementById(fresh.id);
      if (card) replaceLiveParts(card, fresh);
      else group.querySelector(".cards").append(fresh);
    }
    reorder(group, ids);
  }

  /** Bring what stands above the telephones to what it is now: what only ticks is put in place by itself. */
  function updateStage(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    keepToken(fresh);
    for (const freshPane of fresh.querySelectorAll("section")) {
      const pane = document.getElementById(freshPane.id);
      const isAlike = pane.dataset.state === freshPane.dataset.state;
      if (isAlike) replaceLiveParts(pane, freshPane);
      else replaceKeepingFocus(pane, freshPane, freshPane);
    }
    say(stageNews, [...stage.querySelectorAll("[data-news]")].map((part) => part.textContent).join(" "));
  }

  /** Each answer writes the token of the session anew; what is here is as good, and so nothing has changed. */
  function keepToken(fresh) {
    const known = document.querySelector("[name=csrf_token]");
    if (!known) return;
    fresh.querySelectorAll("[name=csrf_token]").forEach((field) => field.setAttribute("value", known.value));
  }

  function update(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    keepToken(fresh);
    const groups = [...fresh.querySelectorAll("section.group")];
    const names = (where) => [...where.querySelectorAll("section.group > h2")].map((one) => one.textContent).join("\n");
    if (names(fresh) !== names(root)) {
      root.replaceChildren(...fresh.body.childNodes);
    } else {
      groups.forEach(updateGroup);
      const summary = root.querySelector("[data-news]");
      const freshSummary = fresh.querySelector("[data-news]");
      if (summary.innerHTML !== freshSummary.innerHTML && !summary.contains(document.activeElement)) {
        summary.replaceWith(freshSummary);
      }
    }
    say(news, (fresh.querySelector("[data-news]") || root.querySelector("[data-news]")).textContent);
  }

  /** Tell screen readers what rings and what is new, once each time it changes. */
  function say(where, words) {
    const text = words.replace(/\s+/g, " ").trim();
    if (where.textContent !== text) where.textContent = text;
  }

  function showOffline(isOffline) {
    if (isOffline === ("offline" in document.body.dataset)) return;
    mistake.textContent = isOffline ? "The sandbox does not answer. Trying again." : "";
    if (isOffline) document.body.dataset.offline = "";
    else delete document.body.dataset.offline;
  }

  async function refresh() {
    try {
      const answer = await fetch(root.dataset.url, { headers: { "If-None-Match": etag }, cache: "no-store" });
      if (answer.status === 200) {
        etag = answer.headers.get("ETag");
        update(await answer.text());
      }
      if (stage) await refreshStage();
      showOffline(false);
    } catch {
      showOffline(true);
    }
  }

  async function refreshStage() {
    const answer = await fetch(stage.dataset.url, { cache: "no-store" });
    if (answer.ok) updateStage(await answer.text());
  }

  async function send(form, button) {
    const fields = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", body: fields });
    if (answer.status === NOT_FROM_THIS_SESSION) return location.reload();
    const page = answer.ok ? null : new DOMParser().parseFromString(await answer.text(), "text/html");
    mistake.textContent = page ? page.getElementById("mistake")?.textContent || "That did not work." : "";
    if (!page && form.matches(".reply")) form.reset();
    await refresh();
  }

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter).catch(() => {
      mistake.textContent = "The sandbox does not answer. Nothing was sent.";
    });
  });

  async function keepGoing() {
    if (!document.hidden) await refresh();
    setTimeout(keepGoing, EVERY_MS);
  }

  keepGoing();
})();
