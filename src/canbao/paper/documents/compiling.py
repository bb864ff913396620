"""A child's work: one chunk in by standard input, its PDF out by one rename. Its memory goes when it ends.

Texts come as data and never as Typst code: the template reads them from `data.json`.
"""

from __future__ import annotations

import base64
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import segno
import typst

from canbao.paper.documents.appearing import appearing

TEXTS = {".typ", ".json"}
DOTS_AN_INCH = 110
QUIET_ZONE = 2
"""Modules of white around a code; templates leave the rest of the four that the standard asks for."""


def main() -> int:
    """Compile the job on standard input to its `out`; a failure is one line on standard error and status 1."""
    job = json.load(sys.stdin.buffer)
    try:
        compiled = _compiled(job)
    except RuntimeError as problem:  # TypstError is one; other faults of the binding are plain
        print(str(problem).splitlines()[0], file=sys.stderr)
        return 1
    with appearing(Path(job["out"])) as file:
        file.write(compiled)
    return 0


def _compiled(job: dict[str, Any]) -> bytes:
    files = {name: base64.b64decode(content) for name, content in job["files"].items()}
    files["data.json"] = json.dumps(_drawn(json.loads(files["data.json"]))).encode()
    texts = {name: content for name, content in files.items() if Path(name).suffix in TEXTS}
    # The binding takes texts from memory but pictures from a folder only; there is nothing else in it to be read.
    with tempfile.TemporaryDirectory(prefix="pictures-", dir=Path(job["out"]).parent) as root:
        for name in files.keys() - texts.keys():
            Path(root, name).write_bytes(files[name])
        pages = typst.compile(
            texts,
            root=root,
            font_paths=job["folders"],
            ignore_system_fonts=True,
            format=job["format"],
            ppi=DOTS_AN_INCH if job["format"] == "png" else None,
            pdf_tags=False,
        )
    return pages[0] if isinstance(pages, list) else pages


def _drawn(value: Any) -> Any:
    """The same with each code as SVG; never a Micro QR code, which few readers know, and with a viewBox, to scale."""
    if isinstance(value, dict):
        if set(value) == {"qr"} and isinstance(value["qr"], str):
            return _svg(value["qr"])
        if set(value) == {"qr", "figures"}:
            return _svg([value["qr"], value["figures"]])
        return {key: _drawn(one) for key, one in value.items()}
    return [_drawn(one) for one in value] if isinstance(value, list) else value


def _svg(text: str | list[str]) -> str:
    """Drawn; of a list each part is written in its own way, figures above all in 10 bits for three of them."""
    out = io.BytesIO()
    drawn = segno.make_qr(text, error="m")
    drawn.save(out, kind="svg", border=QUIET_ZONE, omitsize=True, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()


if __name__ == "__main__":
    sys.exit(main())
