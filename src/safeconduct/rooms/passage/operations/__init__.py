# SPDX-License-Identifier: AGPL-3.0-or-later
"""Operation and plan files of both versions, their faults, rules and score (spec/operation.md)."""
