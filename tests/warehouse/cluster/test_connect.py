"""An address that cannot be used is refused with a sentence, in both languages, at once."""

import socket

import pytest

from openyibao.warehouse.cluster import connect
from openyibao.warehouse.cluster.agreement import ClusterProblem
from openyibao.warehouse.cluster.connect import DASK, SPARK, runner_for


@pytest.mark.parametrize("url", ["tcp://head.example:8786", "tls://scheduler.example:8786"])
def test_addresses_of_dask(url):
    assert DASK.fullmatch(url) and not SPARK.fullmatch(url)


@pytest.mark.parametrize("url", ["spark://master:7077", "spark://one:7077,two:7077", "local", "local[2]", "local[*]", "local[2,4]"])
def test_addresses_of_spark(url):
    assert SPARK.fullmatch(url) and not DASK.fullmatch(url)


@pytest.mark.parametrize("url", ["", "http://here:80", "tcp://here", "tcp://here:80/path", "local[two]", "yarn", "spark://"])
def test_other_addresses_are_refused(url):
    with pytest.raises(ClusterProblem, match="tcp://host:port") as problem:
        runner_for(url)
    assert "集群地址" in problem.value.zh


@pytest.mark.parametrize("kind", ["tcp", "tls", "spark"])
def test_nobody_there_is_said_at_once_and_no_token_stays(kind, tmp_path):
    pytest.importorskip("pyspark" if kind == "spark" else "distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ClusterProblem, match="does not answer"):
        runner_for(f"{kind}://127.0.0.1:{port}", out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("url, extra", [("tcp://127.0.0.1:1", "cluster"), ("local[2]", "spark")])
def test_a_part_that_is_not_installed_is_named(url, extra, monkeypatch):
    monkeypatch.setattr(connect, "find_spec", lambda name: None)
    with pytest.raises(ClusterProblem, match=rf"openyibao\[{extra}\]"):
        runner_for(url)


def test_spark_without_java_is_refused_by_name(monkeypatch, tmp_path):
    pytest.importorskip("pyspark")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(ClusterProblem, match="Java 17"):
        runner_for("local[2]", out=tmp_path / "run")
    assert list((tmp_path / "run").iterdir()) == []


def test_tls_without_certificates_is_refused_by_name(monkeypatch):
    pytest.importorskip("distributed")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with pytest.raises(ClusterProblem, match="DASK_DISTRIBUTED__COMM__TLS__CA_FILE"):
            runner_for(f"tls://127.0.0.1:{listening.getsockname()[1]}")
