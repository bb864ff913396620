"""`canbao upload | household-list`: a city's business with the province, from its own machine over the network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from canbao.batch.trouble import SourceTrouble
from canbao.commands.screen import screen

if TYPE_CHECKING:
    import requests

PIECE = 1 << 20
SECONDS = 60
LISTS = "/household-lists/"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

Server = Annotated[str, typer.Option("--server", envvar="CANBAO_SERVER", help="省级登记库的网址")]
Account = Annotated[str, typer.Option("--account", envvar="CANBAO_ACCOUNT", help="本人账号")]
Password = Annotated[
    str, typer.Option("--password", envvar="CANBAO_PASSWORD", prompt="密码", hide_input=True, help="不写则询问")
]
Code = Annotated[str, typer.Option("--code", help="手机验证器上的六位数字；登录需要第二因素时")]


def add_to(application: typer.Typer) -> None:
    """Add this module's commands."""
    application.command("upload", rich_help_panel="数据包")(upload)
    application.command("household-list", rich_help_panel="数据包")(household_list)


def upload(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE", help=".canbao 数据包")],
    server: Server,
    account: Account,
    password: Password,
    code: Code = "",
) -> int:
    """把数据包上传到省里；检查和准入的进展在办公页面看。

    例：canbao upload 440600-20170630-001.canbao --server https://canbao.example --account zhang.san
    """
    office = Office(server)
    office.sign_in(account, password, code)
    screen.print(f"已上传，进展在 {office.upload(package)}")
    return 0


def household_list(
    city: Annotated[str, typer.Argument(metavar="CITY", help="本市代码前四位，如 4406")],
    out: Annotated[Path, typer.Option("--out", "-o", help="写到哪个新文件（CSV）")],
    server: Server,
    account: Account,
    password: Password,
    code: Code = "",
) -> int:
    """下载本市的公安户籍名单，可直接作为 canbao clean 的 household 来源；记入日志，一天最多三次。

    例：canbao household-list 4406 --out household.csv --server https://canbao.example --account zhang.san
    """
    office = Office(server)
    office.sign_in(account, password, code)
    screen.print(f"已写出 {office.household_list(city, out):,} 字节：{out}")
    return 0


class Office:
    """The province's office, visited by a program with a person's account."""

    def __init__(self, server: str) -> None:
        import requests

        self._server = server.rstrip("/")
        self._session = requests.Session()

    def sign_in(self, account: str, password: str, code: str) -> None:
        """Sign in; raises SourceTrouble if the office does not let the account in."""
        page = self._post("/sign-in/", {"username": account, "password": password})
        if "/sign-in/" in page.url:
            raise SourceTrouble(account, "登录不了", "请核对账号和密码；多次失败会锁定半小时")
        if "/account/" in page.url and code:
            page = self._post("/account/second-factor/", {"token": code})
        if "/account/" in page.url:
            raise SourceTrouble(account, "还不能办事", "请先在浏览器里改密码、绑定手机验证器，再用 --code 给出六位数字")

    def upload(self, package: Path) -> str:
        """Send a package, piece by piece; returns the address of its page."""
        boundary = uuid4().hex
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Referer": self._server}
        body = _Form(boundary, self._token("/packages/upload/"), package)
        page = self._asked("POST", "/packages/upload/", data=body, headers=headers)
        if not re.search(r"/packages/\d+/$", page.url):
            raise SourceTrouble(str(package), _told(page.text), "请按提示处理后再传")
        return page.url

    def household_list(self, city: str, out: Path) -> int:
        """Fetch a city's household list into a new file, whole or not at all; returns its size in bytes."""
        if out.exists():
            raise SourceTrouble(str(out), "已有这个文件", "请换一个文件名")
        form = {"csrfmiddlewaretoken": self._token(LISTS), "city": f"{city[:4]}00", "encoding": "utf-8-sig"}
        answer = self._asked("POST", LISTS, data=form, stream=True)
        if not answer.headers.get("Content-Type", "").startswith("text/csv"):
            raise SourceTrouble(city, _told(answer.text), "请按提示处理后再试")
        part = out.with_name(f".{out.name}.part")
        with part.open("wb") as file:
            written = sum(file.write(piece) for piece in answer.iter_content(PIECE))
        part.rename(out)
        return written

    def _post(self, address: str, form: dict[str, str]) -> requests.Response:
        return self._asked("POST", address, data={**form, "csrfmiddlewaretoken": self._token(address)})

    def _token(self, address: str) -> str:
        found = TOKEN.search(self._asked("GET", address).text)
        if found is None:
            raise SourceTrouble(self._server + address, "打不开要用的页面", "请核对网址，以及账号有没有这项权限")
        return found[1]

    def _asked(self, method: str, address: str, **more: object) -> requests.Response:
        import requests

        headers = {"Referer": self._server, **more.pop("headers", {})}  # type: ignore[dict-item]
        try:
            return self._session.request(method, self._server + address, headers=headers, timeout=SECONDS, **more)  # type: ignore[arg-type]
        except requests.RequestException as problem:
            raise SourceTrouble(self._server, "连不上", "请核对网址、网络和证书") from problem


class _Form:
    """A form with one file, as it is sent; its length is known and the file is never in memory whole."""

    def __init__(self, boundary: str, token: str, package: Path) -> None:
        field = f'--{boundary}\r\nContent-Disposition: form-data; name="{{}}"{{}}\r\n\r\n'
        file = f'; filename="{package.name}"\r\nContent-Type: application/octet-stream'
        self._head = (field.format("csrfmiddlewaretoken", "") + token + "\r\n" + field.format("package", file)).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._package = package
        try:
            self._size = package.stat().st_size
        except OSError as problem:
            raise SourceTrouble(str(package), "读不出来", "请核对路径和读取权限") from problem

    def __len__(self) -> int:
        return len(self._head) + self._size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        with self._package.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
        yield self._tail


def _told(page: str) -> str:
    """What a page of the office says in its main part, in one line."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", main[0] if main else page)
    return " ".join(text.split())[:300] or "没有回答"
