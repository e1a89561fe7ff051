# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an enemy could seize of a rehearsal office, and the search of it (`safeconduct drill`).

Here are the office with marker words in every field, the search, each seizure, and what the
documents admit; the browser's part needs browsers that are driven, and is in `tests/drill`.
"""
