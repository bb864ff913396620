"""The addresses of self-filling: nobody signs in here, the code on the letter is what opens them."""

from django.urls import path

from canbao.office.self_filling import views

urlpatterns = [
    path("fill/", views.door, name="fill"),
    path("fill/form/", views.form, name="fill_form"),
    path("fill/done/", views.done, name="fill_done"),
]
