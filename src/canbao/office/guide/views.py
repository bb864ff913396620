"""The pages of the guide."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from canbao.law.guide import Chapter, Page, read_guide
from canbao.law.reader import read_law
from canbao.office.guide.finding import find
from canbao.office.guide.judging import asked

LONGEST = 40
"""How many characters of a search count."""


@require_GET
def contents(request: HttpRequest) -> HttpResponse:
    """The chapters with their pages, or the pages that a search finds."""
    text = request.GET.get("text", "").strip()[:LONGEST]
    shown = {"text": text, "chapters": read_guide().chapters.values(), "found": find(text.split())}
    return render(request, "office/guide/contents.html", shown)


@require_GET
def chapter(request: HttpRequest, chapter_id: str) -> HttpResponse:
    """One chapter; with `judge` in the address, its self-test judged."""
    chapters = read_guide().chapters
    if chapter_id not in chapters:
        raise Http404
    one = chapters[chapter_id]
    questions = asked(one, request.GET)
    order = [None, *chapters.values(), None]
    place = order.index(one)
    shown = {
        "chapter": one,
        "pages": _cited(one),
        "questions": questions,
        "is_judged": "judge" in request.GET,
        "right": sum(question.is_right for question in questions),
        "before": order[place - 1],
        "after": order[place + 1],
    }
    return render(request, "office/guide/chapter.html", shown)


@require_GET
def on_paper(request: HttpRequest) -> HttpResponse:
    """The whole guide on one page to print, the answers of all self-tests at its end."""
    chapters = [(one, _cited(one), asked(one, {})) for one in read_guide().chapters.values()]
    return render(request, "office/guide/on_paper.html", {"chapters": chapters})


def _cited(one: Chapter) -> list[tuple[Page, str]]:
    """The pages of a chapter, each with where it comes from in words."""
    return [(page, read_law().citation(page.source, page.clause)) for page in one.pages]
