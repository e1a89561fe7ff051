# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is to be heard of by when, and what is wrong where they are not (spec/check-ins.md)."""
