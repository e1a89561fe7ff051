// SPDX-License-Identifier: AGPL-3.0-or-later
// At the door, a pause is counted down, and the button works again when it is over.
"use strict";

(() => {
  const pause = document.getElementById("pause");
  if (!pause) return;
  const button = document.querySelector(".door form .main");
  const number = pause.dataset.seconds;
  const until = Date.now() + 1000 * number;
  const [before, after] = pause.textContent.split(number);
  const counting = setInterval(() => {
    const left = Math.ceil((until - Date.now()) / 1000);
    button.disabled = left > 0;
    if (left > 0) return void (pause.textContent = before + left + after);
    clearInterval(counting);
    pause.textContent = pause.dataset.over;
    pause.dataset.kind = "done";
  }, 200);
  button.disabled = true;
})();
