# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names of places in several scripts, and the drawing of roads (spec/places.md)."""
