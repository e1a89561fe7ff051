# SPDX-License-Identifier: AGPL-3.0-or-later
"""How `safeconduct line` asks for each setting of a kind, and what its codes ask of a person."""

from __future__ import annotations

from typing import Final

from safeconduct.edges.lines.channel import Ask
from safeconduct.programs.wording import N_, say

QUESTIONS: Final[dict[str, str]] = {
    "account": N_("Number of the Signal account, with its +"),
    "address": N_("Address of the mailbox"),
    "app_secret": N_("App secret, from Meta’s page of the app"),
    "ari_port": N_("Port of Asterisk’s ARI on this machine"),
    "base_url": N_("Address of the programming interface"),
    "brought_from": N_("Folder of an account that exists already, or - for none"),
    "called_by": N_("Secret word that the gateway adds when it calls the line"),
    "fades_after": N_("Seconds after which messages disappear at the person"),
    "fingerprint": N_("SHA-256 of the server’s certificate, or - for the usual check"),
    "imap": N_("Server and port for reading mail (IMAP over TLS); for Delta Chat may be -"),
    "java_home": N_("Folder of the Java that runs signal-cli"),
    "languages": N_("Languages that callers can choose, with spaces between"),
    "modules_folder": N_("Folder of Asterisk’s modules"),
    "number": N_("Number that people write to"),
    "own_folder": N_("Folder for Asterisk’s configuration"),
    "password": N_("Password of the account"),
    "phone_number_id": N_("Phone number id, from Meta’s page of the app"),
    "port": N_("Port on which the line listens on this machine"),
    "program": N_("Folder of signal-cli"),
    "prompts_folder": N_("Folder for the spoken texts"),
    "run_folder": N_("Folder in memory for Asterisk’s own files"),
    "sendsms_url": N_("Address of Kannel’s sendsms"),
    "server": N_("Address of the server"),
    "sip_address": N_("Address on which Asterisk takes calls"),
    "sip_outside": N_("Address under which telephones outside reach it, or - for the same"),
    "smtp": N_("Server and port for sending mail (SMTP over TLS); for Delta Chat may be -"),
    "status_password": N_("Password of Kannel’s status page, or - for none"),
    "status_url": N_("Address of Kannel’s status page"),
    "subject": N_("Subject of the mails that go out"),
    "telephones": N_(
        "Telephones of those on duty, as NAME:WAY with spaces between (NAME: small Latin letters, "
        "digits and -, for example anna-1)"
    ),
    "token": N_("Access token"),
    "trunk_addresses": N_("Addresses from which the telephone company’s calls come"),
    "trunk_host": N_("Server of the telephone company"),
    "trunk_number": N_("Your number at the provider, told to it alone when the hotline calls back"),
    "trunk_password": N_("Password at the telephone company, 12 signs or more, or - for none"),
    "trunk_transport": N_("Way to the telephone company: udp, tcp or tls"),
    "trunk_user": N_("User name at the telephone company, or - for none"),
    "user": N_("User name"),
    "username": N_("User name at the gateway"),
    "verify_token": N_("Verify token that Meta sends once"),
    "vouches": N_("Name under which our mail server vouches for senders, or - for none"),
}
FIRST_LANGUAGE: Final = N_("Language of the first text where the person’s is not known")
NEEDED: Final = N_("{question} ({name}): ")
UNLESS: Final = N_("{question} ({name}) [{unless}]: ")
AS_BEFORE: Final = N_("as before")
CANNOT_STAND: Final = N_(
    "This cannot stand in Asterisk’s settings: {question}.  Use Latin letters, digits and "
    ". : / @ - alone."
)
MISFITS: Final[dict[str, str]] = {
    "url": N_("This is no address: it begins with https:// and names a server."),
    "server": N_("This is no server with its port: type both, as mail.example.org:993"),
    "port": N_("This is no port: type a number from 1 to 65535."),
    "number": N_("This is no number: type + and digits alone, without gaps."),
    "seconds": N_("This is no number of seconds: type digits alone, 0 for never."),
    "mailbox": N_("This is no address of a mailbox: type it as name@example.org"),
    "user": N_("This is no user’s name: type it as @name:server"),
    "fingerprint": N_("This is no SHA-256: it has 64 signs, 0 to 9 and A to F."),
    "folder": N_("There is no such folder on this machine."),
    "java": N_("There is no bin/java in this folder.  Install Java 21, and name its folder."),
    "signal_cli": N_(
        "There are no jars of signal-cli in this folder: name the one in which bin and lib lie."
    ),
}
"""By the form of a setting (`kinds/forms.py`): what is said before it is asked for again."""
CODES: Final[dict[str, str]] = {
    "unreachable": N_("the channel’s server or the office’s does not answer; it is tried again"),
    "refused": N_(
        "the channel does not take the account or a setting: compare them (safeconduct line set "
        "FOLDER)"
    ),
    "account_refused": N_("the server does not take this account: compare user and password"),
    "not_let_in": N_("the mail server does not take this account: compare address and password"),
    "wrong_certificate": N_("the mail server shows another certificate: find out why"),
    "bad_server": N_(
        "a server must be told as host:port, a port as a number: safeconduct line set FOLDER"
    ),
    "core_refuses": N_(
        "Delta Chat’s core gets no way in: see whether the mail server answers, then compare the "
        "settings"
    ),
    "no_program": N_(
        "the channel’s program, or the Java under it, is not where the settings say: install it, "
        "or safeconduct line set FOLDER"
    ),
    "port_taken": N_(
        "another program listens on this line’s port, or this account may not: end it, or choose "
        "another (safeconduct line set FOLDER)"
    ),
    "defect": N_("a fault of the program; it is tried again.  Tell who makes it"),
    "call_refused": N_("the channel’s program refused; compare the settings, renew the program"),
    "ari_declined": N_("Asterisk refused: safeconduct line phone check FOLDER says why"),
    "cannot_send": N_("something can never go by this channel; the office is told"),
    "expired": N_("an answer had ended before it could go: is this machine’s clock right?"),
    "no_memory_folder": N_("this machine has no folder in memory (/dev/shm)"),
}
"""What a running line prints beside a code; nothing here is of anybody who wrote."""


def words(name: str) -> str:
    """Return how a setting is asked for; its name where no question has it."""
    return say(QUESTIONS[name]) if name in QUESTIONS else name


def question_of(asked: Ask, before: str = "") -> str:
    """Return what a person is asked, with what stands if she types nothing; never a secret."""
    question, name = words(asked.name), asked.name
    unless = say(AS_BEFORE) if before and asked.secret else before or asked.unless
    if unless:
        return say(UNLESS, question=question, name=name, unless=unless)
    return say(NEEDED, question=question, name=name)


def told(code: str) -> str:
    """Return a code with what it asks of a person, where there is something to say."""
    known = CODES.get(code.partition(" ")[0])
    return f"{code}: {say(known)}" if known else code
