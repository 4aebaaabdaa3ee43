"""The form of an estimate 费用测算表: what is asked of whom, in the words of a window."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.pages.listing import fen_of
from openyibao.bureau.statement.estimating import MED_TYPES, SUMS_ASKED, Anybody, Parts, Place, Question
from openyibao.bureau.statement.naming import AIDS, KINDS, LEVELS, OFFSITE, STATUSES
from openyibao.kernel import codes
from openyibao.policybook.book import Book
from openyibao.policybook.national import TWO_DISEASES

SCHEMES = ((codes.EMPLOYEE, _("职工医保")), (codes.RESIDENT, _("居民医保")))
WHERE = tuple((code, words) for code, words in OFFSITE.items() if code != codes.NEIGHBOUR)
MOST = 10**11
"""No estimate is above this, fen."""


class YuanField(forms.CharField):
    """An amount in yuan, cleaned to fen; empty is 0 unless required."""

    def __init__(self, **kwargs: Any) -> None:
        """A text field for figures."""
        super().__init__(max_length=16, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> int:
        """Fen. Raises ValidationError in the officer's words."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return 0
        try:
            fen = fen_of(text)
        except ValueError:
            raise forms.ValidationError(_("请填写金额，例如 12345.60")) from None
        if not 0 <= fen <= MOST:
            raise forms.ValidationError(_("金额应为正数，且不超过十亿元"))
        return fen


