"""Where a message is sent 地址: one address for all, a prefix with the number behind it, or a path per message, as the provinces differ."""

from collections.abc import Callable
from dataclasses import dataclass

SINGLE = "fsi/api/rsfComIfsService/callService"
CITY = "mbs-hiIntf-{city}/web/api/fsi/callService"
RELAY = "uif-hsaf-med-api/api/medical/service"

PATHS = {
    "9001": "signInSignOutService/signIn", "9002": "signInSignOutService/signOut",
    "9101": "fileupload/upload", "9102": "fileupload/download",
    "1312": "catalogqueryservice/queryHilist", "1316": "catalogqueryservice/queryMedinsHilistMapByPage",
    "1317": "catalogqueryservice/queryMedListMapByPage", "1318": "catalogqueryservice/queryLmtprcByPage",
    "1319": "catalogqueryservice/querySelfpayByPage", "1901": "catalogqueryservice/queryDataDic",
    "1101": "fsiPsnInfoService/queryPsnInfo", "1201": "fsiFixMedInsService/queryFixMedIns",
    "2001": "fsiPsnPriorityInfoService/queryPsnPriorityInfo",
    "2201": "outpatientDocInfoService/outpatientRregistration", "2202": "outpatientDocInfoService/outpatientRegistrationCancel",
    "2203": "outpatientDocInfoService/outpatientMdtrtinfoUp", "2203A": "outpatientDocInfoService/outpatientMdtrtinfoUpA",
    "2204": "outpatientDocInfoService/outpatientFeeListUp", "2205": "outpatientDocInfoService/outpatientFeeListUpCancel",
    "2206": "outpatientSettleService/preSettletment", "2207": "outpatientSettleService/saveSettletmentV2",
    "2208": "outpatientSettleService/cancleSettletment",
    "2301": "hospFeeDtlService/feeDtlUp", "2302": "hospFeeDtlService/feeDtlCl", "2303": "hospSettService/preSett",
    "2304": "hospSettService/settV2", "2305": "hospSettService/settCl",
    "2401": "hospitalRegisterService/hospitalRegisterSave", "2402": "dscgService/dischargeProcess",
    "2403": "hospitalRegisterService/hospitalRegisterEdit", "2404": "hospitalRegisterService/hospitalRegisterCancel",
    "2405": "dscgService/dischargeUndo", "2601": "reverseService/revsMethod",
    "3101": "riskConService/beforeAnalyze", "3102": "riskConService/courseAnalyze",
    "3201": "ybSettlementStmtService/stmtTotal", "3202": "ybSettlementStmtService/stmtDetail",
    "3301": "catalogCompService/catalogCompUp",
    "3401": "department/saveDepartmentManageInfo", "3402": "department/modifyDepartmentInfo", "3403": "department/pauseDepartmentInfo",
    "3501": "goodsService/goodsUpload", "3502": "goodsService/goodsUpdate", "3503": "goodsService/goodsBuy",
    "3504": "goodsService/goodsBuyReturn", "3505": "goodsService/goodsSell", "3506": "goodsService/goodsSellReturn",
    "3507": "goodsService/goodsInfoDelete", "4101": "medinfoupload/setllistinfoupld",
    "5101": "fsiIntegratedQueryService/queryFixmedinsDept", "5102": "fsiIntegratedQueryService/queryFixmedinsPracPsn",
    "5203": "fsiIntegratedQueryService/querySetlInfo", "5204": "fsiIntegratedQueryService/queryFeeList",
    "5206": "fsiIntegratedQueryService/queryFixmedinsPracPsnSum", "5301": "fsiIntegratedQueryService/queryPsnOpspReg",
    "5303": "fsiIntegratedQueryService/queryInhospInfo",
} | {f"13{number:02d}": f"catalogdownservice/downCatalog13{number:02d}" for number in range(1, 12)}  # fmt: skip
"""Path below fsi/api of each message, where a province gives each its own; the spellings are theirs."""


def by_path(infno: str) -> str:
    """The message's own path; the one address where it has none."""
    return f"fsi/api/{PATHS[infno]}" if infno in PATHS else SINGLE


SHAPES: dict[str, Callable[[str], str]] = {
    "single": lambda infno: SINGLE,
    "prefix": lambda infno: f"hsa/hgs/{infno}",
    "rest": by_path,
    "csb": lambda infno: "CSB",
    "city": lambda infno: CITY,
    "relay": lambda infno: RELAY,
}
"""URL shape -> path of a message."""


@dataclass(frozen=True)
class Address:
    """A door's address. base: scheme, host and port, no path; shape: one of SHAPES; city: its name in the `city` shape."""

    base: str
    shape: str = "single"
    city: str = "jishou"

    def url(self, infno: str) -> str:
        """Where a message goes. Raises KeyError for an unknown shape."""
        return f"{self.base.rstrip('/')}/{SHAPES[self.shape](infno).format(city=self.city)}"


def address_of(url: str, city: str = "jishou") -> Address:
    """The address in a URL as a vendor types it: the host alone, or one that ends in a known path."""
    text = url.strip().rstrip("/")
    if "://" not in text:
        text = f"http://{text}"
    scheme, _, rest = text.partition("://")
    host, _, path = rest.partition("/")
    base = f"{scheme}://{host}"
    if path.startswith("hsa/hgs"):
        return Address(base, "prefix", city)
    if path == "CSB":
        return Address(base, "csb", city)
    if path == RELAY:
        return Address(base, "relay", city)
    if path.startswith("mbs-hiIntf-"):
        return Address(base, "city", path.removeprefix("mbs-hiIntf-").partition("/")[0])
    return Address(base, "single", city)
