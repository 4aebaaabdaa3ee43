"""Spark on this machine and, nightly, a standalone master with two workers: the same bytes as one machine."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from openyibao.warehouse.cluster.agreement import ClusterProblem
from openyibao.warehouse.cluster.connect import runner_for
from openyibao.warehouse.cluster.trial import end
from openyibao.warehouse.run.driver import recorded_package, resettle
from warehouse.cluster.held import broken, files_of, whoever

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'openyibao[spark]'")
if shutil.which("java") is None:
    pytest.skip("there is no Java on the PATH: Spark is not tested here", allow_module_level=True)


@pytest.fixture(scope="module")
def spark_environment(path_of_tests: None) -> Iterator[None]:
    """Spark's Java keeps to loopback, and starts quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")       # a short life: quick start before quick code
        yield


def test_spark_writes_the_same_bytes_as_one_machine(store, alone, spark_environment):
    out = store.root / "runs" / "spark"
    package = recorded_package(store, 2023)
    with closing(runner_for("local[2]", store.root, out)) as runner:
        assert len(runner.seen) == 2
        run = resettle(store, 2023, package, out, runner=runner)
        totals = resettle(store, 2023, package, runner=runner)
        assert len(set(runner.run(whoever, list(range(8))))) == 2
        answers = runner.run(whoever, list(range(100)))
        next(answers)
        answers.close()
        with pytest.raises(ClusterProblem, match=r"ValueError: bill/year=2023/bucket=00002\.arrow: cut short"):
            list(runner.run(broken, [1, 2, 3]))
        with pytest.raises(ClusterProblem, match="already"):
            runner_for("local[1]")
    assert (totals.cube == run.cube).all() and totals.bills == run.bills
    assert files_of(out) == files_of(alone)


@pytest.fixture(scope="module")
def standalone(spark_environment: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a standalone master with two workers of one core, each a Java of its own."""
    folder = tmp_path_factory.mktemp("spark")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"spark://127.0.0.1:{free.getsockname()[1]}"
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *words: str) -> None:
        command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *words]
        with open(folder / "log", "ab") as said:
            started.append(subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL, start_new_session=True))

    try:
        start("master.Master", "--host", "127.0.0.1", "--port", url.rpartition(":")[2], "--webui-port", "0")
        for _ in range(2):
            start("worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1200m", "--webui-port", "0",
                  "--work-dir", str(folder), url)
        until = time.monotonic() + 60
        while (folder / "log").read_text().count("Registering worker") < 2:
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.2)
        yield url
    finally:
        end(started)


@pytest.mark.nightly
def test_a_standalone_master_with_two_workers_writes_the_same_bytes(store, alone, standalone):
    out = store.root / "runs" / "standalone"
    with closing(runner_for(standalone, store.root, out)) as runner:
        resettle(store, 2023, recorded_package(store, 2023), out, runner=runner)
        assert len(set(runner.run(whoever, list(range(40))))) == 2
    assert files_of(out) == files_of(alone)
