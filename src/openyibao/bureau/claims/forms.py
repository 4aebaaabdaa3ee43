"""Forms of paper claims 零星报销表单: what the papers say, invoices, lines; yuan at the page, fen inside."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.claims.entry import Billed, Charged, Papers, Payee
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.claims.sealed import opened
from openyibao.bureau.claims.stages import HEADINGS, LEVELS, MED_TYPES, PAPERS, REASONS

CHOOSE = ("", _("请选择"))
CARE = (
    "institution", "institution_name", "treating", "hosp_lv", "designated", "because", "med_type", "begins", "ends", "diagnosis", "disease",
)  # fmt: skip
"""Fields of a claim that say where, when and why, in the order of the form."""
WHOLE, MICRO = 10_000, 10_000
"""One piece in 1/10,000; a fen in 1/1,000,000 yuan."""


def yuan(required: bool = True, label: Any = "", least: str = "0") -> forms.DecimalField:
    """An amount in yuan."""
    return forms.DecimalField(label=label, required=required, min_value=Decimal(least), max_digits=12, decimal_places=2,
                              widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "figure"}))


def fen(value: Decimal | None) -> int:
    """Yuan as fen; 0 for none."""
    return int((value or Decimal(0)) * 100)


def decimal(value: int) -> str:
    """Fen as yuan for a form's field."""
    return f"{value // 100}.{value % 100:02d}"


def day(label: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class FindForm(forms.Form):
    """Whose claim it is."""

    who = forms.CharField(label=_("人员编号或证件号码"), max_length=40,
                          widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}))


class CareForm(forms.Form):
    """Where, when and why care was not settled at the window, as a person can say it."""

    institution_name = forms.CharField(label=_("就诊机构名称"), max_length=200)
    treating = forms.RegexField(r"^\d{6}$", label=_("就诊地区划"), help_text=_("6 位区划代码，如 430100 长沙市。"),
                                widget=forms.TextInput(attrs={"inputmode": "numeric", "list": "divisions", "autocomplete": "off"}),
                                error_messages={"invalid": _("请填写 6 位区划代码。")})
    med_type = forms.ChoiceField(label=_("医疗类别"), choices=(CHOOSE, *MED_TYPES))
    because = forms.ChoiceField(label=_("未直接结算的原因"), choices=(CHOOSE, *REASONS))
    begins = day(_("就诊（入院）日期"))
    ends = day(_("结束（出院）日期"))


class DeskForm(CareForm):
    """The same as a clerk enters it."""

    institution = forms.CharField(label=_("就诊机构代码"), max_length=12, required=False,
                                  help_text=_("定点机构填国家编码，可带出名称和等级；不知道可留空。"))
    institution_name = forms.CharField(label=_("就诊机构名称"), max_length=200, required=False)
    treating = forms.RegexField(r"^\d{6}$", label=_("就诊地区划"), required=False, help_text=_("6 位区划代码，如 430100 长沙市。"),
                                widget=forms.TextInput(attrs={"inputmode": "numeric", "list": "divisions", "autocomplete": "off"}),
                                error_messages={"invalid": _("请填写 6 位区划代码。")})
    hosp_lv = forms.ChoiceField(label=_("医院等级"), choices=(("", _("不详")), *LEVELS), required=False)
    designated = forms.BooleanField(label=_("是就诊地的定点机构"), required=False, initial=True)
    diagnosis = forms.CharField(label=_("主要诊断编码"), max_length=30, required=False, help_text=_("医保版疾病诊断编码，如 I10.x00。"))
    disease = forms.CharField(label=_("病种编码"), max_length=30, required=False, help_text=_("门诊慢特病、两病必填，如 M03900。"))

    field_order = CARE


