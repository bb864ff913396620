"""Spreadsheets of the survey: answers, surveyors and assignments taken away as XLSX and brought back."""

from canbao.survey.spreadsheets.assignments import AssignmentSheet, assignment_template, read_assignments
from canbao.survey.spreadsheets.correcting import with_errors
from canbao.survey.spreadsheets.entries import EntryRow, EntrySheet, entry_template, read_entries
from canbao.survey.spreadsheets.refusal import CellError, SheetRefused
from canbao.survey.spreadsheets.surveyors import SurveyorRow, SurveyorSheet, read_surveyors, surveyor_template
from canbao.survey.spreadsheets.template import MOST_ROWS, Stamp, TaskRow

__all__ = [
    "MOST_ROWS", "AssignmentSheet", "CellError", "EntryRow", "EntrySheet", "SheetRefused", "Stamp", "SurveyorRow",
    "SurveyorSheet", "TaskRow", "assignment_template", "entry_template", "read_assignments", "read_entries",
    "read_surveyors", "surveyor_template", "with_errors",
]  # fmt: skip
