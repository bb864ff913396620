"""Canbao's client for partners: pushes a business system's changes to the register, and asks it (docs/exchange.md)."""

from canbao_client.answers import (
    Answer,
    Answers,
    BackFilled,
    Change,
    Changes,
    Found,
    Outcome,
    Outcomes,
    Panel,
    Row,
    Standing,
)
from canbao_client.client import Client
from canbao_client.trouble import ClientTrouble, RequestRefused, ServerAway, ServerBusy, ServerFault

__all__ = [
    "Answer",
    "Answers",
    "BackFilled",
    "Change",
    "Changes",
    "Client",
    "ClientTrouble",
    "Found",
    "Outcome",
    "Outcomes",
    "Panel",
    "RequestRefused",
    "Row",
    "ServerAway",
    "ServerBusy",
    "ServerFault",
    "Standing",
]
