"""The shapes of the guide: chapters of pages, pages of blocks, and questions to test oneself with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from canbao.law.models import Cited, Strict

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class Paragraph(Strict):
    """A few sentences."""

    kind: Literal["paragraph"]
    text: Text


class Step(Strict):
    """One step of some work: what is done, by whom, with which paper, and what comes out."""

    title: Text
    do: Text
    who: str = ""
    paper: str = ""
    out: str = ""


class Steps(Strict):
    """Work in the order in which it is done."""

    kind: Literal["steps"]
    title: str = ""
    steps: tuple[Step, ...] = Field(min_length=2)


class Question(Strict):
    """What residents or surveyors ask; `whom` is whom to ask where the answer depends on the place."""

    kind: Literal["question"]
    ask: Text
    answer: Text
    whom: str = ""


class Words(Strict):
    """What to say in a situation, what never to say, and why."""

    kind: Literal["words"]
    when: Text
    say: tuple[Text, ...] = Field(min_length=1)
    never: tuple[Text, ...] = Field(min_length=1)
    why: str = ""


class Checklist(Strict):
    """Things to tick off; with `never`, things that are not to be done."""

    kind: Literal["checklist"]
    title: Text
    items: tuple[Text, ...] = Field(min_length=2)
    never: bool = False


class Item(Strict):
    """How one thing is filled in; the law says what a `field` or a `code` is called, anything else has a `label`."""

    how: Text
    field: str = ""
    code: str = ""
    label: str = ""

    @property
    def figure(self) -> str:
        """The code as a form shows it; empty for a code that is our own word (`emp_pension`)."""
        return "" if self.code.islower() else self.code


class Items(Strict):
    """How the parts of a form are filled in; with `codes`, how to choose between the values of that list."""

    kind: Literal["items"]
    title: Text
    codes: str = ""
    items: tuple[Item, ...] = Field(min_length=1)


Block = Annotated[Paragraph | Steps | Question | Words | Checklist | Items, Field(discriminator="kind")]


class Page(Cited):
    """One page of a chapter; its id is an anchor."""

    id: Id
    title: Text
    blocks: tuple[Block, ...] = Field(min_length=1)


class SelfTest(Strict):
    """A question with choices; `right` counts them from 1, `why` explains."""

    ask: Text
    choices: tuple[Text, ...] = Field(min_length=2)
    right: int = Field(ge=1)
    why: Text

    @model_validator(mode="after")
    def _right_is_there(self) -> SelfTest:
        if self.right > len(self.choices):
            raise ValueError(f"自测题“{self.ask}”没有第 {self.right} 个选项")
        return self


class Chapter(Strict):
    """A chapter: what it is about, its pages, and at least three questions to test oneself."""

    id: Id
    title: Text
    about: Text
    pages: tuple[Page, ...] = Field(min_length=1)
    tests: tuple[SelfTest, ...] = Field(min_length=3)


def texts(entry: BaseModel) -> Iterator[str]:
    """All that a part of the guide says to its reader, in order."""
    for name, value in entry:
        if name in ("id", "kind", "source", "clause", "codes", "code", "field"):
            continue
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                yield from texts(one)
            elif isinstance(one, str) and one:
                yield one
