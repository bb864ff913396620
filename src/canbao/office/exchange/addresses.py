"""The addresses of data exchange."""

from canbao.office.exchange import views
from canbao.office.pages import page

urlpatterns = [
    page("exchange/", views.streams, "exchange.watch", "exchange"),
    page("exchange/<int:partner_id>/", views.stream, "exchange.watch", "exchange_stream"),
    page("exchange/aside/", views.aside, "exchange.decide", "exchange_aside"),
    page("exchange/aside/decide/", views.decide, "exchange.decide", "exchange_decide"),
]
