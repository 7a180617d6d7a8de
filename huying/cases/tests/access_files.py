"""Who may send files: everybody, for residents report without an account. Here nothing is sent, which is refused."""

from huying.testing.access import BAD, Row, everybody

ROWS = {"cases:upload": Row(everybody(BAD), method="post")}
