"""The survey's tables."""

from canbao.survey.models.archive import Volume, VolumeMove
from canbao.survey.models.campaigns import (
    OVER,
    UNDER_WAY,
    Campaign,
    CampaignMove,
    Contact,
    FormVersion,
    Issuer,
    Urge,
    Wording,
)
from canbao.survey.models.checks import Comment, Sample, SampleTask
from canbao.survey.models.entries import Draft, Entry, SelfCode, Visit
from canbao.survey.models.phones import Device, Parcel, PhoneAction, PhonePermit, Picture, Stream
from canbao.survey.models.printing import Printing
from canbao.survey.models.supervision import DayCount, Mark, ReviewCount, Watch
from canbao.survey.models.surveyors import Contractor, Surveyor
from canbao.survey.models.tasks import Task, TaskMove

__all__ = [
    "OVER", "UNDER_WAY", "Campaign", "CampaignMove", "Comment", "Contact", "Contractor", "DayCount", "Device", "Draft",
    "Entry", "FormVersion", "Issuer", "Mark", "Parcel", "PhoneAction", "PhonePermit", "Picture", "Printing",
    "ReviewCount", "Sample", "SampleTask", "SelfCode", "Stream", "Surveyor", "Task", "TaskMove", "Urge", "Visit",
    "Volume", "VolumeMove", "Watch", "Wording",
]  # fmt: skip
