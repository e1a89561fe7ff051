# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a party is not moved, who would pay, of what one more would help (spec/why-not.md)."""
