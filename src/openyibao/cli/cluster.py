"""`openyibao cluster`: a cluster on this machine for a trial, and what the workers of any cluster see 集群."""

import signal
import time
from contextlib import closing
from pathlib import Path

import typer
from rich.table import Table

from openyibao.cli.console import check_lang, fail, out
from openyibao.warehouse.cluster.agreement import ClusterProblem
from openyibao.warehouse.cluster.connect import runner_for
from openyibao.warehouse.cluster.trial import trial

app = typer.Typer(
    help="Several machines 集群: try one here, check one elsewhere.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)
LANG = typer.Option("zh", "--lang", envvar="OPENYIBAO_LANG", help="zh or en.")
PORT = 8786
"""Where Dask's schedulers listen by custom."""

WORDS = {
    "up": ("{workers} 个工作进程，只在本机：{url}", "{workers} workers, on this machine alone: {url}"),
    "use": ("用法：openyibao resettle … --cluster {url}。Ctrl-C 结束。", "Use it: openyibao resettle … --cluster {url}. Ctrl-C ends it."),
    "gone": ("工作进程 {process} 已退出。", "Worker process {process} has ended."),
    "ended": ("已结束。", "Ended."),
    "heads": ("主机|进程|版本|规则指纹|程序指纹|年度库", "host|process|version|law|code|store"),
    "same": ("相同", "the same"),
    "not_asked": ("未检查（--store）", "not asked (--store)"),
    "agree": ("{count} 个工作进程与本机一致。", "{count} worker processes agree with this machine."),
}


def say(lang: str, key: str, **parts: object) -> str:
    """A phrase in the language."""
    zh, en = WORDS[key]
    return (zh if lang == "zh" else en).format(**parts)


@app.command()
def start(
    workers: int = typer.Option(2, "--workers", min=1, help="Worker processes 工作进程数."),
    port: int = typer.Option(PORT, "--port", min=0, max=65535, help="Port of the scheduler 端口, 0 = a free one."),
    lang: str = LANG,
) -> None:
    """Run a Dask scheduler and workers on this machine until Ctrl-C 试用集群. Only this machine can reach them."""
    check_lang(lang)
    for ending in (signal.SIGINT, signal.SIGTERM):      # a service manager ends it in order too
        signal.signal(ending, signal.default_int_handler)
    try:
        with trial(workers, port) as running:
            out().print(say(lang, "up", workers=workers, url=running.url), markup=False, soft_wrap=True)
            out().print(say(lang, "use", url=running.url), markup=False, soft_wrap=True)
            told: set[int] = set()
            while running.scheduler.poll() is None:
                for worker in running.workers:
                    if worker.poll() is not None and worker.pid not in told:
                        told.add(worker.pid)
                        out().print(say(lang, "gone", process=worker.pid), markup=False)
                time.sleep(0.2)
    except ClusterProblem as problem:
        fail(problem.zh, problem.en)
    except KeyboardInterrupt:
        out().print(say(lang, "ended"), markup=False)


@app.command()
def check(
    url: str = typer.Argument(help="tcp://host:port, tls://host:port (Dask), spark://host:port, local[n] (Spark) 集群地址."),
    store: Path | None = typer.Option(None, "--store", help="A city's store that the workers must see 年度库."),
    results: Path | None = typer.Option(None, "--out", help="A folder where the workers must be able to write 结果目录."),
    lang: str = LANG,
) -> None:
    """Ask a cluster's workers for their version, law and files, and compare with this machine 核对集群. Exit code 2 when one differs."""
    check_lang(lang)
    try:
        with closing(runner_for(url, store, results)) as runner:
            table = Table(*say(lang, "heads").split("|"))
            for one in sorted(runner.seen):
                software = one.software
                shared = say(lang, "same" if store else "not_asked")
                table.add_row(one.host, str(one.process), software.version, software.law, software.runs, shared)
    except ClusterProblem as problem:
        fail(problem.zh, problem.en)
    out().print(table)
    out().print(say(lang, "agree", count=len(runner.seen)), markup=False)
