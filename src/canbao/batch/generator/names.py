"""Invented names: common surnames and characters put together by chance, with the few kinds that give trouble."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from canbao.batch.generator.columns import joined
from canbao.batch.generator.dice import Dice, Ints, Mask

SURNAMES = (
    "陈李黄张梁林王吴刘何罗邓曾郑谢叶蔡杨冯周朱许苏卢江徐谭郭温潘关彭欧钟廖赖余麦孔邱高胡钱孙马赵"
    "沈韩傅吕卞姚范方石任袁柳唐薛雷贺倪汤殷毕郝安常乐于时皮齐康伍元卜顾孟平和穆萧尹詹区招霍庞植莫劳岑"
)
COMPOUND_SURNAMES = ("欧阳", "司徒", "上官", "诸葛", "司马", "皇甫", "令狐", "东方")
CHARACTERS = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉萍红玲芬燕彬凤洁梅琳素云莲真环雪荣爱妹香月莺媛"
    "瑞凡佳嘉琼勤珍贞莉桦叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉眉君琴蕊薇菁梦岚苑"
    "馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽羽希宁欣飘育滢馥筠柔竹霭凝晓欢枫芸菲寒伊亚宜可姬舒影荔枝思功"
    "健世广志义兴良海山仁波贵福生龙元全国胜学祥才发武新利清飞富顺信子昌成康星光天达安岩中茂进林有坚和"
)
RARE_CHARACTERS = "㛃䶮㙓㼆䴙𠮷𡃁𣲘𤧛𥖄𦭜𨱏𩽾𪟝𫍯𫖯𫘧𫚖𬀩𬍛𬘓𬣙𬤇𬭎𬱖𬸘"
SYLLABLES = ("阿", "依", "古", "丽", "买", "提", "努", "尔", "帕", "孜", "木", "热")
FIRST_NAMES = (
    "Anna",
    "Boris",
    "Clara",
    "Dennis",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Irene",
    "Jonas",
    "Kenji",
    "Lucia",
)
LAST_NAMES = ("Abbot", "Brandt", "Castell", "Dahlin", "Eriksen", "Fontane", "Gruber", "Holmar", "Ishiba", "Jurgens")

HAN, COMPOUND, DOTTED, RARE, FOREIGN = range(5)
STYLES = (0.989, 0.005, 0.004, 0.002)
SINGLE = 0.15


@cache
def _table(kind: str) -> Any:
    """The parts that names are made of."""
    pairs = [one + other for one, other in product(CHARACTERS, CHARACTERS)]
    given = {
        "surnames": [*SURNAMES],
        "compound": [*COMPOUND_SURNAMES],
        "single": [*CHARACTERS],
        "double": pairs,
        "rare": [*RARE_CHARACTERS, *(rare + one for rare, one in product(RARE_CHARACTERS, CHARACTERS[:20]))],
        "before": ["".join(parts) for parts in product(SYLLABLES, repeat=3)],
        "after": ["·" + "".join(parts) for parts in product(SYLLABLES, repeat=2)],
        "first": [*FIRST_NAMES],
        "last": [" " + last for last in LAST_NAMES],
    }
    return pa.array(given[kind], pa.string())


def styles(dice: Dice, foreign: Mask) -> Ints:
    """Which kind of name each person has: HAN, COMPOUND, DOTTED, RARE or FOREIGN."""
    return np.where(foreign, FOREIGN, dice.pick("name style", STYLES))


def make_names(dice: Dice, style: Ints, salt: str = "") -> Any:
    """Names as an Arrow array of strings; another salt gives other given names to the same persons."""
    parts = {
        HAN: ("surnames", "double"),
        COMPOUND: ("compound", "single"),
        DOTTED: ("before", "after"),
        RARE: ("surnames", "rare"),
        FOREIGN: ("first", "last"),
    }
    short = dice.chance(f"short name{salt}", SINGLE) & (style == HAN)
    fronts: list[Any] = []
    backs: list[Any] = []
    front, back = np.zeros(len(style), np.int64), np.zeros(len(style), np.int64)
    for kind, (before, after) in parts.items():
        for chosen, tail in ((style == kind, after), (short & (style == kind), "single")):
            if not chosen.any():
                continue
            heads, tails = _table(before), _table(tail)
            some = dice.of(chosen)
            front[chosen] = sum(map(len, fronts)) + some.below("first part", len(heads))
            back[chosen] = sum(map(len, backs)) + some.below(f"second part{salt}", len(tails))
            fronts.append(heads)
            backs.append(tails)
    if not fronts:
        return pa.array([], pa.string())
    heads, tails = pa.concat_arrays(fronts), pa.concat_arrays(backs)
    return joined(heads.take(pa.array(front)), tails.take(pa.array(back)))
