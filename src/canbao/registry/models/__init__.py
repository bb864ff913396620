"""The register's own tables that are small enough for objects; those of the people are in `registry/tables`."""

from canbao.registry.models.answers import SurveyAnswers
from canbao.registry.models.candidates import Candidate
from canbao.registry.models.duplicates import Duplicate
from canbao.registry.models.handovers import Handover
from canbao.registry.models.officers import DivisionKey, Officer
from canbao.registry.models.packages import STREAMING, AdmissionRange, Conflict, Package, PackageMove
from canbao.registry.models.partners import Agreement, Given, Partner, PartnerKey
from canbao.registry.models.places import PlaceChange, PlaceRow
from canbao.registry.models.proofs import Panel, Proof, ProofKey
from canbao.registry.models.protection import Emergency, EmergencyLook, EmergencyMove, Protection, ProtectionReader
from canbao.registry.models.proving import Guesses, Phone, RecoveryCode, RecoveryCodes
from canbao.registry.models.requests import Assignment, Correction, Link, Paper, Request, RequestMove
from canbao.registry.models.runs import CHANGES, FULL, ExchangePlan, ExchangeRun, ExchangeRunMove
from canbao.registry.models.work import Work

__all__ = [
    "CHANGES",
    "FULL",
    "STREAMING",
    "AdmissionRange",
    "Agreement",
    "Assignment",
    "Candidate",
    "Conflict",
    "Correction",
    "DivisionKey",
    "Duplicate",
    "Emergency",
    "EmergencyLook",
    "EmergencyMove",
    "ExchangePlan",
    "ExchangeRun",
    "ExchangeRunMove",
    "Given",
    "Guesses",
    "Handover",
    "Link",
    "Officer",
    "Package",
    "PackageMove",
    "Panel",
    "Paper",
    "Partner",
    "PartnerKey",
    "Phone",
    "PlaceChange",
    "PlaceRow",
    "Proof",
    "ProofKey",
    "Protection",
    "ProtectionReader",
    "RecoveryCode",
    "RecoveryCodes",
    "Request",
    "RequestMove",
    "SurveyAnswers",
    "Work",
]
