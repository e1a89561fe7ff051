# SPDX-License-Identifier: AGPL-3.0-or-later
"""Examples of what messengers' programs and servers say (docs/spec/lines.md 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from safeconduct.edges.lines.kinds.sms import parse_sms
from safeconduct.edges.lines.pipe import parse_answer
from safeconduct.edges.lines.reading.signal import (
    parse_accounts,
    parse_changes,
    parse_received,
    parse_results,
    parse_version,
)
from safeconduct.edges.lines.reading.telegram import parse_updates
from safeconduct.edges.lines.reading.whatsapp import parse_call

UPDATES: Final = (
    b'{"ok":true,"result":[{"update_id":7,"message":{"message_id":1,"date":0,"chat":{"id":77,'
    b'"type":"private"},"from":{"id":77,"language_code":"ru"},"text":"help","document":'
    b'{"file_id":"f","file_size":3,"mime_type":"text/plain"},"location":{"latitude":1.5}}}]}'
)
CALL: Final = (
    b'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages",'
    b'"value":{"metadata":{"phone_number_id":"5550"},"messages":[{"from":"15550100","id":"wamid.1",'
    b'"timestamp":"1","type":"text","text":{"body":"help"}},{"from":"15550100","id":"wamid.2",'
    b'"type":"image","image":{"id":"9","mime_type":"image/jpeg","caption":"here"}},'
    b'{"from":"15550100","id":"wamid.3","type":"location","location":{"latitude":1}}]}}]}]}'
)
RECEIVED: Final = (
    b'[{"envelope":{"source":"00000000-0000-4000-8000-000000000001","sourceNumber":null,'
    b'"sourceUuid":"00000000-0000-4000-8000-000000000001","timestamp":1,"dataMessage":'
    b'{"timestamp":1,"message":"help","expiresInSeconds":0,"attachments":[{"id":"a.jpg",'
    b'"contentType":"image/jpeg"}],"sticker":{"packId":"x"},"groupInfo":{"groupId":"g"}}},'
    b'"account":"+15550199"},{"envelope":{"sourceUuid":"00000000-0000-4000-8000-000000000001"},'
    b'"exception":{"message":"m","type":"UntrustedIdentityException"}},'
    b'{"envelope":{"callMessage":{"offerMessage":{"id":1}}}},'
    b'{"envelope":{"editMessage":{"dataMessage":{"message":"other"}}}}]'
)
KINDS: Final[dict[str, tuple[bytes, Callable[[bytes], object]]]] = {
    "sms": (b"from=%2B15550100&coding=2&text=%04%1F%04%40&time=1&key=2", parse_sms),
    "telegram updates": (UPDATES, parse_updates),
    "whatsapp call": (CALL, lambda data: parse_call(data, "5550")),
    "signal envelopes": (RECEIVED, parse_received),
    "signal version": (b'{"version":"0.14.1"}', parse_version),
    "signal accounts": (b'[{"number":"+15550199","aci":null}]', parse_accounts),
    "signal keys": (b'{"00000000-0000-4000-8000-000000000001":1}', parse_changes),
    "signal results": (b'{"timestamp":1,"results":[{"type":"SUCCESS"}]}', parse_results),
    "line of a child": (b'{"jsonrpc":"2.0","id":1,"result":{"version":"0.14.1"}}', parse_answer),
}
