"""Forms of signing in and of the own account 登录与账号表单."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.staff.models import Officer, Post


class SignInForm(forms.Form):
    """Login and password."""

    login = forms.CharField(label=_("账号"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}))
    password = forms.CharField(label=_("密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class CodeForm(forms.Form):
    """The six digits of the second factor."""

    code = forms.CharField(
        label=_("动态验证码"), min_length=6, max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class PasswordForm(forms.Form):
    """A new password, twice."""

    old = forms.CharField(label=_("原密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(label=_("新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    again = forms.CharField(label=_("再输一次"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        """For one officer."""
        super().__init__(*args, **kwargs)
        self.officer = officer

    def clean(self) -> dict[str, Any]:
        """The old one must be right, the new ones equal and good enough."""
        found = super().clean() or {}
        if found.get("old") and not self.officer.check_password(found["old"]):
            self.add_error("old", _("原密码不对。"))
        if found.get("new") and found.get("again") and found["new"] != found["again"]:
            self.add_error("again", _("两次输入不一致。"))
        if found.get("new"):
            try:
                validate_password(found["new"], self.officer)
            except ValidationError as problem:
                self.add_error("new", problem)
        return found


class OfficerForm(forms.Form):
    """An officer's row, for the administrator."""

    login = forms.RegexField(r"^[A-Za-z0-9_.-]{3,40}$", label=_("账号"), error_messages={"invalid": _("3 至 40 位字母、数字或 _ . -")})
    name = forms.CharField(label=_("姓名"), max_length=50)
    post = forms.ModelChoiceField(Post.objects.order_by("code"), label=_("岗位"))
    psn_no = forms.CharField(label=_("本人人员编号"), max_length=30, required=False, help_text=_("用于回避：本人的业务不能自己办。"))
    relatives = forms.CharField(label=_("近亲属人员编号"), required=False, help_text=_("多个以空格分开，用于回避。"))
    is_active = forms.BooleanField(label=_("可以登录"), required=False, initial=True)

    def clean_relatives(self) -> list[str]:
        """Numbers as a list."""
        return sorted(set(self.cleaned_data["relatives"].replace(",", " ").replace("，", " ").split()))
