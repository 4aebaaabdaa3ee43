"""Signing in and out 签到签退: 9001, 9002."""

from typing import Any

from openyibao.bureau.providers import actions
from openyibao.gateway.handling import Desk, Handler, Request
from openyibao.gateway.messages.kept import clock, further


def sign_in(request: Request, desk: Desk) -> dict[str, Any]:
    """9001 签到: a number that stands until midnight or 9002. Each call gives one of its own; earlier ones of the day stay good."""
    row = request.input["signIn"]
    detail = further(row, "opter_no", "password")
    number = actions.sign_in(request.institution, row["opter_no"], at=request.at, detail=detail)
    return {"signinoutb": {"sign_time": clock(request.at), "sign_no": number}}


def sign_out(request: Request, desk: Desk) -> dict[str, Any]:
    """9002 签退, of a sign-in of the same day."""
    row = request.input["signOut"]
    actions.sign_out(request.institution, row["opter_no"], row["sign_no"], at=request.at)
    return {"sign_time": clock(request.at), "signoutoutb": {"sign_time": clock(request.at)}}


HANDLERS = {"9001": Handler(sign_in, "write"), "9002": Handler(sign_out, "write")}
