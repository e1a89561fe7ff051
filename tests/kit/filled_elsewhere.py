# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms that other people's programs filled in and sealed, word for word as their authors keep them.

Test data of public repositories, and of nobody who lives.  The keys are published there to be
tested with, and open nothing else.

| here | repository, file and commit | licence |
|---|---|---|
| `CENTRAL_*` | getodk/central-backend, `test/unit/util/crypto.js` (05395963) and `test/data/priv.pem` (c5126366); sealed by ODK Collect 1.22.4 | Apache-2.0 |
| `BRIEFCASE_*` | getodk/briefcase, `src/test/resources/.../operations/export/encrypted-form-key.pem` and `encrypted-form-submission.xml` (412137fc), `SubmissionMetaDataTest.java`, `exportPanelTest/forms/basic` (553f83de) | Apache-2.0 |
| `KOBO_*` | kobotoolbox/kpi, `kobo/apps/openrosa/apps/logger/fixtures/tutorial/instances/tutorial_with_attachment/*_edit.xml` (658c49f9), `main/tests/fixtures/transportation/view/downloadSubmission.xml` (9fa63b7d), `viewer/tests/fixtures/new_repeats/instances/new_repeats_01.xml` (bb8dcd3e), each shortened | AGPL-3.0 |

The sealed files of briefcase and KoboToolbox are binary and were not to be had; what stands here
of them is what is text.
"""  # noqa: E501  (a table)

from __future__ import annotations

from typing import Final

CENTRAL_PEM: Final = b"""-----BEGIN RSA PRIVATE KEY-----
MIIEpAIBAAKCAQEAyYh7bSui/0xppQ+J3i5xghfao+559Rqg9X0xNbdMEsW35CzY
UfmC8sOzeeUiE4pG7HIEUmiJal+mo70UMDUlywXj9z053n0g6MmtLlUyBw0ZGhEZ
WHsfBxPQixdzY/c5i7sh0dFzWVBZ7UrqBc2qjRFUYxeXqHsAxSPClTH1nW47Mr2h
4juBLC7tBNZA3biZA/XTPt//hAuzv1d6MGiF3vQJXvFTNdfsh6Ckq4KXUsAv+07c
LtON4KjrKhqsVNNGbFssTUHVL4A9N3gsuRGt329LHOKBxQUGEnhMM2MEtvk4kaVQ
rgCqpk1pMU/4HlFtRjOoKdAIuzzxIl56gNdRUQIDAQABAoIBAAh4BcfGp6jWyzG2
f3KovPhcjEGLSfC018K5KhI5y6aWTG34PHblZ01QUAB1UoNDsktJV0knP28K6fPD
hE+qTBZF/xhqqD3jQDjIEND7n4iQUle4FDqVoe4oNQFDUQQIZZCronYwuQotyDmi
hkcMJ3iaG9O2MBdSY+vk3s5qNQoSfqhGwBR64ds5ndORwNCrp55pdM2ZodKpSrJI
dJ/RvWTo/z5Oo9f8VFFWB7SzqL/BYAzFojKiaCbn0i22DgOGds3gWPJUzlSkHevo
NaQClrW5ZoI0gK7qjgO5pj8vj5dx7O1EQzB/H+CmFy7vazZVuEG7ZMUVclPa+FfF
H2kt78kCgYEA76SP+e/r028Maxmf+Hsc8xjYLv/1/vEZni6mcF4c3AimwVm2oRRg
PFfKSWY9YjGL4UvnLVclLs3ALM1Q/8Ppv8dOGe6mNOsvn3E77R5Ljp0frCYDeggB
6qZFlvQbgq5wSMdarnnRaZCLklcHVpTj2ieoVOjkne1i886VP1x3kdcCgYEA10oB
ARHTpP2x7vBFTkuC5R9ByAdJPhVaEYPBr6D+xOt1nB33YcJDym51ByuscH1noxNE
09Bf1/rt2S1b03XpH55AToqxIVc8fE7eOCXQd1oY8Pzpi2ro/jVirP1MdI3g1pTT
DNiv3sJJMsiQ79QT6Q+0LddNQuXmPcUOR8GHoRcCgYEA3XGj2cHqmaa0QwOa33Jk
ff8nRccg+kSw94sEIjHVWT5lWaYdLRw3EYvOUaU4c9R0/eu15B/zLBzUyJGxl6bi
CWWStkPhMmVhzGRGjAbCqzZmXh2CePGNU9fx1lwcT9YBzD7rfO70pCf90Wy6Szeq
lZyv4EaVe5oxJjpvj+1SUGECgYAOy681+5uoAydvXGPm9ZmRVYyXyqhl8+G0wnFV
OKNJtUTn7cdKmKdACkdQrtezA2tT8ccRJ4jutvgRrORarAfRfHa+7xktSWmGwYTU
JwUkrrR4G2mRg09v6QtXCDFw8S86kA/RGjM8A+4z50TOtqyHn+SqIdnVdydTp29L
zykbEQKBgQC1FcRKIRkn6IEAHaI0QQl793vxgo/g3oJoRXLptNy63eBygd0x+qY3
TD8cBMLaJs5DMC5zNGW8YQXtaADMbp0jV6aD/7Qer/SaXk187bGhF5KfSCqjj1yx
uR0+sgNnVaENMkxsyrVlUXuMivNdPAob6dtspaiEGyseFa/N8RinIg==
-----END RSA PRIVATE KEY-----
"""
CENTRAL_KEY: Final = (
    "iyEB1LAlvVE8uaW0HuhLhzwcLceIukqfgusDNdDEE2FFxVtUtSI3FiOuNxhgI/Zbgnaabh/vqeZ3yLXwv0f66pAb"
    "N0n8kM9f84VJR18fdUp6doOz7o8IQD7gc3ZfbRXweab/NxnahfYa9ij0Kax1LTKS05Oodk2MewkzwfBhdbf/CfiB"
    "P1HSskDio40jdW5f04GkqZsFCPUluF2DfMnwYCo0wdwf2m8o+lSNR+vrFeEYG7LtGE4X90pVrQnJHwFWHGjSwJpg"
    "/USn5skBioDKUCv/Dva9xJ+JXUz+QSg6LOuP+SDxsrmf36WKrnE8kWfN4oaBdmIwFSStkLH9foNXUw=="
)
CENTRAL_SEALED: Final = (
    "kMhJdk0mZOqvlxndUO3v4+UPvfYoc+bbkPmF3QmhoP7lP/QjHbzqw/IfZxQ54D328eCc4V6jtbrjeAXV+m1cWsCG"
    "GLW5KwTAxBjPBXzsZrUeY0RISVJ1g9BJoXfSRAjYMrFYOM907BFUIYYxMqpVWGy1lo8ljqY+Sgq1VphkQk/TQGgO"
    "VYFALHDLOYnLKuLHvwBLQQwK3lje8CwNlf/b2rY9qfGC4P1emoiP+YzkLp8eH6x/HfMvRIFoZEaom1i5s3SU4WVw"
    "e2Tno4jKD69ojMlQN6VKB7DK4xaRSs2C7zfDm63n1WCyyOAj8mASIFhb3sc3hD56HTJFUV/TH3UVlzP7oPm/Mm7n"
    "EcU3+HdSSwm3I1qFYhsXfVRym41IlbC4Twf660/kUZrugA7Zqd5K9Un3lOVTzYowaF+m5OIOO56wff3zPBxeOVjA"
    "NDKR7V6/"
)
CENTRAL_INSTANCE: Final = "uuid:99b303d9-6494-477b-a30d-d8aae8867335"
CENTRAL_MANIFEST: Final = (
    '<data xmlns="http://opendatakit.org/submissions" encrypted="yes" id="encrypted" '
    f'version="working3"><base64EncryptedKey>{CENTRAL_KEY}</base64EncryptedKey>'
    f'<n0:meta xmlns:n0="http://openrosa.org/xforms"><n0:instanceID>{CENTRAL_INSTANCE}'
    "</n0:instanceID></n0:meta><media><file>1561432532482.jpg.enc</file></media>"
    "<encryptedXmlFile>submission.xml.enc</encryptedXmlFile></data>"
)
"""Put together here, since the repository keeps its parts alone."""
CENTRAL_PLAIN: Final = (
    '<?xml version=\'1.0\' ?><data id="encrypted" version="working3" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><meta><instanceID>uuid:99b303d9-6494-477b-a30d-'
    "d8aae8867335</instanceID></meta><name>bob</name><age>30</age><file>1561432532482.jpg</file>"
    "</data>"
)

BRIEFCASE_PEM: Final = b"""-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEA8RDcKKUNIAkKrPRd4tOls8X0ZpwYwuofVEER56BRwWIlSnPp
rE8p9EHbyL2/i6RLlX0Fk9ntdu/t42/jpf7hvf8srsgGk0bV1g22mvYDbk9pRdsh
faLmLEagDqmVZA4byXGjxlgR9MXKRZHd2CNv7swR9ZNyHN8GMo+rqC/bsXL5lCxf
VFmCbZo8AsemaE8wqQfkH5QHMFCHFbjmaUl+lnVpHa0jo31D7VOnT66tG8S/DjOT
PxVZCYF5O9qTttsnvBEAijbU5PF/afHwHbfCj3/a9cQApAfT0BxG6GJyMhrlANkK
6E5kWGart/wOgcybvE4El7ZzQT117OwxuZ3XZQIDAQABAoIBAGcMTQB25bBvDQg4
AbZHwQqjMUF3ssIHcNMEadH431nqSYSVHiuRP57xVDFwo2PfHIxPgEXen7r6/1b8
6nR4Cym73e7tBJqKajhxbkC5r2fFPHwnGx7otrnwitUZuwmlWk13bYoI9cwLjNbG
bu3I4D1VMMwodlxPHggZEEj6BFDKv+HPI6Bfub73mW9UVCN8Qiu57/7VyFRltoXc
O3cIHmivF1mnL8WQStb2tdqg2k4NACrESLpFVLVr/RNsuCzDnuL8/j3QI4L/8d55
S8hIvOCbhhLTrLPRL7jAtEUwd8vrAa6px5htSGHlIAHzkDPewMzrZcfQhyia2U6V
tSMW3mECgYEA/j6ncM8tUJGJn/kYuhDIqTpw39z8VoArdmobBB/PSEPVnFy/J/WU
M1VBrEPTCAmTAUgRdfkFUFdiQF1QaxuG2vGtXw8FNE4Y55LSDJf04KCFgWnyma7Y
NRCmmKWorv16T7vQ3D8/UYR9ZAtyykJeG/afCzpmq2DbaZYG40CfEE0CgYEA8rrp
9QDjZpH4nAwwcxU1KvJiwALBu4F6ETH0xhpnBLlEMQIwI1l5nVNPqd7m4pa10cUb
DinfGbHVEnoY2f9h+To9KsDit9ERqTCCtqZaA4ouu0OqvBByEQJv4xQ77HzDnyab
guISXW2werMcPXtSfohNT27ajNNl3AqVoES1L3kCgYEA7S7gIAJ24MnVHVNR+Qr9
V7p4YK+VDNFnOoIEEBXo1x7JYaS4g/u7NSRdLurbLY1ZAgIMoAUfKvNKaodjJXi5
lvmNZrfpgAE3hJnYsPz16rR1t+Rx+WM+ukp9ULyCoDVCbK3nTAEI/fBe1f1EKmI9
z1KEzwG9lDW4m0jlxg2cFqUCgYBTMkvEhVRsMLY0zlzA5VD+8mt0gr1ihoOPZz8N
s7kBvnqoDabwRtfPW+HfSJ58pcmWJ+gZF7L3fKOanKzt84HiSdrzT3+mH4vdINp8
vlH2CqPv3cakhUKDoAE3pRTQ/waSA0qkNtaynUkzFTclv6JL6m4NPuK8CC1OmXYl
o8cyiQKBgFwwxboWo898Yu2K/VX5EpL0mYpecadguS4a5/jhhkAl5rNYUyHPVCWO
Vbn7KFP6fK0BZT8Fyx0dCtpb7c10IqSRnvvErdwnaC3wZtsmg5p9/i24xjG2Euy4
DQuX/pxf/oWiXVujOekqXovFH4boeeKXhnjDSy0UiR05Ce5t/ciS
-----END RSA PRIVATE KEY-----
"""
BRIEFCASE_KEY: Final = (
    "Fh1NiIx1QuRBxbuwk7OvCnFDtqMA0bwtsu0R0Y2bDBkSBZ7K/rKD5vFDSh/b42N/eMHEMyvOe2tatla0BHd8vY6F"
    "4/xM8vyLPLs76KnZr+dDiipFKRo9uyT0QPYF14TSg4u9pH5r7bv0AWK/tmTORLhFKwuDKdLbykhkSnU/hDSzVKFP"
    "ZWVe7HloJARx4FwYf14DBc3cqKvukWBwtiea8REcpidwDr6fx5s40kQRUhhL114FOxNVHd2XfjC492NiYcSMZYLX"
    "bVHj2ftmv3TzDuq0yEkwMQkUMWwFCfMwA5wPCk2QeXPeElSEU86VR1y1jFPakW+v9hFdekRZh1/7Ew=="
)
BRIEFCASE_SIGNATURE: Final = (
    "y6C9wWP29L3xHtVYC4dt8pGrP4DkzzGmzhvdZ/XcMLtxWsNGPKUlZJi8BlNV4yQ54iN1w+l+18EGMWZlo+PanODZ"
    "UhowThV4BicTdNZ4inF/WxDZSWEKudcFybHmhEf+BZ7eqF/XfpnL/YsiZNBePO/ght2yTk81ZtT7brDsz0g9ss8E"
    "QyLH5UeQ0qJyXAkP1PNt8dF7NE9vfD43JDE1fghV/nvqTtK/fBsS7JUio87p/tnoLipFx11LvY3rKao912qdmQDI"
    "tbrQfpd3DXI1HeXQ7bHsz1P/VekFHstvRpH+8eWUSVXIYHDMb1uNLklyVUKQgbeQQ8Dvp+5kQ4DfSQ=="
)
BRIEFCASE_MEDIA_KEY: Final = (
    "LQfGcwk6x/+O3BwXHWGROcQr/TeNmA3vHIwB6QA1ezFD9x+83nJHXQYobPSAqy268TtDZr4nQoNHlogpS9KNT3C3"
    "zRbMojJEBtCNT8oWFsj0/mJPhqi4gbJlIyCbGCh+VQXVXl9svJHnQrgqkd3XI+Mpfqpwbkf2mfgUl1Im9CHn1RnH"
    "h61YxqY0NYvq8q07R/9TvhOk7o8HFWuGTVTYsiay9fnr01Pcc86qGFWHTrDakyNmduoxS2CUrpqMq058rWYaGrFt"
    "286xmqFGI/98rOlDowZsJtY/Y/NengykH4+bL+8ZudeQHiY7wq5Ze4VRcMymK4kERXdNmXAZ84uCiQ=="
)
BRIEFCASE_MEDIA_SIGNATURE: Final = (
    "5AeMxU8Gr5BGcmCiVec0xfYZ+MPLZoMrsgAZ0DPDNPi5J12L4eHyaRx2oQxNtTgIUePmVu87PTaYrLivM+CUyIQI"
    "L6HwQWCjtD+WnmQ5JYBwHZRl6YvRD49vW/UD3Qw1cYeQGpAXbDdia/AEQZvtUhL6FSnQ+F95H11JsBEm6hQqscX5"
    "mx60h/n2qhSzSJWbivPjrTfaNL3aYwjHvvIQ/JHTFp7VEV52bUTbtHwBPIZZZZU3Qam1E2wBFFqWchF3qVAMmKJ+"
    "wzZZcYqk4AIelRP04gim/rQuF2Y8kyjJMW8HKrXwwZjPgmeiaIiDbWoQhgfhw2n8Qt2OTwSSi8b6ew=="
)
BRIEFCASE_MEDIA: Final = f"""<data id="encrypted-form-media" encrypted="yes" \
instanceID="uuid:482e83f3-fae6-43ba-a6e9-e438ffe348e3" submissionDate="2018-09-27T09:20:53.764Z" \
isComplete="true" markedAsCompleteDate="2018-09-27T09:20:53.764Z" \
xmlns="http://opendatakit.org/submissions">
  <base64EncryptedKey>{BRIEFCASE_MEDIA_KEY}</base64EncryptedKey>
  <n0:meta xmlns:n0="http://openrosa.org/xforms">
    <n0:instanceID>uuid:482e83f3-fae6-43ba-a6e9-e438ffe348e3</n0:instanceID>
  </n0:meta>
  <media>
    <file>1538040007350.jpg.enc</file>
  </media>
  <media>
    <file>1538040019351.jpg.enc</file>
  </media>
  <encryptedXmlFile>submission.xml.enc</encryptedXmlFile>
  <base64EncryptedElementSignature>{BRIEFCASE_MEDIA_SIGNATURE}</base64EncryptedElementSignature>
