# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which parts of Asterisk the hotline needs, and which must never be loaded.

Both lists are read twice: by what writes `modules.conf`, and by the check of a running Asterisk.
"""

from __future__ import annotations

from typing import Final

PRELOADED: Final = (
    "res_http_websocket",
    "res_timing_timerfd",
    "res_pjproject",
    "res_sorcery_config",
    "res_sorcery_memory",
    "res_sorcery_astdb",
)
"""Loaded before all others, in this order; `asterisk/modules.conf` names them itself."""

LOADED: Final = (
    "pbx_config",
    "func_callerid",
    "func_channel",
    "func_frame_drop",
    # Low for who cannot speak.
    "func_volume",
    "codec_ulaw",
    "codec_alaw",
    "codec_a_mu",
    "codec_g722",
    "codec_resample",
    "format_pcm",
    "format_sln",
    "format_wav",
    "res_musiconhold",
    "res_rtp_asterisk",
    "res_srtp",
    "res_pjsip",
    "res_pjsip_session",
    "res_pjsip_sdp_rtp",
    "res_pjsip_dtmf_info",
    "res_pjsip_rfc3326",
    # Who is called back is shown no number: that stands in a header of ours.
    "res_pjsip_header_funcs",
    "res_pjsip_endpoint_identifier_ip",
    "res_pjsip_endpoint_identifier_user",
    "res_pjsip_authenticator_digest",
    "res_pjsip_registrar",
    "res_pjsip_outbound_registration",
    "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_nat",
    "res_pjsip_acl",
    # chan_pjsip asks for it.
    "res_pjsip_pubsub",
    "res_pjsip_transport_websocket",
    # What operators in the browser are told of a call.
    "res_pjsip_messaging",
    "chan_pjsip",
    "bridge_simple",
    "bridge_softmix",
    "bridge_holding",
    "chan_bridge_media",
    "res_audiosocket",
    "chan_audiosocket",
    # chan_websocket, which the websocket client belongs to, is what channels of ARI ask for.
    "res_websocket_client",
    "chan_websocket",
    "res_stasis",
    "res_stasis_answer",
    # Needed by symbol alone (playback, channels): the spool is made unwritable instead.
    "res_stasis_recording",
    "res_stasis_playback",
    "res_stasis_device_state",
    "res_stasis_snoop",
    "app_stasis",
    "app_dial",
    "app_playback",
    "res_ari",
    "res_ari_model",
    "res_ari_applications",
    "res_ari_asterisk",
    "res_ari_bridges",
    "res_ari_channels",
    "res_ari_device_states",
    "res_ari_endpoints",
    "res_ari_events",
    "res_ari_playbacks",
    "res_ari_sounds",
)
"""What `modules.conf` loads, in this order."""

FORBIDDEN: Final = (
    "app_cdr",
    "app_chanspy",
    "app_dictate",
    "app_forkcdr",
    "app_minivm",
    "app_mixmonitor",
    "app_record",
    "app_voicemail",
    "app_voicemail_imap",
    "app_voicemail_odbc",
    # Hands packets on unseen: a key that is pressed in a talk is lost, duress among them.
    "bridge_native_rtp",
    "res_ari_recordings",
    "res_hep",
    "res_hep_pjsip",
    "res_hep_rtcp",
    "res_monitor",
    # Writes who calls into the log.
    "res_pjsip_history",
    "res_pjsip_logger",
    "res_security_log",
)
"""Never to be loaded; whatever begins with one of `FORBIDDEN_BEGINNINGS` neither."""

FORBIDDEN_BEGINNINGS: Final = ("cdr_", "cel_")


def is_forbidden(name: str) -> bool:
    """Tell whether a module, named without its ending, would keep or tell what calls are."""
    return name in FORBIDDEN or name.startswith(FORBIDDEN_BEGINNINGS)
