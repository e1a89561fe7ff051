// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages do beyond forms and links: notice changes, keep what is typed, know a few keys.
// Without this file every page works; it is then reloaded by hand.
"use strict";

(() => {
  const body = document.body;
  const stopped = document.getElementById("stopped");
  const GRACE = 4000; // Milliseconds without the stream before a page says that the desk stopped.
  const RENEWAL = 1000;
  const GO = { KeyT: "go-today", KeyH: "go-hotline", KeyS: "go-search", KeyC: "go-crew" };
  const TWICE = 600; // Milliseconds between two presses of the panic key.
  const HERE = 20_000; // Milliseconds between two signs that somebody is here.
  const SIGNS = ["keydown", "pointerdown", "pointermove", "wheel"];
  const WRITE = { KeyA: "answer-text", KeyN: "note-text", KeyD: "danger-level" };

  let leaving = false;
  let escaped = -TWICE;
  let told = 0;
  let stream = null;
  let late = 0;
  let dead = false;

  // --- live: the stream only says that something changed; the parts fetch themselves

  function lock() {
    leaving = true;
    const said = document.getElementById("locked");
    const main = document.createElement("main");
    const door = document.createElement("div");
    const heading = document.createElement("h1");
    heading.textContent = document.title = said.dataset.title;
    door.className = "door";
    door.append(heading, said.content);
    main.append(door);
    body.replaceChildren(main);
    // Where the locked page goes on to say something, whoever keeps the address now has it.
    const watched = said.dataset.watched;
    if (watched) fetch(watched).then(() => location.replace(watched)).catch(() => {});
  }

  function follow() {
    stream = new EventSource("/live");
    stream.addEventListener("open", () => {
      clearTimeout(late);
      late = 0;
      dead = false;
      stopped.hidden = true;
      htmx.trigger(body, "desk:change");
    });
    stream.addEventListener("change", () => htmx.trigger(body, "desk:change"));
    stream.addEventListener("notice", () => htmx.trigger(body, "desk:notice"));
    stream.addEventListener("locked", () => {
      stream.close();
      lock();
    });
    stream.addEventListener("error", () => {
      late ||= setTimeout(() => {
        dead = true;
        sayStopped();
        keepAll();
      }, GRACE);
    });
  }

  function keepFollowing() {
    follow();
    addEventListener("pagehide", () => stream.close());
    // Firefox closes a page's stream when a file begins to be saved, and tells nobody.
    setInterval(() => {
      if (!leaving && stream.readyState === EventSource.CLOSED) follow();
    }, RENEWAL);
  }

  // --- what is typed stays, and stays where it is

  // Drafts are kept by the desk, in its sealed store; the browser keeps nothing.
  const PAUSE = 500; // Milliseconds without a key after which a draft is kept.
  const LOCK_WAITS = 1000; // Milliseconds that Lock gives what is being kept.
  const kept = new WeakMap(); // Field to the text that the desk has; null when it could not keep it.
  const going = new WeakSet(); // Forms on their way: what they hold is a draft no more.
  const waiting = new WeakSet();
  const saves = new Set();
  const LATE = "drafts-late"; // The window's name, where a draft was sent while its page was left.
  const LOOKS = [300, 900, 2700]; // Milliseconds after which the page that came next asks again.
  let typing = 0;

  const fields = () => [...document.querySelectorAll("form[data-keep] textarea:not([data-part])")];
  // What no draft is kept of: a note of a case, a reason; on its way it is not lost.
  const UNKEPT = ":is(textarea, input[type=text], input:not([type]))";
  const unkept = () =>
    [...document.querySelectorAll(`main form[method=post]:not([data-keep]) ${UNKEPT}`)].filter(
      (field) => field.value.trim() && !going.has(field.form) && !(field.type === "text" && same(field)),
    );
  // What stood there already when the page came, unless it was refused and is saved nowhere.
  const same = (field) =>
    field.value === field.defaultValue && !field.form.querySelector("[data-kind=refused]");
  const ofDesk = (field) => (kept.has(field) ? kept.get(field) : field.defaultValue);

  function keep(field, leaving) {
    const text = field.value;
    if (text === ofDesk(field) || going.has(field.form)) return;
    if (kept.get(field) !== null) kept.set(field, text);
    const sent = new FormData();
    sent.append("csrf", field.form.elements.csrf.value);
    sent.append("kind", field.form.id);
    sent.append("text", text);
    const path = field.form.getAttribute("action").replace(/[^/]*$/, "draft");
    const save = fetch(path, { method: "POST", body: sent, keepalive: leaving, redirect: "error" })
      .then((answer) => kept.set(field, answer.ok ? text : null))
      .catch(() => kept.set(field, null))
      .finally(() => saves.delete(save) && sayKept(field));
    saves.add(save);
  }

  // Said once, when the first of it is kept, and taken back when it is not.
  function sayKept(field) {
    const said = field.form?.querySelector(".draft > [data-kept]");
    if (!said) return;
    const has = Boolean(kept.get(field));
    if (!has) said.textContent = "";
    else if (!said.textContent) said.textContent = said.dataset.kept;
    said.nextElementSibling.hidden = !has;
  }

  async function keepAll() {
    clearTimeout(typing);
    await Promise.all(saves); // One after the other, or an older text could come last.
    for (const field of fields()) keep(field, false);
    await Promise.all(saves);
    if (dead) sayStopped();
  }

  // What is said of the text must be true: it is copied in the clear only if it would be lost.
  function sayStopped() {
    const lost = unkept().length > 0 || fields().some((field) => field.value !== ofDesk(field));
    const kept = !lost && fields().some((field) => field.value);
    const said = { kept, lost, files: filesChosen() };
    for (const part of stopped.querySelectorAll("[data-says]")) part.hidden = !said[part.dataset.says];
    stopped.hidden = leaving;
  }

  body.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(keepAll, PAUSE);
  });
  body.addEventListener("focusout", keepAll);

  // What is sent is dropped as a draft; a draft on its way must not come after.
  body.addEventListener("htmx:confirm", (event) => {
    const form = event.detail.elt.closest("form[data-keep]");
    if (!form) return;
    going.add(form);
    if (!saves.size && !waiting.has(form)) return;
    event.preventDefault();
    if (waiting.has(form)) return;
    waiting.add(form);
    Promise.all(saves).then(() => {
      event.detail.issueRequest(true);
      waiting.delete(form);
    });
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form[data-keep]");
    if (form) going.delete(form);
  });

  function filesChosen() {
    const files = [...document.querySelectorAll("form[data-keep] [type=file]")];
    return files.some((field) => field.files.length);
  }

  function typed() {
    const changed = (field) => field.value !== ofDesk(field);
    return filesChosen() || unkept().length > 0 || fields().some(changed);
  }

  function selectedWithin(part) {
    const selection = getSelection();
    return !selection.isCollapsed && selection.anchorNode && part.contains(selection.anchorNode);
  }

  addEventListener("beforeunload", (event) => {
    for (const field of leaving ? [] : fields()) keep(field, true);
    if (saves.size) window.name = LATE;
    if (!leaving && typed()) event.preventDefault();
  });

  // The next page may have been made before the desk had what was sent last: then it comes after,
  // before whatever was typed meanwhile.
  async function askAgain() {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const field of answer.ok ? fields() : []) {
      const late = page.getElementById(field.id)?.value;
      if (!late || late === field.value || late === ofDesk(field) || going.has(field.form)) continue;
      field.value = field.value === field.defaultValue ? late : `${late}\n${field.value}`;
      kept.set(field, late);
      sayKept(field);
    }
  }

  if (window.name === LATE) {
    window.name = "";
    for (const after of LOOKS) setTimeout(() => askAgain().catch(() => {}), after);
  }

  // News waits while somebody presses anything, or selects text in the part that it would replace:
  // what moves from under a finger is not pressed.
  const RELEASED = ["pointerup", "pointercancel", "blur"];
  let pressing = false;
  addEventListener("pointerdown", (event) => (pressing = event.button === 0), true);
  for (const end of RELEASED) addEventListener(end, () => setTimeout(() => (pressing = false)));

  body.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target } = event.detail;
    const news = requestConfig.verb === "get" || requestConfig.elt.matches("form.read");
    const [where, until] = pressing ? [window, RELEASED] : [document, ["selectionchange"]];
    if (!news || !(pressing || selectedWithin(target))) return;
    event.detail.shouldSwap = false;
    const heard = new AbortController();
    const catchUp = () => {
      heard.abort();
      setTimeout(() => htmx.trigger(body, "desk:change"));
    };
    for (const end of until) where.addEventListener(end, catchUp, { signal: heard.signal });
  });

  // What is above the place where somebody works may grow; that place must not move.
  let writing = null;
  let top = 0;
  body.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    const outside = active && active !== body && !event.detail.target.contains(active);
    writing = outside ? active : null;
    top = outside ? active.getBoundingClientRect().top : 0;
  });
  body.addEventListener("htmx:afterSwap", () => {
    if (writing?.isConnected) scrollBy(0, writing.getBoundingClientRect().top - top);
    writing = null;
  });

  // After sending, whoever types on finds the field where it was; whoever went elsewhere stays there.
  let movedOn = false;
  addEventListener("keydown", () => (movedOn = true), true);
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.matches("form[data-keep]")) movedOn = false;
  });
  body.addEventListener("htmx:afterSettle", (event) => {
    const form = event.detail.elt;
    if (!movedOn && form?.matches?.("form[data-keep]")) form.querySelector("textarea")?.focus();
  });

  // Why nothing was done is seen, also on a phone whose height the form fills.
  body.addEventListener("htmx:afterSettle", (event) => {
    const { target } = event.detail;
    if (target?.id.endsWith("-refused")) target.scrollIntoView({ block: "nearest" });
  });

  // After claiming or letting go, the place stays: what was pressed is no longer there.
  body.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (part?.id !== "hold" || document.activeElement !== body) return;
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  });

  // --- a notice that something was done lives until the next act, and what is read stays in place

  body.addEventListener("htmx:beforeRequest", (event) => {
    const { requestConfig, elt } = event.detail;
    if (requestConfig.verb === "get" || elt.matches("form.read")) return;
    const active = document.activeElement;
    const before = active.getBoundingClientRect().top;
    const said = "#notices .notice, form[data-keep] > .notice[data-kind=done]";
    for (const notice of document.querySelectorAll(said)) if (!notice.contains(elt)) notice.remove();
    if (active !== body) scrollBy(0, active.getBoundingClientRect().top - before);
  });

  // --- forms

  body.addEventListener("submit", (event) => {
    if (event.target.matches("[data-download]")) {
      event.target.elements.script.value = "1";
      leaving = true; // The browser cannot know yet that this gives a file and not a page.
      setTimeout(() => (leaving = false), 500);
    } else if (event.target.matches('[action="/lock"]')) {
      const draft = document.getElementById("draft");
      const main = document.getElementById("main");
      if (draft?.hidden && !main.style.visibility && (saves.size || typed())) {
        event.preventDefault();
        main.style.visibility = "hidden"; // Whoever must lock at once presses twice.
        const late = new Promise((done) => setTimeout(done, LOCK_WAITS));
        Promise.race([keepAll(), late]).then(() => {
          // Only what no store has is asked about: a slow desk must not keep the keys.
          draft.hidden = !unkept().length && !fields().some((field) => kept.get(field) === null);
          main.style.visibility = "";
          leaving ||= draft.hidden;
          if (draft.hidden) event.target.submit();
        });
      } else {
        leaving = true;
      }
    } else if (!event.defaultPrevented) {
      going.add(event.target);
      setTimeout(() => going.delete(event.target), 500);
    }
  });

  // What stands on the page is covered meanwhile: whoever pressed may have turned to the door.
  document.getElementById("keep-draft")?.addEventListener("click", () => {
    document.getElementById("draft").hidden = true;
  });

  // --- keys

  function step(by) {
    const links = [...document.querySelectorAll(".row .name")];
    const at = links.indexOf(document.activeElement);
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  function go(id) {
    const link = document.getElementById(id);
    link?.click();
    return Boolean(link);
  }

  function focus(id) {
    const field = document.getElementById(id);
    field?.focus();
    return Boolean(field);
  }

  function plainKey(event) {
    if (GO[event.code]) return go(GO[event.code]);
    if (WRITE[event.code]) return focus(WRITE[event.code]);
    if (event.code === "KeyJ") return step(1) ?? true;
    if (event.code === "KeyK") return step(-1) ?? true;
    return false;
  }

  // --- the panic key, also while typing: what is on the screen goes first, and nothing is asked

  function panic() {
    body.style.visibility = "hidden";
    for (const field of fields()) keep(field, true);
    leaving = true;
    const form = document.querySelector('[action="/lock"]');
    const said = document.createElement("input");
    [said.type, said.name, said.value] = ["hidden", "panic", "1"];
    form.append(said);
    form.submit();
  }

  // --- signs of somebody at this desk; it locks itself without them

  function here({ timeStamp }) {
    if (timeStamp - told < HERE) return;
    told = timeStamp;
    const sent = new FormData();
    sent.append("csrf", document.querySelector("[name=csrf]").value);
    fetch("/here", { method: "POST", body: sent, redirect: "error" }).catch(() => {});
  }
  if (stopped) for (const sign of SIGNS) addEventListener(sign, here, { capture: true, passive: true });

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      escaped = -TWICE;
    } else if (stopped && !event.repeat) {
      if (event.timeStamp - escaped < TWICE) return panic();
      escaped = event.timeStamp;
    }
    const field = event.target.closest?.("textarea, select, input");
    if (event.isComposing) return;
    if (field && event.key === "Escape") field.blur();
    if (field && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field.form?.requestSubmit();
    }
    const plain = !field && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (plain && body.dataset.keys === "on" && plainKey(event)) event.preventDefault();
  });

  if (stopped) keepFollowing();
})();
