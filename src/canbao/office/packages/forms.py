"""What is asked when a package is uploaded."""

from __future__ import annotations

from django import forms


class Uploading(forms.Form):
    """A package file; what is in it the check says, and its size the spool."""

    package = forms.FileField(
        label="数据包",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".canbao"}),
        error_messages={"required": "请选择 canbao pack 写出的 .canbao 文件"},
    )
