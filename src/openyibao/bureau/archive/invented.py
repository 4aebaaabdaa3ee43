"""Invented particulars 虚构信息 of a synthetic person: a name, and an identity number of area 99, which was never given to anybody."""

from openyibao.kernel.identity import MALE, check_sign

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "明华建国志强文军海波平辉勇杰涛磊斌超鹏飞宇浩然晨阳静丽敏燕红霞玲芳娟秀英慧倩雪梅兰婷洁颖琳欣怡佳宁"

AREAS = 9_000
"""Areas 991000 to 999999; below them lie the sandbox's own training numbers."""
SERIALS = 500
"""Serial numbers of a day, area and sex."""


def name_of(person: int) -> str:
    """The invented name of a person by number: two or three characters."""
    surname = SURNAMES[person % len(SURNAMES)]
    rest = person // len(SURNAMES)
    first, second = GIVEN[rest % len(GIVEN)], GIVEN[rest // len(GIVEN) % len(GIVEN)]
    return f"{surname}{first}" if rest % 4 == 0 else f"{surname}{first}{second}"


def identity_number(person: int, born: int, sex: int) -> str:
    """A training identity number that fits birth and sex; nobody else's up to 4.5 million persons, and beyond for other birthdays."""
    serial = person % SERIALS * 2 + (1 if sex == MALE else 0)
    first = f"99{1000 + person // SERIALS % AREAS:04d}{born:08d}{serial:03d}"
    return first + check_sign(first)
