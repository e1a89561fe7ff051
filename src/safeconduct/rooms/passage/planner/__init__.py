# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who goes when: prices, dispatch, improvement, the whole, planning again (adr/0070)."""
