# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is not Meta calls the door to WhatsApp, to write letters in anybody's name."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from safeconduct.edges.lines.reading.whatsapp import check_signature
from safeconduct.kernel.errors import BadSignature

BODY = b'{"entry":[]}'
SECRET = "app secret, invented"
RIGHT = "sha256=" + hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()


@pytest.mark.attack
def test_a_body_that_meta_did_not_sign_is_refused() -> None:
    check_signature(BODY, RIGHT, SECRET)
    for body, signature in (
        (BODY + b" ", RIGHT),
        (BODY, RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")),
        (BODY, "sha256="),
    ):
        with pytest.raises(BadSignature):
            check_signature(body, signature, SECRET)


def test_a_signature_of_another_form_is_refused() -> None:
    for signature in (
        "",
        RIGHT.removeprefix("sha256="),
        "sha1=" + RIGHT[7:],
        "sha256=é",
        RIGHT[:20],
    ):
        with pytest.raises(BadSignature):
            check_signature(BODY, signature, SECRET)
    with pytest.raises(BadSignature):
        check_signature(BODY, RIGHT, "another secret")
