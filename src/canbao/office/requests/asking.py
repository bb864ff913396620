"""What every form of a request asks: a reason, and papers with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from canbao.core.masks import has_identity_number
from canbao.registry.actions.papers import BEGINNINGS, LARGEST, MOST, File
from canbao.registry.actions.requests import decision_of
from canbao.registry.deeds import LONGEST, SHORTEST

MEGABYTES = LARGEST >> 20
NO_NUMBERS = "这里不能写身份号码；请删去后再提交"


class Words(forms.CharField):
    """A reason, an answer, what somebody says: some lines that are kept, so without identity numbers."""

    def __init__(self, **more: Any) -> None:
        messages = {
            "required": "请写明",
            "min_length": f"请写得明白些（{SHORTEST} 至 {LONGEST} 个字）",
            "max_length": f"太长了；最多 {LONGEST} 个字",
        }
        super().__init__(
            min_length=SHORTEST, max_length=LONGEST, error_messages=messages,
            widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}), **more,
        )  # fmt: skip

    def clean(self, value: str) -> str:
        """The words; raises ValidationError where a number is among them."""
        words = super().clean(value)
        if has_identity_number(words):
            raise forms.ValidationError(NO_NUMBERS)
        return words


class SeveralFiles(forms.FileInput):
    """An input in which several files are chosen at once."""

    allow_multiple_selected = True


class Papers(forms.FileField):
    """Scans and photos; the value is the list of uploaded files, each looked at as the verb will."""

    def __init__(self, **more: Any) -> None:
        widget = SeveralFiles(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})
        super().__init__(label="材料", widget=widget, error_messages={"required": "请附上材料：扫描件或照片"}, **more)

    def clean(self, value: Any, initial: Any = None) -> list[UploadedFile]:
        """The files; raises ValidationError naming the first one that can't be kept."""
        files = [super(Papers, self).clean(one, initial) for one in value] if value else []
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        if len(files) > MOST:
            raise forms.ValidationError(f"一份申请最多 {MOST} 份材料")
        for place, file in enumerate(files, 1):
            _require_kept(place, file)
        return files


class Asking(forms.Form):
    """A reason and papers; `kind` says whether there have to be any."""

    kind = ""

    reason = Words(label="理由", help_text="写明怎样核实的、依据什么材料；不写身份号码")
    papers = Papers(
        required=False, help_text=f"PDF、JPEG 或 PNG，每份不超过 {MEGABYTES} MB，最多 {MOST} 份，可一次选几份"
    )
    paper_label = forms.CharField(
        label="材料名称", max_length=90, required=False, help_text="如：身份证、户口本；不写身份号码",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.fields["papers"].required = decision_of(self.kind).papers > 0

    @property
    def is_to_choose_again(self) -> bool:
        """Whether files were chosen for a form that was refused: a browser doesn't keep them."""
        return self.is_bound and bool(self.files) and bool(self.errors)

    def clean_paper_label(self) -> str:
        """The name of the papers; raises ValidationError for one with a number."""
        label = str(self.cleaned_data["paper_label"])
        if has_identity_number(label):
            raise forms.ValidationError(NO_NUMBERS)
        return label

    def asked(self) -> dict[str, Any]:
        """Reason and papers as the asking verbs take them."""
        label, files = self.cleaned_data["paper_label"] or "材料", self.cleaned_data["papers"]
        named = [f"{label} {place}" if len(files) > 1 else label for place in range(1, len(files) + 1)]
        papers = [File(name, file.read()) for name, file in zip(named, files, strict=True)]
        return {"reason": self.cleaned_data["reason"], "papers": papers}


class Undoing(Asking):
    """Reason and papers of a request that takes a decision back."""

    def __init__(self, kind: str, *more: Any) -> None:
        self.kind = kind
        super().__init__(*more)


def _require_kept(place: int, file: UploadedFile) -> None:
    if (file.size or 0) > LARGEST:
        raise forms.ValidationError(f"第 {place} 份材料超过 {MEGABYTES} MB；请压缩或分开上传")
    beginning = file.read(16)
    file.seek(0)
    if not beginning.startswith(tuple(BEGINNINGS)):
        raise forms.ValidationError(f"第 {place} 份材料不是 PDF、JPEG 或 PNG；请换一种格式")
