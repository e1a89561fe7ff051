# SPDX-License-Identifier: AGPL-3.0-or-later
"""The world: the only floor that reads clocks, draws randomness, and touches disk and network.

Edges are thin and do not import one another.
"""
