"""Stand-in receivers of DDEX batches: an inbox each, and the same behind SFTP.

    <sandbox>/ddex/spotify/20261126120000000/036000291452/…      what is delivered
    <sandbox>/ddex/spotify/acknowledgements/ACK_….xml            what the receiver says of it
    <sandbox>/ddex/spotify/reports/036000291452.txt              how often it was heard, as a number

Orders to `spotify`, `ddex` or `ddex_43` that count: `reject` (reasons like `ResourceCorrupt: it crackles`),
`delay`, `silence` (no acknowledgement), and the `fault`s with the calls `malformed` (its body instead of an
acknowledgement) and `twice` (it is written again, and again with the contrary).

Written after kb.ddex.net (ERN choreography for SFTP, batches) and ddex.net's data dictionary.
"""

from aimusicverse.sandbox.ddex.inbox import advance, inbox, releases

__all__ = ["advance", "inbox", "releases"]
