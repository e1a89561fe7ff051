# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the script may have to say, by key; the template carries them to it (browser/dom.js).

Places in braces are filled in by the script.  Written for a reader who is afraid: short, plain,
and what to do comes with what went wrong.
"""

from __future__ import annotations

from typing import Final


def later(message: str) -> str:
    """Mark a message for translation; the page's language is known when it is rendered."""
    return message


WORDINGS: Final[tuple[tuple[str, str], ...]] = (
    ("remove", later("Remove")),
    ("remove_file", later("Remove {name}")),
    ("nothing", later("Write something or attach a file first.")),
    ("sending", later("Locking and sending…")),
    (
        "waiting",
        later("No connection now. Nothing is lost: keep the page open, it tries again by itself."),
    ),
    (
        "slow",
        later(
            "Your message has not got through yet: the line or this phone is slow. Wait, or "
            "try again now or later. While this page is open nothing is lost, and nothing arrives "
            "twice."
        ),
    ),
    ("not_sent", later("This did not work, and nothing was sent. Press “Send” again in a minute.")),
    (
        "untrusted",
        later(
            "The server’s answer is not signed as it should be, so nothing was sent. "
            "Do not write here now; use another way to reach us."
        ),
    ),
    (
        "no_receipt",
        later(
            "The server took the message but did not prove it. Count it as not sent, "
            "and use another way to reach us."
        ),
    ),
    ("text_too_long", later("The text is too long for one message. Send it in two parts.")),
    ("file_too_large", later("{name} is too large: at most 500 MB. Remove it and send the rest.")),
    ("there", later("Your message is on the server, locked.")),
    ("words_new", later("Your eight words")),
    (
        "words_new_hint",
        later(
            "When you close the page, they are nowhere any more. With them, and with nothing else, "
            "you can read our answer."
        ),
    ),
    ("words_typed", later("The words that you typed")),
    (
        "words_typed_hint",
        later(
            "They are not new ones. The answer to this message comes under these words. If you "
            "were shown other words before, or another order, write again with those."
        ),
    ),
    ("server_has", later("The server has it, locked.")),
    ("server_waits", later("Not at the server yet.")),
    ("office_has", later("The office has it: it was received.")),
    (
        "office_waits",
        later("The office does not have it yet. You need not wait for this: you can come back."),
    ),
    (
        "files_going",
        later("Your text is there. The file is still on its way: keep this page open."),
    ),
    (
        "files_later",
        later(
            "Your text is there. The server has no room for files now; "
            "the file goes later, if you keep this page open."
        ),
    ),
    (
        "files_there",
        later("Everything is there. Once you know your words, you can close the page."),
    ),
    (
        "files_lost",
        later("Your text is there, but not every file. You can send the missing one again."),
    ),
    ("file_going", later("{share} % sent")),
    ("file_waiting", later("No connection; goes on by itself")),
    ("file_words_first", later("Waits for room")),
    ("file_there", later("There")),
    ("file_unreadable", later("The browser can no longer read it")),
    ("file_failed", later("Was not taken")),
    ("opening", later("Opening. On an old phone this takes up to half a minute…")),
    ("slow_line", later("The line is slow. Wait, or come back later with the same words.")),
    ("no_connection", later("No connection now. Keep the page open, it tries again by itself.")),
    ("no_connection_now", later("No connection now. Try again in a minute.")),
    ("no_answer", later("This did not work. Try again in a minute.")),
    ("word_count", later("Words typed: {count}. There must be eight.")),
    (
        "words_foreign",
        later(
            "None of these is one of our words. "
            "If you wrote to us in another language, choose it at the top."
        ),
    ),
    (
        "words_ours",
        later(
            "These are our own words, which everyone knows. Yours come when you have written to us."
        ),
    ),
    ("word_unknown", later("Word {place}, “{word}”, is not one of ours. Check it.")),
    (
        "word_near",
        later("Word {place}, “{word}”, is not one of ours. Did you mean one of these: {near}?"),
    ),
    (
        "none",
        later(
            "There is nothing here yet. If these are your words, the message is with us or on "
            "its way; come back later. If one word is another one, this page looks the same: "
            "check them."
        ),
    ),
    (
        "none_taken",
        later("The office has your message and has not answered yet. Come back later."),
    ),
    (
        "answers_here",
        later("This is what we answered. Your own messages are never shown here."),
    ),
    ("news", later("An answer has come.")),
    ("answer_of", later("Answer of {time}")),
    ("expires", later("Disappears after {time}.")),
    (
        "newer",
        later("There is an answer that this page is too old to show. Close it and open it again."),
    ),
    ("get", later("Get")),
    ("get_file", later("Get {name}")),
    ("get_going", later("{share} %")),
    ("get_waiting", later("No connection; goes on by itself")),
    ("get_too_large", later("Too large for this page.")),
    ("get_failed", later("This file does not open. Tell us, and we send it again.")),
    ("save", later("Save")),
    ("save_file", later("Save {name}")),
    ("save_hint", later("Saved, it stays on this phone until you delete it.")),
    (
        "switching",
        later("Switching the language clears what is on this page. Press again to switch."),
    ),
)

OF_ONE_FILE: Final[dict[str, str]] = {
    "waiting": later(
        "None of our addresses answers now. Nothing is lost: keep this page open, it tries them "
        "again by itself."
    ),
    "no_connection": later(
        "None of our addresses answers now. Keep this page open, it tries them again by itself."
    ),
    "newer": later(
        "There is an answer that this file is too old to show. Ask for a newer one, or open our "
        "page by its address."
    ),
}
"""What the page that is one file says otherwise."""
