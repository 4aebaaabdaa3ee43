"""Django reaches PostgreSQL by an address, and a test's database is fresh."""

import threading

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from openyibao.site.database import parsed


def test_a_test_has_a_migrated_database_of_its_own(django_database):
    assert connection.settings_dict["NAME"] == django_database.rsplit("/", 1)[1]
    assert ContentType.objects.filter(app_label="enrolment", model="person").exists()
    ContentType.objects.create(app_label="a", model="left behind")


def test_nothing_is_left_of_the_test_before(django_database):
    assert not ContentType.objects.filter(app_label="a").exists()


def test_other_threads_use_the_same_database(django_database):
    names = []

    def ask():
        with connection.cursor() as cursor:
            names.append(cursor.execute("SELECT current_database(), current_setting('TimeZone')").fetchone()[0])
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert names == [django_database.rsplit("/", 1)[1]]


def test_a_fresh_database_is_reached_by_its_address(fresh_database):
    with psycopg.connect(fresh_database) as plain:
        assert plain.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 8
        assert plain.execute("SHOW fsync").fetchone()[0] == "off"


def test_every_part_of_an_address_arrives():
    entry = parsed("postgresql://a%40b:p%2Fw@db.example:6543/city?sslmode=require&connect_timeout=3")
    assert [entry[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == ["city", "a@b", "p/w", "db.example", "6543"]
    assert entry["OPTIONS"] == {"application_name": "openyibao", "sslmode": "require", "connect_timeout": "3"}


def test_a_socket_folder_in_an_address_is_the_host():
    entry = parsed("postgresql://u:p@/city?host=%2Frun%2Fpg&port=6000")
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("/run/pg", "6000", "city")


@pytest.mark.parametrize("url", ["sqlite:///a.db", "city", "postgresql://u:hidden@host:5432/"])
def test_an_address_that_is_not_served_is_refused_without_its_password(url):
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        parsed(url)
    assert "hidden" not in str(refused.value)
