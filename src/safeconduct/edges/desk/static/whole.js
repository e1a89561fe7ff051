// SPDX-License-Identifier: AGPL-3.0-or-later
// A form of many fields is one draft: all of them stand together in one field that the desk keeps.
"use strict";

(() => {
  // Before the script that keeps drafts hears of it, and for forms too that come later.
  const put = ({ target }) => {
    const whole = target.form?.querySelector("textarea[data-whole]");
    if (!whole) return;
    const fields = new FormData(whole.form);
    for (const name of ["csrf", whole.name]) fields.delete(name);
    whole.value = JSON.stringify(Object.fromEntries(fields));
  };
  for (const kind of ["input", "change"]) document.addEventListener(kind, put, true);
})();
