"""The province's side of a package: everything in it is checked again before the register takes any of it."""

from canbao.batch.delivery.chunks import Chunk
from canbao.batch.delivery.delivery import Delivery, open_delivery

__all__ = ["Chunk", "Delivery", "open_delivery"]
