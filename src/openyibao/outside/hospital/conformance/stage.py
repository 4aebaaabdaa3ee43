"""The stage 测试台: hospitals connected to one door, the people of the cast, what was said in the case being played, and expectations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from openyibao.outside.hospital.addresses import Address
from openyibao.outside.hospital.cast import Cast, Clinic, Diagnosis, Item
from openyibao.outside.hospital.client import Hospital, now
from openyibao.outside.hospital.conformance.case import Missing, Unmet
from openyibao.outside.hospital.conformance.manners import faults
from openyibao.outside.hospital.envelope import Exchange
from openyibao.outside.hospital.identities import Breach, breaches
from openyibao.outside.hospital.inputs import Patient
from openyibao.outside.hospital.journeys.people import known
from openyibao.outside.hospital.signing import Key


@dataclass
class Stage:
    """Everything a case plays with.

    key: with which every hospital speaks unless a case says otherwise; said: the exchanges of the case being played; broken: identities and
    manners that did not hold in them; remarks: zh and en.
    """

    address: Address
    cast: Cast
    key: Key
    clock: Callable[[], datetime] = now
    hospitals: dict[tuple[str, str], Hospital] = field(default_factory=dict)
    said: list[Exchange] = field(default_factory=list)
    broken: list[tuple[Breach, Exchange]] = field(default_factory=list)
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def begin(self) -> None:
        """A new case: nothing said, nothing broken."""
        self.said, self.broken, self.remarks = [], [], []

    def close(self) -> None:
        """Close every connection."""
        for hospital in self.hospitals.values():
            hospital.close()

    def notice(self, exchange: Exchange) -> None:
        """Keep an exchange and check its arithmetic and manners."""
        self.said.append(exchange)
        self.broken += [(breach, exchange) for breach in faults(exchange)]
        if exchange.ok:
            self.broken += [(breach, exchange) for breach in breaches(exchange.infno, exchange.output)]

    def hospital(self, role: str = "hospital", key: str = "") -> Hospital:
        """The connection of a clinic of the cast; key: a channel of the cast instead of the run's own. Raises Missing."""
        if (role, key) not in self.hospitals:
            clinic = self.clinic(role)
            if key and key not in self.cast.keys:
                raise Missing(f"角色表没有密钥 keys.{key}", f"the cast has no keys.{key}")
            chosen = self.cast.keys[key] if key else self.key
            self.hospitals[role, key] = Hospital(self.address, clinic.institution, chosen, self.clock, seen=self.notice)
        return self.hospitals[role, key]

    def elsewhere(self, address: Address, role: str = "hospital") -> Hospital:
        """A connection of its own at another address; the caller closes it."""
        return Hospital(address, self.clinic(role).institution, self.key, self.clock, seen=self.notice)

    def clinic(self, role: str = "hospital") -> Clinic:
        """A clinic of the cast. Raises Missing."""
        return found(self.cast.clinics, "clinics", role)

    def item(self, role: str) -> Item:
        """An item of the cast. Raises Missing."""
        return found(self.cast.items, "items", role)

    def items(self, *roles: str) -> list[Item]:
        """Items of the cast. Raises Missing."""
        return [self.item(role) for role in roles]

    def diagnosis(self, role: str = "ordinary") -> Diagnosis:
        """A diagnosis of the cast. Raises Missing."""
        return found(self.cast.diagnoses, "diagnoses", role)

    def patient(self, role: str = "employee", hospital: Hospital | None = None) -> Patient:
        """A person of the cast, identified by 1101 at a hospital. Raises Missing, TurnedDown."""
        return known(hospital or self.hospital(), found(self.cast.people, "people", role))

    def remark(self, zh: str, en: str) -> None:
        """Something worth a line in the report that is no failure."""
        self.remarks.append((zh, en))

    def require(self, holds: object, zh: str, en: str, exchange: Exchange | None = None) -> None:
        """Raises Unmet unless something holds; the last exchange is shown when none is named."""
        if not holds:
            raise Unmet(zh, en, exchange or (self.said[-1] if self.said else None))

    def accepted(self, exchange: Exchange) -> Exchange:
        """An exchange that had to succeed."""
        self.require(exchange.ok, f"{exchange.infno} 应成功，却被拒绝：{exchange.text or exchange.status}",
                     f"{exchange.infno} should succeed, was refused: {exchange.text or exchange.status}", exchange)  # fmt: skip
        return exchange

    def refused(self, exchange: Exchange, mentions: Sequence[str] = ()) -> str:
        """An exchange that had to be refused, its text naming each of `mentions`; the text."""
        self.require(not exchange.ok, f"{exchange.infno} 应被拒绝，却成功了", f"{exchange.infno} should be refused, it succeeded", exchange)
        self.require(exchange.text, f"{exchange.infno} 拒绝时没有说明原因 (HTTP {exchange.status})",
                     f"{exchange.infno} was refused without a reason (HTTP {exchange.status})", exchange)  # fmt: skip
        for word in mentions:
            self.require(word in exchange.text, f"拒绝原因没有提到“{word}”：{exchange.text}",
                         f"the reason does not mention {word!r}: {exchange.text}", exchange)  # fmt: skip
        return exchange.text

    def hold(self, unmet: Iterable[Breach]) -> None:
        """Raises Unmet when identities between replies do not hold."""
        rows = list(unmet)
        if rows:
            raise Unmet("；".join(f"{row.identity} {row.zh}" for row in rows), "; ".join(f"{row.identity} {row.en}" for row in rows),
                        self.said[-1])  # fmt: skip

    def same(self, before: Mapping[Any, Any], after: Mapping[Any, Any], zh: str, en: str) -> None:
        """Raises Unmet when two sets of figures differ, naming those that do."""
        names = sorted({name for name in {**before, **after} if before.get(name, 0) != after.get(name, 0)}, key=str)
        figures = ", ".join(f"{'·'.join(name) if isinstance(name, tuple) else name}: {before.get(name, 0)} → {after.get(name, 0)}"
                            for name in names)
        self.require(not names, f"{zh}（分）：{figures}", f"{en} (fen): {figures}")

    def with_doctor(self, role: str, code: str, name: str) -> Clinic:
        """A clinic with another doctor at the desk."""
        return replace(self.clinic(role), doctor=code, doctor_name=name)


Role = TypeVar("Role")


def found(table: Mapping[str, Role], kind: str, role: str) -> Role:
    """An entry of the cast. Raises Missing."""
    if role not in table:
        raise Missing(f"角色表没有 {kind}.{role}", f"the cast has no {kind}.{role}")
    return table[role]
