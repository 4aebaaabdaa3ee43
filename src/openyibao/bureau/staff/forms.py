"""Forms of signing in and of the own account 登录与账号表单."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from openyibao.bureau.staff.models import Officer, Post, Role


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
    post = forms.ModelChoiceField(Post.objects.order_by("code"), label=_("岗位"), empty_label=None)
    psn_no = forms.CharField(label=_("本人人员编号"), max_length=30, required=False, help_text=_("用于回避：本人的业务不能自己办。"))
    relatives = forms.CharField(label=_("近亲属人员编号"), required=False, help_text=_("多个以空格分开，用于回避。"))
    is_active = forms.BooleanField(label=_("可以登录"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Posts are named in the page's language."""
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        post: Any = self.fields["post"]
        post.label_from_instance = lambda one: f"{one.name_en if english and one.name_en else one.name}（{one.code}）"

    def clean_relatives(self) -> list[str]:
        """Numbers as a list."""
        return sorted(set(self.cleaned_data["relatives"].replace(",", " ").replace("，", " ").split()))


GUIDES = (("", _("通用")), ("policy", _("政策岗")), ("head", _("政策负责人")), ("cashier", _("收费窗口")), ("hospital", _("医院医保办")),
          ("clerk", _("经办岗")), ("insured", _("参保人")))  # fmt: skip


class PostForm(forms.Form):
    """A post: what it may do and where."""

    code = forms.RegexField(r"^[A-Za-z0-9_.-]{3,40}$", label=_("岗位代码"), error_messages={"invalid": _("3 至 40 位字母、数字或 _ . -")})
    name = forms.CharField(label=_("岗位名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    room = forms.CharField(label=_("科室"), max_length=40)
    admdvs = forms.RegexField(r"^\d{6}$", label=_("所属区划"), error_messages={"invalid": _("六位区划代码")})
    area = forms.RegexField(
        r"^(\d{2}|\d{4}|\d{6}|\d{9})$", label=_("可见区划"), required=False, help_text=_("区划前缀：4 位市、6 位县、9 位乡镇；空为不限。"),
        error_messages={"invalid": _("2、4、6 或 9 位数字，或留空")},
    )  # fmt: skip
    institution = forms.RegexField(
        r"^[HP]\d{11}$", label=_("定点机构"), required=False, help_text=_("医院的岗位只看本机构。"),
        error_messages={"invalid": _("机构代码 12 位")},
    )  # fmt: skip
    office = forms.CharField(label=_("责任部门"), max_length=120, required=False,
                             help_text=_("照规划指标表的写法，如“医保局”；看板先列本部门的指标，其余仍可看。"))
    guided = forms.ChoiceField(label=_("首页引导"), choices=GUIDES, required=False)
    roles = forms.ModelMultipleChoiceField(Role.objects.order_by("code"), label=_("角色"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Roles are named in the page's language."""
        super().__init__(*args, **kwargs)
        english = (get_language() or "").startswith("en")
        roles: Any = self.fields["roles"]
        roles.label_from_instance = lambda role: role.name_en if english else role.name