class EstimateForm(forms.Form):
    """What care, for whom, where. `own`: for a person whose class and year the register knows, so that they are not asked."""

    kind = forms.TypedChoiceField(label=_("就诊类别"), coerce=int, choices=[(code, KINDS[code]) for code in MED_TYPES])
    disease = forms.ChoiceField(label=_("病种（慢特病、两病）"), required=False)
    sessions = forms.IntegerField(label=_("透析次数"), required=False, min_value=1, max_value=31)
    day = forms.DateField(label=_("就诊或出院日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    total = YuanField(label=_("预计总费用（元）"))
    share = forms.IntegerField(label=_("政策范围内占比（%）"), required=False, min_value=0, max_value=100,
                               help_text=_("不清楚可不填：按全部在政策范围内计算，实际可能更高。"))
    full = YuanField(label=_("全自费（元）"), required=False)
    over = YuanField(label=_("超限价自费（元）"), required=False)
    pre = YuanField(label=_("先行自付（元）"), required=False)
    level = forms.TypedChoiceField(label=_("机构等级"), coerce=int, choices=list(LEVELS.items()), initial=codes.L2)
    where = forms.TypedChoiceField(label=_("就医地"), coerce=int, choices=list(WHERE), initial=codes.HOME)
    level2 = forms.TypedChoiceField(
        label=_("机构等级"), coerce=int, required=False, empty_value=None, choices=[("", _("不比较")), *LEVELS.items()]
    )
    where2 = forms.TypedChoiceField(label=_("就医地"), coerce=int, required=False, empty_value=codes.HOME, choices=list(WHERE))
    total2 = YuanField(label=_("在另一处的预计总费用（元）"), required=False, help_text=_("不填则与上面相同。"))

    scheme = forms.TypedChoiceField(label=_("险种"), coerce=int, choices=list(SCHEMES))
    status = forms.TypedChoiceField(
        label=_("人员状态（职工）"), coerce=int, choices=list(STATUSES.items()), required=False, empty_value=codes.ACTIVE
    )
    aid = forms.TypedChoiceField(label=_("救助身份"), coerce=int, choices=list(AIDS.items()), required=False, empty_value=codes.NO_AID)
    civil_servant = forms.BooleanField(label=_("享受公务员医疗补助"), required=False)
    account = YuanField(label=_("个人账户余额（元）"), required=False)
    admissions = forms.IntegerField(label=_("今年已住院次数"), required=False, min_value=0, max_value=99)
    inpatient_deductible = YuanField(label=_("今年已付住院起付线（元）"), required=False)
    outpatient_deductible = YuanField(label=_("今年已付门诊起付线（元）"), required=False)
    outpatient_paid = YuanField(label=_("今年门诊统筹已报（元）"), required=False)
    pool_paid = YuanField(label=_("今年统筹基金已付（元）"), required=False)
    burden = YuanField(label=_("今年大病累计负担（元）"), required=False)

    CLASS = ("scheme", "status", "aid", "civil_servant", "account", *SUMS_ASKED)
    """Fields about the person, which the register answers for one who is known."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, book: Book, today: date, own: bool, english: bool) -> None:
        """For a city's book."""
        super().__init__(data or None)
        self.book = book
        self.fields["day"].initial = today
        names = [(code, en if english else zh) for code, zh, en in book.disease_names()]
        listed = dict(names)
        two = [(code, listed.get(code, code)) for code in TWO_DISEASES if code not in listed]
        disease = self.fields["disease"]
        if isinstance(disease, forms.ChoiceField):
            disease.choices = [("", _("无")), *names, *two]
        if own:
            for name in self.CLASS:
                del self.fields[name]
        for name, field in self.fields.items():
            if field.help_text:
                field.widget.attrs["aria-describedby"] = f"id_{name}_helptext"

    def clean(self) -> dict[str, Any]:
        """Parts within the total; a disease where the kind of visit needs one."""
        found = super().clean() or {}
        total = found.get("total")
        outside = sum(found.get(name) or 0 for name in ("full", "over", "pre"))
        if total == 0 and "total" not in self.errors:
            self.add_error("total", _("我们不知道这次要花多少钱：请向医院询问后填写预计总费用。"))
        if total is not None and outside > total:
            self.add_error("full", _("自费、超限价与先行自付之和超过了总费用"))
        if found.get("share") is not None and outside:
            self.add_error("share", _("占比与分项金额只填一种"))
        kind = found.get("kind")
        if kind == codes.CHRONIC and not found.get("disease"):
            self.add_error("disease", _("请选择慢特病病种"))
        if kind == codes.TWO_DISEASE and found.get("disease") not in TWO_DISEASES:
            self.add_error("disease", _("两病用药请选高血压或糖尿病"))
        if kind == codes.DIALYSIS and not found.get("sessions"):
            self.add_error("sessions", _("请填写透析次数"))
        return found

    def question(self, total: int | None = None) -> Question:
        """What is asked; with another total for the second place."""
        said = self.cleaned_data
        whole = said["total"] if total is None else total
        return Question(
            said["kind"], int(f"{said['day']:%Y%m%d}"), self.parts(whole),
            said["disease"] if said["kind"] in (codes.CHRONIC, codes.TWO_DISEASE) else "", said.get("sessions") or 0,
        )

    def parts(self, total: int) -> Parts:
        """The total split: by the share stated, by the parts stated in proportion, else all in scope."""
        said, stated = self.cleaned_data, self.cleaned_data["total"]
        if said.get("share") is not None:
            return Parts(total, total - total * said["share"] // 100)
        return Parts(total, *(said[name] * total // stated if total != stated else said[name] for name in ("full", "over", "pre")))

    def anybody(self) -> Anybody:
        """The class of people that the form states."""
        said = self.cleaned_data
        sums = tuple((name, said[name]) for name in SUMS_ASKED if said.get(name))
        retired = said["status"] if said["scheme"] == codes.EMPLOYEE else codes.ACTIVE
        return Anybody(said["scheme"], retired, said["aid"], int(said["civil_servant"]), said["account"], sums)

    def places(self) -> list[tuple[Place, int]]:
        """One or two places, each with its total."""
        said = self.cleaned_data
        found = [(Place(said["level"], said["where"]), said["total"])]
        if said.get("level2") is not None:
            found.append((Place(said["level2"], said["where2"]), said["total2"] or said["total"]))
        return found

    def whole_in_scope(self) -> bool:
        """Whether nothing was said about what falls outside the scope."""
        said = self.cleaned_data
        return said.get("share") is None and not any(said[name] for name in ("full", "over", "pre"))

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Bound fields by heading, in the order of the page."""
        headed = (
            (_t("看什么病、花多少"), ("kind", "disease", "sessions", "day", "total", "share")),
            (_t("去哪里看"), ("level", "where")),
            (_t("与另一处比较"), ("level2", "where2", "total2")),
            (_t("什么身份"), ("scheme", "status", "aid", "civil_servant", "account")),
        )
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in headed if names[0] in self.fields]

    def details(self) -> list[tuple[str, list[forms.BoundField]]]:
        """What is folded away at first: parts outside the scope, sums of the year."""
        headed = ((_t("知道分项金额"), ("full", "over", "pre")), (_t("今年已经发生的"), SUMS_ASKED))
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in headed if names[0] in self.fields]
