"""What is asked about a division's key."""

from __future__ import annotations

from typing import Any

from django import forms

from canbao.batch.package.keys import LARGEST, public_keys
from canbao.batch.trouble import SourceTrouble
from canbao.law.places import read_places


class Adding(forms.Form):
    """A public key, pasted or as the .pub file that `canbao key new` wrote."""

    division_code = forms.ChoiceField(label="报送单位")
    pasted = forms.CharField(
        label="公钥",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "placeholder": "-----BEGIN PUBLIC KEY-----"}),
    )
    file = forms.FileField(
        label="或上传 .pub 文件", required=False, widget=forms.FileInput(attrs={"accept": ".pub,.pem"})
    )

    def __init__(self, *more: object, area: str, **named: object) -> None:
        super().__init__(*more, **named)
        cities = [city for city in read_places().cities if city.code.startswith(area)]
        self.fields["division_code"].choices = [("", "请选择"), *((city.code, city.name) for city in cities)]

    def clean(self) -> dict[str, Any]:
        """One key and no more, with its fingerprint."""
        cleaned = super().clean()
        file = cleaned.get("file")
        raw = file.read(LARGEST) if file else cleaned.get("pasted", "").encode()
        if not raw.strip():
            raise forms.ValidationError("请粘贴公钥，或选一个 .pub 文件")
        try:
            keys = public_keys(raw, file.name if file else "粘贴的公钥")
        except SourceTrouble as trouble:
            raise forms.ValidationError(str(trouble)) from None
        if len(keys) != 1:
            raise forms.ValidationError("一次只登记一把公钥")
        ((cleaned["fingerprint"], cleaned["public_key"]),) = keys.items()
        return cleaned
