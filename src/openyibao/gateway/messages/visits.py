"""Registering and changing visits 就诊登记与变更: shared by outpatient (2201–2203) and inpatient (2401–2405) messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from openyibao.bureau.codes.catalogue import Catalogue, Gone, ListedCode
from openyibao.bureau.refused import Refused
from openyibao.bureau.settlement.actions import TRIES, Said, busy, pause, said_before
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.deciding import check_measures, check_scheme
from openyibao.bureau.settlement.models import Encounter
from openyibao.bureau.settlement.store import visits
from openyibao.bureau.settlement.store.pool import AlreadyAnswered, Conflict
from openyibao.bureau.settlement.store.visits import DiagnosisRow, EncounterRow
from openyibao.bureau.settlement.store.writing import MessageRow
from openyibao.gateway import answers, reading
from openyibao.gateway.handling import Desk, Request

DIAGNOSES, CHINESE_DISEASES = "1a", "1c"
"""Code sets of diagnoses: ICD-10 insurance edition, TCM."""


def is_diagnosis(fields: Mapping[str, Any]) -> bool:
    """Whether a diagnosis row stands (vali_flag is not 0)."""
    return str(fields.get("vali_flag") or "1") != "0"


def place_of(fields: Mapping[str, Any], place: int) -> int:
    """The row's own sequence number, else its place in the list."""
    number = fields.get("diag_srt_no")
    return int(number) if number not in (None, "") and str(number).lstrip("-").isdigit() and abs(int(number)) < 32_768 else place


def diagnosis(fields: Mapping[str, Any], place: int, stage: str, catalogue: Catalogue, request: Request) -> DiagnosisRow:
    """One diagnosis, its code checked against the code set on its day. Raises Refused."""
    code, day = fields.get("diag_code") or "", reading.at_or(fields.get("diag_time"), request.at).date()
    found: ListedCode | Gone | None = None
    for code_set in (DIAGNOSES, CHINESE_DISEASES):
        found = catalogue.code_on(code_set, code, day)
        if found is not None:
            break
    if not isinstance(found, ListedCode):
        raise not_listed(code, found, f"diseinfo[{place}].diag_code")
    main = str(fields.get("maindiag_flag") or ("1" if place == 0 else "0")) == "1"
    return DiagnosisRow(
        place_of(fields, place), main, code, fields.get("diag_name") or found.name, stage, reading.kept(fields, "diag_code", "diag_name")
    )


def not_listed(code: str, found: Gone | None, place: str) -> Refused:
    """A diagnosis code that does not stand: unknown, or ended and replaced by what."""
    if found is None:
        return Refused(
            "DIAG-01",
            f"诊断编码 {code or '空'} 不在医保版疾病诊断目录",
            f"diagnosis code {code or 'empty'} is not in the code set",
            place=place,
            next_zh="请核对 1307 目录",
            next_en="check the catalogue of 1307",
        )
    instead = f"，由 {found.replaced_by} 替代" if found.replaced_by else ""
    if found.since is None:
        return Refused(
            "DIAG-02",
            f"诊断编码 {code}（{found.name}）启用日为 {found.begins}",
            f"{code} is not in force before {found.begins}",
            place=place,
        )
    return Refused(
        "DIAG-02",
        f"诊断编码 {code}（{found.name}）已停用{instead}",
        f"{code} has ended" + (f", replaced by {found.replaced_by}" if found.replaced_by else ""),
        place=place,
        since=found.since,
        next_zh="请改用现行编码",
        next_en="use the code in force",
    )


def diagnoses(rows: Sequence[Mapping[str, Any]], stage: str, desk: Desk, request: Request) -> list[DiagnosisRow]:
    """The standing diagnoses of a message. Raises Refused naming the first bad one."""
    found = [diagnosis(fields, place, stage, desk.catalogue(), request) for place, fields in enumerate(rows) if is_diagnosis(fields)]
    places = [row.place for row in found]
    if len(set(places)) < len(places):
        return [row._replace(place=place) for place, row in enumerate(found)]
    return found


def voided(rows: Sequence[Mapping[str, Any]], stage: str) -> list[tuple[str, int]]:
    """The diagnoses a message takes away (vali_flag 0)."""
    return [(stage, place_of(fields, place)) for place, fields in enumerate(rows) if not is_diagnosis(fields)]


def check_person(row: Any, fields: Mapping[str, Any], begins: datetime, doctor: str) -> None:
    """Refuse to register whom the register does not know, the dead, and those under a measure."""
    if row["psn_no"] is None:
        raise Refused(
            "PERSON-01",
            "人员编号不存在",
            "there is no such person",
            place="psn_no",
            next_zh="请用 1101 重新获取人员信息",
            next_en="look the person up by 1101",
        )
    if row["merged_into"]:
        raise Refused(
            "PERSON-02",
            f"该人员编号已并入 {row['merged_into']}",
            f"this number was merged into {row['merged_into']}",
            place="psn_no",
            next_zh="请改用并入后的编号",
            next_en="use the other number",
        )
    if row["died_on"] is not None and day_of(begins) > row["died_on"]:
        raise Refused(
            "SETTLE-06",
            "就诊日在登记的死亡日期之后",
            "the visit is after the registered death",
            since=row["died_on"],
            place="begntime",
            next_zh="请核对人员身份和日期",
            next_en="check the person and the date",
        )
    if row["relation_area"] is None:
        raise Refused(
            "SETTLE-01",
            f"没有险种 {fields['insutype']} 的参保记录",
            f"not enrolled under {fields['insutype']}",
            place="insutype",
            next_zh="请核对 1101 返回的险种",
            next_en="check the schemes that 1101 answers",
        )
    if not row["agreed"]:
        raise Refused(
            "SETTLE-05",
            "该机构在就诊日没有有效的医保服务协议",
            "the institution has no agreement in force on the day of the visit",
            since=row["agreement_ends"],
            next_zh="请到其他定点机构就诊，或由机构向经办机构核对协议",
            next_en="use another designated institution, or ask the bureau about the agreement",
        )
    check_measures({**row, "dr_code": doctor})
    if row["in_hospital"] is not None:
        raise Refused(
            "VISIT-10",
            f"参保人正在住院（就诊ID {row['in_hospital']}，机构 {row['in_hospital_at']}）",
            f"the person is in hospital already, visit {row['in_hospital']}",
            next_zh="请先办理原住院的出院结算或撤销",
            next_en="have the other stay discharged or cancelled first",
        )


