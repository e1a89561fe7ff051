# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person starts: one module for each subcommand of the command `safeconduct`.

The top floor: it wires edges together and is imported by nothing.
"""
