# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an administrator reads of an Asterisk that is not as it should be, and how it is mended."""

from __future__ import annotations

from typing import Final

from safeconduct.programs.wording import N_

FINDINGS: Final[dict[str, str]] = {
    "ari_silent": N_(
        "Asterisk does not answer on this machine.  Is it running, with the configuration that "
        "`safeconduct line phone config` wrote?"
    ),
    "ari_refuses": N_(
        "Asterisk refuses the password of this line.  Write the configuration anew, put it where "
        "Asterisk reads it, and start Asterisk again."
    ),
    "too_old": N_("This Asterisk is version {about}.  22 or newer is needed."),
    "module_forbidden": N_(
        "The module {about} is loaded.  It could keep or tell of calls, or swallow the key that "
        "says “I am being forced”.  Take it out of modules.conf, and keep autoload=no."
    ),
    "module_lacking": N_("The module {about} is not loaded; calls would fail without it."),
    "console_silent": N_(
        "Asterisk’s console cannot be asked.  Run this check as root, or as Asterisk’s own user; "
        "what it would tell was not looked at."
    ),
    "cdr_on": N_("Asterisk makes records of calls (CDR).  In cdr.conf: enable=no."),
    "cel_on": N_("Asterisk makes records of events (CEL).  In cel.conf: enable=no."),
    "manager_on": N_(
        "Asterisk’s manager interface is on, and shows every number to whoever listens.  "
        "In manager.conf: enabled=no."
    ),
    "calls_most": N_("Asterisk takes more or fewer calls than 500.  In asterisk.conf: maxcalls."),
    "log_file": N_(
        "Asterisk writes a log to a file or to the system, where numbers can end up.  In "
        "logger.conf only the console may stand."
    ),
    "ari_open": N_(
        "Asterisk’s web server listens for other machines, and whoever reaches it can run every "
        "call.  In http.conf: bindaddr=127.0.0.1."
    ),
    "trunk_away": N_(
        "The line is not registered with your telephone provider, so nobody can call.  Compare "
        "its name, user and password; ask the provider."
    ),
    "trunk_unknown": N_("Asterisk does not know your provider’s line.  Write pjsip.conf anew."),
    "telephone_away": N_(
        "The telephone {about} is not there.  Nobody can be rung on it; is it signed in?"
    ),
    "process_unseen": N_(
        "It cannot be seen as which user Asterisk runs and what it may write.  Run this check on "
        "the same machine, as root."
    ),
    "as_root": N_(
        "Asterisk runs as root, and so could record calls whatever its folders allow.  Start it "
        "as a user of its own."
    ),
    "spool_writable": N_(
        "Asterisk may write to its spool folder, so a call could be recorded.  Give the folder "
        "to root, and rights to read alone: chown root, chmod 555."
    ),
    "core_dumps": N_(
        "If Asterisk crashes, its memory is written to a file, what is being said with it.  "
        "Start it with LimitCORE=0."
    ),
    "swap_unsealed": N_(
        "This machine swaps memory to a disk that is not sealed: what is said can end up there.  "
        "Turn swap off or encrypt it."
    ),
    "swap_unknown": N_("It cannot be seen whether memory is swapped to a disk."),
    "certificate_bad": N_(
        "Certificate and key for softphones (tls.crt, tls.key) are not there, cannot be read "
        "by you, or do not belong together."
    ),
    "key_open": N_("Others on this machine can read tls.key.  Give it the rights 600."),
    "certificate_ends": N_("The certificate for softphones is good for {about} more days."),
    "prompt_lacking": N_(
        "What callers hear is not all there: {about}.  `safeconduct line phone prompts` makes it."
    ),
    "prompt_shut": N_(
        "Asterisk’s own user may not read {about}, so callers would hear silence.  Give the "
        "folder of prompts to that user:  sudo chown -R asterisk: FOLDER"
    ),
    "prompt_odd": N_(
        "Asterisk cannot play {about}: 8 kHz, one channel, 16 bits are needed, as "
        "`safeconduct line phone prompts` makes them of your recordings."
    ),
}
"""By the code of a finding (`edges/lines/phone/check.py`)."""
