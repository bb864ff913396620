"""A page of configuration: YAML, of which every value knows its line, so that a fault is found at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import yaml

from canbao_client.trouble import ConfigurationTrouble

ENVIRONMENT = re.compile(r"\$\{(\w+)\}")


class Page:
    """A table of the page. Values are text as written (01 stays 01); `${NAME}` is taken from the environment."""

    def __init__(self, file: Path, node: yaml.Node, name: str = "") -> None:
        self._file, self._node, self._name = file, node, name
        self._values: dict[str, yaml.Node] = {}
        self._values = dict(self._read())

    def only(self, *known: str) -> Page:
        """This table, if it has no other keys; raises ConfigurationTrouble that names the stranger."""
        for name in self._values:
            if name not in known:
                meant = get_close_matches(name, known, 1)
                remedy = f"是不是 {meant[0]}？" if meant else f"可用的有 {'、'.join(known)}"
                raise self.trouble(f"没有 {name} 这一项", remedy, name)
        return self

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        """The keys, in their order."""
        return list(self._values)

    def text(self, name: str, otherwise: str | None = None) -> str:
        """A text; raises ConfigurationTrouble if it is missing and nothing is to stand in its place."""
        if name not in self._values and otherwise is not None:
            return otherwise
        node = self._value(name)
        if otherwise is not None and isinstance(node, yaml.ScalarNode) and not node.value.strip():
            return otherwise
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.trouble(f"{name} 应是文字", "请写一个值", name)
        return ENVIRONMENT.sub(lambda found: self._environment(found[1], name), node.value)

    def number(self, name: str, otherwise: float) -> float:
        """A number from 0 on."""
        written = self.text(name, str(otherwise))
        if not re.fullmatch(r"\d+(\.\d+)?", written):
            raise self.trouble(f"{name} 是“{written}”，应是数", "请写数字，如 30", name)
        return float(written)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, at least one."""
        node = self._value(name)
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not nodes or not all(isinstance(one, yaml.ScalarNode) for one in nodes):
            raise self.trouble(f"{name} 应是一列文字", "请写成 [甲, 乙]", name)
        return tuple(str(one.value) for one in nodes)

    def table(self, name: str) -> Page:
        """A table within this one; an empty one if it is missing."""
        node = self._values.get(name) or yaml.MappingNode("tag:yaml.org,2002:map", [], self._node.start_mark)
        return Page(self._file, node, self._named(name))

    def tables(self, name: str) -> Iterator[Page]:
        """A list of tables."""
        node = self._value(name)
        if not isinstance(node, yaml.SequenceNode):
            raise self.trouble(f"{name} 应是一列", "请每一项前写“- ”", name)
        return (Page(self._file, one, f"{self._named(name)}[{at}]") for at, one in enumerate(node.value, 1))

    def is_text(self, name: str) -> bool:
        """Whether a value is a text, not a table or a list."""
        return isinstance(self._values.get(name), yaml.ScalarNode)

    def trouble(self, problem: str, remedy: str, name: str = "") -> ConfigurationTrouble:
        """What is wrong here, with file, line and key."""
        mark = self._values.get(name, self._node).start_mark
        place = f"{self._file} 第 {mark.line + 1} 行 {self._named(name)}"
        return ConfigurationTrouble(place.strip(), problem, remedy)

    def _read(self) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(self._node, yaml.MappingNode):
            raise self.trouble("应是“名称: 值”", "请对照范例 业务库推送.yaml")
        seen = set()
        for key, value in self._node.value:
            if key.value in seen:
                raise self.trouble(f"{key.value} 写了两次", "请只留一个")
            seen.add(key.value)
            yield str(key.value), value

    def _value(self, name: str) -> yaml.Node:
        if name not in self._values:
            raise self.trouble(f"缺少 {name}", "请补上；写法见范例 业务库推送.yaml")
        return self._values[name]

    def _environment(self, variable: str, name: str) -> str:
        if variable not in os.environ:
            raise self.trouble(f"没有设置环境变量 {variable}", "请设置后再运行", name)
        return os.environ[variable]

    def _named(self, name: str) -> str:
        return ".".join(part for part in (self._name, name) if part)


def read_page(file: Path) -> Page:
    """The page in a file; raises ConfigurationTrouble if it can't be read."""
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as problem:
        raise ConfigurationTrouble(str(file), f"读不出来（{problem.strerror}）", "请核对路径和权限") from problem
    except UnicodeDecodeError as problem:
        raise ConfigurationTrouble(str(file), "不是 UTF-8 编码", "请另存为 UTF-8") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise ConfigurationTrouble(f"{file} 第 {line} 行", "不是正确的 YAML", "请核对缩进、冒号和引号") from problem
    if node is None:
        raise ConfigurationTrouble(str(file), "是空的", "请对照范例 业务库推送.yaml 填写")
    return Page(file, node)
