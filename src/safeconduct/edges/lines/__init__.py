# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telephone and messengers: what comes by them is sealed on arrival (spec/lines.md).

What it is: one process for each channel, which takes what people write or say, seals it to the
intake key, and hands on what lies for them in its own box.
What it refuses to be: an office.  It holds no office key and no access to the log, keeps no list of
who wrote, and writes no content and no number to a disk or a log.
"""
