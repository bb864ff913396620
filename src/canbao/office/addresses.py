"""The office's addresses, gathered from its folders."""

from canbao.office.packages.addresses import urlpatterns as packages

urlpatterns = [*packages]
