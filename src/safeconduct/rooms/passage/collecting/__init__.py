# SPDX-License-Identifier: AGPL-3.0-or-later
"""The last mile: which car collects whom where and when, on one evening (adr/0084)."""
