"""The REST API over one database. Never imports the SDK, and is never imported by it."""

import logging

# A server inside somebody's program logs only where that program says so (see log_lines.py).
logging.getLogger("aimusicverse").addHandler(logging.NullHandler())
