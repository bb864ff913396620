"""The addresses of signing keys."""

from canbao.office.keys.views import adding, keys, withdrawing
from canbao.office.pages import page

urlpatterns = [
    page("keys/", keys, "key.manage", "keys"),
    page("keys/add/", adding, "key.manage", "key_add"),
    page("keys/<int:id_>/withdraw/", withdrawing, "key.manage", "key_withdraw"),
]
