# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an office had before: a mailbox, a messenger's export, a sheet, brought in as conversations.

`mails`, `telegram`, `whatsapp` and `sheets` read one kind of file each into `found.Found`, one item
at a time; `sources` finds out which; `imap` reads a mailbox where it lies.  `imports` plans and
reports, `bringing` writes (docs/spec/import.md).  Everything here is a stranger's bytes: each size
is bounded, one item that cannot be read is one line of the report, and nothing is ever written
beside the store.
"""
