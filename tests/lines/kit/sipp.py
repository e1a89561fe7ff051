# SPDX-License-Identifier: AGPL-3.0-or-later
"""SIPp's scenarios: who calls the hotline through the trunk, and what operators' telephones do.

Real RTP and real keys (RFC 4733), without encryption: what is encrypted is shown by softphone and
browser.  Sound to send is raw a-law, as `speech` makes it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KEYS: Final = Path("/usr/share/sip-tester")
PRESS_MS: Final = 400
CALLER: Final = "+15550100199"
"""Nobody's number, by which the search for markers knows a leak."""
_HEAD: Final = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="{name}">\n'
_TAIL: Final = "</scenario>\n"


@dataclass(frozen=True)
class Wait:
    """Say nothing for a while."""

    ms: int


@dataclass(frozen=True)
class Key:
    """Press a key."""

    key: str


@dataclass(frozen=True)
class Say:
    """Send this sound, again from its beginning if it is shorter, and then silence."""

    sound: Path
    ms: int


@dataclass(frozen=True)
class Keys:
    """Press several keys, of which any may follow any: written to a recording of its own."""

    keys: str
    recording: Path


@dataclass(frozen=True)
class Speak:
    """Send this sound again and again, while what follows goes on."""

    sound: Path


@dataclass(frozen=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True)
class UntilHungUp:
    """Wait until the other side ends the call, at most so long."""

    ms: int = 600_000


Step = Wait | Speak | Key | Keys | Say | HangUp | UntilHungUp


@dataclass(frozen=True)
class Telephone:
    """What an operator's telephone does when it rings.

    It answers after `answers_ms`, or never; it ends the talk after `talks_ms`, or the caller does.
    """

    answers_ms: int | None = 500
    talks_ms: int | None = None
    busy: bool = False
    times: int | None = None
    """How often it is rung before it is done; without end if None."""


def caller(steps: Sequence[Step], number: str = CALLER) -> str:
    """Return the scenario of somebody who calls and then does these things."""
    return (
        _HEAD.format(name="caller")
        + _INVITE.replace("NUMBER", number)
        + "".join(_step(step, number) for step in steps)
        + _TAIL
    )


def turned_away(number: str) -> str:
    """Return the scenario of somebody who calls under a name and is not let in."""
    head, _, rest = _INVITE.partition('<recv response="100"')
    refused = '<recv response="100" optional="true"/>\n<recv response="401"/>\n'
    last = rest[rest.index("<send>") :]
    return _HEAD.format(name="stranger") + (head + refused + last).replace("NUMBER", number) + _TAIL


def operator(telephone: Telephone) -> str:
    """Return the scenario of a telephone that is rung, once or many times."""
    rung = _HEAD.format(name="operator") + _RUNG + _reply("100 Trying", tag=False)
    if telephone.busy:
        return rung + _reply("486 Busy Here") + _ACK + _TAIL
    rung += _reply("180 Ringing")
    if telephone.answers_ms is None:
        return rung + '<recv request="CANCEL"/>\n' + _CALLED_OFF + _TAIL
    patience = f'<recv request="CANCEL" timeout="{telephone.answers_ms}" ontimeout="1"/>\n'
    called_off = _CALLED_OFF.replace(_ACK, _ACK.replace("/>", ' next="2"/>'))
    return rung + patience + called_off + _talk(telephone.talks_ms) + _END + _TAIL


def _talk(talks_ms: int | None) -> str:
    answered = '<label id="1"/>\n' + _reply("200 OK", _SDP) + _ACK
    if talks_ms is None:
        return answered + '<recv request="BYE"/>\n' + _reply("200 OK", tag=False)
    ended = f'<recv request="BYE" timeout="{talks_ms}" ontimeout="3"/>\n'
    hangs_up = '<label id="3"/>\n' + _GOODBYE + '<recv response="200"/>\n'
    return answered + ended + _reply("200 OK", tag=False, onward="2") + hangs_up


