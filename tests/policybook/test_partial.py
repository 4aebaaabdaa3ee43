"""A reform taken apart: which leaves change anything, which belong together, and books with only some of them in force."""

from pathlib import Path

import pytest

from openyibao.kernel import codes
from openyibao.policybook.book import load_book, policies_root
from openyibao.policybook.leaf import PolicyError
from openyibao.policybook.partial import (
    Bundle,
    Holding,
    Material,
    Piece,
    Remembering,
    bundles,
    material,
    partial_book,
    pieces_of,
    restricted,
    told,
)
from openyibao.policybook.tree import read_overlay

DRAFTS = Path(__file__).parents[2] / "examples" / "drafts"


@pytest.fixture(scope="module")
def box_1() -> Material:
    """The example reform in its two drafts."""
    names = ("wuhan-outpatient-start.yaml", "wuhan-outpatient-pooling.yaml")
    return material(policies_root(), "wuhan", [read_overlay(DRAFTS / name) for name in names])


@pytest.fixture(scope="module")
def residents() -> Material:
    """The example for residents, with a band that counts from the deductible."""
    return material(policies_root(), "wuhan", [read_overlay(DRAFTS / "wuhan-residents.yaml")])


def test_pieces_are_the_leaves_that_say_something_else(box_1: Material) -> None:
    pieces = pieces_of(box_1, 2022)
    later = [piece.key for piece in pieces if piece.place == 1]
    assert later == [
        *(f"outpatient.employee.ratio.all.{level}" for level in ("P0", "L1", "L2", "L3")), "outpatient.employee.retired_add_pp",
        "personal_account.employee.share.all", "personal_account.employee.retiree_amount"]
    assert "outpatient.employee.deductible_basis" not in [piece.key for piece in pieces]  # the nation says it already
    assert {piece.day for piece in pieces} == {20220101}


def test_a_leaf_not_in_force_in_the_year_is_no_piece(residents: Material) -> None:
    assert pieces_of(residents, 2021) == []
    assert [piece.day for piece in pieces_of(residents, 2023)] == [20230101] * 5


def test_readings_and_rule_sets_are_pieces_too() -> None:
    found = material(policies_root(), "wuhan", [], readings=["aid_all_visits"], rule_sets=[("covid-19", 20220301, 20220401)])
    assert [(piece.kind, piece.key, piece.day) for piece in pieces_of(found, 2022)] == [
        ("reading", "readings.aid_all_visits", 20220101), ("rule_set", "epidemic.covid-19", 20220301)]
    only = partial_book(found, pieces_of(found, 2022)[:1])
    plan = only.plan(codes.EMPLOYEE, 20220310)
    assert plan is not None
    assert (plan.readings.aid_all_visits, plan.epidemic.present) == (1, 0)


def test_none_is_the_base_and_all_is_the_whole(box_1: Material) -> None:
    pieces = pieces_of(box_1, 2022)
    base, whole = load_book(policies_root(), "wuhan"), box_1.whole
    for book, partial in ((base, partial_book(box_1, [])), (whole, partial_book(box_1, pieces))):
        for scheme in (codes.EMPLOYEE, codes.RESIDENT):
            assert partial.plan(scheme, 20220601) == book.plan(scheme, 20220601)
    some = partial_book(box_1, [piece for piece in pieces if piece.place == 0])
    assert some.plan(codes.EMPLOYEE, 20220601) == load_book(
        policies_root(), "wuhan", overlays=[DRAFTS / "wuhan-outpatient-start.yaml"]).plan(codes.EMPLOYEE, 20220601)


def test_remembering_freezes_the_same(box_1: Material) -> None:
    pieces = pieces_of(box_1, 2022)
    freezing = Remembering(pieces)
    for chosen in ([], pieces, [piece for piece in pieces if piece.place == 0], pieces[-2:], []):
        fast, plain = partial_book(box_1, chosen, freezing, 20221231), partial_book(box_1, chosen)
        for scheme in (codes.EMPLOYEE, codes.RESIDENT):
            spans = [one for one in plain.segments[scheme] if one.since <= 20221231]
            assert [(one.since, one.frozen) for one in fast.segments[scheme]] == [(one.since, one.frozen) for one in spans]


def test_what_makes_one_rule_is_never_parted(residents: Material) -> None:
    parts = bundles(pieces_of(residents, 2023), 0)
    assert [part.key for part in parts] == [
        "inpatient.resident.deductible.L3", "outpatient.resident.ratio.all.P0", "two_diseases.resident.ratio",
        "catastrophic.resident.deductible"]
    assert len(parts[-1].pieces) == 2
    assert parts[-1].reason[1]


def test_what_the_check_refuses_alone_is_joined_and_says_why(box_1: Material) -> None:
    pieces = [piece for piece in pieces_of(box_1, 2022) if piece.place == 0]
    parts = bundles(pieces, 2)
    holding = Holding(box_1, pieces, 2022)
    begins = next(place for place, part in enumerate(parts) if part.key == "outpatient.employee.present")
    ratio = next(place for place, part in enumerate(parts) if part.key == "outpatient.employee.ratio")
    assert holding.refusal(parts, (begins, ratio)) is not None
    joined = holding.together(parts, [(begins, ratio), (begins,)])
    assert len(joined) < len(parts)
    together = next(part for part in joined if any(piece.key == "outpatient.employee.present" for piece in part.pieces))
    keys = {piece.key for piece in together.pieces}
    assert {"outpatient.employee.cap.active", "outpatient.employee.ratio.all.L3"} <= keys
    assert "outpatient.cap.active" in together.reason[0]
    assert sorted(piece for part in joined for piece in part.pieces) == sorted(pieces)


def test_a_reform_that_never_holds_is_refused_with_its_gap(tmp_path: Path) -> None:
    draft = tmp_path / "half.yaml"
    draft.write_text(
        "overlay: {city: wuhan, name: 半, name_en: half}\n"
        "outpatient.employee.present:\n  name: 有\n  name_en: has\n  unit: yes_no\n"
        '  values:\n    2022-01-01: {value: true, trust: illustrative, source: "试"}\n  confirmed_on: null\n'
        "outpatient.employee.ratio.all.L3:\n  name: 比例\n  name_en: ratio\n  unit: ratio\n"
        '  values:\n    2022-01-01: {value: "0.5", trust: illustrative, source: "试"}\n  confirmed_on: null\n', encoding="utf-8")
    found = material(policies_root(), "wuhan", [read_overlay(draft)])
    pieces = pieces_of(found, 2022)
    parts = [Bundle(piece.key, (piece,)) for piece in pieces]
    with pytest.raises(PolicyError, match=r"outpatient\..* has no value"):
        Holding(found, pieces, 2022).together(parts, [(0, 1)])


def test_a_restricted_draft_keeps_only_what_is_named() -> None:
    draft = read_overlay(DRAFTS / "wuhan-residents.yaml")
    kept = restricted(draft, frozenset({"two_diseases.resident.ratio"}))
    assert [leaf.key for leaf in kept.leaves] == ["two_diseases.resident.ratio"]
    assert kept.name == draft.name


def test_a_piece_in_words(residents: Material) -> None:
    piece = next(piece for piece in pieces_of(residents, 2023) if piece.key == "two_diseases.resident.ratio")
    assert isinstance(piece, Piece)
    one, other = residents.base, residents.whole
    assert told(one, other, piece, ("现行", "草案"), "zh").endswith("支付比例：现行 50%，草案 60%，高 10 个百分点")
    assert told(one, other, piece, ("today", "draft"), "en") == "Two-disease ratio: today 50%, draft 60%, 10 points higher"
