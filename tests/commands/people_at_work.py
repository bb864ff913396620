"""People who use a register over the network while its processes are killed; whatever fails, they try again."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from killed_register import KilledRegister

from canbao.commands import remote
from canbao.core.trouble import Trouble
from people_of_office import PASSWORD


class Person(threading.Thread):
    """One officer at a browser, who does `work` over and over until `enough`; what may not happen is in `wrong`."""

    def __init__(self, register: KilledRegister, account: str) -> None:
        super().__init__(daemon=True)
        self.server, self.account = f"http://127.0.0.1:{register.port}", account
        self.enough, self.wrong, self.answers = threading.Event(), [], Counter[int]()
        self.office = remote.Office(self.server)

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                self.office.sign_in(self.account, PASSWORD, "")
                while not self.enough.is_set():
                    self.work()
            except Trouble:
                time.sleep(0.2)
            except BaseException as problem:
                self.wrong.append(f"{self.account}: {problem!r}")
                raise

    def work(self) -> None:
        """Something to do; a Trouble is nothing but a reason to sign in again."""
        raise NotImplementedError

    def end(self) -> None:
        """Let the person finish."""
        self.enough.set()
        self.join(30)

    def see(self, address: str, may_be: frozenset[int] = frozenset({200, 503})) -> str:
        """Look at a page; any other answer is wrong."""
        page = self.office._asked("GET", address)
        self.answers[page.status_code] += 1
        if page.status_code not in may_be:
            self.wrong.append(f"{address}: {page.status_code}")
        if page.status_code != 200 or "/sign-in/" in page.url:
            raise Trouble(address, "not seen", "again")
        return page.text


class Reader(Person):
    """Looks at pages."""

    def work(self) -> None:
        for address in ("/", "/people/"):
            self.see(address)
            time.sleep(0.1)


class Uploader(Person):
    """Uploads files that are no packages, slowly; remembers which of them the register has acknowledged."""

    def __init__(self, register: KilledRegister, account: str, folder: Path, chance: random.Random) -> None:
        super().__init__(register, account)
        self.folder, self.chance, self.acknowledged = folder, chance, {}

    def work(self) -> None:
        file = self.folder / "upload.canbao"
        file.write_bytes(self.chance.randbytes(self.chance.randrange(1 << 16, 1 << 22)))
        address = self.office.upload(file)
        self.acknowledged[address.rstrip("/").rsplit("/")[-1]] = hashlib.sha256(file.read_bytes()).hexdigest()
        time.sleep(0.5)


class Province(Person):
    """Has packages admitted one after the other, as often as it takes; `admitted` is how many are in."""

    def __init__(self, register: KilledRegister, packages: list[Path], more: Callable[[], bool]) -> None:
        super().__init__(register, "provincial_officer-44")
        self.register, self.packages, self.more, self.admitted = register, packages, more, 0

    def work(self) -> None:
        if self.admitted == len(self.packages) or (self.admitted and not self.more()):
            self.enough.set()
            return
        package = self.packages[self.admitted]
        number = self._received(package)
        if number is None:
            city = remote.Office(self.server)
            city.sign_in(f"city_data_officer-{package.name[:4]}", PASSWORD, "")
            with suppress(Trouble):
                city.upload(package)
            return
        state = self._state(number)
        if state == "checked":
            token = self.office._token("/packages/")
            self.office._asked("POST", f"/packages/{number}/admit/", data={"csrfmiddlewaretoken": token})
        self.admitted += state == "admitted"
        if state in ("refused", "cancelled"):
            self.wrong.append(f"package {number} is {state}")
            self.enough.set()
        time.sleep(0.3)

    def _received(self, package: Path) -> int | None:
        digest = hashlib.sha256(package.read_bytes()).hexdigest()
        found = self.register.asked("SELECT id FROM registry_package WHERE sha256 = %s", digest)
        return int(str(found[0]["id"])) if found else None

    def _state(self, number: int) -> str:
        return str(self.register.asked("SELECT state FROM registry_package WHERE id = %s", number)[0]["state"])
