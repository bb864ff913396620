"""The office's addresses, gathered from its folders; one line for each."""

from canbao.office.home.addresses import urlpatterns as home
from canbao.office.sign_in.addresses import urlpatterns as sign_in

urlpatterns = [
    *home,
    *sign_in,
    # Here go people, conflicts and packages.
]
