"""The embedded PostgreSQL: find its programs, make a cluster, start it, stop it.

The server listens on a unix socket only, in a folder of mode 0700 that belongs to the account running it, and
lets in nobody but that account (and root, who started it) by *peer* authentication: the kernel says who is
calling, so there is no password to leak and no open trust for other users of the machine.

Three database roles: ``huying_owner`` owns the tables and runs migrations, ``huying_app`` serves the web (on
the ledger INSERT and SELECT only, see ``grants``), ``huying_reader`` reads.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from huying.site.accounts import Account, AccountError, service_account
from huying.site.pg_paths import (
    APP,
    DATABASE,
    OWNER,
    PORT,
    READER,
    SOCKET_LIMIT,
    private_folder,
    socket_folder,
    url,
)
from huying.site.pg_programs import OLDEST, DatabaseError, find_programs
from huying.site.processes import alive, die_with_parent, living_in

__all__ = [
    "APP",
    "DATABASE",
    "OLDEST",
    "OWNER",
    "PORT",
    "READER",
    "SOCKET_LIMIT",
    "Cluster",
    "DatabaseError",
    "alive",
    "die_with_parent",
    "find_programs",
    "living_in",
    "private_folder",
    "socket_folder",
    "url",
]

SUPERUSER = "postgres"

# Modest: a county's demonstration on two cores should idle below 400 MB in all.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "10min",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_min_messages": "warning",
    # A failing statement may hold a resident's words: log the error, never the statement.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "cluster_name": "huying",
}


def _die_with_parent() -> None:
    die_with_parent(signal.SIGINT)  # a fast, clean shutdown of PostgreSQL


@dataclass
class Cluster:
    """One embedded PostgreSQL server below the folder *data* (``data/postgres`` its files, the socket
    beside).
    """

    data: Path
    account: Account = field(default_factory=service_account)
    programs: Path = field(default_factory=find_programs)
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)
    process: subprocess.Popen[bytes] | None = None

    @property
    def files(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.data / "postgres"

    @property
    def socket(self) -> Path:
        """The folder of its socket."""
        return socket_folder(self.data)

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.data / "postgres.log"

    def url(self, role: str = APP, database: str = DATABASE) -> str:
        """The connection address for *role*."""
        return url(self.socket, role, database)

    # making it

    def exists(self) -> bool:
        """True once the cluster was made completely."""
        return (self.files / "PG_VERSION").is_file()

    def make(self) -> None:
        """Make the cluster's files (about a second). Made aside and renamed, so that half a cluster is never
        used.
        """
        self._check_reach()
        fresh = self.data / "postgres.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        private_folder(fresh, self.account)
        self._run(
            "initdb",
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--auth=peer",
            "--no-instructions",
        )
        callers = sorted({self.account.name, "root"})
        roles = (SUPERUSER, OWNER, APP, READER)
        self._write(
            fresh / "pg_hba.conf", "local all all peer map=huying\nlocal replication all peer map=huying\n"
        )
        self._write(
            fresh / "pg_ident.conf",
            "".join(f"huying {caller} {role}\n" for caller in callers for role in roles),
        )
        self._single_user(fresh, BOOTSTRAP)
        os.rename(fresh, self.files)

    def _check_reach(self) -> None:
        wall = self.account.barrier(self.data)
        if wall is not None:
            raise DatabaseError(
                f"the user {self.account.name} cannot enter {wall}, so {self.data} cannot hold the data; "
                "choose another folder with --data (the folders above are never changed)"
            )
        wall = self.account.barrier(self.programs)
        if wall is not None:
            raise DatabaseError(
                f"the user {self.account.name} cannot enter {wall}, where PostgreSQL's programs are"
            )

    def _write(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o600)
        self.account.own(path)

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k in {"PATH", "LD_LIBRARY_PATH", "TZDIR"}}
        return kept | {"LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}

    def _run(self, program: str, *words: object, text: str | None = None) -> str:
        done = subprocess.run(
            [str(self.programs / program), *map(str, words)],
            capture_output=True,
            text=True,
            input=text,
            cwd="/",
            env=self._environment(),
            **self.account.popen(),
        )
        if done.returncode != 0:
            raise DatabaseError(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return str(done.stdout) + str(done.stderr)

    def _single_user(self, files: Path, statements: str) -> None:
        # Single-user mode takes one statement a line and lets us make roles before the server first listens.
        said = self._run("postgres", "--single", "-D", files, "template1", text=statements)
        if "ERROR:" in said:  # it goes on after a failed statement and still exits with 0
            raise DatabaseError(f"setting up the roles failed: {said.strip()}")

    # running it

    def start(self, wait: float = 15.0, report: Callable[[str], None] | None = None) -> None:
        """Start the server and wait until it answers (0.1–0.2 s warm; longer while it recovers from a crash).

        A server left behind by a launcher that was killed is stopped first, so that this process is its
        parent. Raises DatabaseError with the end of its log when it does not come up within *wait* seconds of
        silence.
        """
        self._check_reach()
        if not self.exists():
            self.make()
        private_folder(self.socket, self.account)
        self._stop_leftover(report)
        self._forget_the_dead()
        deadline = time.monotonic() + wait
        while True:
            self._spawn()
            if self._answers(deadline):
                return
            # Just after kill -9 the dead server's children may still hold its memory: try again for a while.
            if time.monotonic() > deadline:
                raise DatabaseError(f"PostgreSQL did not start; the end of {self.log}:\n{self.log_end()}")
            time.sleep(0.3)

    def _spawn(self) -> None:
        options: list[str] = []
        for name, value in {**self.settings, "unix_socket_directories": str(self.socket)}.items():
            options += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self.account.own(self.log)
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.files), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self._environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us; we stop the server after the web
                preexec_fn=_die_with_parent,
                **self.account.popen(),
            )

    def _answers(self, deadline: float) -> bool:
        assert self.process is not None
        ready = self.files / "postmaster.pid"
        grown = 0.0
        while self.process.poll() is None:
            with contextlib.suppress(OSError, IndexError):
                lines = ready.read_text().splitlines()
                if int(lines[0]) == self.process.pid and lines[7].strip() == "ready":
                    return True
            # Recovery after a crash may take long; it is alive, so give it time as long as it is working.
            if time.monotonic() > deadline + grown:
                grown += 10.0
                if grown > 600:
                    self.stop(immediately=True)
                    return False
            time.sleep(0.02)
        return False

    def _stop_leftover(self, report: Callable[[str], None] | None) -> None:
        pid = self.running_pid()
        if pid is None:
            return
        if report:
            report(f"stopping the PostgreSQL that an earlier run left behind (pid {pid})")
        for sign, patience in ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
            until = time.monotonic() + patience
            while time.monotonic() < until:
                if not alive(pid):
                    return
                time.sleep(0.05)
        raise DatabaseError(f"the PostgreSQL with pid {pid} holds {self.files} and does not stop")

    def _forget_the_dead(self) -> None:
        """After kill -9: remove the lock file of a dead server once its last process is gone.

        PostgreSQL itself asks the kernel whether the pid exists, takes a zombie for a live server, and would
        refuse for as long as nobody collects that zombie (in a container without an init, for ever).
        """
        lock = self.files / "postmaster.pid"
        until = time.monotonic() + 10.0
        while lock.exists() and living_in(self.files):
            if time.monotonic() > until:
                raise DatabaseError(
                    f"processes {living_in(self.files)} of an earlier PostgreSQL still work in {self.files}"
                )
            time.sleep(0.05)
        if self.running_pid() is None:
            lock.unlink(missing_ok=True)
            for left in self.socket.glob(".s.PGSQL.*"):  # the socket has a lock file of the same kind
                left.unlink(missing_ok=True)

    def running_pid(self) -> int | None:
        """The pid of a live server on these files, whoever started it, else None."""
        try:
            pid = int((self.files / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None
        if not alive(pid):
            return None
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return pid
        # The number may have been given to some other program since; PostgreSQL's own check is as careful.
        return pid if os.fsencode(str(self.files)) in command else None

    def log_end(self, lines: int = 15) -> str:
        """The last lines of the server's log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return "(no log)"

    def stop(self, immediately: bool = False) -> None:
        """Stop the server that this object started; open sessions are ended, committed work is on disk."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT if immediately else signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(10)
        self.process = None

    def remove(self) -> None:
        """Stop and delete everything; for tests."""
        self.stop(immediately=True)
        socket = self.socket
        shutil.rmtree(self.data, ignore_errors=True)
        if socket.parent != self.data:
            shutil.rmtree(socket, ignore_errors=True)


# Default privileges go into template1 first, so every database made later gives the app and the reader what
# they need on the owner's tables; ``grants`` then takes UPDATE and DELETE on the ledger away.
BOOTSTRAP = "".join(
    line + "\n"
    for line in (
        f"CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE;",
        f"CREATE ROLE {APP} LOGIN NOSUPERUSER NOCREATEROLE;",
        f"CREATE ROLE {READER} LOGIN NOSUPERUSER NOCREATEROLE;",
        # The owner may act as the app and the reader, so that tests can show what those may not do.
        f"GRANT {APP} TO {OWNER};",
        f"GRANT {READER} TO {OWNER};",
        f"ALTER ROLE {READER} SET default_transaction_read_only = on;",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APP};",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT SELECT ON TABLES TO {READER};",
        f"ALTER SCHEMA public OWNER TO {OWNER};",
        f"GRANT USAGE ON SCHEMA public TO {APP}, {READER};",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER};",
    )
)


def temporary_folder(prefix: str, account: Account) -> Path:
    """A new private folder below the temporary folder that *account* owns; raises when it cannot be
    reached.
    """
    made = Path(tempfile.mkdtemp(prefix=prefix))
    wall = account.barrier(made.parent)
    if wall is not None:
        made.rmdir()
        raise AccountError(
            f"the user {account.name} cannot enter {wall}; set TMPDIR to a folder it can reach"
        )
    account.own(made)
    return made
