# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who a house, person, vehicle or phone in other hands could reveal, and what follows."""
