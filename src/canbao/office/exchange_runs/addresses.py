"""Addresses of runs, plans and dropped files."""

from canbao.office.exchange_runs import dropping, planning, results, views
from canbao.office.pages import page

urlpatterns = [
    page("exchange/runs/", views.listed, "exchange.watch", "exchange_runs"),
    page("exchange/runs/upload/", views.upload, "exchange.drop", "exchange_run_upload"),
    page("exchange/runs/templates/<slug:source>/", results.template, "exchange.watch", "exchange_run_template"),
    page("exchange/runs/<int:run_id>/", views.shown, "exchange.watch", "exchange_run"),
    page("exchange/runs/<int:run_id>/progress/", views.progress, "exchange.watch", "exchange_run_progress"),
    page("exchange/runs/<int:run_id>/release/", views.release, "exchange.decide", "exchange_run_release"),
    page("exchange/runs/<int:run_id>/carry/", views.carry, "exchange.drop", "exchange_run_carry"),
    page("exchange/runs/<int:run_id>/cancel/", views.cancel, "exchange.drop", "exchange_run_cancel"),
    page("exchange/runs/<int:run_id>/result/", results.result, "exchange.drop", "exchange_run_result"),
    page("exchange/plans/", planning.plans, "exchange.watch", "exchange_plans"),
    page("exchange/plans/<int:plan_id>/end/", planning.end, "exchange.drop", "exchange_plan_end"),
    page("exchange/files/", dropping.drop, "exchange.drop", "exchange_files"),
]
