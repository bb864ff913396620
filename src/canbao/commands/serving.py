"""`canbao serve | worker | migrate | stop`: the register with its office, on one's own machine or on a server."""

from __future__ import annotations

import fcntl
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from canbao.batch.trouble import SourceTrouble, reason
from canbao.commands.screen import command_line, screen
from canbao.commands.watching import SECONDS_TO_STOP, watch

if TYPE_CHECKING:
    from canbao.registry.server import PrivateServer

HOST, PORT = "127.0.0.1", 8000
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NOTE = "serve.pid"
"""In the state folder: who serves it."""

State = Annotated[Path, typer.Option("--state", envvar="CANBAO_STATE", help="程序自己的文件夹：数据库、上传、密钥")]
HERE = Path("canbao-state")


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("serve", rich_help_panel="登记库")(serve)
    application.command("worker", rich_help_panel="登记库")(worker)
    application.command("migrate", rich_help_panel="登记库")(migrate)
    application.command("stop", rich_help_panel="登记库")(stop)


def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = HOST,
    port: Annotated[int, typer.Option(help="端口", min=1, max=65535)] = PORT,
    state: State = HERE,
    workers: Annotated[int, typer.Option(help="网页进程数", min=1)] = 2,
) -> int:
    """启动登记库：数据库、升级、后台任务和网页，一条命令。没有设 CANBAO_DATABASE_URL 时用自带的数据库。

    例：canbao serve

    例：CANBAO_DATABASE_URL=postgresql://… canbao serve --port 8080
    """
    with _only_one(state):
        environment = prepared(state, host)
        migrate_with(environment)
        _refuse_taken(host, port)
        _forget_half_uploads(state / "spool")
        screen.print(f"登记库在 http://{host}:{port}/ ；按 Ctrl+C 停止")
        return watch([_web(host, port, workers), *_background()], environment, _own_database(state))


def worker(state: State = HERE) -> int:
    """只运行后台任务；网页另有进程时用。

    例：canbao worker
    """
    return watch(_background(), prepared(state, HOST), None)


def migrate(state: State = HERE) -> int:
    """升级登记库的表；以 CANBAO_OWNER_DATABASE_URL 的身份。

    例：canbao migrate
    """
    migrate_with(prepared(state, HOST))
    return 0


def stop(state: State = HERE) -> int:
    """停止这个文件夹的登记库：网页、后台任务和自带的数据库。

    例：canbao stop --state demo/state
    """
    serving = _serving(state)
    if serving is not None:
        _end(serving)
    if (state / "database").exists():
        from canbao.registry.server import PrivateServer

        PrivateServer(state / "database").stop()
    screen.print("已停止")
    return 0


def prepared(state: Path, host: str) -> dict[str, str]:
    """The environment for our processes, with the database running and found safe; raises SourceTrouble or
    ServerTrouble for what is missing."""
    from canbao.registry.server import database_urls

    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "canbao.settings", "CANBAO_STATE": str(state.absolute())}
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    urls = database_urls(environment, state / "database")
    environment["CANBAO_DATABASE_URL"] = urls.app
    if urls.owner:
        environment["CANBAO_OWNER_DATABASE_URL"] = urls.owner
    if urls.backup:
        environment["CANBAO_BACKUP_DATABASE_URL"] = urls.backup
    if urls.private:
        environment.setdefault("CANBAO_SECRET_KEY", _own_secret(state / "secret.key"))
        if host in LOOPBACK:
            environment.setdefault("CANBAO_TRIAL", "1")
    if len(environment.get("CANBAO_SECRET_KEY", "")) < 32:
        raise SourceTrouble("CANBAO_SECRET_KEY", "没有设定，或不足 32 个字符", "请设为一段随机的长文字，并妥善保存")
    _refuse_unsound(urls.app)
    return environment


def connect(environment: Mapping[str, str]) -> None:
    """Let this very process work with the register; `environment` is as `prepared` gives it."""
    os.environ.update(environment)
    import django

    django.setup()


def _refuse_unsound(url: str) -> None:
    from canbao.registry.server import unsound

    faults = unsound(url)
    if faults:
        raise SourceTrouble(
            "数据库", "设置不安全，不能启动：" + "；".join(faults), "请按 docs/guide/production.zh.md 改正"
        )


def _own_secret(file: Path) -> str:
    """A secret of this state folder, made once and readable by its owner only."""
    if not file.exists():
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii")


def migrate_with(environment: Mapping[str, str]) -> None:
    """Bring the tables up to date, as their owner; the first time, make the key that seals secrets in them.

    Raises SourceTrouble if it can't be done now.
    """
    from canbao.registry.secrets.keys import make_first_key

    make_first_key(Path(environment.get("CANBAO_DATA_KEYS") or Path(environment["CANBAO_STATE"]) / "data-keys"))
    done = subprocess.run(
        [sys.executable, "-m", "canbao.registry.migrating"], env=dict(environment), stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [""])[-1] if done.returncode in (2, 70) else "升级中断了"
        raise SourceTrouble(
            "升级登记库", said, "已完成的步骤不会重做；请过一会儿（或开维护模式后）再运行 canbao migrate"
        )


def _web(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning", "--respawn-failed-workers",
        "canbao.wsgi:application",
    ]  # fmt: skip


def _background() -> list[list[str]]:
    """The worker for the queue, and what carries out what other systems push."""
    return [[sys.executable, "-m", module] for module in ("canbao.office.worker", "canbao.survey.living")]


def _own_database(state: Path) -> PrivateServer | None:
    """The private server, if no other database is named: it is ours to keep running."""
    from canbao.registry.server import PrivateServer

    return None if os.environ.get("CANBAO_DATABASE_URL", "").strip() else PrivateServer(state / "database")


def _forget_half_uploads(spool: Path) -> None:
    """Remove what a killed web server has left of uploads on their way; nobody else serves the folder now."""
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in (*spool.glob("*.part"), *spool.glob("*.upload*")):
        left.unlink(missing_ok=True)


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """Hold the folder; raises SourceTrouble if another `serve` does. The note is only believed while it is held."""
    state.mkdir(mode=0o711, parents=True, exist_ok=True)
    with os.fdopen(os.open(state / NOTE, os.O_RDWR | os.O_CREAT, 0o644), "r+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceTrouble(str(state), "这个文件夹的登记库已经在运行", f"请先停止：{stop_line(state)}") from None
        note.truncate()
        note.write(str(os.getpid()))
        note.flush()
        yield


def _serving(state: Path) -> int | None:
    """The number of the process that holds the folder; what a killed one has left names nobody."""
    try:
        with (state / NOTE).open() as note:
            fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return int((state / NOTE).read_text(encoding="ascii"))


def _refuse_taken(host: str, port: int) -> None:
    """Raise SourceTrouble if another program listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
        except OSError as problem:
            raise SourceTrouble(
                f"{host}:{port}", f"不能监听（{reason(problem.errno)}）", "请用 --port 换一个端口"
            ) from problem


def _end(pid: int) -> None:
    """End a `serve` of ours and wait until it is gone."""
    try:
        os.kill(pid, signal.SIGTERM)
        for _ in range(SECONDS_TO_STOP * 10):
            os.kill(pid, 0)
            time.sleep(0.1)
    except ProcessLookupError:
        return


def in_background(state: Path, port: int, environment: Mapping[str, str]) -> None:
    """Start `serve` so that it goes on after this command; its log is in the state folder."""
    with (state / "serve.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "canbao", "serve", "--port", str(port), "--state", str(state)],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop_line(state: Path) -> str:
    """The line that stops what was started in the background."""
    return command_line("stop", "--state", state)
