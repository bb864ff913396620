"""The words of a city's papers: each kind's, with what may stand in them, a look at the paper, and all versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.law.wording import PaperText, PaperWording, faults_of_wording, read_wording
from canbao.office.pages import number, unkept
from canbao.office.papers.showing import pdf
from canbao.paper.documents.printing import preview as printed
from canbao.registry.access import Refused, acting
from canbao.survey.actions import wordings as actions
from canbao.survey.printing.samples import sample
from canbao.survey.wordings import default_issuer, issuer_and_seal, issuer_of, versions_of, words_of

SHORT = 60
"""Up to how many characters a text is written on one line."""


class Rewording(forms.Form):
    """The texts of a kind, in the order in which they are printed."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, paper: PaperWording, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.paper = paper
        for text in paper.texts:
            self.fields[text.key] = _field(text)

    def texts(self) -> list[forms.BoundField]:
        """The fields of the texts."""
        return [self[text.key] for text in self.paper.texts]

    def words(self) -> dict[str, str]:
        """What was written."""
        return {
            text.key: self.cleaned_data.get(text.key, "").replace("\r\n", "\n").strip() for text in self.paper.texts
        }


def _field(text: PaperText) -> forms.CharField:
    """What may stand in a text is said under it; what is wrong with it the law says."""
    told = [
        f"{{{name}}} 换成{meaning}" + ("（必须有）" if name in text.required else "")
        for name, meaning in text.placeholders.items()
    ]
    help_text = f"最多 {text.limit} 个字" + (f"；{'，'.join(told)}" if told else "")
    rows = min(14, 2 + len(text.default) // SHORT + text.default.count("\n"))
    is_short = text.limit <= SHORT and "\n" not in text.default
    widget = forms.TextInput() if is_short else forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=text.name, required=not text.may_be_empty, help_text=help_text, widget=widget)


class Issuing(forms.Form):
    """In whose name papers go out, and the seal."""

    name = forms.CharField(label="落款单位", max_length=actions.LONGEST_NAME)
    seal = forms.FileField(
        label="印章图片", required=False, widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text="透明底的 PNG 最好，加密保存；不选则留出盖章的位置，现有的图片停用",
    )  # fmt: skip


@require_GET
def wordings(request: HttpRequest) -> HttpResponse:
    """All kinds of papers, with whose words they bear, and the issuer."""
    return _list(request, Issuing(initial={"name": _city_issuer(request)[0]}))


@require_POST
def issuer(request: HttpRequest) -> HttpResponse:
    """Say in whose name papers go out."""
    form = Issuing(request.POST, request.FILES)
    try:
        if form.is_valid():
            seal = form.cleaned_data["seal"].read() if form.cleaned_data["seal"] else None
            actions.set_issuer(name=form.cleaned_data["name"], seal=seal, by=request.user)
            messages.success(request, "已保存；以后打印的文书按新的落款")
            return redirect("wordings")
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return _list(request, form)


def _list(request: HttpRequest, form: Issuing) -> HttpResponse:
    city = _city(request)
    with acting(request.user.area, request.user):
        rows = [
            (kind, paper, words_of(city, kind).number, versions_of(city, kind)[:1])
            for kind, paper in read_wording().items()
        ]
        kept = issuer_of(city)
    shown = {"rows": rows, "form": form, "issuer": kept, "default_issuer": default_issuer(city)}
    return render(request, "office/papers/wordings.html", shown, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def wording(request: HttpRequest, kind: str) -> HttpResponse:
    """A kind's words; a post keeps a new version."""
    paper = _paper(kind)
    city = _city(request)
    with acting(request.user.area, request.user):
        now = words_of(city, kind)
        begun = words_of(city, kind, _version(request)) if "version" in request.GET else now
    form = Rewording(paper, request.POST or None, initial={**begun.words, "based_on": now.number})
    if request.method == "POST" and _is_kept(request, kind, form):
        return redirect("wording", kind)
    with acting(request.user.area, request.user):
        versions = versions_of(city, kind)
    shown = {"paper": paper, "kind": kind, "form": form, "now": now, "versions": versions, "begun": begun}
    return render(request, "office/papers/wording.html", shown, status=400 if form.is_bound else 200)


def _is_kept(request: HttpRequest, kind: str, form: Rewording) -> bool:
    form.is_valid()
    based_on = form.cleaned_data.get("based_on")
    try:
        actions.reword(kind=kind, words=form.words(), based_on=-1 if based_on is None else based_on, by=request.user)
    except actions.Misworded as problem:
        for fault in problem.faults:
            form.add_error(None, fault)
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "已保存为新的一版；以后打印的按这一版")
    return True


@unkept
@require_POST
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """How the paper would look with the words as they are written now, with a made record."""
    form = Rewording(_paper(kind), request.POST)
    form.is_valid()
    faults = faults_of_wording(kind, form.words())
    if faults:
        raise Refused("；".join(faults))
    name, seal = _city_issuer(request)
    record = sample(kind, _city(request), name, seal)
    return pdf(printed(kind, form.words(), record, settings.PRINT_FONTS), f"{kind}.pdf")


@require_POST
def default(request: HttpRequest, kind: str) -> HttpResponse:
    """Go back to the words that come with the program."""
    _paper(kind)
    based_on = number(request.POST.get("based_on", ""))
    try:
        actions.back_to_law(kind=kind, based_on=-1 if based_on is None else based_on, by=request.user)
        messages.success(request, "已恢复为默认的措辞，存为新的一版")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("wording", kind)


def _paper(kind: str) -> PaperWording:
    found = read_wording().get(kind)
    if found is None:
        raise Http404
    return found


def _city(request: HttpRequest) -> str:
    return request.user.area[:4]


def _city_issuer(request: HttpRequest) -> tuple[str, bytes | None]:
    with acting(request.user.area, request.user):
        return issuer_and_seal(_city(request))


def _version(request: HttpRequest) -> int:
    """The version that the address asks for; the latest for what is no number."""
    return number(request.GET["version"], 4) or 0
