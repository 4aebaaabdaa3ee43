"""Loading the provider desk's tables 定点机构导入: institutions with their agreements, departments, practitioners, measures, channels."""

from collections.abc import Mapping, Sequence
from typing import Any

from openyibao.bureau.loading.problems import Rejected, not_there
from openyibao.bureau.loading.sift import Loaded, Row
from openyibao.bureau.loading.storing import midnight, present, stored
from openyibao.bureau.providers.models import Agreement, Channel, Department, Institution, Measure, Practitioner


def load_institutions(rows: Sequence[Row]) -> Loaded:
    """Institutions 定点机构, and the agreement that a row states; several rows of one institution state several agreements."""
    places = {
        (values["fixmedins_code"],): {
            "name": values["fixmedins_name"], "kind": values["fixmedins_type"], "hosp_lv": values["hosp_lv"], "uscc": values["uscc"],
            "admdvs": values["admdvs"],
        } for _, values in rows
    }  # fmt: skip
    agreements = {
        (values["fixmedins_code"], values["agreement_starts"]): {
            "number": values["agreement_no"], "ends": values["agreement_ends"], "scope": values["agreement_scope"],
        } for _, values in rows if values["agreement_starts"] is not None
    }  # fmt: skip
    loaded = stored(Institution.objects.all(), ("fixmedins_code",), places)
    stored(Agreement.objects.all(), ("institution_id", "starts"), agreements)
    return loaded


def at_known_places(rows: Sequence[Row]) -> tuple[list[Row], list[Rejected]]:
    """Rows of institutions that are there, and the rest with its reason."""
    known = present(Institution.objects.all(), "fixmedins_code", (values["fixmedins_code"] for _, values in rows))
    sound = [row for row in rows if row.values["fixmedins_code"] in known]
    return sound, [
        not_there(line, "fixmedins_code", values["fixmedins_code"], "机构", "institution")
        for line, values in rows if values["fixmedins_code"] not in known
    ]  # fmt: skip


def load_departments(rows: Sequence[Row]) -> Loaded:
    """Departments 科室 (3401)."""
    sound, rejected = at_known_places(rows)
    wanted = {
        (values["fixmedins_code"], values["hosp_dept_codg"]): {
            "name": values["hosp_dept_name"], "caty": values["caty"], "starts": values["starts"], "ends": values["ends"],
            "detail": {name: values[name] for name in ("aprv_bed_cnt", "dr_psncnt", "nurs_psncnt") if values[name] is not None},
        } for _, values in sound
    }  # fmt: skip
    loaded = stored(Department.objects.filter(withdrawn=False), ("fixmedins_code", "hosp_dept_codg"), wanted)
    return loaded._replace(rejected=rejected)


def load_practitioners(rows: Sequence[Row]) -> Loaded:
    """Doctors, nurses, pharmacists 医师、护士、药师."""
    sound, rejected = at_known_places(rows)
    wanted = {
        (values["prac_psn_code"], values["fixmedins_code"]): {
            "kind": values["prac_psn_type"], "name": values["prac_psn_name"], "hosp_dept_codg": values["hosp_dept_codg"],
            "starts": values["starts"], "ends": values["ends"], "detail": {"hi_dr_flag": "1" if values["hi_dr_flag"] else "0"},
        } for _, values in sound
    }  # fmt: skip
    return stored(Practitioner.objects.all(), ("code", "fixmedins_code"), wanted)._replace(rejected=rejected)


def load_measures(rows: Sequence[Row]) -> Loaded:
    """Measures against institutions and practitioners 处理措施; days begin at midnight in China."""
    known = present(Institution.objects.all(), "fixmedins_code", (values["target"] for _, values in rows))
    known |= present(Practitioner.objects.all(), "code", (values["target"] for _, values in rows))
    wanted = {
        (values["target"], midnight(values["starts"])): {
            "ends": midnight(values["ends"]) if values["ends"] else None, "reason": values["reason"], "clause": values["clause"],
        } for _, values in rows if values["target"] in known
    }  # fmt: skip
    rejected = [
        not_there(line, "target", values["target"], "机构或执业人员", "institution or practitioner")
        for line, values in rows if values["target"] not in known
    ]  # fmt: skip
    return stored(Measure.objects.all(), ("target", "starts"), wanted)._replace(rejected=rejected)


def load_channels(channels: Mapping[str, tuple[dict[str, Any], bool]]) -> Loaded:
    """Channels to the door 接入渠道 by code: settings, which the gateway has found sound, and whether the channel is open."""
    wanted = {(code,): {"settings": settings, "enabled": enabled} for code, (settings, enabled) in channels.items()}
    return stored(Channel.objects.all(), ("code",), wanted)
