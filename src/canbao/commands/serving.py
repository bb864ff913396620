"""`canbao serve | worker | migrate | stop`: the register with its office, on one's own machine or on a server."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from canbao.batch.trouble import SourceTrouble
from canbao.commands.screen import command_line, screen

HOST, PORT = "127.0.0.1", 8000
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SECONDS_TO_STOP = 20

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
    environment = prepared(state, host)
    migrate_with(environment)
    note = state / "serve.pid"
    note.write_text(str(os.getpid()), encoding="ascii")
    screen.print(f"登记库在 http://{host}:{port}/ ；按 Ctrl+C 停止")
    try:
        return _watch([_web(host, port, workers), _background()], environment)
    finally:
        note.unlink(missing_ok=True)


def worker(state: State = HERE) -> int:
    """只运行后台任务；网页另有进程时用。

    例：canbao worker
    """
    return _watch([_background()], prepared(state, HOST))


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
    note = state / "serve.pid"
    if note.exists():
        _end(int(note.read_text(encoding="ascii")))
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
    """Bring the tables up to date, as their owner; the first time, make the key that seals secrets in them."""
    from canbao.registry.secrets.keys import make_first_key

    make_first_key(Path(environment.get("CANBAO_DATA_KEYS") or Path(environment["CANBAO_STATE"]) / "data-keys"))
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--database", "owner", "--verbosity", "0"],
        env=dict(environment),
        check=True,
    )


def _web(host: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--log-level", "warning", "--respawn-failed-workers",
        "canbao.wsgi:application",
    ]  # fmt: skip


def _background() -> list[str]:
    return [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "1"]


def _watch(commands: list[list[str]], environment: Mapping[str, str]) -> int:
    """Run processes until we are told to stop; one that dies is started again, since the others need it."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda got, _: asked.append(got))
    running = {number: _start(command, environment) for number, command in enumerate(commands)}
    while not asked:
        time.sleep(0.5)
        for number, process in running.items():
            if process.poll() is not None and not asked:
                time.sleep(1)
                running[number] = _start(commands[number], environment)
    for process in running.values():
        process.terminate()
    for process in running.values():
        _wait(process)
    return 0


def _start(command: list[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env=dict(environment), start_new_session=True)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()


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
