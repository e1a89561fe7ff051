# SPDX-License-Identifier: AGPL-3.0-or-later
"""How `safeconduct line new` asks for each setting of a kind, by the setting's name."""

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
    "imap": N_("Server and port for reading mail (IMAP over TLS)"),
    "java_home": N_("Folder of the Java that runs signal-cli"),
    "languages": N_("Languages that callers can choose, with spaces between"),
    "modules_folder": N_("Folder of Asterisk’s modules"),
    "number": N_("Number that people write to"),
    "own_folder": N_("Folder for Asterisk’s configuration"),
    "password": N_("Password of the account"),
    "phone_number_id": N_("Phone number id, from Meta’s page of the app"),
    "port": N_("Port on which the line listens on this machine"),
    "program": N_("Path of signal-cli"),
    "prompts_folder": N_("Folder for the spoken texts"),
    "run_folder": N_("Folder in memory for Asterisk’s own files"),
    "sendsms_url": N_("Address of Kannel’s sendsms"),
    "server": N_("Address of the server"),
    "sip_address": N_("Address on which Asterisk takes calls"),
    "sip_outside": N_("Address under which telephones outside reach it, or - for the same"),
    "smtp": N_("Server and port for sending mail (SMTP over TLS)"),
    "status_password": N_("Password of Kannel’s status page, or - for none"),
    "status_url": N_("Address of Kannel’s status page"),
    "subject": N_("Subject of the mails that go out"),
    "telephones": N_("Telephones of those on duty, as NAME:WAY with spaces between"),
    "token": N_("Access token"),
    "trunk_addresses": N_("Addresses from which the telephone company’s calls come"),
    "trunk_host": N_("Server of the telephone company"),
    "trunk_number": N_("Your number at the provider, told to it alone when the hotline calls back"),
    "trunk_password": N_("Password at the telephone company, or - for none"),
    "trunk_transport": N_("Way to the telephone company: udp, tcp or tls"),
    "trunk_user": N_("User name at the telephone company, or - for none"),
    "user": N_("User name"),
    "username": N_("User name at the gateway"),
    "verify_token": N_("Verify token that Meta sends once"),
}
FIRST_LANGUAGE: Final = N_("Language of the first text where the person’s is not known")
UNLESS: Final = N_("{question} [{unless}]: ")


def question_of(asked: Ask) -> str:
    """Return what a person is asked, with what stands if she types nothing."""
    question = say(QUESTIONS[asked.name]) if asked.name in QUESTIONS else asked.name
    if asked.unless:
        return say(UNLESS, question=question, unless=asked.unless)
    return f"{question}: "
