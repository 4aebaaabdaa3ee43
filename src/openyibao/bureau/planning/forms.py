"""Forms of the planning desk 规划台表单: an entry by hand, a milestone, a task, a step."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.planning.actions import KINDS, Paper
from openyibao.bureau.planning.lists import TASK_STATES
from openyibao.warehouse.measure.period import MONTH

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CODE = re.compile(r"[A-Za-z0-9_.-]{0,40}")


class ProvedForm(forms.Form):
    """Words and a proof, which several forms ask for."""

    said = forms.CharField(label=_("说明"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.FileField(label=_("佐证文件"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
                            help_text=_("PDF、图片、Word、Excel、OFD，不超过 10 MB。"))
    link = forms.CharField(label=_("或网址"), max_length=300, required=False, widget=forms.TextInput(attrs={"inputmode": "url"}))

    def paper(self) -> Paper:
        """The proof as it was handed in."""
        file = self.cleaned_data["proof"]
        return Paper(file.name if file else "", file.read() if file else b"", self.cleaned_data["link"].strip())


class EntryForm(ProvedForm):
    """A value by hand."""

    month = forms.CharField(label=_("截至月份"), max_length=7, widget=forms.TextInput(attrs={"type": "month", "placeholder": "2023-12"}))
    figure = forms.CharField(label=_("数值"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    field_order = ("month", "figure", "said", "proof", "link")

    def clean_month(self) -> int:
        """The month as yyyymm."""
        found = MONTH.fullmatch(self.cleaned_data["month"].strip())
        if found is None:
            raise ValidationError(_("月份应写成 2023-12。"))
        return int(found[1]) * 100 + int(found[2])


class MilestoneForm(forms.Form):
    """A milestone of the city's own."""

    title = forms.CharField(label=_("里程碑"), max_length=120)
    office = forms.CharField(label=_("责任部门"), max_length=120)
    due = forms.DateField(label=_("应实现于"), widget=DAY)


class DeclareForm(ProvedForm):
    """That a milestone is reached."""

    on = forms.DateField(label=_("实现日期"), widget=DAY)
    field_order = ("on", "said", "proof", "link")


class TaskForm(forms.Form):
    """A task."""

    title = forms.CharField(label=_("任务"), max_length=120)
    code = forms.CharField(label=_("指标编号"), max_length=40, required=False)
    office = forms.CharField(label=_("责任部门"), max_length=120)
    owner = forms.CharField(label=_("责任人账号"), max_length=60, required=False)
    due = forms.DateField(label=_("完成时限"), widget=DAY)
    plan = forms.CharField(label=_("措施"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    remedy = forms.BooleanField(label=_("整改任务"), required=False, help_text=_("为纠正某项指标的偏离或预测不达标而定，须写明指标编号。"))

    def __init__(self, *args: Any, codes: frozenset[str], owners: frozenset[str], **kwargs: Any) -> None:
        """With the indicators of the city's board and the logins that there are."""
        super().__init__(*args, **kwargs)
        self.codes, self.owners = codes, owners

    def clean_code(self) -> str:
        """An indicator of the city."""
        code = str(self.cleaned_data["code"]).strip()
        if code and code not in self.codes:
            raise ValidationError(_("本市没有这个指标。"))
        return code

    def clean_owner(self) -> str:
        """An officer."""
        owner = str(self.cleaned_data["owner"]).strip()
        if owner and owner not in self.owners:
            raise ValidationError(_("没有这个账号。"))
        return owner


    def clean(self) -> dict[str, Any]:
        """What a remedy is to put right has to be named."""
        found = super().clean() or {}
        if found.get("remedy") and not found.get("code") and "code" not in self.errors:
            self.add_error("code", _("整改任务须写明指标编号。"))
        return found


class StepForm(ProvedForm):
    """How far a task is."""

    state = forms.ChoiceField(label=_("状态"), choices=TASK_STATES)
    field_order = ("state", "said", "proof", "link")