class PayeeForm(forms.Form):
    """Where the money goes."""

    holder = forms.CharField(label=_("收款人"), max_length=50)
    bank = forms.CharField(label=_("开户银行"), max_length=80)
    account = forms.RegexField(r"^[0-9 ]{8,40}$", label=_("收款账号"), help_text=_("加密保存，列表只显示后四位。"),
                               widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
                               error_messages={"invalid": _("账号为 8 位以上数字。")})
    phone = forms.RegexField(r"^[0-9 +-]{6,20}$", label=_("联系电话"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    def payee(self) -> Payee:
        """What was entered."""
        said = self.cleaned_data
        return Payee(said["holder"], said["bank"], said["account"].replace(" ", ""), said["phone"])


class InvoiceForm(forms.Form):
    """One invoice."""

    issuer = forms.CharField(label=_("票据代码"), max_length=40)
    number = forms.CharField(label=_("票据号码"), max_length=40)
    amount = yuan(label=_("金额（元）"), least="0.01")

    def billed(self) -> Billed:
        """What was entered."""
        said = self.cleaned_data
        return Billed(said["issuer"].strip(), said["number"].strip(), fen(said["amount"]))


class LineForm(forms.Form):
    """One line of the fee list."""

    heading = forms.ChoiceField(label=_("收费项目"), choices=(CHOOSE, *HEADINGS))
    name = forms.CharField(label=_("名称"), max_length=200, required=False)
    code = forms.CharField(label=_("医保目录编码"), max_length=50, required=False)
    quantity = forms.DecimalField(label=_("数量"), required=False, min_value=Decimal("0.0001"), max_digits=10, decimal_places=4,
                                  widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "figure"}))
    amount = yuan(label=_("金额（元）"), least="0.01")
    full = yuan(required=False, label=_("全自费"))
    over = yuan(required=False, label=_("超限价"))
    pre = yuan(required=False, label=_("先行自付"))

    def charged(self) -> Charged:
        """What was entered."""
        said = self.cleaned_data
        quantity = int((said["quantity"] or Decimal(1)) * WHOLE)
        amount = fen(said["amount"])
        price = (amount * MICRO * WHOLE + quantity // 2) // quantity
        words = str(dict(HEADINGS)[said["heading"]])
        return Charged(said["code"].strip(), said["name"].strip() or words, said["heading"], quantity, price, amount, fen(said["full"]),
                       fen(said["over"]), fen(said["pre"]))


class ScanForm(forms.Form):
    """A scanned paper."""

    what = forms.ChoiceField(label=_("材料"), choices=PAPERS)
    file = forms.FileField(label=_("文件（PDF、JPEG、PNG，10 MB 以内）"), widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}))


InvoiceSet = forms.formset_factory(InvoiceForm, extra=1, max_num=20, validate_max=True)
LineSet = forms.formset_factory(LineForm, extra=1, max_num=300, validate_max=True)


def entered(form: forms.Form, payee: PayeeForm, invoices: Any, lines: Any = ()) -> Papers:
    """What valid forms say."""
    said = form.cleaned_data
    return Papers(
        "", said.get("institution", "").strip(), said.get("institution_name", "").strip(), said.get("treating", ""),
        said.get("hosp_lv", ""),
        said.get("designated", True), said["med_type"], said["because"], said["begins"], said["ends"], said.get("diagnosis", "").strip(),
        said.get("disease", "").strip(), tuple(one.billed() for one in filled(invoices)), tuple(one.charged() for one in filled(lines)),
        payee.payee(),
    )  # fmt: skip


def filled(forms_: Sequence[Any]) -> list[Any]:
    """The forms of a set that say anything."""
    return [one for one in forms_ if one.has_changed()]


def care_of(row: Claim) -> dict[str, Any]:
    """A claim as the first values of CareForm or DeskForm."""
    return {name: getattr(row, name) for name in CARE}


def payee_of(row: Claim) -> dict[str, Any]:
    """A claim as the first values of PayeeForm."""
    return {"holder": row.holder, "bank": row.bank, "account": opened(row.account_cipher), "phone": opened(row.phone_cipher)}


def invoices_of(row: Claim) -> list[dict[str, Any]]:
    """A claim's invoices as first values."""
    return [{"issuer": one.issuer, "number": one.number, "amount": decimal(one.fen)} for one in row.invoices.order_by("pk")]


def lines_of(row: Claim) -> list[dict[str, Any]]:
    """A claim's lines as first values."""
    return [
        {"heading": one.heading, "name": one.name, "code": one.code, "quantity": f"{one.quantity / WHOLE:g}", "amount": decimal(one.amount),
         "full": decimal(one.full), "over": decimal(one.over), "pre": decimal(one.pre)} for one in row.lines.order_by("place")
    ]  # fmt: skip


def today_first(today: date) -> dict[str, Any]:
    """First values of a new claim."""
    return {"begins": today, "ends": today, "designated": True}
