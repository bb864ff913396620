"""The PostgreSQL under the register: a private one that we start ourselves, or the one that the environment names."""

from canbao.registry.server.addresses import Urls, database_urls
from canbao.registry.server.private import PrivateServer
from canbao.registry.server.soundness import unsound
from canbao.registry.server.trouble import ServerOutOfRoom, ServerTrouble

__all__ = ["PrivateServer", "ServerOutOfRoom", "ServerTrouble", "Urls", "database_urls", "unsound"]
