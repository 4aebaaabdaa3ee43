"""Forms of the window 窗口表单: what is typed, read into plain values; the decisions are the door's."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openyibao.bureau.settlement.clock import BEIJING
from openyibao.gateway.window import queries, words
from openyibao.gateway.window.actions import Registration
from openyibao.gateway.window.models import Visit

KINDS = (
    ("", gettext_lazy("自动识别")), ("01", gettext_lazy("医保电子凭证")), ("02", gettext_lazy("身份证")),
    ("03", gettext_lazy("社会保障卡")), ("number", gettext_lazy("人员编号")),
)  # fmt: skip


class CredentialForm(forms.Form):
    """A credential that is shown."""

    credential = forms.CharField(
        label=gettext_lazy("扫码或输入凭证"), max_length=100,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("凭证类型"), choices=KINDS, required=False)


class RegisterForm(forms.Form):
    """A visit or stay to be registered, for one person and one institution."""

    standing = forms.ChoiceField(label=gettext_lazy("险种"))
    care = forms.ChoiceField(label=gettext_lazy("医疗类别"))
    doctor = forms.ChoiceField(label=gettext_lazy("科室与医师"))
    diagnosis = forms.CharField(
        label=gettext_lazy("主要诊断"), max_length=120,
        widget=forms.TextInput(attrs={"list": "diagnoses", "autocomplete": "off", "data-search": "diagnoses"}),
    )
    begins = forms.DateField(label=gettext_lazy("入院日期"), required=False,
                             widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))  # fmt: skip

    def __init__(self, data: Any, *, visit: Visit, hospital: str, rows: list[dict[str, Any]], day: date, english: bool) -> None:
        """With the choices that this person and this institution have. rows: insuinfo of 1101, the one in force first."""
        self.rows = {f"{row['insutype']} {row['psn_type']} {row['home']}": row for row in rows}
        self.day, self.visit = day, visit
        self.doctors = {one.code: one for one in queries.doctors(hospital, day)}
        self.depts = {one.hosp_dept_codg: one for one in queries.departments(hospital, day)}
        self.diseases = {f"{one.care}/{one.code}": one for one in queries.diseases_of(visit, day)}
        super().__init__(data, initial={"diagnosis": "", "begins": day})
        self.fields["care"].widget.attrs["autofocus"] = True
        self.fields["standing"].choices = [(key, f"{words.scheme(row['insutype'])} · {words.person_class(row['psn_type'])}")
                                           for key, row in self.rows.items()]  # fmt: skip
        self.fields["care"].choices = [("11", words.CARE["11"]), *self.filed(english), ("2101", words.CARE["2101"])]
        known = {code: self.depts[one.hosp_dept_codg] for code, one in self.doctors.items() if one.hosp_dept_codg in self.depts}
        self.fields["doctor"].choices = [(code, f"{dept.name} · {self.doctors[code].name}") for code, dept in known.items()]

    def filed(self, english: bool) -> list[tuple[str, str]]:
        """Care by filed diseases: one choice for each."""
        return [(key, f"{words.CARE[one.care]}：{one.en if english else one.zh}") for key, one in self.diseases.items()]

    def clean_diagnosis(self) -> tuple[str, str]:
        """The diagnosis by code or name."""
        found = queries.diagnosis_of(self.cleaned_data["diagnosis"], self.day)
        if found is None:
            raise forms.ValidationError(_("找不到或不止一个诊断，请从列表中选择。"))
        return found

    def registration(self, at: datetime) -> Registration:
        """The form as values. Only for a valid one."""
        said = self.cleaned_data
        row, doctor = self.rows[said["standing"]], self.doctors[said["doctor"]]
        dept = self.depts[doctor.hosp_dept_codg]
        filed = self.diseases.get(said["care"])
        care, disease = (filed.care, (filed.code, filed.zh)) if filed is not None else (said["care"], ("", ""))
        begins = self.visit.begins
        if words.is_stay(care) and said["begins"] and said["begins"] < self.day:
            begins = datetime.combine(said["begins"], time(9), BEIJING)
        return Registration(
            care, row["insutype"], row["psn_type"], row["home"], disease, (dept.hosp_dept_codg, dept.name, dept.caty),
            (doctor.code, doctor.name), (said["diagnosis"],), begins,
        )  # fmt: skip


class LineForm(forms.Form):
    """A charge line to be entered."""

    item = forms.CharField(
        label=gettext_lazy("项目（本院编码、国家编码或名称）"), max_length=250,
        widget=forms.TextInput(attrs={"list": "goods", "autocomplete": "off", "data-search": "goods", "spellcheck": "false"}),
    )
    quantity = forms.DecimalField(label=gettext_lazy("数量"), min_value=Decimal("0.0001"), max_digits=12, decimal_places=4, initial=1,
                                  widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    price = forms.DecimalField(label=gettext_lazy("单价（空着用目录价）"), min_value=0, max_digits=14, decimal_places=6, required=False,
                               widget=forms.TextInput(attrs={"inputmode": "decimal"}))  # fmt: skip
    serial = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    instead_of = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)


class UploadForm(forms.Form):
    """A hospital's own list of a day."""

    file = forms.FileField(label=gettext_lazy("医院明细文件（CSV）"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))