async def register(
    request: Request,
    desk: Desk,
    fields: Mapping[str, Any],
    sort: str,
    med_type: str,
    number: str,
    doctor: str,
    dept: str,
    found: Sequence[DiagnosisRow],
    node: str,
) -> bytes | Said:
    """Register a visit (2201) or stay (2401); the answer under `node`. Raises Refused."""
    begins = reading.at_or(fields.get("begntime"), request.at)
    check_scheme(fields["insutype"])
    for attempt in range(TRIES):
        row = await visits.who(
            desk.store, request.institution, request.msgid, fields["psn_no"], fields["insutype"], begins, request.at, doctor, sort
        )
        before = said_before(row)
        if before is not None:
            return before
        check_person(row, fields, begins, doctor)
        (mdtrt_id,) = await desk.store.numbers(1)
        answer = answers.encoded(
            request.infno, {node: {"mdtrt_id": str(mdtrt_id), "psn_no": fields["psn_no"], "ipt_otp_no": number, "exp_content": None}}
        )
        treating = row["institution_area"] or request.envelope.mdtrtarea_admvs
        visit = EncounterRow(
            mdtrt_id,
            fields["psn_no"],
            fields["insutype"],
            request.institution,
            treating,
            row["relation_area"],
            sort,
            med_type,
            number,
            begins,
            fields.get("dise_codg") or "",
            doctor,
            dept,
            fields.get("mdtrt_cert_type") or "",
            request.at,
            reading.kept(fields, "psn_no", "certno", "mdtrt_cert_no", "psn_name", "card_sn"),
        )
        message = MessageRow(request.institution, request.msgid, request.infno, request.digest, answer)
        try:
            await visits.open_visit(desk.store, message, visit, found)
        except (AlreadyAnswered, Conflict):
            await pause(attempt)
        else:
            return answer
    raise busy()


def check_stand(row: Any, request: Request, fields: Mapping[str, Any]) -> None:
    """Refuse to change another's visit, or a cancelled one."""
    if row["fixmedins_code"] != request.institution:
        raise Refused("VISIT-02", "该就诊不是本机构的就诊", "this visit is not of this institution", place="mdtrt_id")
    if fields.get("psn_no") and row["psn_no"] != fields["psn_no"]:
        raise Refused("VISIT-03", "人员编号与就诊登记不一致", "psn_no is not that of the visit", place="psn_no")
    if row["state"] == Encounter.CANCELLED:
        raise Refused(
            "VISIT-05", "该就诊登记已撤销", "this visit was cancelled", place="mdtrt_id", next_zh="请重新登记", next_en="register again"
        )


def check_unsettled(row: Any, zh: str, en: str) -> None:
    """Refuse what needs a visit without a standing settlement."""
    if row["settled"]:
        raise Refused(
            "VISIT-11",
            f"该就诊已结算，不能{zh}",
            f"the visit is settled, it cannot be {en}",
            place="mdtrt_id",
            next_zh="请先冲销结算",
            next_en="reverse the settlement first",
        )


async def change(
    request: Request,
    desk: Desk,
    fields: Mapping[str, Any],
    changes: Any,
    found: Sequence[DiagnosisRow] = (),
    gone: Sequence[tuple[str, int]] = (),
) -> bytes | Said:
    """Change a visit by `changes(row) -> {column: value}`, which also refuses what may not be. Raises Refused."""
    mdtrt_id = reading.visit_number(fields)
    answer = answers.encoded(request.infno, {})
    message = MessageRow(request.institution, request.msgid, request.infno, request.digest, answer)
    for attempt in range(TRIES):
        row = await visits.stand_of(desk.store, request.institution, request.msgid, mdtrt_id)
        if row is None:
            raise Refused(
                "VISIT-01",
                f"就诊ID {mdtrt_id} 不存在",
                f"there is no visit {mdtrt_id}",
                place="mdtrt_id",
                next_zh="请核对就诊ID",
                next_en="check mdtrt_id",
            )
        before = said_before(row)
        if before is not None:
            return before
        check_stand(row, request, fields)
        new = changes(row)
        try:
            await visits.change_visit(desk.store, message, request.at, row, new, gone, found)
        except (AlreadyAnswered, Conflict):
            await pause(attempt)
        else:
            return answer
    raise busy()


def joined(row: Any, fields: Mapping[str, Any]) -> str:
    """The visit's further fields with those of a later message over them, as JSON text."""
    earlier = msgspec.json.decode(row["detail"])
    return msgspec.json.encode({**earlier, **msgspec.json.decode(reading.kept(fields, "psn_no", "certno", "mdtrt_cert_no"))}).decode()
