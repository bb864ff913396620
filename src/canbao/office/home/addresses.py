"""Where home is."""

from canbao.office.home.views import home
from canbao.office.pages import EVERYONE, page

urlpatterns = [page("", home, EVERYONE, "home")]
