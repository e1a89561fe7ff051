# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desk's engine: what keeps a desk in step with its relay, and its journal with itself.

`journal` reads frames into facts and writes our own; `sync` pulls, `post` sends, `intake` records
what people wrote, `loops` runs them.  `cold` is the quick way for many frames at once.
"""
