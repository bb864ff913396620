"""The office's addresses, gathered from its folders; one line for each."""

from canbao.office.home.addresses import urlpatterns as home
from canbao.office.packages.addresses import urlpatterns as packages
from canbao.office.sign_in.addresses import urlpatterns as sign_in

urlpatterns = [
    *home,
    *sign_in,
    *packages,
]
