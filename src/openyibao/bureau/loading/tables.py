"""Every kind of table there is 可导入的表, in the order in which they must be loaded: what is referred to comes first."""

from openyibao.bureau.loading import catalogue, insured, parties
from openyibao.bureau.loading.columns import Table

ORDER: tuple[Table, ...] = (
    parties.INSTITUTIONS,
    catalogue.DIAGNOSES, catalogue.OPERATIONS, catalogue.TCM, catalogue.CHRONIC,
    catalogue.DRUGS, catalogue.SERVICES, catalogue.CONSUMABLES, catalogue.CEILINGS, catalogue.SELFPAY,
    parties.DEPARTMENTS, parties.PRACTITIONERS,
    catalogue.MAPPINGS,
    insured.EMPLOYERS, insured.PEOPLE, insured.RELATIONS, insured.DUES, insured.ACCOUNTS,
    insured.IDENTITIES, insured.FILINGS, insured.FAMILY,
    parties.MEASURES,
)  # fmt: skip
TABLES = {table.kind: table for table in ORDER}
