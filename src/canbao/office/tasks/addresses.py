"""The addresses of tasks."""

from canbao.office.pages import page
from canbao.office.tasks import batches, entering, inviting, lists, splits, views, walking_in

urlpatterns = [
    page("campaigns/<int:campaign_id>/tasks/", lists.tasks, "task.list", "tasks"),
    page("campaigns/<int:campaign_id>/tasks/act/", lists.act, "task.list", "tasks_act"),
    page("campaigns/<int:campaign_id>/split/", splits.split, "task.list", "campaign_split"),
    page("campaigns/<int:campaign_id>/split/allot/", splits.allot, "task.allot", "campaign_allot"),
    page("campaigns/<int:campaign_id>/split/spread/", splits.spread, "task.assign", "campaign_spread"),
    page("campaigns/<int:campaign_id>/batch/", batches.batch, "task.enter", "campaign_batch"),
    page("campaigns/<int:campaign_id>/batch/<slug:kind>/", batches.upload, "task.enter", "batch_upload"),
    page("campaigns/<int:campaign_id>/template/<slug:kind>/", batches.template, "task.enter", "batch_template"),
    page("given-back/", batches.given_back, "task.see", "given_back"),
    page("surveyors/template/", batches.surveyors_template, "surveyor.manage", "surveyors_template"),
    page("surveyors/upload/", batches.surveyors_upload, "surveyor.manage", "surveyors_upload"),
    page("tasks/<int:task_id>/", views.task, "task.see", "task"),
    page("tasks/<int:task_id>/visit/", views.visit, "task.enter", "task_visit"),
    page("tasks/<int:task_id>/collect/", views.collect, "task.enter", "task_collect"),
    page("tasks/<int:task_id>/withdraw/", views.withdraw, "task.enter", "task_withdraw"),
    page("tasks/<int:task_id>/enter/", entering.enter, "task.enter", "task_enter"),
    page("tasks/<int:task_id>/judge/", entering.judge, "task.enter", "task_judge"),
    page("tasks/<int:task_id>/code/", inviting.invite, "paper.print", "task_code"),
    page("enter/", entering.entering, "task.enter", "entering"),
    page("walk-in/", walking_in.walking_in, "task.walk_in", "walk_in"),
]
