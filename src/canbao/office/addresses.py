"""The office's addresses, gathered from its folders."""

urlpatterns: list = []