def _step(step: Step, number: str) -> str:
    match step:
        case Wait(ms):
            return f'<pause milliseconds="{ms}"/>\n'
        case Key(key):
            name = {"*": "star", "#": "pound"}.get(key, key)
            sound = f'<exec play_pcap_audio="{KEYS}/dtmf_2833_{name}.pcap"/>'
            return f'<nop><action>{sound}</action></nop>\n<pause milliseconds="600"/>\n'
        case Keys(keys, recording):
            recording.write_bytes(one_after_another(keys))
            sound = f'<exec play_pcap_audio="{recording}"/>'
            pause = len(keys) * PRESS_MS + 1_000
            return f'<nop><action>{sound}</action></nop>\n<pause milliseconds="{pause}"/>\n'
        case Say() | Speak():
            return _sound(step)
        case HangUp():
            return _BYE.replace("NUMBER", number)
        case UntilHungUp(ms):
            return f'<recv request="BYE" timeout="{ms}"/>\n' + _reply("200 OK", tag=False)


def _sound(step: Say | Speak) -> str:
    begins = f'<nop><action><exec rtp_stream="{step.sound},-1,8"/></action></nop>\n'
    if isinstance(step, Speak):
        return begins
    ends = '<nop><action><exec rtp_stream="pause"/></action></nop>\n'
    return f'{begins}<pause milliseconds="{step.ms}"/>\n{ends}'


def _reply(line: str, body: str = "", *, tag: bool = True, onward: str = "") -> str:
    again = ' retrans="500"' if body else ""
    after = f' next="{onward}"' if onward else ""
    mark = ";tag=[pid]O[call_number]" if tag else ""
    kind = "Content-Type: application/sdp\n" if body else ""
    return (
        f"<send{again}{after}><![CDATA[\n\nSIP/2.0 {line}\n"
        f"[last_Via:]\n[last_From:]\n[last_To:]{mark}\n"
        "[last_Call-ID:]\n[last_CSeq:]\nContact: <sip:op@[local_ip]:[local_port]>\n"
        f"{kind}Content-Length: [len]\n\n{body}]]></send>\n"
    )


_INVITE: Final = """<send retrans="500"><![CDATA[

INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "caller" <sip:NUMBER@[local_ip]:[local_port]>;tag=[pid]C[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=u 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rtd="true" rrs="true"/>
<send><![CDATA[

ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "caller" <sip:NUMBER@[local_ip]:[local_port]>;tag=[pid]C[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
_BYE: Final = """<send retrans="500"><![CDATA[

BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "caller" <sip:NUMBER@[local_ip]:[local_port]>;tag=[pid]C[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200" crlf="true"/>
"""
_RUNG: Final = """<recv request="INVITE" rrs="true"><action>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="2"/>
<ereg regexp="sip:[^>]*" search_in="hdr" header="Contact:" assign_to="3"/>
</action></recv>
<Reference variables="1,2,3"/>
"""
_ACK: Final = '<recv request="ACK"/>\n'
_SDP: Final = """v=0
o=o 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
"""
# CANCEL's own 200, then 487 with the number of the INVITE that it called off.
_CALLED_OFF: Final = (
    _reply("200 OK")
    + _reply("487 Request Terminated").replace("[last_CSeq:]", "CSeq: [last_cseq_number] INVITE")
    + _ACK
)
_GOODBYE: Final = """<send retrans="500"><![CDATA[

BYE [$3] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$2];tag=[pid]O[call_number]
To:[$1]
[last_Call-ID:]
CSeq: 100 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
"""
_END: Final = '<label id="2"/>\n<nop/>\n'


def one_after_another(keys: str) -> bytes:
    """Return a recording of RTP in which these keys are pressed, each later than the one before.

    SIPp's own recordings carry the times at which they were made, and a key that seems older than
    the one before it is dropped by Asterisk, as it must be.
    """
    packets: list[bytes] = []
    for at, key in enumerate(keys):
        name = {"*": "star", "#": "pound"}.get(key, key)
        packets += _pressed((KEYS / f"dtmf_2833_{name}.pcap").read_bytes(), at)
    return _PCAP + b"".join(packets)


def _pressed(recording: bytes, at: int) -> list[bytes]:
    packets: list[bytes] = []
    place = len(_PCAP)
    while place < len(recording):
        size = struct.unpack_from("<I", recording, place + 8)[0]
        frame = bytearray(recording[place + 16 : place + 16 + size])
        n = len(packets)
        struct.pack_into(">HI", frame, _RTP + 2, 1_000 + 50 * at + n, 80_000 + 8 * PRESS_MS * at)
        ms = PRESS_MS * at + 15 * n
        head = struct.pack("<IIII", ms // 1_000, ms % 1_000 * 1_000, size, size)
        packets.append(head + bytes(frame))
        place += 16 + size
    return packets


_PCAP: Final = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
_RTP: Final = 42
"""Behind the heads of Ethernet, IP and UDP."""
