# SPDX-License-Identifier: AGPL-3.0-or-later
"""From books of the network to an operation, and from a plan to journeys (spec/planning.md)."""
