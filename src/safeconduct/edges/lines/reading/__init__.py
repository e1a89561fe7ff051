# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the programs and servers of messengers say, read leniently: they grow by their own clock."""
