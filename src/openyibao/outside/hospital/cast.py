"""The cast 角色表: which people, institutions, doctors, items and keys play in the cases; read from cast.yaml or a file of one's own.

A role that a cast leaves out makes the cases that need it skip, saying so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from openyibao.outside.hospital.envelope import Institution
from openyibao.outside.hospital.signing import Key


class CastProblem(Exception):
    """A cast that cannot be read 角色表有误; names the file, the role and the key."""


@dataclass(frozen=True)
class Person:
    """Someone who comes to the desk 参保人. certno: identity number; home: insured division, empty = the city's own."""

    certno: str
    name: str
    home: str = ""
    disease: str = ""
    disease_name: str = ""


@dataclass(frozen=True)
class Clinic:
    """An institution with what a visit there needs 医疗机构: a department and a doctor, and a second doctor who is suspended."""

    institution: Institution
    department: str = ""
    department_name: str = ""
    specialty: str = "A03"
    doctor: str = ""
    doctor_name: str = ""
    suspended_doctor: str = ""
    suspended_doctor_name: str = ""


@dataclass(frozen=True)
class Item:
    """Something charged 收费项目. code: national code; own: the institution's; price: yuan; replaced_by, since: of an expired code."""

    code: str
    own: str
    name: str
    price: Decimal
    list_type: str = "101"
    replaced_by: str = ""
    since: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """A diagnosis 诊断 by its insurance code."""

    code: str
    name: str


@dataclass(frozen=True)
class Cast:
    """Everybody and everything that plays 角色表. area: the city's division; keys: channel name -> key."""

    city: str
    area: str
    people: Mapping[str, Person] = field(default_factory=dict)
    clinics: Mapping[str, Clinic] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    diagnoses: Mapping[str, Diagnosis] = field(default_factory=dict)
    keys: Mapping[str, Key] = field(default_factory=dict)

    def holds(self, role: str) -> bool:
        """Whether a role written `people.employee`, `clinics.pharmacy`, `items.expired`, `keys.csb` … is there."""
        kind, _, name = role.partition(".")
        return name in getattr(self, kind)


def shipped() -> Path:
    """The cast of the sandbox, in the package."""
    return Path(str(files("openyibao.outside.hospital").joinpath("cast.yaml")))


def load_cast(file: Path, city: str) -> Cast:
    """One city's cast. Raises CastProblem."""
    try:
        whole = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CastProblem(f"{file}: {error}") from error
    cities = whole.get("cities", {})
    if city not in cities:
        raise CastProblem(f"{file}: 没有城市 {city}；有 / there is no city {city}; there are: {'、'.join(cities)}")
    own = cities[city]
    items = {**whole.get("items", {}), **own.get("items", {})}
    diagnoses = {**whole.get("diagnoses", {}), **own.get("diagnoses", {})}
    keys = {**whole.get("keys", {}), **own.get("keys", {})}
    try:
        return Cast(
            city=city, area=str(own["area"]),
            people={role: Person(**values) for role, values in own.get("people", {}).items()},
            clinics={role: clinic(values, str(own["area"])) for role, values in own.get("clinics", {}).items()},
            items={role: Item(**{**values, "price": Decimal(str(values["price"]))}) for role, values in items.items()},
            diagnoses={role: Diagnosis(**values) for role, values in diagnoses.items()},
            keys={name: Key(**values) for name, values in keys.items()},
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise CastProblem(f"{file}: {city}: {error}") from error


def clinic(values: Mapping[str, Any], area: str) -> Clinic:
    """A clinic from its entry: institution keys code, name, area; the rest its own."""
    rest = dict(values)
    institution = Institution(rest.pop("code"), rest.pop("name"), str(rest.pop("area", area)))
    return Clinic(institution, **rest)
