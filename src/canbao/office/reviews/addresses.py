"""The addresses of reviews and samples."""

from canbao.office.pages import page
from canbao.office.reviews import samples, views

urlpatterns = [
    page("campaigns/<int:campaign_id>/reviews/", views.reviews, "task.review", "reviews"),
    page("campaigns/<int:campaign_id>/reviews/clean/", views.approve_clean, "task.review", "reviews_clean"),
    page("campaigns/<int:campaign_id>/samples/", samples.samples, "campaign.see", "samples"),
    page("campaigns/<int:campaign_id>/samples/draw/", samples.draw, "task.see", "sample_draw"),
    page("samples/<int:sample_id>/", samples.sample, "task.see", "sample"),
    page("samples/<int:sample_id>/<int:drawn_id>/", samples.record, "task.see", "sample_record"),
    page("tasks/<int:task_id>/review/", views.review, "task.review", "review"),
    page("tasks/<int:task_id>/approve/", views.approve, "task.review", "review_approve"),
    page("tasks/<int:task_id>/return/", views.send_back, "task.review", "review_return"),
    page("tasks/<int:task_id>/reopen/", views.reopen, "task.recheck", "review_reopen"),
]
