// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * The page with the telephone: says in words what the telephone does, and what it was told of the
 * call.  Nothing of a call is kept; what is typed beside it is kept by the desk's own script.
 */

import { Phone } from "./phone.js";
import { hush, ring } from "./ring.js";

const HERE = 20_000; // Milliseconds between two signs that somebody talks at this desk.
const MARKS = ["silent", "duress"];

const panel = document.getElementById("telephone");

function token() {
  const sent = new FormData();
  sent.append("csrf", document.querySelector("[name=csrf]").value);
  return { method: "POST", body: sent, redirect: "error" };
}

async function trouble() {
  try {
    return (await (await fetch("/telephone/trouble", token())).json()).trouble;
  } catch {
    return ""; // A desk that is locked says nothing more.
  }
}

/** Show of some parts the one that is true now. */
function say(attribute, value) {
  for (const part of panel.querySelectorAll(`[data-${attribute}]`)) {
    part.hidden = part.dataset[attribute] !== value;
  }
}

/** Read what the line's program says of a call; what is no such text says nothing. */
function parse(text) {
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (said === null || typeof said !== "object") return null;
  const { language, waiting, key } = said;
  return {
    language: /^[a-z]{2,3}$/.test(language) ? language : "",
    waiting: Number.isSafeInteger(waiting) && waiting > 0 ? String(waiting) : "",
    key: /^[0-9#*]$/.test(key) ? key : "",
    silent: said.silent === true,
    duress: said.duress === true,
  };
}

class Page {
  #title = document.title;
  #call = "none";
  #keys = [];
  #signs = 0;
  #line = "";

  constructor(account) {
    const voice = document.getElementById("voice");
    this.phone = new Phone(account, voice, (what, value) => this.#hear(what, value));
  }

  begin() {
    const press = { "call-answer": "answer", "call-later": "notNow", "call-end": "hangUp" };
    for (const [id, act] of Object.entries(press)) {
      document.getElementById(id).addEventListener("click", () => this.phone[act]());
    }
    const mute = document.getElementById("call-mute");
    mute.addEventListener("click", () => mute.setAttribute("aria-pressed", this.phone.mute()));
    addEventListener("beforeunload", (event) => {
      // The key that locks at once covers the page first: it must not be held up by a question.
      if (this.talks && !this.locking && document.body.style.visibility !== "hidden") {
        event.preventDefault();
      }
    });
    addEventListener("pagehide", () => this.phone.stop());
    document.addEventListener("submit", (event) => this.#leave(event), true);
    // A desk that was locked takes its page away, and the talk with it.
    new MutationObserver(() => {
      if (!panel.isConnected) this.#end();
    }).observe(document.body, { childList: true, subtree: true });
    this.phone.start();
  }

  get talks() {
    return this.#call === "talking" || this.#call === "opening";
  }

  #hear(what, value) {
    if (what === "line") this.#isConnected(value);
    else if (what === "told") this.#tell(value);
    else this.#is(value);
  }

  /** A browser tells pages nothing of a certificate: the desk says why it is not connected. */
  async #isConnected(line) {
    this.#line = line;
    const why = line === "away" ? await trouble() : "";
    if (this.#line === line) say("line", why || line);
  }

  #is(call) {
    const before = this.#call;
    this.#call = call;
    say("call", call);
    const buttons = { "call-answer": call === "ringing", "call-later": call === "ringing" };
    for (const id of ["call-end", "call-mute"]) buttons[id] = this.talks;
    for (const [id, there] of Object.entries(buttons)) document.getElementById(id).hidden = !there;
    document.title = call === "ringing" ? panel.dataset.rings : this.#title;
    if (call === "ringing") ring();
    else hush();
    if (call === "opening") document.getElementById("call-end").focus();
    if (!this.talks && call !== "ringing") this.#forget();
    clearInterval(this.#signs);
    if (this.talks) this.#signs = setInterval(this.#here, HERE);
    if (this.talks && before === "ringing") this.#here();
    document.getElementById("talk-goes-on").hidden = true;
    document.getElementById("call-mute").setAttribute("aria-pressed", "false");
  }

  /** Whoever talks is here: the desk must not lock itself meanwhile. */
  #here() {
    fetch("/here", token()).catch(() => {});
  }

  #tell(text) {
    const told = parse(text);
    if (told === null) return;
    const names = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
    this.#put("language", told.language && names.of(told.language));
    this.#put("waiting", this.talks ? "" : told.waiting);
    for (const mark of MARKS) this.#put(mark, told[mark]);
    if (!told.key) return;
    const meant = panel.dataset[`key${told.key}`];
    this.#keys = [...this.#keys, meant ? `${told.key} (${meant})` : told.key].slice(-8);
    this.#put("key", this.#keys.join(", "));
  }

  #put(name, value) {
    const part = panel.querySelector(`[data-told="${name}"]`);
    const place = part.querySelector("bdi");
    part.hidden = !value;
    if (place && place.textContent !== value) place.textContent = value;
  }

  #forget() {
    this.#keys = [];
    for (const name of ["language", "waiting", "key", ...MARKS]) this.#put(name, "");
  }

  /** Say before, where locking would end a talk; whoever presses once more means it. */
  #leave(event) {
    if (event.target.getAttribute("action") !== "/lock") return;
    const said = document.getElementById("talk-goes-on");
    if (this.talks && said.hidden) {
      event.preventDefault();
      event.stopPropagation();
      said.hidden = false;
    } else {
      this.locking = true;
    }
  }

  #end() {
    clearInterval(this.#signs);
    hush();
    this.#call = "none";
    this.phone.stop();
  }
}

if (panel) {
  fetch("/telephone/account", token())
    .then((answer) => answer.json())
    .then((account) => new Page(account).begin())
    .catch(() => say("line", "away"));
}
