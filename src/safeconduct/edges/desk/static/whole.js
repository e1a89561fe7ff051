// SPDX-License-Identifier: AGPL-3.0-or-later
// A form of many fields is one draft: all of them stand together in one field that the desk keeps.
"use strict";

(() => {
  for (const whole of document.querySelectorAll("textarea[data-whole]")) {
    const form = whole.form;
    const put = () => {
      const fields = new FormData(form);
      for (const name of ["csrf", whole.name]) fields.delete(name);
      whole.value = JSON.stringify(Object.fromEntries(fields));
    };
    // Before the script that keeps drafts hears of it.
    for (const kind of ["input", "change"]) form.addEventListener(kind, put, true);
  }
})();
