"""
The points on the way from the lock on a renewal to the store of its token.
"""

from __future__ import annotations

#: it has the lock
LOCKED = "locked"
#: the lock was still its own when it was last asked; a connection is made next
ASKED = "asked"
#: the time that the request may take is not over; the next thing is to send the refresh token
SENDING = "sending"
#: the request is sent, and was not answered yet
SENT = "sent"
#: the answer is there, and not stored
ANSWERED = "answered"
#: the answer is stored, and the lock still held
STORED = "stored"

ALL = (LOCKED, ASKED, SENDING, SENT, ANSWERED, STORED)
