"""Keys are drawn once, and one that is lost or wrong is never replaced in silence."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection

from openyibao.bureau.enrolment.cipher import Cipher
from openyibao.site import keys, secrets
from openyibao.site.secrets import KeyProblem


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A new home, and no key in the environment."""
    monkeypatch.setenv("OPENYIBAO_HOME", str(tmp_path))
    for name in ("OPENYIBAO_SECRET_KEY", "OPENYIBAO_CIPHER_KEY", "OPENYIBAO_INDEX_KEY"):
        monkeypatch.delenv(name)
    return tmp_path


def test_a_new_home_gets_keys_that_stay(home):
    first = secrets.cipher_keys()
    assert first == secrets.cipher_keys() and len(set(first)) == 2 and {len(key) for key in first} == {32}
    assert secrets.secret_key() == secrets.secret_key()
    for path in (home / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700
    assert sorted(path.name for path in (home / "keys").iterdir()) == ["cipher", "index", "secret"]


@pytest.mark.parametrize("_", range(20))
def test_a_new_homes_first_readers_come_together_and_get_one_key(home, _):
    with ThreadPoolExecutor(8) as threads:
        found = {task.result() for task in [threads.submit(secrets.secret_key) for _ in range(16)]}
    assert found == {secrets.secret_key()}
    assert [path.name for path in (home / "keys").iterdir()] == ["secret"]
    assert len((home / "keys-made").read_text().splitlines()) == 1


def test_a_lost_key_is_an_error_that_says_what_to_do(home):
    secrets.cipher_keys()
    (home / "keys" / "cipher").unlink()
    with pytest.raises(KeyProblem, match="备份恢复") as lost:
        secrets.cipher_keys()
    assert "Restore keys/" in lost.value.en
    assert not (home / "keys" / "cipher").exists()


def test_another_key_in_its_place_is_noticed(home):
    secrets.cipher_keys()
    (home / "keys" / "index").write_text("ab" * 32)
    with pytest.raises(KeyProblem, match="不是本目录当初的那一把"):
        secrets.cipher_keys()


def test_the_environment_wins_and_a_short_key_is_refused(home, monkeypatch):
    monkeypatch.setenv("OPENYIBAO_CIPHER_KEY", "11" * 32)
    assert secrets.person_cipher_key() == b"\x11" * 32
    assert not (home / "keys").exists()
    monkeypatch.setenv("OPENYIBAO_CIPHER_KEY", "11" * 31)
    with pytest.raises(KeyProblem, match="OPENYIBAO_CIPHER_KEY") as short:
        secrets.person_cipher_key()
    assert "1111" not in str(short.value)


def put_a_person(cipher: Cipher) -> None:
    """One person whose number this cipher sealed; the other columns get what their types allow."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'enrolment_person' AND is_nullable = 'NO' "
            "AND column_default IS NULL AND is_identity = 'NO'")
        empty = {"date": "1990-01-01", "bigint": 1, "integer": 1, "smallint": 1, "boolean": False, "jsonb": "{}",
                 "timestamp with time zone": "2026-01-01T00:00+08", "bytea": b""}
        row = {name: empty.get(kind, "1") for name, kind in cursor.fetchall()}
        row |= {"certno_cipher": cipher.seal("990101199001010013"), "certno_index": cipher.index("990101199001010013")}
        cursor.execute(f"INSERT INTO enrolment_person ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", list(row.values()))


def test_keys_that_do_not_open_what_the_database_holds_stop_the_start(django_database, monkeypatch):
    keys.check_keys()                                           # nobody there yet
    put_a_person(Cipher(*settings.CIPHER_KEYS()))
    keys.check_keys()
    for name in ("OPENYIBAO_CIPHER_KEY", "OPENYIBAO_INDEX_KEY"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "33" * 32)
            with pytest.raises(KeyProblem, match="密钥与数据库不符"):
                keys.check_keys()
