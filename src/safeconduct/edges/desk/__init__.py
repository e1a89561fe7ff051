# SPDX-License-Identifier: AGPL-3.0-or-later
"""The helper's desk: a local web app on 127.0.0.1, with the keys, the encrypted store and search.

All reading, searching and writing happens on this device, offline too; it syncs when it can.
"""
