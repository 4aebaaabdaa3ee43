"""Tables of the codes desk 编码. Prices in 1/1,000,000 yuan, rates in parts per 10,000, spans half-open."""

from django.db import models


class CodeSet(models.Model):
    """One of the fifteen code sets 15 项编码标准, or a local list. One row per set."""

    number = models.CharField(max_length=4, primary_key=True)  # 1a, 1b, 2, 3 … as in the national order
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    pattern = models.CharField(max_length=200)  # shape of a code; membership decides, not the shape


class Version(models.Model):
    """A version of a code set as loaded 编码版本. One row per load."""

    code_set = models.ForeignKey(CodeSet, models.PROTECT)
    name = models.CharField(max_length=40)
    loaded_at = models.DateTimeField()
    rows = models.IntegerField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=120)


class Code(models.Model):
    """One code of a set over a span of days 编码: diagnoses, operations, chronic diseases, day surgery …"""

    code_set = models.ForeignKey(CodeSet, models.PROTECT)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    starts = models.DateField()
    ends = models.DateField(null=True)
    replaced_by = models.CharField(max_length=30, blank=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        """A code starts once on a day."""

        constraints = (
            models.UniqueConstraint(fields=["code_set", "code", "starts"], name="codes_code_once"),
            models.CheckConstraint(condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")), name="codes_code_span"),
        )


class Item(models.Model):
    """One item of the insurance catalogue 医保目录 over a span of days: drug, service, consumable."""

    hilist_code = models.CharField(max_length=30)  # 医保目录编码
    list_type = models.CharField(max_length=6)  # 目录类别 list_type
    name = models.CharField(max_length=200)
    item_class = models.SmallIntegerField()  # 甲乙丙 chrgitm_lv: kernel.codes.CLASS_A …
    med_chrgitm_type = models.CharField(max_length=6)  # 医疗收费项目类别
    starts = models.DateField()
    ends = models.DateField(null=True)
    replaced_by = models.CharField(max_length=30, blank=True)
    restricted = models.BooleanField(default=False)  # 限制使用 lmt_used_flag
    restriction = models.CharField(max_length=400, blank=True)  # 限定支付范围
    dual_channel = models.BooleanField(default=False)
    negotiated = models.BooleanField(default=False)  # 国家谈判药 hi_nego_drug_flag
    basic_medicine = models.BooleanField(default=False)  # 基本药物 bas_medn_flag
    spec = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    dosform = models.CharField(max_length=60, blank=True)
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)

    class Meta:
        """An item starts once on a day."""

        constraints = (
            models.UniqueConstraint(fields=["hilist_code", "starts"], name="codes_item_once"),
            models.CheckConstraint(condition=models.Q(ends__isnull=True) | models.Q(ends__gt=models.F("starts")), name="codes_item_span"),
            models.CheckConstraint(condition=models.Q(item_class__in=(1, 2, 3)), name="codes_item_class"),
        )


class Ceiling(models.Model):
    """A price ceiling 限价 (1318) of an item in an area over a span of days."""

    hilist_code = models.CharField(max_length=30)
    insu_admdvs = models.CharField(max_length=6)
    lmtpric_type = models.CharField(max_length=30)  # 限价类型 hilist_lmtpric_type
    overlmt_dspo_way = models.CharField(max_length=30, blank=True)  # 超限处理方式
    price = models.BigIntegerField()
    starts = models.DateField()
    ends = models.DateField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """A ceiling of a type starts once on a day."""

        constraints = (
            models.UniqueConstraint(fields=["hilist_code", "insu_admdvs", "lmtpric_type", "starts"], name="codes_ceiling_once"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="codes_ceiling_price"),
        )


class SelfPay(models.Model):
    """A first-self-pay share 先自付比例 (1319) of an item in an area over a span of days."""

    hilist_code = models.CharField(max_length=30)
    insu_admdvs = models.CharField(max_length=6)
    psn_type = models.CharField(max_length=30, blank=True)  # 先自付比例人员类别 selfpay_prop_psn_type; empty = everybody
    prop_type = models.CharField(max_length=30, blank=True)  # 先自付比例类别 selfpay_prop_type
    rate = models.IntegerField()
    starts = models.DateField()
    ends = models.DateField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        """A share of a kind of person starts once on a day."""

        constraints = (
            models.UniqueConstraint(fields=["hilist_code", "insu_admdvs", "psn_type", "prop_type", "starts"], name="codes_selfpay_once"),
            models.CheckConstraint(condition=models.Q(rate__gte=0, rate__lte=10_000), name="codes_selfpay_rate"),
        )


class Mapping(models.Model):
    """An institution's own item mapped to a national code 目录对照 (3301) over a span of days."""

    fixmedins_code = models.CharField(max_length=12)
    own_code = models.CharField(max_length=150)  # 定点医药机构目录编号 fixmedins_hilist_id
    own_name = models.CharField(max_length=200)
    list_type = models.CharField(max_length=6)
    hilist_code = models.CharField(max_length=50)  # 医疗目录编码 med_list_codg
    starts = models.DateField()
    ends = models.DateField(null=True)
    withdrawn = models.BooleanField(default=False)  # 3302
    detail = models.JSONField(default=dict)

    class Meta:
        """A mapping in force stands once."""

        constraints = (
            models.UniqueConstraint(
                fields=["fixmedins_code", "own_code", "list_type"], condition=models.Q(withdrawn=False), name="codes_mapping_once"
            ),
        )


class Epoch(models.Model):
    """How often the catalogue (row 1) and the mappings (row 2) have changed 目录变更次数. A server that sees another number reads again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1)
