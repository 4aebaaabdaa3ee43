"""The embedded server's settings 数据库参数, each with its reason; an officer's `own.conf` wins over them."""

import os
from pathlib import Path

MIB = 1024 * 1024

SETTINGS = """\
# Written by openyibao at each start. Settings of your own go into own.conf beside this file: they win.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{sockets}'
max_connections = 60                    # a door's pool, the desks, a backup: a few dozen; each idle one costs memory
password_encryption = 'scram-sha-256'

shared_buffers = '{shared}MB'           # an eighth of the memory, 256 MB at most: the kernel's cache holds the rest
effective_cache_size = '{cache}MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
jit = off                               # short statements: compiling them costs more than it saves
random_page_cost = 1.1                  # solid-state disks
max_parallel_workers_per_gather = 1     # two cores serve windows first

# A settlement that was answered is on disk.
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
wal_level = replica                     # lets a standby or a base backup be added without a restart; no slower than minimal here
max_wal_size = '2GB'
checkpoint_timeout = '10min'

# Every settlement updates one row of the person's year: small, frequent vacuums keep such tables small.
autovacuum_naptime = '20s'
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.02
autovacuum_vacuum_insert_scale_factor = 0.1
idle_in_transaction_session_timeout = '2min'    # a hung client must not hold a person's lock for ever

timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
datestyle = 'ISO, YMD'
client_encoding = 'UTF8'

# A week of logs. No statement, no value of a row: they would carry identity numbers.
logging_collector = on
log_directory = '{log}'
log_filename = 'postgres-%a.log'
log_rotation_age = '1d'
log_truncate_on_rotation = on
log_min_messages = warning
log_min_error_statement = panic
log_error_verbosity = terse
log_line_prefix = '%m [%p] %q%u@%d '
log_checkpoints = off
"""


def settings(*, port: int, sockets: Path, log: Path, durable: bool) -> str:
    """The text of `server.conf` for this machine's memory. `durable` False: nothing is forced to disk, for tests."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MIB
    return SETTINGS.format(
        port=port, sockets=_quoted(sockets), log=_quoted(log), durable="on" if durable else "off",
        shared=max(32, min(256, memory // 8)), cache=max(128, memory // 2),
    )


def _quoted(path: Path) -> str:
    """A path inside single quotes of a settings file."""
    return str(path).replace("'", "''")
