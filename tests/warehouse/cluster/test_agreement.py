"""What a worker must agree on: the law, the code, the store, the folder of results."""

import pickle

import pytest

from openyibao.warehouse.cluster import agreement
from openyibao.warehouse.cluster.agreement import MISSING, ClusterProblem, expect, fault, faults, guarded, see, software, unpacked, withdraw


def made(folder, name="city", card="{}"):
    (folder / name).mkdir()
    (folder / name / "city.json").write_text(card)
    return folder / name


def test_a_worker_that_has_the_same_agrees_and_leaves_nothing_behind(tmp_path):
    store, out = made(tmp_path), tmp_path / "run"
    expected = expect(store, out)
    assert len(list(out.iterdir())) == 1
    assert faults(expected, [see(expected)]) == []
    withdraw(expected)
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("field", ["version", "law", "runs"])
def test_another_version_law_or_code_is_refused_with_both_named(tmp_path, field):
    expected = expect(made(tmp_path))
    worker = see(expected)
    other = worker._replace(software=worker.software._replace(**{field: "another"}))
    problem = fault(expected, other)
    assert problem and "another" in problem.en and software().law in problem.zh and str(worker.process) in problem.zh


def test_another_store_in_the_folder_of_that_name_is_refused(tmp_path):
    store = made(tmp_path)
    expected = expect(store)
    (store / "city.json").write_text('{"city": "another"}')
    problem = fault(expected, see(expected))
    assert problem and str(store) in problem.en and "共享存储" in problem.zh
    (store / "city.json").unlink()
    assert see(expected).card == MISSING
    assert fault(expected, see(expected)) is not None


def test_a_folder_of_results_on_another_disk_is_refused(tmp_path):
    expected = expect(made(tmp_path), tmp_path / "run")
    elsewhere = expected._replace(out=str(tmp_path / "other"))
    assert see(elsewhere).token == MISSING
    assert "run" in (fault(expected, see(elsewhere)) or pytest.fail("agreed")).en


def test_an_answer_to_the_token_that_does_not_arrive_is_noticed(tmp_path):
    expected = expect(made(tmp_path), tmp_path / "run")
    worker = see(expected)
    assert fault(expected, worker) is None
    (tmp_path / "run" / f"{expected.token}-{worker.host}-{worker.process}").unlink()
    assert len(faults(expected, [worker])) == 1


def test_no_store_is_said_before_anybody_is_asked(tmp_path):
    with pytest.raises(ClusterProblem, match=r"city\.json"):
        expect(tmp_path / "nowhere")


def test_a_task_is_done_only_by_a_worker_that_agrees_and_a_late_mount_is_looked_for_again(tmp_path):
    store = made(tmp_path)
    expected, done = expect(store), []

    def work(task):
        done.append(task)
        return {"task": task}

    (store / "city.json").rename(tmp_path / "away")
    with pytest.raises(ClusterProblem):
        guarded(expected, work, 1)
    assert done == []
    (tmp_path / "away").rename(store / "city.json")
    assert unpacked(guarded(expected, work, 2)) == {"task": 2}


def test_a_problem_travels_from_a_worker(tmp_path):
    problem = pickle.loads(pickle.dumps(ClusterProblem("中文。", "English.")))
    assert (problem.zh, problem.en, str(problem)) == ("中文。", "English.", "中文。 English.")


def test_the_code_that_runs_is_in_the_digest(tmp_path, monkeypatch):
    before = software()
    for pattern in agreement.DECIDING:
        monkeypatch.setattr(agreement, "DECIDING", tuple(other for other in agreement.DECIDING if other != pattern))
        software.cache_clear()
        assert software().runs != before.runs
        monkeypatch.undo()
    software.cache_clear()
    assert software() == before
