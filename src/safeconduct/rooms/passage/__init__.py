# SPDX-License-Identifier: AGPL-3.0-or-later
"""Beds, legs, papers, risk: who goes when, by which way, to which bed, and on to which country."""
