"""The care book: every name in it is known, every share adds up, and a slip is refused by name."""

from pathlib import Path

import numpy as np
import pytest

from openyibao.policybook.book import load_book, policies_root
from openyibao.warehouse.city.care import AGES, POOLS, SPECIAL, care_of, care_profile, names_of
from openyibao.warehouse.city.catalogue import charged, items
from openyibao.warehouse.city.profile import FOLDER, ProfileProblem, load_profile, profiled

CITIES = profiled()


@pytest.mark.parametrize("city", CITIES)
def test_the_book_of_every_city_can_be_read(city: str) -> None:
    profile = care_profile(load_profile(city))
    book = load_book(policies_root(), city)
    care = care_of(profile, book.diseases)
    names = names_of(profile)
    assert len(names) == len(care.days) == len(care.pool_at)
    assert np.all(care.of_disease >= 0), [code for code, row in zip(book.diseases, care.of_disease, strict=True) if row < 0]
    assert np.all(charged()[care.items])
    for steps in (care.visits, care.stays):
        assert steps.shape == (2, 2, AGES, len(names) - len(SPECIAL))
        assert np.all(np.diff(steps, axis=-1) >= 0) and np.all(steps[..., -1] == 1)


def test_men_have_no_womens_illness_and_women_no_mens() -> None:
    profile = care_profile(load_profile("jishou"))
    care, names = care_of(profile, ()), names_of(profile)
    shares = np.diff(care.stays, axis=-1, prepend=0)
    assert np.all(shares[:, 0, :, names.index("子宫肌瘤与卵巢囊肿")] == 0) and np.all(shares[:, 1, :, names.index("前列腺增生")] == 0)
    assert shares[0, 1, 2, names.index("子宫肌瘤与卵巢囊肿")] > 0 and shares[0, 0, 4, names.index("前列腺增生")] > 0


@pytest.mark.parametrize(("old", "new", "told"), [
    ("奥司他韦, 连花清瘟胶囊", "奥司他韦, 没有这种药", "没有这种药"),
    ("diagnoses: [J10.100]", "diagnoses: [J99.999]", "J99.999"),
    ('["47.0100"', '["99.9999"', "99.9999"),
])
def test_an_unknown_name_or_code_is_refused_by_name(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = (FOLDER / "care.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "care.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ProfileProblem, match=told):
        care_of(care_profile(load_profile("jishou"), tmp_path), ())


def test_pools_of_an_illness_are_its_own() -> None:
    profile = care_profile(load_profile("jishou"))
    care, names, item = care_of(profile, ()), names_of(profile), items(433101)
    row = names.index("恶性肿瘤放疗")
    at, count = care.pool_at[row, POOLS.index("therapies")], care.pool_count[row, POOLS.index("therapies")]
    assert {item["name"][place] for place in care.items[at : at + count]} == {"调强放射治疗", "直线加速器放疗", "适形放射治疗计划"}
