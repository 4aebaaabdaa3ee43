"""A bureau with the sandbox's people, for tests of paper claims: entered, scanned and reviewed through the pages, as officers do it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import override_settings

from database import drop_database, new_database, point_django_at
from gateway.playing import LOADED, load_sandbox
from openyibao.bureau.claims.models import Claim
from openyibao.bureau.fund.models import Posting
from openyibao.bureau.fund.queries import trial_balance
from openyibao.bureau.policydesk.shelf import shelf
from openyibao.bureau.settlement.clock import day_of
from openyibao.bureau.settlement.models import Settlement
from openyibao.bureau.settlement.verify import verify
from openyibao.outside import postgres
from signed import DemoClient, client_as

EMPLOYEE, RESIDENT, POOR = "43310100000000000000000001", "43310100000000000000000003", "43310100000000000000000005"
PDF = b"%PDF-1.4 a paper"
names, invoices = count(1), count(70_000_001)


@contextmanager
def sandbox(server: Path, home: Path) -> Iterator[None]:
    """Django on a copy of the sandbox, files below `home`."""
    load_sandbox(server)
    name = f"claims_{next(names)}"
    new_database(server, name, template=LOADED)
    with pytest.MonkeyPatch.context() as patch, override_settings(HOME=home):
        point_django_at(postgres.url_of(server, database=name), patch)
        yield
        connections.close_all()
    drop_database(server, name)


def post(client: DemoClient, path: str, said: dict[str, Any]) -> Any:
    """Post a form; the purpose that is asked for before is given."""
    if "purpose" in client.get(path).content.decode():
        client.post(path, {"purpose": "零星报销审核"})
    return client.post(path, said)


def papers(**changes: Any) -> dict[str, Any]:
    """What a clerk types for a stay in the capital: 20,000.00 yuan, 2,000.00 of it outside the scope."""
    said: dict[str, Any] = {
        "institution_name": "长沙示例医院", "treating": "430100", "hosp_lv": "02", "designated": "on", "med_type": "21",
        "because": "offsite",
        "begins": "2025-03-01", "ends": "2025-03-08", "diagnosis": "I10.x00", "holder": "萧丽", "bank": "示例银行吉首支行",
        "account": "6222 0000 1111 2222", "phone": "",
        "invoice-TOTAL_FORMS": 1, "invoice-INITIAL_FORMS": 0, "invoice-0-issuer": "43060124", "invoice-0-number": str(next(invoices)),
        "invoice-0-amount": "20000.00",
        "line-TOTAL_FORMS": 2, "line-INITIAL_FORMS": 0, "line-0-heading": "05", "line-0-amount": "18000.00", "line-0-full": "1000.00",
        "line-0-pre": "500.00", "line-1-heading": "09", "line-1-amount": "2000.00", "line-1-over": "500.00",
    }  # fmt: skip
    return said | changes


def entered(clerk: DemoClient, psn_no: str = RESIDENT, **changes: Any) -> Claim:
    """A claim entered by a clerk, with its papers."""
    answer = post(clerk, f"/claims/new/{psn_no}", papers(**changes))
    assert answer.status_code == 302, said_of(answer)
    row = Claim.objects.latest("pk")
    for what in ("invoice", "list", "summary"):
        file = SimpleUploadedFile(f"{what}.pdf", PDF + what.encode())
        clerk.post(f"/claims/{row.pk}", {"do": "scan", "what": what, "file": file})
    return row


def said_of(answer: Any) -> str:
    """What a page says in its main part, without tags."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))[:3000]


def done(client: DemoClient, row: Claim, what: str, **said: Any) -> Any:
    """Press a button on a claim's page."""
    row.refresh_from_db()
    return client.post(f"/claims/{row.pk}", {"do": what, "version": row.version, "stage": row.state, **said})


def reviewed(row: Claim, upto: str = "final") -> Claim:
    """The claim sent on and passed by the three reviewers, one after the other."""
    assert done(client_as("clerk"), row, "submit").status_code == 302
    for stage in ("first", "second", "final"):
        answer = done(client_as(stage), row, "pass", note="票据齐全")
        assert answer.status_code == 302, said_of(answer)
        if stage == upto:
            break
    row.refresh_from_db()
    return row


def balances() -> dict[str, int]:
    """Accounts over all funds, fen."""
    found: dict[str, int] = {}
    for account, fen in Posting.objects.values_list("account", "fen"):
        found[account] = found.get(account, 0) + fen
    return {account: fen for account, fen in found.items() if fen}


def checked() -> None:
    """`openyibao verify` finds nothing, and every fund closes at 0.00."""
    with psycopg.connect(**connection.get_connection_params()) as plain:
        report = verify(plain, shelf().of_digest)
    assert report.clean, report.differences
    at = Settlement.objects.latest("at").at
    assert set(trial_balance("433100", day_of(at)).values()) <= {0}
