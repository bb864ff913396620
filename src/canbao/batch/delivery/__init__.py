"""The province's side of a package: everything in it is checked again before the register takes any of it."""

from canbao.batch.delivery.chunks import Chunk
from canbao.batch.delivery.delivery import Delivery, open_delivery
from canbao.batch.delivery.error_file import write_error_file
from canbao.batch.delivery.row_error import RowError

__all__ = ["Chunk", "Delivery", "RowError", "open_delivery", "write_error_file"]