</data>"""
BRIEFCASE_PULLED: Final = """<basic id="basic" \
instanceID="uuid:0c82bdd9-159b-4df5-95ee-75b13925c524" submissionDate="2017-07-20T03:22:08.670Z" \
isComplete="true" markedAsCompleteDate="2017-07-20T03:22:08.670Z" \
xmlns="http://opendatakit.org/submissions"><test>yes</test><n0:meta \
xmlns:n0="http://openrosa.org/xforms"><n0:instanceID>uuid:0c82bdd9-159b-4df5-95ee-75b13925c524\
</n0:instanceID></n0:meta></basic>"""

KOBO_EDITED: Final = """<?xml version='1.0' ?>
<tutorial id="tutorial">
  <name>Larry
        Again
  </name><!-- newline to make sure we can handle it -->
  <age>23</age>
  <picture>1335783522563.jpg</picture>
  <meta>
    <instanceID>uuid:031c585a-88b7-4962-a566-849a7dd15891</instanceID>
    <deprecatedID>uuid:729f173c688e482486a48661700455ff</deprecatedID>
  </meta>
  <formhub>
    <uuid>c2f940a2f1e8490d8d3c3030452ed401</uuid>
  </formhub>
</tutorial>
"""
KOBO_DOWNLOADED: Final = """<?xml version='1.0' encoding='UTF-8' ?>
<submission xmlns="http://opendatakit.org/submissions" xmlns:orx="http://openrosa.org/xforms">
    <data>
        <transportation id="transportation_2011_07_25" \
instanceID="uuid:5b2cc313-fc09-437e-8149-fcd32f695d41" submissionDate="{{submissionDate}}">\
<transport><loop_over_transport_types_frequency><ambulance/><bicycle/>\
</loop_over_transport_types_frequency></transport><meta><instanceID>uuid:5b2cc313-fc09-437e-8149-\
fcd32f695d41</instanceID></meta></transportation>
    </data>
    <mediaFile>
        <filename>1335783522563.jpg</filename>
        <hash>md5:2ca0d22073a9b6b4ebe51368b08da60c</hash>
    </mediaFile>
</submission>
"""
KOBO_OF_NO_ID: Final = """<?xml version='1.0' ?>
<new_repeats id="new_repeats">
<info>
  <name>Adam</name>
  <age>80</age>
</info>
<web_browsers>chrome ie</web_browsers>
</new_repeats>
"""
