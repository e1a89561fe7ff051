# SPDX-License-Identifier: AGPL-3.0-or-later
"""One errand for one escort or host, made of one row (spec/slips.md)."""
