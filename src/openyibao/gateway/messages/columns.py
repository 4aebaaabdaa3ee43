"""Columns of the catalogue files 目录文件的列: which of our fields fills a printed heading. A heading that stands nowhere here is null."""

from collections.abc import Callable
from datetime import date
from typing import Any

from openyibao.gateway.messages.kept import last_day

CLASSES = {1: "甲类", 2: "乙类", 3: "丙类"}


def is_valid(row: Any, day: date) -> bool:
    """有效标志: whether the row stands on the day."""
    return bool(row.starts <= day and (row.ends is None or day < row.ends))


def code_of(row: Any, _: date) -> str:
    """The code of an item or of a code of a set."""
    return str(getattr(row, "hilist_code", "") or getattr(row, "code", ""))


CELLS: dict[str, Callable[[Any, date], Any]] = {
    **dict.fromkeys((
        "医疗目录编码", "诊断代码", "手术操作代码", "门慢门特病种目录代码", "按病种结算病种目录代码", "日间手术病种目录代码",
        "形态学分类代码", "疾病分类代码", "证候分类代码",
    ), code_of),
    **dict.fromkeys((
        "西医疾病诊断ID", "手术标准目录ID", "病种结算目录ID", "日间手术治疗目录ID", "肿瘤形态学ID", "中医疾病诊断ID", "中医证候ID",
        "唯一记录号", "传输数据ID",
    ), lambda row, _: row.pk),
    **dict.fromkeys(("开始日期", "开始时间", "生效时间"), lambda row, _: row.starts),
    **dict.fromkeys(("结束日期", "结束时间", "失效时间"), lambda row, _: last_day(row.ends)),
    **dict.fromkeys(("有效标志", "使用标记"), is_valid),
    "版本号": lambda row, _: row.version_id or 0,
    "版本名称": lambda row, _: row.version_name,
    "数据创建时间": lambda row, _: row.starts,
    "数据更新时间": lambda row, _: row.ends or row.starts,
    "药品规格": lambda row, _: row.spec,
    "注册规格": lambda row, _: row.detail.get("reg_spec") or row.spec,
    "规格": lambda row, _: row.spec,
    **dict.fromkeys(("药品剂型", "药品剂型名称", "剂型", "剂型名称", "注册剂型"), lambda row, _: row.dosform),
    **dict.fromkeys(("最小计价单位", "计价单位", "计价单位名称", "最小使用单位", "包装单位"), lambda row, _: row.unit),
    "限制使用标志": lambda row, _: row.restricted,
    **dict.fromkeys(("限制使用范围", "医保限用范围"), lambda row, _: row.restriction),
    "基本药物标志": lambda row, _: row.basic_medicine,
    "医保谈判药品标志": lambda row, _: row.negotiated,
    "国家医保药品目录甲乙类标识": lambda row, _: CLASSES[row.item_class],
}
"""Heading -> what fills it, from the row and today."""

NAMES = {
    "1301": ("药品通用名", "注册名称"), "1302": ("单味药名称", "药材名称", "标准名称"), "1303": ("注册名称",),
    "1305": ("医疗服务项目名称",),
    "1306": ("耗材名称", "医保通用名"), "1306A": ("耗材名称", "医保通用名"), "1307": ("诊断名称",), "1308": ("手术操作名称",),
    "1309": ("门慢门特病种名称", "门慢门特病种细分类名称"), "1310": ("按病种结算病种名称",), "1311": ("日间手术病种名称",),
    "1313": ("形态学分类",), "1314": ("疾病分类名称",), "1315": ("证候分类名称",),
}
"""Message -> headings under which the name stands."""

DETAIL = {
    "药品商品名": "drug_prodname", "通用名编号": "genname_codg", "化学名称": "chemname", "别名": "alis", "英文名称": "eng_name",
    "药监本位码": "drugstdcode", "药品类别": "drug_type", "生产企业名称": "prodentp_name", "公司名称": "prodentp_name",
    "生产企业编号": "prodentp_code", "非处方药标志": "otc_flag", "儿童用药": "chld_medc_flag", "中成药标志": "tcmpat_flag",
    "批准文号": "aprvno", "包装规格": "pacspec", "包装数量": "pac_cnt", "包装材质": "pacmatl", "给药途径": "rute", "功能主治": "efcc_atd",
    "每次用量": "each_dos", "使用频次": "used_frqu", "用法": "used_mtd", "最小包装数量": "min_pac_cnt", "最小包装单位": "min_pacunt",
    "最小制剂单位": "min_prepunt", "转换比": "convrat", "五笔助记码": "wubi", "拼音助记码": "pinyin",
    "特殊限价药品标志": "sp_lmtpric_drug_flag",
    "药用部位": "medc_part", "性味": "natfla", "归经": "mertpm", "炮制方法": "mtd",
    "诊疗项目说明": "servitem_dscr", "项目说明": "servitem_dscr",
    "诊疗除外内容": "exct_cont", "诊疗项目内涵": "item_cont", "服务项目类别": "servitem_type", "耗材材质": "mcs_matl",
    "高值耗材标志": "highval_mcs_flag", "植入或介入类标志": "impt_itvt_clss_flag", "生产地类别": "prodplac_type", "章": "chpt",
    "章代码范围": "chpt_code_scp", "章名称": "chpt_name", "节代码范围": "sec_code_scp", "节名称": "sec_name", "类目代码": "cgy_code",
    "类目名称": "cgy_name", "亚目代码": "sor_code", "亚目名称": "sor_name", "细目代码": "dtls_code", "细目名称": "dtls_name",
    "门慢门特病种大类名称": "opsp_dise_type", "医保区划": "admdvs", "病种内涵": "dise_cont", "备注": "memo",
}
"""Heading -> key of `detail`, by its national field name, as `openyibao load` keeps it."""
