# SPDX-License-Identifier: AGPL-3.0-or-later
"""A clean copy of a stranger's file, to look at: made in a sandbox, of pixels and letters alone.

`sandbox` starts a process that may touch nothing; in it `convert` decodes the file and gives
bare pixels, plain text, and what the file says of itself (docs/spec/clean-copies.md).  `copied`
reads that strictly, `png` writes the pixels as a picture and `paged` as the pages of a document;
`clean_copy` is what pages ask, and `copied_file` makes of a copy a file that can be given on.

Only `pictures`, `marks` and `pdfs` load a decoder, and only within the sandbox.  Nothing of a
copy is kept: not here, and not on the disk.
"""
