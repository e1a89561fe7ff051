// SPDX-License-Identifier: AGPL-3.0-or-later
/**
 * A telephone in the browser: signs in at the office's Asterisk, and has one call at a time.
 * It asks no other server for anything (no STUN), and no microphone before a call is answered.
 */

import UA from "jssip/lib/UA.js";
import WebSocketInterface from "jssip/lib/WebSocketInterface.js";

const BUSY = 486;
const REFUSED = new Set([401, 403, 404]);
const SIGNS_IN_EVERY = 120; // Seconds.
const TRIES = { connection_recovery_min_interval: 2, connection_recovery_max_interval: 10 };

export class Phone {
  #tell;
  #ua;
  #session = null;
  #voice;

  /** `tell(what, value)` hears `line` (away, refused, ready), `call` and `told`. */
  constructor({ address, way, name, password }, voice, tell) {
    this.#tell = tell;
    this.#voice = voice;
    const uri = `sip:${name}@${new URL(address).hostname}`;
    this.#ua = new UA({
      ...TRIES,
      sockets: [new WebSocketInterface(way)],
      uri,
      password,
      register_expires: SIGNS_IN_EVERY,
      session_timers: false,
      user_agent: "desk",
    });
    this.#ua.on("registered", () => tell("line", "ready"));
    this.#ua.on("unregistered", () => tell("line", "away"));
    this.#ua.on("disconnected", () => tell("line", "away"));
    this.#ua.on("registrationFailed", ({ response }) =>
      tell("line", REFUSED.has(response?.status_code) ? "refused" : "away"),
    );
    this.#ua.on("newRTCSession", ({ originator, session }) => this.#rung(originator, session));
    this.#ua.on("newMessage", ({ originator, request }) => {
      if (originator === "remote") tell("told", request.body);
    });
  }

  start() {
    this.#ua.start();
  }

  /** End everything, the talk too. */
  stop() {
    this.hangUp();
    this.#ua.stop();
  }

  answer() {
    if (!this.#session?.isInProgress()) return;
    this.#tell("call", "opening");
    this.#session.answer({
      mediaConstraints: { audio: true, video: false },
      pcConfig: { iceServers: [] },
    });
  }

  notNow() {
    if (this.#session?.isInProgress()) this.#session.terminate({ status_code: BUSY });
  }

  hangUp() {
    if (this.#session && !this.#session.isEnded()) this.#session.terminate();
  }

  /** Send nothing of what is said here, or send it again; tell which it is. */
  mute() {
    if (!this.#session) return false;
    const muted = this.#session.isMuted().audio;
    if (muted) this.#session.unmute({ audio: true });
    else this.#session.mute({ audio: true });
    return !muted;
  }

  #rung(originator, session) {
    if (originator !== "remote" || this.#session) {
      session.terminate(originator === "remote" ? { status_code: BUSY } : {});
      return;
    }
    this.#session = session;
    let why = "none";
    session.on("peerconnection", ({ peerconnection }) =>
      peerconnection.addEventListener("track", ({ track }) => {
        this.#voice.srcObject = new MediaStream([track]);
      }),
    );
    session.on("getusermediafailed", () => (why = "deaf"));
    session.on("accepted", () => this.#tell("call", "talking"));
    session.on("ended", () => this.#over("over"));
    session.on("failed", () => this.#over(why));
    this.#tell("call", "ringing");
  }

  #over(how) {
    this.#session = null;
    this.#voice.srcObject = null;
    this.#tell("call", how);
  }
}
