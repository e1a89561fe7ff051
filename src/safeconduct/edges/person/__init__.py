# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person's device does at the relay, for those who do it in her place (docs/adr/0090).

What it is: the relay's public calls, a letter sealed and stored, its files, and her box read and
opened (spec/mailbox.md).  Counter and lines are the two edges that use it, and no other may.
What it refuses to be: a place that keeps anything, or a second way for desks.

    device = Device(At(office, pin, relay))
    device.post(letter)
"""
