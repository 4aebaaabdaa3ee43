"""Do the keys fit the database 密钥核对: asked once when a server starts, before it writes a number that nobody could read again."""

from django.conf import settings
from django.db import connection

from openyibao.bureau.enrolment.cipher import Cipher, Unreadable
from openyibao.site.secrets import KeyProblem

NEWEST = "SELECT certno_cipher, certno_index FROM enrolment_person ORDER BY psn_no DESC LIMIT 1"


def check_keys() -> None:
    """Open the newest sealed identity number with the keys of this process. Raises KeyProblem when they are not the ones that sealed it."""
    cipher = Cipher(*settings.CIPHER_KEYS())
    try:
        with connection.cursor() as cursor:
            cursor.execute(NEWEST)
            row = cursor.fetchone()
    finally:
        connection.close()      # this thread asks nothing else
    if row is None:
        return
    try:
        fits = cipher.index(cipher.open(bytes(row[0]))) == bytes(row[1])
    except Unreadable:
        fits = False
    if not fits:
        raise KeyProblem(
            "密钥与数据库不符：打不开库里的证件号码。请恢复当初的 keys 目录，或改正 OPENYIBAO_CIPHER_KEY、OPENYIBAO_INDEX_KEY。",
            "The keys do not fit the database: they do not open its identity numbers. "
            "Restore keys/, or correct OPENYIBAO_CIPHER_KEY and OPENYIBAO_INDEX_KEY.",
        )
