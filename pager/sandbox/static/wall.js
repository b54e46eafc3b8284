// Keeps the wall of telephones up to date. Without this file the page works too: forms post, and it reloads itself.
(() => {
  "use strict";

  const EVERY_MS = 1000;
  const NOT_FROM_THIS_SESSION = 400; // the token is of an earlier one
  const root = document.getElementById("telephones");
  const news = document.getElementById("news");
  const mistake = document.getElementById("mistake");
  let etag = `"${root.dataset.version}"`;

  /** Put the new live parts of a card in place of the old ones, keeping what is typed, focused and open. */
  function replaceLiveParts(card, fresh) {
    if (card.dataset.state !== fresh.dataset.state) card.dataset.state = fresh.dataset.state;
    const freshParts = fresh.querySelectorAll("[data-live]");
    card.querySelectorAll("[data-live]").forEach((part, index) => {
      const freshPart = freshParts[index];
      const details = part.querySelector("details");
      const freshDetails = freshPart.querySelector("details");
      if (details && freshDetails) freshDetails.open = details.open;
      if (part.innerHTML === freshPart.innerHTML) return;
      const focus = positionOfFocus(part);
      part.replaceWith(freshPart);
      restoreFocus(freshPart, focus, card);
    });
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
    const next = same || part.querySelector("button") || card.querySelector("button");
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

  /** Each answer writes the token of the session anew; what is here is as good, and so nothing has changed. */
  function keepToken(fresh) {
    const known = root.querySelector("[name=csrf_token]");
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
    announce(fresh.querySelector("[data-news]") || root.querySelector("[data-news]"));
  }

  /** Say what rings and what is new, once each time it changes. */
  function announce(summary) {
    const text = summary.textContent.replace(/\s+/g, " ").trim();
    if (news.dataset.said === text) return;
    news.dataset.said = text;
    news.textContent = text;
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
      showOffline(false);
    } catch {
      showOffline(true);
    }
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
