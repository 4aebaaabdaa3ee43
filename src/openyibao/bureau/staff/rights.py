"""Rights 权限: what an officer's post may do, and in which area. The table is data (rights.yaml); the pages ask for an act by name.

An act that no role names is an act nobody may do. Area and institution narrow what is seen: a county's clerk sees the county, a hospital
its own bills, an insured person the own record.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from openyibao.bureau.refused import Refused
from openyibao.bureau.staff.models import Officer, Role

TABLE = Path(__file__).with_name("rights.yaml")


class Act(NamedTuple):
    """One act 权限项: its name in both languages, whether it shows one person's data, whether two people must do it."""

    code: str
    zh: str
    en: str
    personal: bool = False
    money: bool = False


class Rights(NamedTuple):
    """What somebody who signed in may do, and where."""

    login: str
    acts: frozenset[str]
    area: str  # 区划前缀: rows outside it are not seen; empty = everywhere
    institution: str  # 定点机构 of a hospital's post; empty = not bound to one
    psn_no: str  # the officer's own number
    relatives: frozenset[str]  # 近亲属人员编号
    office: str = ""  # 责任部门 of the post, as plans write it: what is shown first, no right

    def may(self, act: str) -> bool:
        """Whether the act is among the rights."""
        return act in self.acts

    def need(self, act: str) -> None:
        """Raises Refused STAFF-03 without the right."""
        if act not in self.acts:
            name = acts()[act] if act in acts() else Act(act, act, act)
            raise Refused(
                "STAFF-03", f"您的岗位没有“{name.zh}”权限。", f"Your post has no right to: {name.en}.", place=act,
                next_zh="如工作需要，请联系系统管理岗调整岗位。",
                next_en="Ask the administrator to change your post if your work needs it.",
            )

    def need_other(self, psn_no: str) -> None:
        """Recusal 回避: raises Refused STAFF-04 for the officer's own case or a relative's."""
        if psn_no and (psn_no == self.psn_no or psn_no in self.relatives):
            raise Refused(
                "STAFF-04", "本人或近亲属的业务应当回避。", "Nobody handles the own case or a relative's.", place="psn_no",
                next_zh="请转交其他经办人员办理。", next_en="Hand it to a colleague.",
            )


def need_second(*, first: str, second: str) -> None:
    """Two persons 双人原则: raises Refused STAFF-05 when the same officer would do both steps. Both are logins."""
    if first == second:
        raise Refused(
            "STAFF-05", "同一笔业务的前后两步不能由同一人办理。", "The same officer cannot do both steps.", place="officer",
            next_zh="请由另一位有权限的人员办理。", next_en="Another officer with the right must do it.",
        )


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The rights table as the file says it."""
    found: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def acts() -> dict[str, Act]:
    """Every act by its code."""
    return {code: Act(code, **words) for code, words in table()["acts"].items()}


def reader(request: Any) -> Rights:
    """The rights of whoever asks for a page that `asks` guards: signed in, so there are some."""
    found: Rights = request.rights
    return found


def rights_of(officer: Officer) -> Rights:
    """The rights of an officer: all acts of the roles of the post; nothing without a post."""
    post = officer.post
    if post is None or not officer.is_active:
        return Rights(officer.login, frozenset(), "", "", officer.psn_no, frozenset(officer.relatives))
    found = frozenset(act for role in post.roles.all() for act in role.may)
    return Rights(officer.login, found, post.area, post.institution, officer.psn_no, frozenset(officer.relatives), post.office)


def arrange_roles() -> None:
    """Bring the roles that the file names in line with it; roles a city added stay as they are."""
    for code, words in table()["roles"].items():
        unknown = sorted(set(words["may"]) - set(acts()))
        if unknown:
            raise ValueError(f"{TABLE.name}: role {code} names unknown acts: {', '.join(unknown)}")
        Role.objects.update_or_create(code=code, defaults={"name": words["zh"], "name_en": words["en"], "may": words["may"]})
