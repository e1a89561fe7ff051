# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay keeps sealed frames and can open none (docs/spec/relay.md).

`store` is the whole relay without HTTP: `RelayStore` opens one SQLite file, `RelayStore.public`
and `RelayStore.desk` are its two doors, and every call blocks until what it says is durable.
`web` puts the doors on HTTP; `backup` copies a running relay.
It refuses to be clever: it checks tokens, sizes and work, never content.
"""
